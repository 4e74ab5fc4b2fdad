"""Fact-check organisations, their people, their words and what was agreed with them."""

import uuid
from datetime import date, datetime

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from elections.models import Jurisdiction
from factcheck.choices import ClaimTopic, Harm, MemberRole, Verdict
from integrity.people.models import ApiKey


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners by contract."""

    def under_contract(self, *, on: date) -> "PartnerQuerySet":
        """Partners whose contract runs on this day."""
        return self.filter(contract_from__lte=on).filter(
            Q(contract_until=None) | Q(contract_until__gte=on)
        )


@pghistory.track()
class Partner(models.Model):
    """An organisation that checks claims under contract. Empty lists mean: no limit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    website = models.URLField(max_length=500)
    languages = ArrayField(models.CharField(max_length=5))
    topics = ArrayField(
        models.CharField(max_length=12, choices=ClaimTopic.choices), default=list, blank=True
    )
    places = models.ManyToManyField(Jurisdiction, blank=True, related_name="+")
    capacity = models.PositiveSmallIntegerField(default=10)
    contract_from = models.DateField()
    contract_until = models.DateField(null=True, blank=True)
    contract_terms = models.TextField(blank=True)
    wants_digest = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = PartnerQuerySet.as_manager()

    class Meta:
        permissions = [("manage_partner", "Can add partners and change what was agreed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_until=None) | Q(contract_from__lte=F("contract_until")),
                name="partner_contract_in_order",
            ),
            models.CheckConstraint(
                condition=Q(languages__len__gte=1), name="partner_has_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_under_contract(self, *, on: date) -> bool:
        """Say whether the contract runs on this day."""
        return self.contract_from <= on and (
            self.contract_until is None or on <= self.contract_until
        )


@pghistory.track()
class RatingWord(models.Model):
    """How a partner calls a verdict of the internal scale, in one language."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="rating_words")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    language = models.CharField(max_length=5)
    words = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "verdict", "language"], name="rating_word_unique"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="rating_word_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} ({self.language}): {self.words}"


@pghistory.track()
class DueTarget(models.Model):
    """How long a partner has for a level of harm; without a partner, how long all have."""

    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="due_targets"
    )
    harm = models.CharField(max_length=10, choices=Harm.choices)
    within = models.DurationField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "partner", "harm", nulls_distinct=False, name="due_target_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.harm}: {self.within}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by state."""

    def current(self) -> "MembershipQuerySet":
        """Memberships that have not ended."""
        return self.filter(ended_at=None, user__is_active=True)


class Membership(models.Model):
    """A person in a partner organisation. A person belongs to one organisation at a time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=MemberRole.choices, default=MemberRole.CHECKER)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    wants_digest = models.BooleanField(default=True)
    # The last day on which the daily message was made.
    digested_on = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="membership_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(joined_at__lte=F("ended_at")),
                name="membership_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.partner})"

    @property
    def is_admin(self) -> bool:
        """Say whether this person manages the organisation's members."""
        return self.role == MemberRole.ADMIN

    def works_at(self, at: datetime) -> bool:
        """Say whether the person may work: still a member, under a running contract."""
        return self.ended_at is None and self.partner.is_under_contract(on=at.date())


class PartnerKey(models.Model):
    """Which organisation an API key speaks for."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys")
    key = models.OneToOneField(ApiKey, models.PROTECT, related_name="partner_key")

    def __str__(self) -> str:
        return f"{self.partner}: {self.key}"
