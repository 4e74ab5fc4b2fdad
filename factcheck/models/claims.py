"""Claims, who makes them, and the redacted copies of items that partners see."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from pgvector.django import HalfVectorField, HnswIndex

from elections.models import Election, Jurisdiction
from factcheck.choices import ClaimantKind, ClaimState, ClaimTopic, Harm

DIMENSIONS = 384


class Claimant(models.Model):
    """Who makes a claim. A party is named as the candidate list names it, never inferred."""

    kind = models.CharField(max_length=10, choices=ClaimantKind.choices)
    name = models.CharField(max_length=200)
    party = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", Lower("name"), name="claimant_unique"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(kind=ClaimantKind.UNKNOWN), name="claimant_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims by state."""

    def proposed(self) -> "ClaimQuerySet":
        """Claims that wait for somebody to say whether a partner should look."""
        return self.filter(state=ClaimState.PROPOSED)

    def checked(self) -> "ClaimQuerySet":
        """Claims that at least one partner has published about."""
        return self.filter(fact_checks__isnull=False).distinct()


class Claim(models.Model):
    """A sentence that can be checked. It knows no items: those are appearances."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(max_length=1000)
    text_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    topic = models.CharField(max_length=12, choices=ClaimTopic.choices, default=ClaimTopic.OTHER)
    claimant = models.ForeignKey(Claimant, models.PROTECT, null=True, related_name="claims")
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    # The canonical form where screening knows one: key, value, polarity. Free of language.
    proposition = models.JSONField(null=True)
    proposition_key = models.CharField(max_length=60, blank=True)
    harm = models.CharField(max_length=10, choices=Harm.choices, default=Harm.NORMAL)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN)
    checkworthiness = models.FloatField(null=True)
    proposed_by = models.ForeignKey(
        "factcheck.Partner", models.PROTECT, null=True, related_name="proposed_claims"
    )
    proposal = models.CharField(max_length=500, blank=True)
    dismissal = models.CharField(max_length=300, blank=True)
    first_seen_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "text_hash", "election", "place", nulls_distinct=False, name="claim_unique"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_words"),
            models.CheckConstraint(
                condition=Q(proposition=None, proposition_key="")
                | Q(proposition__isnull=False) & ~Q(proposition_key=""),
                name="claim_proposition_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.DISMISSED) | ~Q(dismissal=""),
                name="claim_dismissal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(checkworthiness=None)
                | Q(checkworthiness__gte=0, checkworthiness__lte=1),
                name="claim_checkworthiness_is_probability",
            ),
        ]
        indexes = [
            models.Index(fields=["election", "proposition_key"], name="claim_by_proposition"),
            models.Index(
                fields=["created_at"],
                condition=Q(state=ClaimState.PROPOSED),
                name="claim_to_triage",
            ),
            GinIndex(SearchVector("text", config="dutch"), name="claim_words_nl"),
            GinIndex(SearchVector("text", config="english"), name="claim_words_en"),
        ]

    def __str__(self) -> str:
        return self.text


class ClaimVector(models.Model):
    """The meaning of a claim as numbers, by which its neighbours are found; kept apart and small.

    A row also says that the claim was read: its proposition, where it has one, stands on it.
    """

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="vector", primary_key=True)
    encoder = models.CharField(max_length=80)
    vector = HalfVectorField(dimensions=DIMENSIONS)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(encoder=""), name="claim_vector_names_encoder")
        ]
        indexes = [
            # The vectors have length one, so the inner product orders them as the cosine does.
            HnswIndex(
                name="claim_vector_near",
                fields=["vector"],
                m=16,
                ef_construction=64,
                opclasses=["halfvec_ip_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} by {self.encoder}"


class Exhibit(models.Model):
    """What a partner sees of one place where a claim stands: text and media without the poster.

    `source_id` is the casework's own id of the item; no page or call shows it to a partner.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="exhibits")
    source_id = models.CharField(max_length=64)
    n = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    media = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    second_from = models.FloatField(null=True)
    second_until = models.FloatField(null=True)
    posted_at = models.DateTimeField()
    views = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "source_id", "n"], name="exhibit_unique"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(media=""), name="exhibit_shows_something"
            ),
            models.CheckConstraint(
                condition=Q(span_start=None, span_end=None)
                | Q(
                    span_start__isnull=False, span_end__isnull=False, span_end__gte=F("span_start")
                ),
                name="exhibit_span_in_order",
            ),
            models.CheckConstraint(
                condition=Q(media="", media_type="", sha256="")
                | ~Q(media="") & ~Q(media_type="") & ~Q(sha256=""),
                name="exhibit_media_described",
            ),
            models.CheckConstraint(
                condition=Q(second_from=None, second_until=None)
                | Q(second_from__isnull=False, second_until__isnull=False)
                & Q(second_from__gte=0, second_until__gte=F("second_from")),
                name="exhibit_time_code_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.n}"

    @property
    def parts(self) -> tuple[str, str, str]:
        """The text before, in and after the span that is being judged."""
        if self.span_start is None or self.span_end is None:
            return self.text, "", ""
        start, end = self.span_start, self.span_end
        return self.text[:start], self.text[start:end], self.text[end:]
