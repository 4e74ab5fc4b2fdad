"""What partners write: drafts that change, and published fact-checks that never do."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from elections.models import Jurisdiction
from factcheck.choices import (
    ConsumerKind,
    EvidenceKind,
    MediaCategory,
    Origin,
    RequestState,
    Verdict,
)
from factcheck.models.assignments import Assignment
from factcheck.models.claims import Claim
from factcheck.models.partners import Membership, Partner


class CheckText(models.Model):
    """The words of a check, in the three blocks claim, assessment, facts."""

    claim_text = models.TextField(max_length=1000, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    # One sentence that viewers read first: what is true.
    truth = models.CharField(max_length=300, blank=True)
    assessment = models.TextField(max_length=2000, blank=True)
    facts = models.TextField(max_length=20_000, blank=True)
    language = models.CharField(max_length=5, default="nl")
    article_url = models.URLField(max_length=500, blank=True)
    applies_in = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    media_categories = ArrayField(
        models.CharField(max_length=30, choices=MediaCategory.choices), default=list, blank=True
    )
    media_context = models.TextField(max_length=1000, blank=True)
    media_original_url = models.URLField(max_length=500, blank=True)
    correction = models.TextField(max_length=1000, blank=True)
    recheck_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Draft(CheckText):
    """A partner's unfinished check of a claim. `revision` tells two writers apart."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="drafts")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="drafts")
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="draft")
    corrects = models.OneToOneField(
        "factcheck.FactCheck", models.PROTECT, null=True, related_name="correction_draft"
    )
    evidence = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "partner"], name="draft_one_per_claim"),
            models.CheckConstraint(
                condition=Q(submitted_by=None, submitted_at=None)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="draft_submitted_paired",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=False) | Q(corrects__isnull=False),
                name="draft_has_an_occasion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.claim_id}"


class FactCheckQuerySet(models.QuerySet["FactCheck"]):
    """Fact-checks by version."""

    def current(self) -> "FactCheckQuerySet":
        """The newest version of each."""
        return self.filter(corrected_by=None)


class FactCheck(CheckText):
    """One published version of a partner's check: the partner's words, which nobody changes.

    A correction is a new row that `corrects` the old one; `series` is the address of them all.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="fact_checks")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="fact_checks")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, related_name="fact_checks"
    )
    # The partner's own word for the verdict, as it was on the day of publication.
    rating_words = models.CharField(max_length=60)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    first_checker = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    second_checker = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    objects = FactCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="factcheck_version_unique"),
            models.UniqueConstraint(
                fields=["claim", "partner", "version"], name="factcheck_one_series_per_claim"
            ),
            models.CheckConstraint(
                condition=Q(version=1, corrects=None)
                | Q(version__gt=1, corrects__isnull=False) & ~Q(correction=""),
                name="factcheck_correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values)
                & ~Q(claim_text="")
                & ~Q(truth="")
                & ~Q(rating_words=""),
                name="factcheck_complete",
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.IMPORTED, first_checker=None, second_checker=None)
                | ~Q(origin=Origin.IMPORTED)
                & Q(first_checker__isnull=False, second_checker__isnull=False)
                & ~Q(first_checker=F("second_checker")),
                name="factcheck_two_checkers",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.TRUE_ELSEWHERE) | Q(applies_in__isnull=False),
                name="factcheck_elsewhere_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.UNVERIFIED)
                | Q(recheck_at__isnull=False, recheck_at__gt=F("published_at")),
                name="factcheck_unverified_looked_at_again",
            ),
        ]
        indexes = [models.Index(fields=["published_at"], name="factcheck_by_day")]

    def __str__(self) -> str:
        return f"{self.rating_words}: {self.claim_text}"


class Evidence(models.Model):
    """One source on which a published check rests. Its address is never fetched by us."""

    fact_check = models.ForeignKey(FactCheck, models.PROTECT, related_name="evidence")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    url = models.URLField(max_length=500)
    archive_url = models.URLField(max_length=500, blank=True)
    publisher = models.CharField(max_length=200)
    excerpt = models.TextField(max_length=2000, blank=True)
    accessed_on = models.DateField()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["fact_check", "n"], name="evidence_numbered"),
            models.CheckConstraint(condition=~Q(publisher=""), name="evidence_names_its_publisher"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="evidence_is_on_the_web",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def as_json(self) -> dict[str, Any]:
        """Return the form in which the API gives it and a draft keeps it."""
        return {
            "kind": self.kind,
            "url": self.url,
            "archive_url": self.archive_url,
            "publisher": self.publisher,
            "excerpt": self.excerpt,
            "accessed_on": self.accessed_on.isoformat(),
        }


class VerdictPublished(models.Model):
    """The row by which this app tells the casework that a verdict or a correction came out."""

    fact_check = models.OneToOneField(FactCheck, models.PROTECT, related_name="told")
    at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=Q(followed_at=None), name="verdict_to_follow")
        ]

    def __str__(self) -> str:
        return f"{self.fact_check_id} at {self.at:%Y-%m-%d %H:%M}"


class VerdictReceipt(models.Model):
    """Who got which version of a verdict: the log that a correction works from."""

    fact_check = models.ForeignKey(FactCheck, models.PROTECT, related_name="receipts")
    consumer = models.CharField(max_length=10, choices=ConsumerKind.choices)
    consumer_id = models.CharField(max_length=128)
    effect = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fact_check", "consumer", "consumer_id"], name="verdict_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.consumer_id}"


class CorrectionRequest(models.Model):
    """Somebody says a published check is wrong; the partner answers, and the answer is public."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fact_check = models.ForeignKey(FactCheck, models.PROTECT, related_name="correction_requests")
    text = models.TextField(max_length=2000)
    requester = models.EmailField(max_length=254, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at=None, answer="")
                | ~Q(state=RequestState.OPEN) & Q(answered_at__isnull=False) & ~Q(answer=""),
                name="correction_request_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact_check_id}: {self.state}"
