"""Storing what screening found: propositions, signals, fingerprints, and the jobs they ask for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from elections.fusing import Checked
from elections.models import Election, IncidentNotice, Jurisdiction, VotingFact
from elections.screening import Outcome
from moderation import likeness
from moderation.choices import Field
from moderation.models import Fingerprint, Item, ItemVersion, Proposition, Signal
from moderation.queries import casework
from moderation.services import informing, opening

SOURCE = "voting_procedure"
# What a person never needs to see as a finding; its propositions are stored all the same.
SILENT = "not_procedural"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came out of one text of one version of an item."""

    version: ItemVersion
    field: Field
    outcome: Outcome
    # The Election Center's page that this text belongs with; empty for none.
    page: str = ""


def lock_items(pks: Collection[int]) -> dict[int, Item]:
    """Take the rows of these items, in the one order that everybody takes them."""
    return {item.pk: item for item in casework.items_to_route(pks, lock=True)}


def store_reading(
    versions: Sequence[ItemVersion],
    found: Sequence[Finding],
    *,
    items: Mapping[int, Item],
    at: datetime,
) -> None:
    """Store the reading of these versions in the caller's transaction, items locked.

    Everything read before about the same items is superseded; a version that is no longer the
    current one leaves its propositions as evidence and nothing else.
    """
    current = [v for v in versions if items[v.item_id].version == v.version]
    _supersede(current, at=at)
    rows = _write_propositions(found, items, current=current, at=at)
    seen = {v.pk for v in current}
    write_signals(
        [(each, rows[n]) for n, each in enumerate(found) if each.version.pk in seen], at=at
    )
    _remember_words(versions, found, items)
    informing.follow_reading(_pages(current, found), items=items, at=at)
    opening.open_or_update_jobs(
        items=[items[pk] for pk in sorted({v.item_id for v in current})], at=at
    )


def _pages(
    versions: Sequence[ItemVersion], found: Sequence[Finding]
) -> dict[int, tuple[ItemVersion, str]]:
    """Return the page that each item belongs with: that of its caption, else of another text."""
    pages: dict[int, str] = {}
    for each in found:
        if each.page:
            pages.setdefault(each.version.pk, each.page)
    return {version.item_id: (version, pages.get(version.pk, "")) for version in versions}


def write_signals(
    found: Iterable[tuple[Finding, Sequence[Proposition]]], *, at: datetime, because: str = ""
) -> list[Signal]:
    """Write a signal for every outcome that says something, citing its fact and proposition."""
    speaking = [(each, rows) for each, rows in found if each.outcome.verdict != SILENT]
    facts = _facts(each.outcome.fact_version for each, _ in speaking)
    incidents = _incidents(each.outcome.incident_id for each, _ in speaking)
    return Signal.objects.bulk_create(
        Signal(
            item_id=each.version.item_id,
            item_version=each.version,
            source=SOURCE,
            field=each.field,
            verdict=verdict_of(each.outcome),
            score=min(1.0, max(0.0, each.outcome.score)),
            topic=each.outcome.topic[:20],
            stance=each.outcome.stance[:12],
            proposition=rows[each.outcome.proposition]
            if each.outcome.proposition is not None and rows
            else None,
            fact=facts.get(each.outcome.fact_version or ""),
            incident=incidents.get(each.outcome.incident_id or ""),
            claimed=(each.outcome.claimed or "")[:300],
            official=(each.outcome.official or "")[:300],
            reasons=dict(each.outcome.reasons),
            because=because[:200],
            model_version=each.outcome.model_version[:80],
            created_at=at,
        )
        for each, rows in speaking
    )


def verdict_of(outcome: Outcome) -> str:
    """Return the verdict; abstain where no statement or notice in our books carries it."""
    cites = outcome.fact_version or outcome.incident_id
    if outcome.verdict in ("contradicts", "consistent") and not cites:
        return "unverifiable"
    return str(outcome.verdict)


def _supersede(versions: Sequence[ItemVersion], *, at: datetime) -> None:
    items = [version.item_id for version in versions]
    Signal.objects.filter(item__in=items, source=SOURCE, superseded_at=None).update(
        superseded_at=at
    )
    Proposition.objects.filter(item__in=items, superseded_at=None).update(superseded_at=at)


