"""Writing an election pack to the database, so that the same pack twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from elections import rules
from elections.choices import FactStatus, IncidentKind, JurisdictionKind
from elections.facts import Fact, FactSheet, Incident
from elections.models import Election, IncidentNotice, Jurisdiction, VotingFact
from elections.services import publishing
from elections.services.publishing import Statement
from integrity.people.models import User
from integrity.refusals import Refused, require


@dataclass(slots=True)
class LoadReport:
    """What loading a pack did, row by row, and what it could not do."""

    election: str
    published: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0
    not_in_pack: list[str] = field(default_factory=list)
    incidents: int = 0
    problems: list[str] = field(default_factory=list)


@transaction.atomic
def load_pack(*, pack: FactSheet, by: User | None, at: datetime) -> LoadReport:
    """Publish what is new in a pack and correct what differs; good rows go in beside bad ones.

    What the pack no longer mentions stays and is named in the report: taking a statement back is
    a person's decision (`withdraw_fact`).
    """
    require(rules.may_publish(by))
    report = LoadReport(pack.election)
    if not pack.country or not pack.time_zone or not pack.name:
        report.problems.append(f"{pack.election}: name, country and time_zone are needed to load")
        return report
    places = _places(pack)
    election = _election(pack, places)
    current = {_mark(fact): fact for fact in _current(election)}
    for fact in pack.facts:
        _load_fact(
            fact, election=election, places=places, current=current, report=report, by=by, at=at
        )
    seen = {(fact.key, fact.place, fact.valid_from) for fact in pack.facts}
    report.not_in_pack = [_name(*mark[:2]) for mark in current if mark not in seen]
    for incident in pack.incidents:
        _load_incident(incident, election=election, places=places, report=report, by=by, at=at)
    return report


def _load_fact(
    fact: Fact,
    *,
    election: Election,
    places: Mapping[str, Jurisdiction],
    current: Mapping[tuple[str, str | None, datetime | None], VotingFact],
    report: LoadReport,
    by: User | None,
    at: datetime,
) -> None:
    """Publish, correct or leave one statement; a refusal becomes a row of the report."""
    name = _name(fact.key, fact.place)
    known = current.get((fact.key, fact.place, fact.valid_from))
    statement = Statement(
        value=fact.value,
        source_name=fact.source_name,
        source_url=fact.source_url,
        applies=dict(fact.applies),
        status=FactStatus(fact.status),
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
    )
    try:
        if known is None:
            publishing.publish_fact(
                election=election,
                key=fact.key,
                statement=statement,
                place=places[fact.place] if fact.place else None,
                by=by,
                at=at,
            )
            report.published.append(name)
        elif _says(known) != statement:
            publishing.correct_fact(fact=known, statement=statement, by=by, at=at)
            report.corrected.append(name)
        else:
            report.unchanged += 1
    except Refused as refused:
        report.problems.append(f"{election.slug}: {name}: {refused}")


def _load_incident(
    incident: Incident,
    *,
    election: Election,
    places: Mapping[str, Jurisdiction],
    report: LoadReport,
    by: User | None,
    at: datetime,
) -> None:
    """Publish a notice that is not there yet; its source is the pack's, else its address."""
    same = IncidentNotice.objects.filter(
        election=election,
        kind=incident.kind,
        place=places[incident.place],
        polling_place=incident.polling_place,
        starts_at=incident.starts_at,
    )
    if same.exists():
        return
    try:
        publishing.publish_incident(
            election=election,
            kind=IncidentKind(incident.kind),
            place=places[incident.place],
            polling_place=incident.polling_place,
            message=dict(incident.message),
            source_name=places[incident.place].name if incident.source_url else "",
            source_url=incident.source_url,
            starts_at=incident.starts_at,
            ends_at=incident.ends_at,
            by=by,
            at=at,
        )
        report.incidents += 1
    except Refused as refused:
        report.problems.append(f"{election.slug}: incident {incident.id}: {refused}")


def _places(pack: FactSheet) -> dict[str, Jurisdiction]:
    """Write the country and the places of the pack; a new name for a known code is taken over."""
    country, _ = Jurisdiction.objects.get_or_create(
        code=pack.country, defaults={"kind": JurisdictionKind.COUNTRY, "name": pack.country}
    )
    wanted = {
        code: {"name": name, "also_known_as": sorted(pack.also_known_as.get(code, ()))}
        for code, name in pack.places.items()
    }
    known = {row.code: row for row in Jurisdiction.objects.filter(code__in=wanted)}
    new = [
        Jurisdiction(code=code, kind=JurisdictionKind.MUNICIPALITY, parent=country, **names)
        for code, names in wanted.items()
        if code not in known
    ]
    changed = []
    for code, row in known.items():
        names = wanted[code]
        merged = sorted({*row.also_known_as, *names["also_known_as"]})
        if (row.name, row.also_known_as) != (names["name"], merged):
            row.name, row.also_known_as = str(names["name"]), merged
            changed.append(row)
    Jurisdiction.objects.bulk_create(new)
    Jurisdiction.objects.bulk_update(changed, ["name", "also_known_as"])
    rows = {row.code: row for row in Jurisdiction.objects.filter(code__in=wanted)}
    return {**rows, country.code: country}


def _election(pack: FactSheet, places: Mapping[str, Jurisdiction]) -> Election:
    """Write the election itself and lock its row, so that two loads follow each other."""
    election, _ = Election.objects.select_for_update(of=("self",)).update_or_create(
        slug=pack.election,
        defaults={
            "name": dict(pack.name),
            "country": places[pack.country],
            "time_zone": pack.time_zone,
            "first_day": min(pack.voting_days),
            "last_day": max(pack.voting_days),
        },
    )
    election.places.add(*(places[code] for code in pack.places))
    return election


def _current(election: Election) -> list[VotingFact]:
    return list(election.facts.current().select_related("election", "place"))


def _mark(fact: VotingFact) -> tuple[str, str | None, datetime | None]:
    return fact.key, fact.place.code if fact.place else None, fact.valid_from


def _name(key: str, place: str | None) -> str:
    return f"{key} ({place})" if place else key


def _says(fact: VotingFact) -> Statement:
    return Statement(
        value=fact.value,
        source_name=fact.source_name,
        source_url=fact.source_url,
        applies=fact.applies,
        status=FactStatus(fact.status),
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
    )
