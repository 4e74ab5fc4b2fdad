"""Following the facts: where an official statement changed, what was said about it is judged anew.

No text is read again: the stored propositions are compared with the facts now in force. A cursor
per change survives a crash, and moves in the same transaction as the effects of each batch.

What merely ended lets go and accuses nobody: what contradicted it no longer waits for a person,
what was right when it was said is not called wrong by the clock, and a decision stays as it is.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from elections import reach, screening
from elections.choices import ChangeKind
from elections.models import Election, FactChange, Jurisdiction
from elections.queries import fact_sheet
from elections.screening import Outcome, Said
from integrity.audit import services as audit
from moderation.choices import Field
from moderation.models import Following, Item, Job, Proposition, Signal
from moderation.services import findings, opening, weights
from moderation.services.findings import Finding
from moderation.sweeping import BATCH, batch_by_batch


def follow_fact_changes(*, now: Callable[[], datetime], batch: int = BATCH) -> int:
    """Follow every change that nobody has followed; returns how many items were compared."""
    return batch_by_batch(follow_one_batch, now=now, batch=batch)


@transaction.atomic
def follow_one_batch(*, at: datetime, batch: int = BATCH) -> int | None:
    """Compare the next items of the oldest change with the facts now in force; None when idle."""
    change = (
        FactChange.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(followed_at=None)
        .select_related("election__country", "fact__place", "place", "incident")
        .order_by("at", "pk")
        .first()
    )
    if change is None:
        return None
    progress, _created = Following.objects.get_or_create(
        change=change, defaults={"total": _concerned(change).count(), "started_at": at}
    )
    pks = list(_concerned(change).filter(item__gt=progress.after_item)[:batch])
    did = _compare_again(pks, change, at=at) if pks else Effects()
    progress.compared += len(pks)
    progress.altered += did.altered
    progress.opened += did.opened
    progress.reopened += did.reopened
    progress.closed += did.closed
    if len(pks) < batch:
        progress.ended_at = at
        FactChange.objects.filter(pk=change.pk).update(followed_at=at)
        _record(change, progress, at=at)
    else:
        progress.after_item = pks[-1]
    progress.save()
    return len(pks)


@dataclass(frozen=True, slots=True)
class Effects:
    """What comparing a batch again changed: findings, and jobs opened, opened again, closed."""

    altered: int = 0
    opened: int = 0
    reopened: int = 0
    closed: int = 0


def concerned(
    *, election: Election, key: str, place: Jurisdiction | None
) -> QuerySet[Proposition, int]:
    """Every item that says something which a change of this key in this place may answer anew.

    A municipality's own rule concerns what was said there and what names no place that we know.
    """
    said = Proposition.objects.filter(
        election=election, superseded_at=None, key__in=reach.keys_reached(key)
    )
    if place is not None:
        said = said.filter(Q(place=place) | Q(place=None) | ~Q(frame__place=""))
    return said.values_list("item", flat=True).order_by("item").distinct()


def _concerned(change: FactChange) -> QuerySet[Proposition, int] | QuerySet[Signal, int]:
    if change.kind != ChangeKind.EXPIRED:
        return concerned(election=change.election, key=change.key, place=change.place)
    resting = Q(fact=change.fact) if change.fact else Q(incident=change.incident)
    return (
        Signal.objects.filter(
            resting,
            source=findings.SOURCE,
            superseded_at=None,
            verdict="contradicts",
            item__decision_in_force=None,
        )
        .values_list("item", flat=True)
        .order_by("item")
        .distinct()
    )


def _compare_again(pks: Sequence[int], change: FactChange, *, at: datetime) -> Effects:
    """Compare the stored propositions of these items, and let findings and jobs follow."""
    items = findings.lock_items(pks)
    lets_go = change.kind == ChangeKind.EXPIRED
    sheet = fact_sheet(change.election)
    groups = findings.current_propositions(pks)
    with weights.live_weights():
        outcomes = screening.recheck(
            said_in(groups, items), reach.as_of(sheet, at) if lets_go else sheet
        )
    known = {
        (signal.item_id, signal.field): signal
        for signal in Signal.objects.filter(
            item__in=pks, source=findings.SOURCE, superseded_at=None
        ).select_related("fact", "incident")
    }
    changed, quiet = [], []
    for (key, rows), outcome in zip(groups.items(), outcomes, strict=True):
        if lets_go and (key not in known or known[key].verdict != "contradicts"):
            continue
        finding = Finding(rows[0].item_version, Field(rows[0].field), outcome)
        if reads_differently(known.get(key), outcome):
            changed.append((finding, rows))
        elif key in known and _cites_differently(known[key], outcome):
            quiet.append((finding, rows, known[key]))
    replaced = {_text_of(f) for f, _ in changed} | {_text_of(f) for f, _, _ in quiet}
    gone = [signal.pk for key, signal in known.items() if key in replaced]
    Signal.objects.filter(pk__in=gone).update(superseded_at=at)
    findings.write_signals(changed, at=at, because=because(change))
    # The same finding on a newer version of the fact: what was answered stays answered.
    for finding, rows, signal in quiet:
        findings.write_signals([(finding, rows)], at=signal.created_at, because=because(change))
    touched = sorted({finding.version.item_id for finding, _ in changed})
    return _follow_jobs([items[pk] for pk in touched], altered=len(changed), at=at)


def _follow_jobs(items: Sequence[Item], *, altered: int, at: datetime) -> Effects:
    """Open and close the jobs that the new findings ask for, and count which."""
    had_any = set(Job.objects.filter(item__in=items).values_list("item", flat=True))
    before = _with_open_job(items)
    opening.open_or_update_jobs(items=items, at=at)
    after = _with_open_job(items)
    fresh = after - before
    return Effects(
        altered=altered,
        opened=len(fresh - had_any),
        reopened=len(fresh & had_any),
        closed=len(before - after),
    )


def _with_open_job(items: Collection[Item]) -> set[int]:
    return set(Job.objects.open().filter(item__in=items).values_list("item", flat=True))


def said_in(
    groups: Mapping[tuple[int, str], Sequence[Proposition]], items: Mapping[int, Item]
) -> list[Said]:
    """Return what each text says, in the form in which it is compared without being read."""
    return [
        Said(
            frames=[row.frame for row in rows],
            posted_at=items[item].posted_at,
            place=_code(items[item]),
            lang=items[item].language,
        )
        for (item, _field), rows in groups.items()
    ]


def _code(item: Item) -> str | None:
    return item.place.code if item.place else None


def _text_of(finding: Finding) -> tuple[int, str]:
    return finding.version.item_id, finding.field


def reads_differently(known: Signal | None, outcome: Outcome) -> bool:
    """Say whether a person would read something else now than before."""
    if known is None:
        return outcome.verdict != findings.SILENT
    return (known.verdict, known.claimed, known.official) != (
        findings.verdict_of(outcome),
        (outcome.claimed or "")[:300],
        (outcome.official or "")[:300],
    )


def _cites_differently(known: Signal, outcome: Outcome) -> bool:
    """Say whether the same finding rests on another row than before."""
    fact = str(known.fact.public_id) if known.fact else None
    incident = str(known.incident.public_id) if known.incident else None
    return (fact, incident) != (outcome.fact_version, outcome.incident_id)


def because(change: FactChange) -> str:
    """Say in a few words what changed, for whoever wonders why a finding is new."""
    place = f", {change.place.name}" if change.place else ""
    return f"fact changed: {change.key} {change.kind}{place}"


def _record(change: FactChange, progress: Following, *, at: datetime) -> None:
    audit.record(
        verb="fact_change.followed",
        subject_type="fact_change",
        subject_id=change.pk,
        by=audit.SYSTEM,
        at=at,
        data={
            "key": change.key,
            "kind": change.kind,
            "compared": progress.compared,
            "altered": progress.altered,
            "opened": progress.opened,
            "reopened": progress.reopened,
            "closed": progress.closed,
        },
    )
