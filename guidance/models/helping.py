"""Calls for help with priority, from parties and candidates."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.models import Election
from guidance.choices import HelpKind, HelpState
from moderation.models import Actor, Item, Job


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """Calls for help by state."""

    def open(self) -> "HelpRequestQuerySet":
        """Those that nobody has answered."""
        return self.exclude(state=HelpState.ANSWERED)


class HelpRequest(models.Model):
    """One call for help; where it is about an item that we know, a job on the desk belongs to it.

    The e-mail address is erased when it is no longer needed; the rest stays as the record.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=HelpKind.choices)
    organisation = models.CharField(max_length=160)
    account = models.CharField(max_length=200)
    where = models.CharField(max_length=2000, blank=True)
    what = models.TextField(max_length=4000)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="nl")
    sent_by = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="help_requests")
    state = models.CharField(max_length=10, choices=HelpState.choices, default=HelpState.WAITING)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_help", "Can see calls for help"),
            ("answer_help", "Can take and answer calls for help"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("received_at")), name="help_due_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(state=HelpState.WAITING, taken_by=None, taken_at=None)
                | ~Q(state=HelpState.WAITING) & Q(taken_by__isnull=False, taken_at__isnull=False),
                name="help_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=HelpState.ANSWERED, answered_by__isnull=False)
                & Q(answered_at__isnull=False)
                & ~Q(answer="")
                | ~Q(state=HelpState.ANSWERED) & Q(answered_by=None, answered_at=None, answer=""),
                name="help_answered_in_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=~Q(state=HelpState.ANSWERED), name="help_open_by_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation}"
