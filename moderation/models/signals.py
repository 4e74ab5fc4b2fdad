"""What the machine owes and finds: assessments, propositions, signals."""

import uuid

from django.db import models
from django.db.models import Q

from elections.models import Election, FactChange, IncidentNotice, Jurisdiction, VotingFact
from moderation.choices import AssessmentState, Field
from moderation.models.items import Item, ItemVersion


class Assessment(models.Model):
    """The duty to read one version of an item once. A lease says who is at it.

    Every try is counted when it begins, so that a try that ends in a crash counts too.
    """

    item_version = models.OneToOneField(
        ItemVersion, models.PROTECT, related_name="assessment", primary_key=True
    )
    state = models.CharField(
        max_length=10, choices=AssessmentState.choices, default=AssessmentState.OWED
    )
    owed_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    # When its words were compared with the claims that are known; nothing: that is still owed.
    recalled_at = models.DateTimeField(null=True)
    model_version = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(leased_until=None, lease=None)
                | Q(leased_until__isnull=False, lease__isnull=False),
                name="assessment_lease_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.DONE) | Q(done_at__isnull=False),
                name="assessment_done_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.FAILED) | ~Q(failure=""),
                name="assessment_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owed_at"],
                condition=Q(state=AssessmentState.OWED),
                name="assessment_owed",
            ),
            models.Index(
                fields=["done_at"],
                condition=Q(state=AssessmentState.DONE, recalled_at=None),
                name="assessment_to_recall",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_version_id} {self.state}"


class Proposition(models.Model):
    """What one version of an item says about voting, stored whatever came out of it.

    A changed fact is compared again with these rows; no text is read again.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="propositions")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="propositions")
    field = models.CharField(max_length=12, choices=Field.choices, default=Field.TEXT)
    key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    polarity = models.CharField(max_length=12)
    stance = models.CharField(max_length=12)
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    span_start = models.PositiveIntegerField()
    span_end = models.PositiveIntegerField()
    # The classifier's own form, so that a later comparison reads exactly what was extracted.
    frame = models.JSONField()
    model_version = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    # The words were read again, or the item was edited: kept as evidence, compared no more.
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(span_end__gte=models.F("span_start")), name="proposition_span_in_order"
            )
        ]
        indexes = [
            models.Index(fields=["election", "key", "place"], name="proposition_by_fact"),
            models.Index(
                fields=["election", "item"],
                condition=Q(superseded_at=None) & ~Q(key=""),
                name="proposition_to_follow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class Signal(models.Model):
    """What a classifier, match or check found about an item, with its reasons and version."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="signals")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="signals")
    source = models.CharField(max_length=40)
    verdict = models.CharField(max_length=20)
    score = models.FloatField()
    topic = models.CharField(max_length=20, blank=True)
    stance = models.CharField(max_length=12, blank=True)
    proposition = models.ForeignKey(Proposition, models.PROTECT, null=True, related_name="signals")
    fact = models.ForeignKey(VotingFact, models.PROTECT, null=True, related_name="+")
    incident = models.ForeignKey(IncidentNotice, models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=12, choices=Field.choices, default=Field.TEXT)
    claimed = models.CharField(max_length=300, blank=True)
    official = models.CharField(max_length=300, blank=True)
    reasons = models.JSONField(default=dict)
    because = models.CharField(max_length=200, blank=True)
    model_version = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=0) & Q(score__lte=1), name="signal_score_is_probability"
            ),
            # Promise: a verdict cites the fact it rests on.
            models.CheckConstraint(
                condition=~Q(source="voting_procedure", verdict="contradicts")
                | Q(proposition__isnull=False)
                & (Q(fact__isnull=False) | Q(incident__isnull=False)),
                name="signal_contradiction_cites",
            ),
        ]
        indexes = [
            models.Index(fields=["item"], condition=Q(superseded_at=None), name="signal_current")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.verdict}"


class Following(models.Model):
    """How far the comparison after one fact change has come: a cursor that survives a crash."""

    change = models.OneToOneField(
        FactChange, models.PROTECT, related_name="following", primary_key=True
    )
    after_item = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField()
    compared = models.PositiveIntegerField(default=0)
    altered = models.PositiveIntegerField(default=0)
    # Jobs: opened for the first time, opened again, and closed because nothing was left to judge.
    opened = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "followings"

    def __str__(self) -> str:
        return f"{self.compared} of {self.total}"
