"""Taking in what the platform sends: items and their versions, view counts, reports.

Every function here is safe to repeat with the same rows, and a bad row never stops the good ones.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from elections.models import Election, Jurisdiction
from elections.queries import resolve_election
from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from integrity.nudging import nudge
from moderation import tasks
from moderation.choices import AssessmentState, JobState, Protection
from moderation.models import (
    Actor,
    Assessment,
    Item,
    ItemVersion,
    Job,
    MediaHost,
    Report,
    TractionSample,
)
from moderation.services import opening

# No platform existed before, and clocks are never further ahead than this.
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(hours=24)
CONTENT_FIELDS = ("text", "transcript", "on_screen", "language", "kind")


@dataclass(frozen=True, slots=True)
class ActorIn:
    """The account behind an item, as the platform describes it."""

    external_id: str
    handle: str = ""
    protection: str = Protection.NONE
    followers: int | None = None
    registered_on: date | None = None


@dataclass(frozen=True, slots=True)
class ItemIn:
    """One item at one version, as the platform sends it; shapes are checked at the door."""

    external_id: str
    actor: ActorIn
    posted_at: datetime
    version: int = 1
    kind: str = "text"
    text: str = ""
    transcript: str = ""
    on_screen: str = ""
    language: str = ""
    url: str = ""
    election: str | None = None
    place: str | None = None
    deleted_at: datetime | None = None

    def content_hash(self) -> str:
        """Hash what a version may not change: its words, language and kind."""
        content = {name: getattr(self, name) for name in CONTENT_FIELDS}
        return hashlib.sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()


@dataclass(slots=True)
class RowResult:
    """What became of one row: created, updated, unchanged, or why it was refused."""

    row: int
    external_id: str
    status: str = "error"
    field: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class TractionIn:
    """Cumulative views and shares of an item at one moment."""

    external_id: str
    at: datetime
    views: int
    shares: int = 0


@dataclass(frozen=True, slots=True)
class ReportIn:
    """Someone's statement that an item breaks a rule or the law."""

    external_id: str
    item: str
    source: str
    reason: str
    reported_at: datetime
    text: str = ""
    reporter: str = ""
    language: str = "nl"


@dataclass(slots=True)
class _Known:
    """What rows of a batch refer to, read once."""

    elections: dict[str, Election] = field(default_factory=dict)
    places: dict[str, Jurisdiction] = field(default_factory=dict)


@transaction.atomic
def accept_items(
    rows: Sequence[tuple[int, ItemIn]], *, by: AuditActor, at: datetime
) -> list[RowResult]:
    """Write items with their versions and owe an assessment for each new current version.

    `rows` are (row number, item). Returns one result per row, in order.
    """
    known = _Known(
        {e.slug: e for e in Election.objects.filter(slug__in={i.election for _, i in rows})},
        {p.code: p for p in Jurisdiction.objects.filter(code__in={i.place for _, i in rows})},
    )
    results = [RowResult(row, item.external_id) for row, item in rows]
    good = []
    for result, (_, item) in zip(results, rows, strict=True):
        if problem := _problem_of(item, known, at):
            result.field, result.message = problem
        else:
            good.append((result, item))

    actors = _write_actors([item.actor for _, item in good], at)
    # Locked in one order, so that two batches with the same items wait instead of deadlocking.
    good.sort(key=lambda pair: (pair[1].external_id, pair[1].version))
    _write_new_items([item for _, item in good], actors, known, at)
    items = {
        row.external_id: row
        for row in Item.objects.select_for_update(of=("self",))
        .filter(external_id__in={item.external_id for _, item in good})
        .select_related("actor", "election")
        .order_by("external_id")
    }
    hashes = {
        (v.item_id, v.version): v.content_hash
        for v in ItemVersion.objects.filter(item__in=items.values()).only(
            "item_id", "version", "content_hash"
        )
    }
    fresh: list[ItemVersion] = []
    for result, item in good:
        _take_version(result, item, items[item.external_id], hashes, fresh, known, at)
    ItemVersion.objects.bulk_create(fresh)
    _owe_assessments(fresh, items, at)
    accepted = [r.external_id for r in results if r.status in ("created", "updated", "deleted")]
    if accepted:
        audit.record(
            verb="items.accepted",
            subject_type="batch",
            subject_id=hashlib.sha256("\n".join(accepted).encode()).hexdigest()[:32],
            by=by,
            at=at,
            data={"rows": len(rows), "accepted": len(accepted)},
        )
        nudge(tasks.assess_owed)
    return results


