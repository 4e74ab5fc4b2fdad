"""Elections, places and the official statements about voting that hold there, with their period."""

import uuid
from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from elections.choices import ChangeKind, FactStatus, IncidentKind, JurisdictionKind


def in_language(texts: dict[str, str], language: str | None = None) -> str:
    """Choose the text in the reader's language, else Dutch, else whichever there is."""
    wanted = (language or get_language() or "nl")[:2]
    return texts.get(wanted) or texts.get("nl") or next(iter(texts.values()), "")


@pghistory.track()
class Jurisdiction(models.Model):
    """An area with its own voters: a country or a municipality, by its official code."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=JurisdictionKind.choices)
    name = models.CharField(max_length=120)
    also_known_as = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Election(models.Model):
    """One election. Its slug is the pack's id and the platform's word for it: `nl-gr2026`."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    country = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    time_zone = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    places = models.ManyToManyField(Jurisdiction, blank=True, related_name="elections")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="election_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name) or self.slug


class VotingFactQuerySet(models.QuerySet["VotingFact"]):
    """Facts by state."""

    def current(self) -> "VotingFactQuerySet":
        """The newest version of each statement, not withdrawn."""
        return self.filter(superseded_at=None, withdrawn_at=None)


@pghistory.track()
class VotingFact(models.Model):
    """One official statement about voting: key, value, place, period and source.

    A correction is a new row that supersedes the old one, so that every verdict can name the
    version it rests on.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="facts")
    key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    place = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    applies = models.JSONField(default=dict)
    source_name = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=FactStatus.choices)
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = VotingFactQuerySet.as_manager()

    class Meta:
        permissions = [("publish_fact", "Can publish, correct and withdraw official facts")]
        constraints = [
            models.UniqueConstraint(
                "election",
                "key",
                "place",
                "valid_from",
                condition=Q(superseded_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="fact_one_current_version",
            ),
            models.CheckConstraint(condition=~Q(source_name=""), name="fact_has_a_source"),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lt=F("valid_until")),
                name="fact_period_in_order",
            ),
            # Nobody publishes alone; without a publisher it came by the command line.
            models.CheckConstraint(
                condition=Q(published_by=None)
                | Q(proposed_by__isnull=False) & ~Q(proposed_by=F("published_by")),
                name="fact_published_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election.slug} {self.key}"


@pghistory.track()
class IncidentNotice(models.Model):
    """An official change on the day: a polling place closed, moved, or open at other hours."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=20, choices=IncidentKind.choices)
    place = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="incidents")
    polling_place = models.CharField(max_length=200, blank=True)
    message = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    source_name = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__lt=F("ends_at")),
                name="incident_period_in_order",
            ),
            models.CheckConstraint(condition=~Q(source_name=""), name="incident_has_a_source"),
            models.CheckConstraint(
                condition=Q(published_by=None)
                | Q(proposed_by__isnull=False) & ~Q(proposed_by=F("published_by")),
                name="incident_published_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.polling_place or self.place.name}"

    def holds_at(self, at: datetime) -> bool:
        """Say whether the notice is in force at this moment."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class FactChange(models.Model):
    """The row by which this app tells the casework that what is official has changed."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind.choices)
    key = models.CharField(max_length=60)
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    fact = models.ForeignKey(VotingFact, models.PROTECT, null=True, related_name="changes")
    incident = models.ForeignKey(IncidentNotice, models.PROTECT, null=True, related_name="changes")
    at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=Q(followed_at=None), name="fact_change_to_follow")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[of], condition=Q(kind=ChangeKind.EXPIRED), name=f"{of}_ends_once"
            )
            for of in ("fact", "incident")
        ]

    def __str__(self) -> str:
        return f"{self.election.slug} {self.key} {self.kind}"
