"""Official files that an editor hands in: compared first, then confirmed by a second person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Election
from guidance.choices import FileKind, FileState

UNDER_WAY = [FileState.COMPARING, FileState.TAKING_OVER]


class OfficialFile(models.Model):
    """One file with what it would change; its bytes go once it is taken over or laid aside.

    Where each written row comes from stands in the row itself: the source's name, the hash of the
    file, the place in it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FileKind.choices)
    name = models.CharField(max_length=200)
    source_name = models.CharField(max_length=160)
    add_places = models.BooleanField(default=False)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.COMPARING)
    # How far the work is, for the screen: a step, and how many rows the file has.
    step = models.CharField(max_length=40, blank=True)
    rows = models.PositiveIntegerField(null=True)
    # While one worker is at it; another takes over when this lies too far back.
    worked_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("handed_in_by")),
                name="official_file_taken_over_by_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="official_file_confirmed_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FileState.TAKING_OVER, FileState.TAKEN_OVER])
                | Q(confirmed_by__isnull=False),
                name="official_file_confirmed_first",
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=False)
                | Q(state__in=[FileState.TAKEN_OVER, FileState.ASIDE, FileState.REFUSED]),
                name="official_file_there_while_needed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["handed_in_at"],
                condition=Q(state__in=UNDER_WAY),
                name="official_file_to_work_on",
            )
        ]

    def __str__(self) -> str:
        return self.name
