"""What one person proposes to say officially, and what a second person answered."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.choices import ProposalKind, ProposalState
from elections.models.official import Election, IncidentNotice, Jurisdiction, VotingFact


class FactProposalQuerySet(models.QuerySet["FactProposal"]):
    """Proposals by state."""

    def waiting(self) -> "FactProposalQuerySet":
        """Those that a second person still has to answer."""
        return self.filter(state=ProposalState.WAITING)


class FactProposal(models.Model):
    """A change of what is official, laid before a second person. Its content never changes.

    `fact` and `incident` are what is to be corrected or withdrawn; once confirmed, `new_fact` or
    `new_incident` is what came of it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=ProposalKind.choices)
    election = models.ForeignKey(Election, models.PROTECT, related_name="proposals")
    key = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    fact = models.ForeignKey(VotingFact, models.PROTECT, null=True, related_name="proposals")
    incident = models.ForeignKey(
        IncidentNotice, models.PROTECT, null=True, related_name="proposals"
    )
    content = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    new_fact = models.OneToOneField(VotingFact, models.PROTECT, null=True, related_name="proposal")
    new_incident = models.OneToOneField(
        IncidentNotice, models.PROTECT, null=True, related_name="proposal"
    )

    objects = FactProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, answered_by=None, answered_at=None)
                | ~Q(state=ProposalState.WAITING)
                & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="proposal_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.CONFIRMED, ProposalState.DECLINED])
                | ~Q(answered_by=F("proposed_by")),
                name="proposal_answered_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[ProposalKind.CORRECT, ProposalKind.WITHDRAW])
                | Q(fact__isnull=False),
                name="proposal_names_its_fact",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProposalKind.RECALL) | Q(incident__isnull=False),
                name="proposal_names_its_incident",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.DECLINED) | ~Q(answer=""),
                name="proposal_declined_says_why",
            ),
            models.UniqueConstraint(
                fields=["fact"],
                condition=Q(state=ProposalState.WAITING),
                name="proposal_one_waiting_per_fact",
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(state=ProposalState.WAITING),
                name="proposal_one_waiting_per_incident",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.election.slug} {self.key}"
