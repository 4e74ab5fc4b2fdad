"""Words for what parties and candidates ask, and how far it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    """Where a button on a page leads."""

    HELP = "help", _("Help with priority")
    VERIFY = "verify", _("Become an official account")
    BRIEFINGS = "briefings", _("Briefings")
    ONE_PAGER = "one_pager", _("One page to print")


class HelpKind(models.TextChoices):
    """What happened to a party or a candidate."""

    TAKEOVER = "takeover", _("Somebody took over our account")
    IMPERSONATION = "impersonation", _("Somebody pretends to be us")
    ATTACK = "attack", _("Many accounts attack us together")
    WRONGLY_REMOVED = "wrongly_removed", _("Something of ours was wrongly removed")


class HelpState(models.TextChoices):
    """How far a call for help is."""

    WAITING = "waiting", _("Waits for a person")
    TAKEN = "taken", _("A person is working on it")
    ANSWERED = "answered", _("Answered")


class AccountKind(models.TextChoices):
    """Whose account it is; the values are the casework's kinds of protection."""

    CANDIDATE = "candidate", _("Candidate")
    PARTY = "party", _("Party")
    OFFICIAL = "official", _("Public authority")


class RequestState(models.TextChoices):
    """How far a request for an official account is."""

    ASKED = "asked", _("Waits for a person")
    APPROVED = "approved", _("Official")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Ended")


class FileKind(models.TextChoices):
    """What an official file holds."""

    POLLING_PLACES = "polling_places", _("Polling stations (spreadsheet, CSV or JSON)")
    EML = "eml", _("EML file: definition, polling stations, lists or counts")


class FileState(models.TextChoices):
    """How far an official file is."""

    COMPARING = "comparing", _("Is being compared")
    COMPARED = "compared", _("Waits for a second person")
    TAKING_OVER = "taking_over", _("Is being taken over")
    TAKEN_OVER = "taken_over", _("Taken over")
    REFUSED = "refused", _("Cannot be taken over")
    ASIDE = "aside", _("Laid aside")
