"""Publishing, correcting and withdrawing what is official: two people, or the command line.

Each change writes a `FactChange` row in its own transaction; the casework follows these rows.
`by` carries out what `proposed_by` laid before them (`proposing`); both None is the command line.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from elections import rules
from elections.caching import surrogate_key
from elections.choices import ChangeKind, FactStatus, IncidentKind
from elections.models import Election, FactChange, IncidentNotice, Jurisdiction, VotingFact
from elections.queries import voting_days
from integrity.audit import services as audit
from integrity.outbox import purging
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a fact says, apart from its key and its place: value, words, period and source."""

    value: Any
    source_name: str
    source_url: str = ""
    applies: dict[str, str] = field(default_factory=dict)
    status: FactStatus = FactStatus.CONFIRMED
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@transaction.atomic
def publish_fact(
    *,
    election: Election,
    key: str,
    statement: Statement,
    place: Jurisdiction | None = None,
    by: User | None,
    at: datetime,
    proposed_by: User | None = None,
) -> VotingFact:
    """Publish a new statement about voting."""
    require(rules.may_publish_together(by, proposed_by))
    require(may_stand(key, statement))
    require(rules.may_hold_in(place, election=election))
    fact = VotingFact.objects.create(
        election=election,
        key=key,
        place=place,
        proposed_by=proposed_by,
        published_by=by,
        published_at=at,
        **_columns(statement),
    )
    _keep_days(fact)
    _tell(ChangeKind.PUBLISHED, fact, by=by, at=at, proposed_by=proposed_by)
    return fact


@transaction.atomic
def correct_fact(
    *,
    fact: VotingFact,
    statement: Statement,
    by: User | None,
    at: datetime,
    proposed_by: User | None = None,
) -> VotingFact:
    """Publish a new version that supersedes this one; the old version stays to be read."""
    require(rules.may_publish_together(by, proposed_by))
    fact = VotingFact.objects.select_for_update(of=("self",)).get(pk=fact.pk)
    require(rules.may_change(fact))
    require(may_stand(fact.key, statement))
    fact.superseded_at = at
    fact.save(update_fields=["superseded_at"])
    newer = VotingFact.objects.create(
        election=fact.election,
        key=fact.key,
        place=fact.place,
        version=fact.version + 1,
        supersedes=fact,
        proposed_by=proposed_by,
        published_by=by,
        published_at=at,
        **_columns(statement),
    )
    _keep_days(newer)
    data = {"supersedes": str(fact.public_id)}
    _tell(ChangeKind.CORRECTED, newer, by=by, at=at, proposed_by=proposed_by, data=data)
    return newer


@transaction.atomic
def withdraw_fact(
    *,
    fact: VotingFact,
    reason: str,
    by: User | None,
    at: datetime,
    proposed_by: User | None = None,
) -> VotingFact:
    """Take a statement back: from now on nothing official is said under its key and place."""
    require(rules.may_publish_together(by, proposed_by))
    fact = VotingFact.objects.select_for_update(of=("self",)).get(pk=fact.pk)
    require(rules.may_change(fact))
    fact.withdrawn_at = at
    fact.save(update_fields=["withdrawn_at"])
    data = {"reason": reason}
    _tell(ChangeKind.WITHDRAWN, fact, by=by, at=at, proposed_by=proposed_by, data=data)
    return fact


@transaction.atomic
def publish_incident(
    *,
    election: Election,
    kind: IncidentKind,
    place: Jurisdiction,
    message: dict[str, str],
    source_name: str,
    starts_at: datetime,
    by: User | None,
    at: datetime,
    polling_place: str = "",
    ends_at: datetime | None = None,
    source_url: str = "",
    proposed_by: User | None = None,
) -> IncidentNotice:
    """Tell at once that something changed on the day: a polling place closed, moved, reopened."""
    require(rules.may_publish_together(by, proposed_by))
    require(rules.may_hold_in(place, election=election))
    require(
        rules.may_announce(
            message=message, source_name=source_name, starts_at=starts_at, ends_at=ends_at
        )
    )
    incident = IncidentNotice.objects.create(
        election=election,
        kind=kind,
        place=place,
        polling_place=polling_place,
        message=message,
        starts_at=starts_at,
        ends_at=ends_at,
        source_name=source_name,
        source_url=source_url,
        proposed_by=proposed_by,
        published_by=by,
        published_at=at,
    )
    _tell_incident(ChangeKind.INCIDENT, incident, by=by, at=at, proposed_by=proposed_by)
    return incident


