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
    NOTIFICATION_OWED = "notification.owed", _("A message is owed to one of your users")
    TEST = "endpoint.test", _("A test of the endpoint")