def _problem_of(item: ItemIn, known: _Known, at: datetime) -> tuple[str, str] | None:
    if item.posted_at.date() < EARLIEST:
        return "posted_at", f"{item.posted_at.date()} is before {EARLIEST}: send when it was posted."
    if item.posted_at > at + AHEAD:
        return "posted_at", f"{item.posted_at.date()} lies in the future: send when it was posted."
    if item.deleted_at is not None and item.deleted_at < item.posted_at:
        return "deleted_at", "An item cannot be deleted before it was posted."
    if item.election is not None and item.election not in known.elections:
        return "election", f"There is no election '{item.election}' here; leave it out if unsure."
    if item.place is not None and item.place not in known.places:
        return "place", f"There is no place with code '{item.place}' here, such as GM0518."
    return None


def _write_actors(actors: Iterable[ActorIn], at: datetime) -> dict[str, Actor]:
    latest = {actor.external_id: actor for actor in actors}
    Actor.objects.bulk_create(
        [
            Actor(
                external_id=key,
                handle=actor.handle,
                protection=actor.protection,
                followers=actor.followers,
                registered_on=actor.registered_on,
                first_seen_at=at,
            )
            for key, actor in sorted(latest.items())
        ],
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=["handle", "protection", "followers", "registered_on"],
    )
    return {actor.external_id: actor for actor in Actor.objects.filter(external_id__in=latest)}


def _write_new_items(
    items: Iterable[ItemIn], actors: dict[str, Actor], known: _Known, at: datetime
) -> None:
    first = {item.external_id: item for item in reversed(list(items))}
    Item.objects.bulk_create(
        [
            Item(
                external_id=key,
                actor=actors[item.actor.external_id],
                election=known.elections.get(item.election or ""),
                place=known.places.get(item.place or ""),
                kind=item.kind,
                url=item.url,
                posted_at=item.posted_at,
                received_at=at,
                version=item.version,
            )
            for key, item in sorted(first.items())
        ],
        ignore_conflicts=True,
    )


def _take_version(
    result: RowResult,
    item: ItemIn,
    row: Item,
    hashes: dict[tuple[int, int], str],
    fresh: list[ItemVersion],
    known: _Known,
    at: datetime,
) -> None:
    if row.actor.external_id != item.actor.external_id:
        result.field = "actor.external_id"
        result.message = f"This item belongs to actor '{row.actor.external_id}'."
        return
    content = item.content_hash()
    stored = hashes.get((row.pk, item.version))
    if stored is not None and stored != content:
        result.field = "version"
        result.message = (
            f"Version {item.version} of this item is known with other content; "
            "send an edit under a higher version."
        )
        return
    result.status = "unchanged"
    if stored is None:
        result.status = "created" if not any(pk == row.pk for pk, _ in hashes) else "updated"
        hashes[row.pk, item.version] = content
        fresh.append(
            ItemVersion(
                item=row,
                version=item.version,
                text=item.text,
                transcript=item.transcript,
                on_screen=item.on_screen,
                language=item.language,
                content_hash=content,
                received_at=at,
            )
        )
        if item.version > row.version:
            row.version = item.version
            row.kind = item.kind
            row.url = item.url
            row.save(update_fields=["version", "kind", "url"])
    if item.election is not None and row.election is None:
        row.election = known.elections[item.election]
        row.save(update_fields=["election"])
    if item.deleted_at is not None and row.deleted_at is None:
        row.deleted_at = item.deleted_at
        row.save(update_fields=["deleted_at"])
        opening.close_for_deletion(item=row, at=at)
        result.status = "deleted"


