"""Words for elections and official facts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JurisdictionKind(models.TextChoices):
    """What sort of area."""

    COUNTRY = "country", _("Country")
    REGION = "region", _("Region")
    MUNICIPALITY = "municipality", _("Municipality")


class FactStatus(models.TextChoices):
    """How sure we are that the statement stands for this election."""

    CONFIRMED = "confirmed", _("Confirmed for this election")
    NEEDS_CHECK = "needs_check", _("Still to be confirmed")


class IncidentKind(models.TextChoices):
    """What an official change on the day does."""

    CLOSED = "closed", _("Polling place closed")
    MOVED = "moved", _("Polling place moved")
    HOURS_CHANGED = "hours_changed", _("Hours changed")
    REOPENED = "reopened", _("Polling place open again")
    OTHER = "other", _("Other change")


class ChangeKind(models.TextChoices):
    """What happened to an official statement."""

    PUBLISHED = "published", _("published")
    CORRECTED = "corrected", _("corrected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    INCIDENT = "incident", _("incident")
    EXPIRED = "expired", _("has ended")


class ProposalKind(models.TextChoices):
    """What somebody proposes to do with what is official."""

    PUBLISH = "publish", _("Publish a statement")
    CORRECT = "correct", _("Correct a statement")
    WITHDRAW = "withdraw", _("Withdraw a statement")
    ANNOUNCE = "announce", _("Publish an incident")
    RECALL = "recall", _("Withdraw an incident")


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    WAITING = "waiting", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken_back", _("Taken back")


class PollingPlaceKind(models.TextChoices):
    """What sort of polling place."""

    REGULAR = "regular", _("Open all day")
    SPECIAL = "special", _("Other opening hours")
    MOBILE = "mobile", _("Mobile, in several places")
