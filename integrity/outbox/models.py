"""What is owed: events and their signed deliveries to machines, messages to people."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from integrity.outbox.choices import AttemptError, DeliveryState


class Event(models.Model):
    """Something happened that the platform hears of. Written in the transaction that did it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=128)
    payload = models.JSONField(default=dict)
    # Whose event it is: empty for the platform, else the public id of a partner organisation.
    audience = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()
    # The place in the feed: given once, after commit, so that nothing can appear late before it.
    position = models.BigIntegerField(null=True, unique=True, editable=False)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], condition=Q(position=None), name="event_without_position"),
            models.Index(fields=["subject_type", "subject_id", "at"], name="event_by_subject"),
            models.Index(
                fields=["audience", "position"],
                condition=~Q(audience=""),
                name="event_of_partner",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(position=None) | Q(position__gt=0), name="event_position_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_type} {self.subject_id}"

    @property
    def message_id(self) -> str:
        """The id that a receiver tells repeats by: the same in every attempt, replay and feed."""
        return f"evt_{self.public_id.hex}"


class FeedReader(models.Model):
    """How far a reader of the feed has come: asking for what follows a position confirms it."""

    reader = models.CharField(max_length=64, unique=True)
    position = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.reader} at {self.position}"


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    """Endpoints by state."""

    def active(self) -> "WebhookEndpointQuerySet":
        """Endpoints that nobody disabled."""
        return self.filter(disabled_at=None)


class WebhookEndpoint(models.Model):
    """Where the platform wants to hear of events. Its secrets are sealed and never shown again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    event_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Hears this audience's events and no other's.
    audience = models.CharField(max_length=64, blank=True, default="")
    sealed_secret = models.TextField(blank=True)
    sealed_previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    # A receiver in trouble is left alone for a moment, so that it cannot hold up the others.
    failures_in_a_row = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_deliveries", "Can see what is owed to the platform and how it was delivered"),
            ("manage_deliveries", "Can keep webhook endpoints, resend and replay deliveries"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed_previous_secret="", previous_until=None)
                | (~Q(sealed_previous_secret="") & Q(previous_until__isnull=False)),
                name="endpoint_previous_secret_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_reason="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_reason="")),
                name="endpoint_disabled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def wants(self, event_type: str) -> bool:
        """Say whether this endpoint asked for events of a type; none named means all."""
        return not self.event_types or event_type in self.event_types


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by state."""

    def owed(self) -> "DeliveryQuerySet":
        """Deliveries that still have to arrive."""
        return self.filter(state=DeliveryState.OWED)

    def dead(self) -> "DeliveryQuerySet":
        """Dead letters."""
        return self.filter(state=DeliveryState.DEAD)


class Delivery(models.Model):
    """One event owed to one endpoint, until it has arrived or is given up."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries")
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.OWED
    )
    owed_at = models.DateTimeField()
    # Tries since it was last owed: counted when a try begins, so that a crash counts too.
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "endpoint"], name="delivery_once_per_endpoint"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.OWED, next_try_at__isnull=False, ended_at=None)
                | (
                    ~Q(state=DeliveryState.OWED)
                    & Q(next_try_at=None, lease_until=None, ended_at__isnull=False)
                ),
                name="delivery_owed_or_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state=DeliveryState.OWED),
                name="delivery_due",
            ),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint} ({self.state})"


class DeliveryAttempt(models.Model):
    """One try and what came of it. Never changes."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True, choices=AttemptError.choices)
    milliseconds = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status_code or self.error}"

    @property
    def arrived(self) -> bool:
        """Whether the receiver said yes."""
        return self.status_code is not None and 200 <= self.status_code < 300


class Notification(models.Model):
    """A message owed to a person.

    The platform's own users are known to us by external id only, so the platform passes theirs
    on: `event` tells it to. Colleagues get theirs by mail.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    recipient_type = models.CharField(max_length=20)
    recipient_id = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=128)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    owed_at = models.DateTimeField()
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="notification")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dead_at=None), name="notification_sent_or_dead"
            ),
            models.CheckConstraint(
                condition=~Q(body="") & ~Q(recipient_id=""), name="notification_is_addressed"
            ),
            # By mail (no event) it has a next try until it is sent or given up.
            models.CheckConstraint(
                condition=Q(event__isnull=False, next_try_at=None)
                | Q(event=None, next_try_at__isnull=False, sent_at=None, dead_at=None)
                | (Q(event=None, next_try_at=None) & ~Q(sent_at=None, dead_at=None)),
                name="notification_has_a_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="notification_due",
            ),
            models.Index(fields=["subject_type", "subject_id"], name="notification_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.role} {self.recipient_id}"

    def is_late(self, *, at: datetime) -> bool:
        """Say whether a message is unsent an hour after it was owed."""
        return self.sent_at is None and (at - self.owed_at).total_seconds() > 3600


class Purge(models.Model):
    """What a CDN must forget, by surrogate key, until it was told or no longer needs to be."""

    keys = ArrayField(models.CharField(max_length=100))
    owed_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["keys", "owed_at"], name="purge_once_a_moment"),
            models.CheckConstraint(
                condition=Q(next_try_at=None) ^ Q(ended_at=None), name="purge_owed_or_ended"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="purge_due"
            )
        ]

    def __str__(self) -> str:
        return " ".join(self.keys)