def _owe_assessments(fresh: Iterable[ItemVersion], items: dict[str, Item], at: datetime) -> None:
    current = {(row.pk, row.version): row for row in items.values() if row.deleted_at is None}
    owed = []
    for version in fresh:
        row = current.get((version.item_id, version.version))
        if row is None:
            continue
        if row.election is None:
            row.election = resolve_election(
                posted_at=row.posted_at, place=row.place.code if row.place else None
            )
            if row.election is not None:
                row.save(update_fields=["election"])
        owed.append(Assessment(item_version=version, state=AssessmentState.OWED, owed_at=at))
    Assessment.objects.bulk_create(owed)


@transaction.atomic
def record_traction(
    rows: Sequence[tuple[int, TractionIn]], *, at: datetime
) -> list[RowResult]:
    """Write view counts; the priority of a waiting job follows when it changes materially."""
    items = {
        item.external_id: item
        for item in Item.objects.filter(external_id__in={s.external_id for _, s in rows})
    }
    results = []
    samples = []
    for row, sample in rows:
        result = RowResult(row, sample.external_id, status="accepted")
        if sample.external_id not in items:
            result.status, result.field = "error", "external_id"
            result.message = "This item is not known here; send the item first."
        elif not EARLIEST <= sample.at.date() <= (at + AHEAD).date():
            result.status, result.field = "error", "at"
            result.message = f"{sample.at.date()} cannot be right: send when it was counted."
        else:
            samples.append(
                TractionSample(
                    item=items[sample.external_id],
                    at=sample.at,
                    views=sample.views,
                    shares=sample.shares,
                )
            )
        results.append(result)
    TractionSample.objects.bulk_create(samples, ignore_conflicts=True)
    touched = sorted({sample.item_id for sample in samples})
    for row in (
        TractionSample.objects.filter(item__in=touched)
        .values("item")
        .annotate(most=Max("views"))
        .order_by("item")
    ):
        Item.objects.filter(pk=row["item"], views__lt=row["most"]).update(views=row["most"])
    waiting = Job.objects.filter(item__in=touched, state=JobState.WAITING).order_by("pk")
    for job in waiting.select_related("item"):
        opening.reprioritise(job=job, at=at)
    return results


@transaction.atomic
def submit_report(*, report: ReportIn, by: AuditActor, at: datetime) -> RowResult:
    """Write one report, with the version of the item that stood when it was made, and route it."""
    result = RowResult(0, report.external_id)
    item = (
        Item.objects.select_for_update(of=("self",)).filter(external_id=report.item).first()
    )
    if item is None:
        result.field = "item"
        result.message = "This item is not known here; send the item first."
        return result
    if Report.objects.filter(external_id=report.external_id).exists():
        result.status = "unchanged"
        return result
    version = (
        item.versions.filter(received_at__lte=max(report.reported_at, item.received_at))
        .order_by("version")
        .last()
    ) or item.versions.order_by("version")[0]
    row = Report.objects.create(
        external_id=report.external_id,
        item=item,
        item_version=version,
        source=report.source,
        reason=report.reason,
        text=report.text,
        reporter=report.reporter,
        language=report.language,
        reported_at=report.reported_at,
        received_at=at,
    )
    audit.record(
        verb="report.received",
        subject_type="report",
        subject_id=row.public_id,
        by=by,
        at=at,
        data={"item": str(item.public_id), "source": row.source},
    )
    opening.open_or_update_job(item=item, at=at)
    result.status = "created"
    return result


def unregistered_host(url: str) -> bool:
    """Say whether a media reference names a host that no administrator registered."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return (
        parts.scheme != "https"
        or not MediaHost.objects.filter(host=(parts.hostname or "").lower()).exists()
    )
