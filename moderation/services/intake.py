"""Taking in what the platform sends: items and their versions, view counts, reports.

Every function here is safe to repeat with the same rows, and a bad row never stops the good ones.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from elections.models import Election, Jurisdiction
from elections.queries import resolve_election
from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from integrity.nudging import nudge
from moderation import tasks
from moderation.choices import AssessmentState
from moderation.models import (
    Actor,
    Assessment,
    Item,
    ItemVersion,
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
    # None: not said this time, so what was known stays.
    protection: str | None = None
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
    hashes: dict[tuple[int, int], str] = field(default_factory=dict)
    with_versions: set[int] = field(default_factory=set)
    resolved: dict[tuple[date, str], Election | None] = field(default_factory=dict)
    # Items that were read without an election and now have one: their words are read again.
    now_placed: list[Item] = field(default_factory=list)

    def resolve(self, item: Item) -> Election | None:
        """Find the election an item without one can be about, asking once per day and place."""
        place = item.place.code if item.place else ""
        key = (item.posted_at.date(), place)
        if key not in self.resolved:
            self.resolved[key] = resolve_election(posted_at=item.posted_at, place=place or None)
        return self.resolved[key]


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
    # Inserted and locked in one order, so that two batches with the same items wait for each other
    # instead of deadlocking.
    good.sort(key=lambda pair: (pair[1].external_id, pair[1].version))
    _write_new_items([item for _, item in good], actors, known, at)
    items = {
        row.external_id: row
        for row in Item.objects.select_for_update(of=("self",))
        .filter(external_id__in={item.external_id for _, item in good})
        .select_related("actor", "election", "place")
        .order_by("pk")
    }
    for version in ItemVersion.objects.filter(item__in=items.values()).only(
        "item_id", "version", "content_hash"
    ):
        known.hashes[version.item_id, version.version] = version.content_hash
        known.with_versions.add(version.item_id)
    fresh: list[ItemVersion] = []
    for result, item in good:
        _take_version(result, item, items[item.external_id], fresh=fresh, known=known, at=at)
    ItemVersion.objects.bulk_create(fresh)
    _owe_assessments(fresh, items, known, at)
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
    if problem := _moment_problem(item.posted_at, "when it was posted", at):
        return "posted_at", problem
    if item.deleted_at is not None and (
        problem := _moment_problem(item.deleted_at, "when it was deleted", at)
    ):
        return "deleted_at", problem
    if item.deleted_at is not None and item.deleted_at < item.posted_at:
        return "deleted_at", "An item cannot be deleted before it was posted."
    if item.election is not None and item.election not in known.elections:
        return "election", f"There is no election '{item.election}' here; leave it out if unsure."
    if item.place is not None and item.place not in known.places:
        return "place", f"There is no place with code '{item.place}' here, such as GM0518."
    return None


def _write_actors(actors: Iterable[ActorIn], at: datetime) -> dict[str, Actor]:
    """Write accounts; what a row does not say stays as it was, protection above all."""
    actors = list(actors)
    rows = {
        row.external_id: row
        for row in Actor.objects.select_for_update()
        .filter(external_id__in={actor.external_id for actor in actors})
        .order_by("external_id")
    }
    for actor in actors:
        row = rows.setdefault(
            actor.external_id, Actor(external_id=actor.external_id, first_seen_at=at)
        )
        row.handle = actor.handle or row.handle
        if actor.protection is not None:
            row.protection = actor.protection
        if actor.followers is not None:
            row.followers = actor.followers
        row.registered_on = actor.registered_on or row.registered_on
    fields = ["handle", "protection", "followers", "registered_on"]
    Actor.objects.bulk_update(
        sorted((row for row in rows.values() if row.pk), key=lambda row: row.external_id), fields
    )
    Actor.objects.bulk_create(
        sorted((row for row in rows.values() if not row.pk), key=lambda row: row.external_id),
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=fields,
    )
    return {row.external_id: row for row in Actor.objects.filter(external_id__in=rows)}


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
                language=item.language,
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
    *,
    fresh: list[ItemVersion],
    known: _Known,
    at: datetime,
) -> None:
    if row.actor.external_id != item.actor.external_id:
        result.field = "actor.external_id"
        result.message = f"This item belongs to actor '{row.actor.external_id}'."
        return
    content = item.content_hash()
    stored = known.hashes.get((row.pk, item.version))
    if stored is not None and stored != content:
        result.field = "version"
        result.message = (
            f"Version {item.version} of this item is known with other content; "
            "send an edit under a higher version."
        )
        return
    result.status = "unchanged"
    if stored is None:
        result.status = "updated" if row.pk in known.with_versions else "created"
        known.hashes[row.pk, item.version] = content
        known.with_versions.add(row.pk)
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
            row.language = item.language or row.language
            row.save(update_fields=["version", "kind", "url", "language"])
    if item.election is not None and row.election is None:
        row.election = known.elections[item.election]
        row.save(update_fields=["election"])
        known.now_placed.append(row)
    if item.place is not None and row.place is None:
        row.place = known.places[item.place]
        row.save(update_fields=["place"])
    if item.deleted_at is not None and row.deleted_at is None:
        row.deleted_at = item.deleted_at
        row.save(update_fields=["deleted_at"])
        opening.close_for_deletion(item=row, at=at)
        result.status = "deleted"


def _owe_assessments(
    fresh: Iterable[ItemVersion], items: dict[str, Item], known: _Known, at: datetime
) -> None:
    current = {(row.pk, row.version): row for row in items.values() if row.deleted_at is None}
    owed = []
    for version in fresh:
        row = current.get((version.item_id, version.version))
        if row is None:
            continue
        if row.election is None:
            row.election = known.resolve(row)
            if row.election is not None:
                row.save(update_fields=["election"])
        owed.append(Assessment(item_version=version, state=AssessmentState.OWED, owed_at=at))
    Assessment.objects.bulk_create(owed, ignore_conflicts=True)
    Assessment.objects.filter(
        item_version__item__in=known.now_placed,
        item_version__version=F("item_version__item__version"),
    ).exclude(state=AssessmentState.OWED).update(
        state=AssessmentState.OWED, owed_at=at, attempts=0, failure=""
    )


@transaction.atomic
def record_traction(rows: Sequence[tuple[int, TractionIn]], *, at: datetime) -> list[RowResult]:
    """Write view counts; the priority of a waiting job follows when it changes materially."""
    items = {
        item.external_id: item
        for item in Item.objects.select_for_update(of=("self",))
        .filter(external_id__in={s.external_id for _, s in rows})
        .select_related("actor", "election", "place")
        .order_by("pk")
    }
    results = []
    samples = []
    for row, sample in rows:
        result = RowResult(row, sample.external_id, status="accepted")
        item = items.get(sample.external_id)
        if item is None:
            result.status, result.field = "error", "external_id"
            result.message = "This item is not known here; send the item first."
        elif problem := _moment_problem(sample.at, "when it was counted", at):
            result.status, result.field, result.message = "error", "at", problem
        else:
            samples.append(
                TractionSample(item=item, at=sample.at, views=sample.views, shares=sample.shares)
            )
            item.views = max(item.views, sample.views)
        results.append(result)
    TractionSample.objects.bulk_create(samples, ignore_conflicts=True)
    touched = [items[key] for key in {s.item.external_id for s in samples}]
    touched.sort(key=lambda item: item.pk)
    Item.objects.bulk_update(touched, ["views"])
    opening.follow_traction(items=touched, at=at)
    return results


@transaction.atomic
def accept_reports(
    rows: Sequence[tuple[int, ReportIn]], *, by: AuditActor, at: datetime
) -> list[RowResult]:
    """Write reports, each with the version of the item that stood when it was made; route them."""
    items = {
        item.external_id: item
        for item in Item.objects.select_for_update(of=("self",))
        .filter(external_id__in={report.item for _, report in rows})
        .select_related("actor", "election", "place")
        .order_by("pk")
    }
    stored = {
        report.external_id: report
        for report in Report.objects.filter(
            external_id__in={report.external_id for _, report in rows}
        ).select_related("item")
    }
    versions: dict[int, list[ItemVersion]] = {}
    for version in ItemVersion.objects.filter(item__in=items.values()).order_by("version"):
        versions.setdefault(version.item_id, []).append(version)
    results, touched = [], {}
    for row, report in rows:
        result = RowResult(row, report.external_id)
        results.append(result)
        known = stored.get(report.external_id)
        item = items.get(report.item)
        if known is not None:
            _compare_report(result, report, known)
        elif item is None:
            result.field = "item"
            result.message = "This item is not known here; send the item first."
        elif problem := _moment_problem(report.reported_at, "when it was reported", at):
            result.field, result.message = "reported_at", problem
        else:
            stored[report.external_id] = _write_report(report, item, versions[item.pk], by, at)
            touched[item.pk] = item
            result.status = "created"
    opening.open_or_update_jobs(items=[touched[pk] for pk in sorted(touched)], at=at)
    return results


def _compare_report(result: RowResult, report: ReportIn, known: Report) -> None:
    same = (known.item.external_id, known.source, known.reason, known.text) == (
        report.item,
        report.source,
        report.reason,
        report.text,
    )
    if same:
        result.status = "unchanged"
    else:
        result.field = "external_id"
        result.message = "A report with this id is known with other content."


def _write_report(
    report: ReportIn, item: Item, versions: Sequence[ItemVersion], by: AuditActor, at: datetime
) -> Report:
    seen_at = max(report.reported_at, item.received_at)
    seen = [version for version in versions if version.received_at <= seen_at]
    row = Report.objects.create(
        external_id=report.external_id,
        item=item,
        item_version=seen[-1] if seen else versions[0],
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
    return row


def _moment_problem(moment: datetime, what: str, at: datetime) -> str:
    if moment.date() < EARLIEST:
        return f"{moment.date()} is before {EARLIEST}: send {what}."
    if moment > at + AHEAD:
        return f"{moment.date()} lies in the future: send {what}."
    return ""
