"""What the platform sends: items with their versions and media, actors, view counts, reports."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q

from elections.models import Election, Jurisdiction
from moderation.choices import Field, ItemKind, Protection, ReportSource


class Actor(models.Model):
    """The account behind items, under the platform's own id."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=128, unique=True)
    handle = models.CharField(max_length=128, blank=True)
    protection = models.CharField(
        max_length=20, choices=Protection.choices, default=Protection.NONE, blank=True
    )
    followers = models.PositiveBigIntegerField(null=True)
    registered_on = models.DateField(null=True)
    first_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.handle or self.external_id


class Item(models.Model):
    """One piece of content. Its words are in its versions; this row is where it stands now."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=128, unique=True)
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="items")
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=ItemKind.choices, default=ItemKind.TEXT)
    # As the platform says, else as the screening reads it; empty until then.
    language = models.CharField(max_length=12, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    posted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    version = models.PositiveIntegerField()
    deleted_at = models.DateTimeField(null=True)
    views = models.PositiveBigIntegerField(default=0)
    views_to_come = models.PositiveBigIntegerField(default=0)
    decision_in_force = models.ForeignKey(
        "moderation.Decision", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        permissions = [("see_item", "Can see items and their evidence")]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="item_version_from_one"),
        ]

    def __str__(self) -> str:
        return self.external_id


class ItemVersion(models.Model):
    """The words of an item at one version; kept as evidence, never changed."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    on_screen = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    content_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="item_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.version}"

    def texts(self) -> dict[Field, str]:
        """Return the texts that are not empty, by where they stand."""
        found = {
            Field.TEXT: self.text,
            Field.TRANSCRIPT: self.transcript,
            Field.ON_SCREEN: self.on_screen,
        }
        return {field: text for field, text in found.items() if text}


class Fingerprint(models.Model):
    """The SimHash of one version's words, in bands, so that near-identical items find each other.

    It finds candidates only: opposite claims are near neighbours, so a likeness never carries a
    verdict over.
    """

    BANDS = ("band_a", "band_b", "band_c", "band_d")

    item_version = models.OneToOneField(
        ItemVersion, models.PROTECT, related_name="fingerprint", primary_key=True
    )
    simhash = models.BigIntegerField()
    band_a = models.IntegerField(db_index=True)
    band_b = models.IntegerField(db_index=True)
    band_c = models.IntegerField(db_index=True)
    band_d = models.IntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.item_version_id} {self.simhash:016x}"


@pghistory.track()
class MediaHost(models.Model):
    """A host from which items may name media; registered by an administrator."""

    host = models.CharField(max_length=253, unique=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.host


class Media(models.Model):
    """One picture, film or sound of an item: bytes sent to us, or a reference to a known host."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="media")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    content_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    original = models.CharField(max_length=200, blank=True)
    display = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    reference = models.CharField(max_length=2000, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.UniqueConstraint(fields=["item", "n", "sha256"], name="media_unique_per_item"),
            models.CheckConstraint(
                condition=Q(reference="") ^ Q(original=""), name="media_bytes_or_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.n}"


class TractionSample(models.Model):
    """How often an item had been seen and shared at one moment."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="traction")
    at = models.DateTimeField()
    views = models.PositiveBigIntegerField()
    shares = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "at"], name="traction_once_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.views}"


class Report(models.Model):
    """Someone's statement that an item breaks a rule or the law, with the version they saw."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=128, unique=True)
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="reports")
    item = models.ForeignKey(Item, models.PROTECT, related_name="reports")
    source = models.CharField(max_length=20, choices=ReportSource.choices)
    reason = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    reporter = models.CharField(max_length=128, blank=True)
    language = models.CharField(max_length=5, default="nl")
    reported_at = models.DateTimeField()
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "moderation.Decision", models.PROTECT, null=True, related_name="answers"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("received_at")),
                name="report_answered_after_receipt",
            )
        ]
        indexes = [
            models.Index(
                fields=["reporter", "received_at"],
                condition=~Q(reporter=""),
                name="report_by_reporter",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.source})"