def _write_propositions(
    found: Sequence[Finding],
    items: Mapping[int, Item],
    *,
    current: Sequence[ItemVersion],
    at: datetime,
) -> list[list[Proposition]]:
    elections = {
        e.slug: e for e in Election.objects.filter(slug__in={f.outcome.election for f in found})
    }
    names = {c.statement.place for f in found for c in f.outcome.propositions if c.statement.place}
    places = {p.name: p for p in Jurisdiction.objects.filter(name__in=names)}
    seen = {version.pk for version in current}
    rows = []
    for each in found:
        item = items[each.version.item_id]
        rows.append(
            [
                _proposition(
                    each,
                    checked,
                    election=elections.get(each.outcome.election) or item.election,
                    place=places.get(checked.statement.place) or item.place,
                    superseded_at=None if each.version.pk in seen else at,
                    at=at,
                )
                for checked in each.outcome.propositions
            ]
        )
    Proposition.objects.bulk_create([row for group in rows for row in group])
    return rows


def _proposition(
    each: Finding,
    checked: Checked,
    *,
    election: Election | None,
    place: Jurisdiction | None,
    superseded_at: datetime | None,
    at: datetime,
) -> Proposition:
    said = checked.statement
    start, end = said.span
    return Proposition(
        item_id=each.version.item_id,
        item_version=each.version,
        field=each.field,
        key=said.key[:60],
        value=said.value,
        polarity="asserted" if said.polarity else "denied",
        stance=said.stance[:12],
        election=election,
        place=place,
        span_start=max(0, start),
        span_end=max(0, start, end),
        frame=said.frame(),
        model_version=each.outcome.model_version[:80],
        created_at=at,
        superseded_at=superseded_at,
    )


def _remember_words(
    versions: Sequence[ItemVersion], found: Sequence[Finding], items: Mapping[int, Item]
) -> None:
    """Keep the language that was read, and the fingerprint by which near-identical items meet."""
    languages = {e.version.item_id: e.outcome.language for e in found if e.outcome.language}
    read = [item for pk, item in items.items() if not item.language and pk in languages]
    for item in read:
        item.language = languages[item.pk][:12]
    Item.objects.bulk_update(read, ["language"])
    prints = []
    for version in versions:
        value = likeness.simhash(words_of(version))
        if value is not None:
            a, b, c, d = likeness.bands(value)
            prints.append(
                Fingerprint(
                    item_version=version,
                    simhash=likeness.as_signed(value),
                    band_a=a,
                    band_b=b,
                    band_c=c,
                    band_d=d,
                )
            )
    Fingerprint.objects.bulk_create(prints, ignore_conflicts=True)


def words_of(version: ItemVersion) -> str:
    """Return all words of a version, for comparing it with others."""
    return "\n".join(version.texts().values())


def _facts(ids: Iterable[str | None]) -> dict[str, VotingFact]:
    found = VotingFact.objects.filter(public_id__in=_uuids(ids))
    return {str(row.public_id): row for row in found}


def _incidents(ids: Iterable[str | None]) -> dict[str, IncidentNotice]:
    found = IncidentNotice.objects.filter(public_id__in=_uuids(ids))
    return {str(row.public_id): row for row in found}


def _uuids(ids: Iterable[str | None]) -> set[UUID]:
    wanted = set()
    for each in ids:
        try:
            wanted.add(UUID(each or ""))
        except ValueError:
            continue
    return wanted


def current_propositions(items: Collection[int]) -> dict[tuple[int, str], list[Proposition]]:
    """Return what stands in each text of these items' current words, by item and field."""
    grouped: dict[tuple[int, str], list[Proposition]] = {}
    for row in (
        Proposition.objects.filter(
            item__in=items, superseded_at=None, item_version__version=F("item__version")
        )
        .select_related("item_version", "place")
        .order_by("pk")
    ):
        grouped.setdefault((row.item_id, row.field), []).append(row)
    return grouped
