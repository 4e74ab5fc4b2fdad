"""What people do around a job: hand it over, skip it, look along, write before they decide."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from elections.models import in_language
from moderation.choices import Action
from moderation.models.decisions import LabelKind, Policy
from moderation.models.jobs import Job


class HandOver(models.Model):
    """One person gives a job to another by name, with a note."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="hand_overs")
    from_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_person=F("to_person")), name="hand_over_to_somebody_else"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="hand_over_has_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.from_person_id} → {self.to_person_id}"


class Skip(models.Model):
    """A person leaves a job to others; `take_next` does not offer it to them again."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="skips")
    skipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    skipped_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "skipped_by"], name="skip_once_per_person"),
            models.CheckConstraint(condition=~Q(reason=""), name="skip_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} skipped by {self.skipped_by_id}"


class Presence(models.Model):
    """Who has a job's page open, and when they were last heard of."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "person"], name="presence_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.job_id}"


class Draft(models.Model):
    """What somebody had filled in on a job before they decided; gone once they do."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    action = models.CharField(max_length=20, choices=Action.choices, blank=True)
    policy = models.ForeignKey(Policy, models.CASCADE, null=True, related_name="+")
    label_kind = models.ForeignKey(LabelKind, models.CASCADE, null=True, related_name="+")
    reasoning = models.TextField(blank=True)
    private_notes = models.TextField(blank=True)
    ends_on = models.DateField(null=True)
    territories = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "person"], name="draft_once_per_person")
        ]

    def __str__(self) -> str:
        return f"draft of {self.person_id} on {self.job_id}"


class MediaDefaults(models.Model):
    """How one person wants pictures, film and sound to begin; as hidden as can be without a row."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="media_defaults", primary_key=True
    )
    blur = models.BooleanField(default=True)
    grey = models.BooleanField(default=True)
    mute = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"media of {self.person_id}"


@pghistory.track()
class SavedReply(models.Model):
    """Reasoning kept ready, with placeholders: {claimed}, {official}, {source}, {election}."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    # The policies it fits, by slug; empty means any.
    policies = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "saved replies"

    def __str__(self) -> str:
        return in_language(self.name) or self.slug
