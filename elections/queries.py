"""Reading what is official: fact sheets for the screening, facts and incidents for the pages."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from elections.facts import Fact, FactSheet, Incident
from elections.models import Election, FactChange, IncidentNotice, PollingPlace, VotingFact

# How long before its first and after its last day people talk about an election as "the" election.
TALKED_ABOUT_BEFORE = timedelta(days=90)
TALKED_ABOUT_AFTER = timedelta(days=14)


def as_fact(row: VotingFact) -> Fact:
    """Turn a stored statement into the frozen form that screening compares with."""
    return Fact(
        key=row.key,
        value=row.value,
        applies=row.applies,
        place=row.place.code if row.place else None,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source_name=row.source_name,
        source_url=row.source_url,
        status=row.status,
        version=str(row.public_id),
        changed_at=row.published_at,
    )


def fact_sheet(election: Election) -> FactSheet:
    """Build the frozen sheet of everything official about one election."""
    return fact_sheets([election])[election.slug]


def fact_sheets(elections: Iterable[Election]) -> dict[str, FactSheet]:
    """Build the sheets of several elections in four queries."""
    by_id = {election.pk: election for election in elections}
    facts = VotingFact.objects.current().filter(election__in=by_id).select_related("place")
    incidents = IncidentNotice.objects.filter(election__in=by_id, withdrawn_at=None).select_related(
        "place"
    )
    places = Election.places.through.objects.filter(election__in=by_id).select_related(
        "jurisdiction"
    )
    sheets = {}
    for pk, election in by_id.items():
        own = sorted((f for f in facts if f.election_id == pk), key=lambda f: (f.key, f.pk))
        days = next((f.value for f in own if f.key == "voting_day" and f.place is None), None)
        sheets[election.slug] = FactSheet(
            election=election.slug,
            name=election.name,
            country=election.country.code,
            time_zone=election.time_zone,
            voting_days=voting_days(election, days),
            facts=tuple(as_fact(f) for f in own),
            incidents=tuple(as_incident(i) for i in incidents if i.election_id == pk),
            places={
                p.jurisdiction.code: p.jurisdiction.name for p in places if p.election_id == pk
            },
            also_known_as={
                p.jurisdiction.code: tuple(p.jurisdiction.also_known_as)
                for p in places
                if p.election_id == pk and p.jurisdiction.also_known_as
            },
        )
    return sheets


def voting_days(election: Election, value: str | list[str] | None) -> tuple[date, ...]:
    """Return the days of voting from the fact, else the election's own first and last day."""
    if value is None:
        return tuple(sorted({election.first_day, election.last_day}))
    days = [value] if isinstance(value, str) else value
    return tuple(sorted(date.fromisoformat(day) for day in days))


def as_incident(row: IncidentNotice) -> Incident:
    """Turn a stored notice into the frozen form that screening compares with."""
    return Incident(
        id=str(row.public_id),
        kind=row.kind,
        place=row.place.code,
        polling_place=row.polling_place,
        message=row.message,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        source_url=row.source_url,
        source_name=row.source_name,
        changed_at=row.published_at,
    )


def resolve_election(*, posted_at: datetime, place: str | None) -> Election | None:
    """Find the one election that an item without one can be about; None when in doubt."""
    day = posted_at.date()
    near = Election.objects.filter(
        first_day__lte=day + TALKED_ABOUT_BEFORE, last_day__gte=day - TALKED_ABOUT_AFTER
    )
    if place:
        near = near.filter(Q(places__code=place) | Q(country__parts__code=place)).distinct()
    found = list(near[:2])
    return found[0] if len(found) == 1 else None


def public_sheet(slug: str) -> FactSheet | None:
    """Build the sheet of the election at an address; None when there is no such election."""
    election = Election.objects.select_related("country").filter(slug=slug).first()
    return fact_sheet(election) if election else None


def public_sheets() -> list[FactSheet]:
    """Build the sheets of all elections."""
    return list(fact_sheets(Election.objects.select_related("country")).values())


def election_days(election: Election) -> tuple[tuple[date, ...], str]:
    """Return the voting days and the hour at which polling places close at the latest."""
    facts = election.facts.current().filter(place=None, key__in=["voting_day", "polls_close"])
    values = {fact.key: fact.value for fact in facts}
    return voting_days(election, values.get("voting_day")), values.get("polls_close") or ""


def polling_place(election: str, public_id: UUID) -> PollingPlace | None:
    """Find one polling place of an election."""
    rows = PollingPlace.objects.current().filter(election__slug=election, public_id=public_id)
    return rows.select_related("municipality").first()


def has_polling_places(election: str) -> bool:
    """Say whether polling places have been published for an election."""
    return PollingPlace.objects.current().filter(election__slug=election).exists()


def latest_changes(election: str, *, most: int = 50) -> list[FactChange]:
    """List what changed lately about an election, the newest first."""
    rows = FactChange.objects.filter(election__slug=election)
    return list(rows.select_related("fact", "incident", "place").order_by("-at", "-pk")[:most])
