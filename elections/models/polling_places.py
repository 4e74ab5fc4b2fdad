"""Where people vote, as the municipalities publish it."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q

from elections.choices import PollingPlaceKind
from elections.models.official import Election, Jurisdiction


class PollingPlaceQuerySet(models.QuerySet["PollingPlace"]):
    """Polling places by state."""

    def current(self) -> "PollingPlaceQuerySet":
        """Those that the newest file of their municipality still has."""
        return self.filter(withdrawn_at=None)


@pghistory.track()
class PollingPlace(models.Model):
    """One address where people vote. A mobile polling station has several, with one number.

    Whatever the file does not say stays unknown: no hours, `accessible` null, a facility absent.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="polling_places")
    municipality = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="polling_places")
    mark = models.CharField(max_length=200)
    number = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PollingPlaceKind.choices)
    street = models.CharField(max_length=120, blank=True)
    house_number = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=120, blank=True)
    directions = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    hours = models.JSONField(default=list)
    accessible = models.BooleanField(null=True)
    facilities = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    source_name = models.CharField(max_length=200)
    source_row = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = PollingPlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["election", "municipality"], name="polling_place_by_place"),
            models.Index(fields=["election", "postcode"], name="polling_place_by_postcode"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "municipality", "mark"],
                condition=Q(withdrawn_at=None),
                name="polling_place_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(latitude=None, longitude=None)
                    | Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                ),
                name="polling_place_on_earth",
            ),
            models.CheckConstraint(condition=~Q(source_name=""), name="polling_place_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.municipality.name}"
