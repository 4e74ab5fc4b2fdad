"""Claims handed to a partner with a deadline, and everything that happened to them."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from factcheck.choices import (
    OPEN_ASSIGNMENT_STATES,
    AssignmentEventKind,
    AssignmentState,
    Harm,
)
from factcheck.models.claims import Claim
from factcheck.models.partners import Membership, Partner

_OPEN = Q(state__in=OPEN_ASSIGNMENT_STATES)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments by state."""

    def open(self) -> "AssignmentQuerySet":
        """Assignments on which the partner still owes an answer."""
        return self.filter(_OPEN)

    def running(self) -> "AssignmentQuerySet":
        """Open assignments whose clock runs."""
        return self.filter(state__in=[AssignmentState.OFFERED, AssignmentState.ACCEPTED])


class Assignment(models.Model):
    """One claim, one partner, one question, one deadline."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="assignments")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="assignments")
    question = models.TextField(max_length=2000, blank=True)
    harm = models.CharField(max_length=10, choices=Harm.choices)
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.OFFERED
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="assignments")
    paused_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # The assignment that this one follows after a re-assignment or an escalation.
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    # The check that could not be verified then and is looked at again now.
    rechecks = models.OneToOneField(
        "factcheck.FactCheck", models.PROTECT, null=True, related_name="recheck"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        permissions = [
            ("assign_claim", "Can send claims to partners and weigh proposals"),
            ("answer_assignment", "Can answer assignments of the own organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "partner"], condition=_OPEN, name="assignment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("offered_at")), name="assignment_due_after_offer"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, assignee=None)
                | Q(accepted_at__isnull=False, assignee__isnull=False),
                name="assignment_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=AssignmentState.PAUSED, paused_at__isnull=False)
                | ~Q(state=AssignmentState.PAUSED) & Q(paused_at=None),
                name="assignment_paused_has_moment",
            ),
            models.CheckConstraint(
                condition=_OPEN & Q(closed_at=None) | ~_OPEN & Q(closed_at__isnull=False),
                name="assignment_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AssignmentState.ACCEPTED, AssignmentState.DELIVERED])
                | Q(accepted_at__isnull=False),
                name="assignment_work_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(follows=F("id")), name="assignment_follows_another"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[AssignmentState.OFFERED, AssignmentState.ACCEPTED]),
                name="assignment_by_due",
            ),
            models.Index(fields=["partner", "state", "due_at"], name="assignment_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.claim_id}"

    @property
    def is_open(self) -> bool:
        """Say whether the partner still owes an answer."""
        return self.state in OPEN_ASSIGNMENT_STATES

    def is_overdue(self, *, at: datetime) -> bool:
        """Say whether the deadline has passed while its clock ran."""
        return self.is_open and self.paused_at is None and self.due_at < at


class AssignmentEvent(models.Model):
    """One thing that happened to an assignment; what both sides read as its history."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=AssignmentEventKind.choices)
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_partner = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[
                        AssignmentEventKind.DECLINED,
                        AssignmentEventKind.RECUSED,
                        AssignmentEventKind.ASKED_BACK,
                        AssignmentEventKind.ANSWERED,
                        AssignmentEventKind.REASSIGNED,
                        AssignmentEventKind.WITHDRAWN,
                    ]
                )
                | ~Q(note=""),
                name="assignment_event_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.kind}"
