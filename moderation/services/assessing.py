"""Assessing: read what is owed, store what was found, open the jobs it asks for.

A row owes each reading. Whoever reads takes a lease for less than a minute; a crash anywhere lets
the lease lapse, and the next sweep takes it up. What was found, the signals and the job are one
transaction, so nothing is ever half stored and no item gets two jobs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from elections import screening
from elections.labelling import label_topic
from elections.models import Election
from elections.queries import fact_sheets
from elections.screening import Text
from moderation.choices import AssessmentState
from moderation.models import Assessment, ItemVersion
from moderation.services import findings, shadowing, weights
from moderation.services.findings import Finding

log = structlog.get_logger(__name__)

# Shorter than the minute within which a killed reader's work must be taken up again.
LEASE = timedelta(seconds=45)
BATCH = 64
# A batch that killed its reader is tried again in smaller and smaller ones, until what did it
# stands alone; after so many tries it is given up, with the reason.
SMALLER = 4
TRIES = 5
# What failed in a way that we could catch is tried again after a pause that grows.
PAUSE = timedelta(seconds=20)
# One call goes on no longer than this; the next sweep continues.
AT_A_STRETCH = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Lease:
    """A batch that this reader, and no other, reads now."""

    id: UUID
    versions: Sequence[ItemVersion]


def assess_owed(*, now: Callable[[], datetime], batch: int = BATCH) -> int:
    """Assess owed readings batch by batch until none is left; returns how many were stored."""
    started, done = now(), 0
    while now() - started < AT_A_STRETCH:
        lease = take_lease(at=now(), batch=batch)
        if lease is None:
            break
        done += assess(lease, now=now)
    return done


@transaction.atomic
def take_lease(*, at: datetime, batch: int = BATCH) -> Lease | None:
    """Lease the oldest readings that nobody is at; None when nothing is owed.

    Readings that were tried before are leased apart from fresh ones, in smaller batches.
    """
    _give_up(at=at)
    first = _free(at).select_for_update(skip_locked=True).order_by("owed_at", "pk").first()
    if first is None:
        return None
    size = max(1, batch // SMALLER**first.attempts)
    alike = _free(at).filter(attempts=first.attempts).select_for_update(skip_locked=True)
    leased = [row.pk for row in alike.order_by("owed_at", "pk")[:size]]
    lease = uuid4()
    Assessment.objects.filter(pk__in=leased).update(
        lease=lease, leased_until=at + LEASE, attempts=F("attempts") + 1
    )
    versions = ItemVersion.objects.filter(pk__in=leased).select_related(
        "item__election", "item__place"
    )
    return Lease(lease, list(versions.order_by("item_id", "version")))


def assess(lease: Lease, *, now: Callable[[], datetime]) -> int:
    """Read and store a leased batch; what fails is narrowed down and noted, the rest is stored."""
    return _assess(lease, list(lease.versions), now=now)


@transaction.atomic
def owe_again(*, versions: Sequence[ItemVersion], at: datetime) -> int:
    """Owe the reading of these versions again, whatever became of the last; returns how many."""
    return Assessment.objects.filter(item_version__in=versions).update(
        state=AssessmentState.OWED,
        owed_at=at,
        lease=None,
        leased_until=None,
        attempts=0,
        failure="",
    )


def _free(at: datetime) -> QuerySet[Assessment]:
    return Assessment.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=at), state=AssessmentState.OWED, owed_at__lte=at
    )


def _give_up(*, at: datetime) -> None:
    hopeless = _free(at).filter(attempts__gte=TRIES)
    gone = {"state": AssessmentState.FAILED, "lease": None, "leased_until": None}
    killed = f"The reader was killed {TRIES} times over this text."
    hopeless.filter(failure="").update(**gone, failure=killed)
    hopeless.update(**gone)


def _assess(lease: Lease, versions: list[ItemVersion], *, now: Callable[[], datetime]) -> int:
    try:
        with weights.live_weights():
            found = read(versions)
        stored = _store(lease, versions, found, at=now())
        shadowing.read_along(versions, found, read=read, at=now())
        return stored
    except Exception as error:
        # Whatever it is, it must not stop the others: halve the batch until it stands alone.
        if len(versions) == 1:
            _note_failure(lease, versions[0], error, at=now())
            return 0
        half = len(versions) // 2
        return _assess(lease, versions[:half], now=now) + _assess(lease, versions[half:], now=now)


def read(versions: Sequence[ItemVersion]) -> list[Finding]:
    """Screen every text of these versions with the facts of each item's election."""
    sheets = fact_sheets(
        Election.objects.filter(pk__in={v.item.election_id for v in versions}).select_related(
            "country"
        )
    )
    texts = [
        (
            version,
            field,
            Text(
                text=text,
                posted_at=version.item.posted_at,
                lang=version.language or version.item.language,
                place=version.item.place.code if version.item.place else None,
                election=version.item.election.slug if version.item.election else "unknown",
                id=str(version.item.public_id),
            ),
        )
        for version in versions
        for field, text in version.texts().items()
    ]
    outcomes = screening.screen([text for _, _, text in texts], sheets)
    return [
        Finding(version, field, outcome, label_topic(outcome, sheets.get(outcome.election)))
        for (version, field, _), outcome in zip(texts, outcomes, strict=True)
    ]


@transaction.atomic
def _store(
    lease: Lease, versions: Sequence[ItemVersion], found: Sequence[Finding], *, at: datetime
) -> int:
    """Store what was found in the versions that are still ours: a lapsed lease stores nothing."""
    items = findings.lock_items({version.item_id for version in versions})
    mine = set(
        Assessment.objects.select_for_update()
        .filter(lease=lease.id, state=AssessmentState.OWED, item_version__in=versions)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    ours = [version for version in versions if version.pk in mine]
    findings.store_reading(
        ours, [each for each in found if each.version.pk in mine], items=items, at=at
    )
    model = {each.version.pk: each.outcome.model_version for each in found}
    for name in {model.get(pk, "") for pk in mine}:
        Assessment.objects.filter(pk__in=[pk for pk in mine if model.get(pk, "") == name]).update(
            state=AssessmentState.DONE,
            done_at=at,
            lease=None,
            leased_until=None,
            failure="",
            model_version=name,
        )
    return len(mine)


@transaction.atomic
def _note_failure(lease: Lease, version: ItemVersion, error: Exception, *, at: datetime) -> None:
    log.exception("assessment failed", item=str(version.item.public_id), version=version.version)
    row = (
        Assessment.objects.select_for_update()
        .filter(pk=version.pk, lease=lease.id, state=AssessmentState.OWED)
        .first()
    )
    if row is None:
        return
    row.failure = f"{type(error).__name__}: {error}".replace("\x00", "")[:200]
    row.lease = row.leased_until = None
    row.owed_at = at + PAUSE * row.attempts
    if row.attempts >= TRIES:
        row.state = AssessmentState.FAILED
    row.save()
