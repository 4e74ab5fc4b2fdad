"""Following the facts: where an official statement changed, what was said about it is judged anew.

No text is read again: the stored propositions are compared with the facts now in force. A cursor
per change survives a crash, and moves in the same transaction as the effects of each batch.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from elections import screening
from elections.models import FactChange
from elections.queries import fact_sheet
from elections.screening import Outcome, Said
from integrity.audit import services as audit
from moderation.choices import Field
from moderation.models import Following, Item, Proposition, Signal
from moderation.services import findings, opening
from moderation.services.findings import Finding

BATCH = 500
AT_A_STRETCH = timedelta(minutes=4)


def follow_fact_changes(*, now: Callable[[], datetime], batch: int = BATCH) -> int:
    """Follow every change that nobody has followed; returns how many items were compared."""
    started, compared = now(), 0
    while now() - started < AT_A_STRETCH:
        step = follow_one_batch(at=now(), batch=batch)
        if step is None:
            break
        compared += step
    return compared


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
    altered = _compare_again(pks, change, at=at) if pks else 0
    progress.compared += len(pks)
    progress.altered += altered
    if len(pks) < batch:
        progress.ended_at = at
        FactChange.objects.filter(pk=change.pk).update(followed_at=at)
        _record(change, progress, at=at)
    else:
        progress.after_item = pks[-1]
    progress.save()
    return len(pks)


def _concerned(change: FactChange) -> QuerySet[Proposition, int]:
    """Every item with something to compare: one statement may rest on more than one fact."""
    return (
        Proposition.objects.filter(election=change.election_id, superseded_at=None)
        .exclude(key="")
        .values_list("item", flat=True)
        .order_by("item")
        .distinct()
    )


def _compare_again(pks: Sequence[int], change: FactChange, *, at: datetime) -> int:
    """Compare the stored propositions of these items; returns how many findings changed."""
    items = findings.lock_items(pks)
    groups = findings.current_propositions(pks)
    outcomes = screening.recheck(
        [
            Said(
                frames=[row.frame for row in rows],
                posted_at=items[item].posted_at,
                place=_code(items[item]),
                lang=items[item].language,
            )
            for (item, _field), rows in groups.items()
        ],
        fact_sheet(change.election),
    )
    known = {
        (signal.item_id, signal.field): signal
        for signal in Signal.objects.filter(
            item__in=pks, source=findings.SOURCE, superseded_at=None
        ).select_related("fact", "incident")
    }
    changed, quiet = [], []
    for (key, rows), outcome in zip(groups.items(), outcomes, strict=True):
        finding = Finding(rows[0].item_version, Field(rows[0].field), outcome)
        if _reads_differently(known.get(key), outcome):
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
    opening.open_or_update_jobs(items=[items[pk] for pk in touched], at=at)
    return len(changed)


def _code(item: Item) -> str | None:
    return item.place.code if item.place else None


def _text_of(finding: Finding) -> tuple[int, str]:
    return finding.version.item_id, finding.field


def _reads_differently(known: Signal | None, outcome: Outcome) -> bool:
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
        },
    )
