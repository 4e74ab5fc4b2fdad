"""Misuse of the service (DSA art. 23): the house's limits, and steps against a reporter."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.models import in_language
from moderation.choices import MisuseBy, MisuseStep


@pghistory.track()
class MisuseLimit(models.Model):
    """From when somebody is warned, and after a warning paused: how often, in how many days.

    It advises. A person looks at the whole case before a step is taken (art. 23(3)).
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    by = models.CharField(max_length=10, choices=MisuseBy.choices)
    # The policy whose strikes count, by slug; empty means all of them. For reporters always empty.
    policy = models.SlugField(max_length=60, blank=True)
    # The weight of strikes in force, or the number of manifestly unfounded reports.
    at_least = models.PositiveSmallIntegerField()
    # At least this share of all their decided items or answered reports; 0 means whatever share.
    share = models.FloatField(default=0)
    within_days = models.PositiveSmallIntegerField()
    # How long a warning counts: only who was warned before can be paused.
    warned_days = models.PositiveSmallIntegerField()
    pause_days = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at_least__gte=1)
                & Q(within_days__gte=1)
                & Q(warned_days__gte=1)
                & Q(pause_days__gte=1),
                name="misuse_limit_counts_something",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0) & Q(share__lte=1), name="misuse_share_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(policy="") | Q(by=MisuseBy.ACTOR), name="misuse_policy_is_of_actors"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name) or self.slug


class ReporterStep(models.Model):
    """A step against somebody who reports without ground: warned, paused, or let in again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reporter = models.CharField(max_length=128, db_index=True)
    kind = models.CharField(max_length=10, choices=MisuseStep.choices)
    limit = models.ForeignKey(MisuseLimit, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        permissions = [("pause_reporter", "Can warn and pause people who report without ground")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=MisuseStep.PAUSED, until__gt=F("taken_at"))
                | ~Q(kind=MisuseStep.PAUSED) & Q(until=None),
                name="reporter_pause_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(reporter="") & ~Q(reason=""), name="reporter_step_says_who_and_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.until}"
