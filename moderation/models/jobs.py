"""Where items wait for a person: queues, jobs, and how jobs moved."""

import uuid
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from elections.models import in_language
from integrity.people.choices import Role
from integrity.people.models import User
from moderation.choices import OPEN_JOB_STATES, Action, JobState
from moderation.models.items import Item, ItemVersion


@pghistory.track()
class Queue(models.Model):
    """A named stream of work, with how long before its due time a job goes first."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    lead_time = models.DurationField(default=timedelta(hours=2))
    due_within = models.DurationField(null=True, blank=True)
    hidden_actions = ArrayField(
        models.CharField(max_length=20, choices=Action.choices), default=list, blank=True
    )
    # Whose roles may see it; empty means everybody at the desk. Authors have no business there.
    visible_to = ArrayField(
        models.CharField(
            max_length=40,
            choices=[row for row in Role.choices if row[0] != Role.GUIDANCE_AUTHOR],
        ),
        default=list,
        blank=True,
    )
    # Only people who have not decided on a job before may take it here.
    independent = models.BooleanField(default=False)
    recommended_policies = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return in_language(self.name) or self.slug

    def is_visible_to(self, user: User) -> bool:
        """Say whether this user's roles may see the queue."""
        return not self.visible_to or user.is_superuser or bool(user.roles & set(self.visible_to))


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by state."""

    def open(self) -> "JobQuerySet":
        """Jobs that somebody still has to do something about."""
        return self.filter(state__in=OPEN_JOB_STATES)

    def waiting(self) -> "JobQuerySet":
        """Jobs that anybody may take."""
        return self.filter(state=JobState.WAITING)

    def lapsed(self, *, at: datetime) -> "JobQuerySet":
        """Taken jobs whose lease ran out."""
        return self.filter(state=JobState.TAKEN, lease_until__lt=at)


class Job(models.Model):
    """One item waiting for a person, with why and how urgent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="jobs")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    # Views that a review now would prevent, per minute of a person's time (routing).
    harm = models.FloatField(default=0)
    due_at = models.DateTimeField(null=True)
    # From this moment the job goes first, earliest due; until then harm decides.
    urgent_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)
    # What routing saw and which rules it used: with both, the routing can be made again.
    inputs = models.JSONField(default=dict)
    routed_by = models.ForeignKey(
        "moderation.RoutingVersion", models.PROTECT, null=True, related_name="jobs"
    )
    routed_at = models.DateTimeField(null=True)
    # Waits for this person alone; null means for anybody.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        permissions = [
            ("take_job", "Can take, release and move jobs"),
            ("decide_job", "Can decide jobs"),
            ("confirm_decision", "Can confirm a colleague's held decision"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=OPEN_JOB_STATES),
                name="job_one_open_per_item",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.TAKEN, taken_by__isnull=False, taken_at__isnull=False)
                & Q(lease_until__isnull=False)
                | ~Q(state=JobState.TAKEN) & Q(lease_until=None),
                name="job_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.WAITING, taken_by=None, taken_at=None)
                | ~Q(state=JobState.WAITING),
                name="job_waiting_for_anybody",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, urgent_at=None)
                | Q(due_at__isnull=False, urgent_at__isnull=False),
                name="job_due_and_urgent_paired",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RESOLVED, resolved_at__isnull=False)
                | ~Q(state=JobState.RESOLVED) & Q(resolved_at=None),
                name="job_resolved_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "urgent_at", "id"],
                condition=Q(state=JobState.WAITING, assigned_to=None),
                name="job_waiting_by_due",
            ),
            models.Index(
                "queue",
                models.F("harm").desc(),
                "id",
                condition=Q(state=JobState.WAITING, assigned_to=None),
                name="job_waiting_by_harm",
            ),
            models.Index(
                fields=["taken_by", "lease_until"],
                condition=Q(state=JobState.TAKEN),
                name="job_in_hand",
            ),
            models.Index(
                fields=["assigned_to"],
                condition=Q(state=JobState.WAITING, assigned_to__isnull=False),
                name="job_assigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.queue_id}"

    def is_urgent(self, *, at: datetime) -> bool:
        """Say whether the job is in the band that goes first."""
        return self.urgent_at is not None and self.urgent_at <= at

    def is_overdue(self, *, at: datetime) -> bool:
        """Say whether its due time has passed."""
        return self.due_at is not None and self.due_at < at


class JobMove(models.Model):
    """One move of a job to another queue, by whom and why."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="moves")
    from_queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    to_queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_queue=models.F("to_queue")), name="job_move_goes_elsewhere"
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.from_queue_id} → {self.to_queue_id}"