@transaction.atomic
def withdraw_incident(
    *,
    incident: IncidentNotice,
    reason: str,
    by: User | None,
    at: datetime,
    proposed_by: User | None = None,
) -> IncidentNotice:
    """Take a notice back that was wrong or is over."""
    require(rules.may_publish_together(by, proposed_by))
    incident = IncidentNotice.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    require(rules.may_recall(incident))
    incident.withdrawn_at = at
    incident.save(update_fields=["withdrawn_at"])
    data = {"reason": reason}
    _tell_incident(ChangeKind.WITHDRAWN, incident, by=by, at=at, proposed_by=proposed_by, data=data)
    return incident


@transaction.atomic
def tell_what_ended(*, at: datetime, limit: int = 200) -> int:
    """Tell the casework of statements and notices whose own end has come; returns how many."""
    ended = Q(changes__kind=ChangeKind.EXPIRED)
    facts = (
        VotingFact.objects.current()
        .filter(valid_until__lte=at)
        .exclude(ended)
        .select_related("election", "place")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("valid_until", "pk")[:limit]
    )
    incidents = (
        IncidentNotice.objects.filter(withdrawn_at=None, ends_at__lte=at)
        .exclude(ended)
        .select_related("election", "place")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("ends_at", "pk")[:limit]
    )
    told = 0
    for fact in facts:
        _tell(ChangeKind.EXPIRED, fact, by=None, at=at)
        told += 1
    for incident in incidents:
        _tell_incident(ChangeKind.EXPIRED, incident, by=None, at=at)
        told += 1
    return told


def _keep_days(fact: VotingFact) -> None:
    """Keep the election's own first and last day equal to its official voting days."""
    if fact.key == "voting_day" and fact.place is None:
        days = voting_days(fact.election, fact.value)
        fact.election.first_day, fact.election.last_day = min(days), max(days)
        fact.election.save(update_fields=["first_day", "last_day"])


def may_stand(key: str, statement: Statement) -> Refusal | None:
    """Refuse what cannot be official: no source, an impossible period, a value of another sort."""
    return rules.may_stand(
        key=key,
        value=statement.value,
        source_name=statement.source_name,
        valid_from=statement.valid_from,
        valid_until=statement.valid_until,
    )


def _columns(statement: Statement) -> dict[str, Any]:
    return {
        "value": statement.value,
        "applies": statement.applies,
        "source_name": statement.source_name,
        "source_url": statement.source_url,
        "status": statement.status,
        "valid_from": statement.valid_from,
        "valid_until": statement.valid_until,
    }


def _tell(
    kind: ChangeKind,
    fact: VotingFact,
    *,
    by: User | None,
    at: datetime,
    proposed_by: User | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write the row that the casework follows and the row that the auditor reads."""
    FactChange.objects.create(
        election=fact.election, kind=kind, key=fact.key, place=fact.place, fact=fact, at=at
    )
    purging.owe_purge(keys=[surrogate_key(fact.election.slug)], at=at)
    audit.record(
        verb=f"fact.{kind}",
        subject_type="voting_fact",
        subject_id=fact.public_id,
        by=actor_of(by),
        at=at,
        data={
            "election": fact.election.slug,
            "key": fact.key,
            "place": fact.place.code if fact.place else None,
            "value": fact.value,
            "source": fact.source_url or fact.source_name,
            "version": fact.version,
            **_proposer(proposed_by),
            **(data or {}),
        },
    )


def _tell_incident(
    kind: ChangeKind,
    incident: IncidentNotice,
    *,
    by: User | None,
    at: datetime,
    proposed_by: User | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    FactChange.objects.create(
        election=incident.election,
        kind=kind,
        key="incident",
        place=incident.place,
        incident=incident,
        at=at,
    )
    purging.owe_purge(keys=[surrogate_key(incident.election.slug)], at=at)
    audit.record(
        verb=f"incident.{'published' if kind == ChangeKind.INCIDENT else kind}",
        subject_type="incident_notice",
        subject_id=incident.public_id,
        by=actor_of(by),
        at=at,
        data={
            "election": incident.election.slug,
            "kind": incident.kind,
            "place": incident.place.code,
            "polling_place": incident.polling_place,
            **_proposer(proposed_by),
            **(data or {}),
        },
    )


def _proposer(proposed_by: User | None) -> dict[str, str]:
    return {"proposed_by": str(proposed_by.public_id)} if proposed_by else {}
