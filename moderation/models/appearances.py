"""Where a claim stands in an item: the bridge between the casework and the claims."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factcheck.models import Claim, Exhibit
from moderation.choices import Field
from moderation.models.items import Item, ItemVersion


class AppearanceState(models.TextChoices):
    """Whether a person, or the same words, have said that the claim stands there."""

    SUGGESTED = "suggested", _("Suggested")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class HowFound(models.TextChoices):
    """By what a machine found a claim again."""

    PROPOSITION = "proposition", _("the same statement about voting")
    WORDS = "words", _("many of the same words")
    MEANING = "meaning", _("nearly the same meaning")
    SAME = "same words", _("the same words")


class Difference(models.TextChoices):
    """In what two sentences differ, so that the verdict on one may not hold for the other."""

    NUMBERS = "numbers", _("a number")
    TIMES = "times", _("a time of day")
    MONTHS = "months", _("a month")
    DAYS = "days", _("a day of the week")
    METHODS = "methods", _("a way of voting")
    GROUPS = "groups", _("a group of people")
    NEGATION = "negation", _("a “not”")
    OPPOSITES = "opposites", _("an opposite")
    NAMES = "names", _("a name or place")


class Appearance(models.Model):
    """One claim in one item, with its span and how it was found. It never hides the item."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="appearances")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appearances")
    exhibit = models.ForeignKey(Exhibit, models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=12, choices=Field.choices, default=Field.TEXT)
    span_start = models.PositiveIntegerField()
    span_end = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AppearanceState.choices)
    # Set where a machine found it: how sure, by which version, and from which score on.
    score = models.FloatField(null=True)
    threshold = models.FloatField(null=True)
    model_version = models.CharField(max_length=80, blank=True)
    how = models.CharField(max_length=12, choices=HowFound.choices, blank=True)
    differs = ArrayField(
        models.CharField(max_length=12, choices=Difference.choices), default=list, blank=True
    )
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_version", "claim", "field"], name="appearance_unique"
            ),
            models.CheckConstraint(
                condition=Q(span_end__gte=F("span_start")), name="appearance_span_in_order"
            ),
            models.CheckConstraint(
                condition=Q(score=None, threshold=None, model_version="")
                | Q(score__isnull=False, threshold__isnull=False) & ~Q(model_version=""),
                name="appearance_score_names_model",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | Q(decided_by__isnull=False),
                name="appearance_found_by_somebody",
            ),
            # What a machine confirmed by itself has the same words and differs in nothing.
            models.CheckConstraint(
                condition=~Q(state=AppearanceState.CONFIRMED, decided_by=None)
                | Q(how=HowFound.SAME, differs=[]),
                name="appearance_confirmed_alone_is_the_same",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.item_id}"


class ClaimSought(models.Model):
    """That a claim was sought in the items from before it was known."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="sought", primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.claim_id} at {self.at:%Y-%m-%d %H:%M}"
