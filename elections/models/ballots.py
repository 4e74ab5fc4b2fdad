"""What stands on the ballot and what was counted, as the official files publish it.

Of candidates we keep what a voter may read on the list and nothing more: name, place, and gender
only where the list publishes it. Rows that a newer file no longer has are deleted, not kept.
"""

import pghistory
from django.db import models
from django.db.models import Q

from elections.models.official import Election, Jurisdiction


@pghistory.track()
class Contest(models.Model):
    """One ballot within an election: all who vote in its municipalities choose from its lists."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="contests")
    mark = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    seats = models.PositiveIntegerField(null=True)
    parties = models.JSONField(default=list)
    places = models.ManyToManyField(Jurisdiction, blank=True, related_name="contests")
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["election", "mark"], name="contest_once"),
            models.CheckConstraint(condition=~Q(source_name=""), name="contest_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.name or self.mark


class CandidateList(models.Model):
    """One list of candidates, under the number that it has on the ballot; a blank one is legal."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="lists")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    source_at = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="candidate_list_once"),
            models.CheckConstraint(
                condition=~Q(source_name=""), name="candidate_list_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class Candidate(models.Model):
    """One person on a list, at their place in its order."""

    list = models.ForeignKey(CandidateList, models.CASCADE, related_name="candidates")
    position = models.PositiveIntegerField()
    initials = models.CharField(max_length=40, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    prefix = models.CharField(max_length=40, blank=True)
    last_name = models.CharField(max_length=120)
    town = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    gender = models.CharField(max_length=6, blank=True)
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    source_at = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="candidate_once"),
            models.CheckConstraint(condition=~Q(last_name=""), name="candidate_has_a_name"),
            models.CheckConstraint(
                condition=Q(gender__in=["", "male", "female"]), name="candidate_gender_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id}.{self.position} {self.last_name}"


class Count(models.Model):
    """Votes as officially counted: of one polling station, or together (`unit` empty)."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="counts")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="+")
    unit = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    cast = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField()
    lists = models.JSONField(default=dict)
    rejected = models.JSONField(default=dict)
    uncounted = models.JSONField(default=dict)
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    source_at = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "place", "unit"], nulls_distinct=False, name="count_once"
            ),
            models.CheckConstraint(condition=~Q(source_name=""), name="count_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.unit or 'together'}: {self.counted}"
