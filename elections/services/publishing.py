"""Publishing, correcting and withdrawing what is official.

Each change writes a `FactChange` row in its own transaction; the casework follows these rows.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from elections import rules
from elections.choices import ChangeKind, FactStatus, IncidentKind
from elections.models import Election, FactChange, IncidentNotice, Jurisdiction, VotingFact
from elections.queries import voting_days
from integrity.audit import services as audit
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
) -> VotingFact:
    """Publish a new statement about voting. `by` None: the command line."""
    require(rules.may_publish(by))
    require(_may_stand(key, statement))
    require(rules.may_hold_in(place, election=election))
    fact = VotingFact.objects.create(
        election=election,
        key=key,
        place=place,
        published_by=by,
        published_at=at,
        **_columns(statement),
    )
    _keep_days(fact)
    _tell(ChangeKind.PUBLISHED, fact, by=by, at=at)
    return fact


@transaction.atomic
def correct_fact(
    *, fact: VotingFact, statement: Statement, by: User | None, at: datetime
) -> VotingFact:
    """Publish a new version that supersedes this one; the old version stays to be read."""
    require(rules.may_publish(by))
    fact = VotingFact.objects.select_for_update(of=("self",)).get(pk=fact.pk)
    require(rules.may_change(fact))
    require(_may_stand(fact.key, statement))
    fact.superseded_at = at
    fact.save(update_fields=["superseded_at"])
    newer = VotingFact.objects.create(
        election=fact.election,
        key=fact.key,
        place=fact.place,
        version=fact.version + 1,
        supersedes=fact,
        published_by=by,
        published_at=at,
        **_columns(statement),
    )
    _keep_days(newer)
    _tell(ChangeKind.CORRECTED, newer, by=by, at=at, data={"supersedes": str(fact.public_id)})
    return newer


@transaction.atomic
def withdraw_fact(*, fact: VotingFact, reason: str, by: User | None, at: datetime) -> VotingFact:
    """Take a statement back: from now on nothing official is said under its key and place."""
    require(rules.may_publish(by))
    fact = VotingFact.objects.select_for_update(of=("self",)).get(pk=fact.pk)
    require(rules.may_change(fact))
    fact.withdrawn_at = at
    fact.save(update_fields=["withdrawn_at"])
    _tell(ChangeKind.WITHDRAWN, fact, by=by, at=at, data={"reason": reason})
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
) -> IncidentNotice:
    """Tell at once that something changed on the day: a polling place closed, moved, reopened."""
    require(rules.may_publish(by))
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
        published_by=by,
        published_at=at,
    )
    _tell_incident(ChangeKind.INCIDENT, incident, by=by, at=at)
    return incident


@transaction.atomic
def withdraw_incident(
    *, incident: IncidentNotice, reason: str, by: User | None, at: datetime
) -> IncidentNotice:
    """Take a notice back that was wrong or is over."""
    require(rules.may_publish(by))
    incident = IncidentNotice.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    require(rules.may_recall(incident))
    incident.withdrawn_at = at
    incident.save(update_fields=["withdrawn_at"])
    _tell_incident(ChangeKind.WITHDRAWN, incident, by=by, at=at, data={"reason": reason})
    return incident


def _keep_days(fact: VotingFact) -> None:
    """Keep the election's own first and last day equal to its official voting days."""
    if fact.key == "voting_day" and fact.place is None:
        days = voting_days(fact.election, fact.value)
        fact.election.first_day, fact.election.last_day = min(days), max(days)
        fact.election.save(update_fields=["first_day", "last_day"])


def _may_stand(key: str, statement: Statement) -> Refusal | None:
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
    data: dict[str, Any] | None = None,
) -> None:
    """Write the row that the casework follows and the row that the auditor reads."""
    FactChange.objects.create(
        election=fact.election, kind=kind, key=fact.key, place=fact.place, fact=fact, at=at
    )
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
            **(data or {}),
        },
    )


def _tell_incident(
    kind: ChangeKind,
    incident: IncidentNotice,
    *,
    by: User | None,
    at: datetime,
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
    audit.record(
        verb="incident.withdrawn" if kind == ChangeKind.WITHDRAWN else "incident.published",
        subject_type="incident_notice",
        subject_id=incident.public_id,
        by=actor_of(by),
        at=at,
        data={
            "election": incident.election.slug,
            "kind": incident.kind,
            "place": incident.place.code,
            "polling_place": incident.polling_place,
            **(data or {}),
        },
    )
