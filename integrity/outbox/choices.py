"""Words for where a message and its delivery stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    OWED = "owed", _("Owed")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


class EventType(models.TextChoices):
    """What can happen that the platform hears of."""

    DECISION_CARRIED_OUT = "decision.carried_out", _("A decision was carried out")
    DECISION_ENDED = "decision.ended", _("A restriction has run out")
    LABELS_INFORMATION = "labels.information", _("Posts about an election got or lost a pointer")
    NOTIFICATION_OWED = "notification.owed", _("A message is owed to one of your users")
    VERDICT_PUBLISHED = "verdict.published", _("A fact-check was published")
    VERDICT_CORRECTED = "verdict.corrected", _("A fact-check was corrected")
    TEST = "endpoint.test", _("A test of the endpoint")


class AttemptError(models.TextChoices):
    """Why a try brought no answer."""

    NO_SECRET = "no_secret", _("The endpoint has no readable secret: nothing was sent")
    ADDRESS = "address", _("The address is not one that we may call: nothing was sent")
    NAME = "name", _("The host's name was not found")
    CONNECT = "connect", _("No connection")
    TLS = "tls", _("No trusted encrypted connection")
    TIMEOUT = "timeout", _("No answer in time")
    BROKEN = "broken", _("The answer was cut off or unreadable")
    INTERRUPTED = "interrupted", _("The sender ended before an answer was recorded")
