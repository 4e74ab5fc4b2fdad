"""Laying a change of what is official before a second person, and their answer.

Nothing is official, and no voter or verdict sees anything, before somebody else confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from elections import rules
from elections.choices import FactStatus, IncidentKind, ProposalKind, ProposalState
from elections.models import (
    Election,
    FactProposal,
    IncidentNotice,
    Jurisdiction,
    VotingFact,
)
from elections.services import publishing
from elections.services.publishing import Statement
from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, Refused, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What an incident notice says: kind, polling place, words, period and source."""

    kind: IncidentKind
    message: dict[str, str]
    source_name: str
    starts_at: datetime
    ends_at: datetime | None = None
    polling_place: str = ""
    source_url: str = ""


@transaction.atomic
def propose_fact(
    *,
    election: Election,
    key: str,
    statement: Statement,
    place: Jurisdiction | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> FactProposal:
    """Propose a new statement about voting."""
    require(rules.may_publish(by))
    require(publishing.may_stand(key, statement))
    require(rules.may_hold_in(place, election=election))
    return _lay_down(
        kind=ProposalKind.PUBLISH,
        election=election,
        key=key,
        place=place,
        content=as_content(statement),
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def propose_correction(
    *, fact: VotingFact, statement: Statement, reason: str = "", by: User, at: datetime
) -> FactProposal:
    """Propose a new version of a statement."""
    require(rules.may_publish(by))
    fact = _locked(fact)
    require(publishing.may_stand(fact.key, statement))
    return _lay_down(
        kind=ProposalKind.CORRECT,
        election=fact.election,
        key=fact.key,
        place=fact.place,
        fact=fact,
        content=as_content(statement),
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def propose_withdrawal(*, fact: VotingFact, reason: str, by: User, at: datetime) -> FactProposal:
    """Propose to take a statement back."""
    require(rules.may_publish(by))
    require(rules.says_why(reason))
    fact = _locked(fact)
    return _lay_down(
        kind=ProposalKind.WITHDRAW,
        election=fact.election,
        key=fact.key,
        place=fact.place,
        fact=fact,
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def propose_incident(
    *,
    election: Election,
    place: Jurisdiction,
    announcement: Announcement,
    reason: str = "",
    by: User,
    at: datetime,
) -> FactProposal:
    """Propose a notice that something changed on the day."""
    require(rules.may_publish(by))
    require(rules.may_hold_in(place, election=election))
    require(
        rules.may_announce(
            message=announcement.message,
            source_name=announcement.source_name,
            starts_at=announcement.starts_at,
            ends_at=announcement.ends_at,
        )
    )
    return _lay_down(
        kind=ProposalKind.ANNOUNCE,
        election=election,
        key="incident",
        place=place,
        content=as_content(announcement),
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def propose_recall(
    *, incident: IncidentNotice, reason: str, by: User, at: datetime
) -> FactProposal:
    """Propose to take a notice back."""
    require(rules.may_publish(by))
    require(rules.says_why(reason))
    incident = IncidentNotice.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    require(rules.may_recall(incident) or rules.may_propose_about(incident))
    return _lay_down(
        kind=ProposalKind.RECALL,
        election=incident.election,
        key="incident",
        place=incident.place,
        incident=incident,
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def confirm_proposal(*, proposal: FactProposal, by: User, at: datetime) -> FactProposal:
    """Carry out what somebody else proposed; it is official from this moment."""
    proposal = _locked_proposal(proposal)
    require(rules.may_answer(proposal, by=by))
    made = _carry_out(proposal, by=by, at=at)
    if proposal.kind in (ProposalKind.PUBLISH, ProposalKind.CORRECT):
        proposal.new_fact = made
    elif proposal.kind == ProposalKind.ANNOUNCE:
        proposal.new_incident = made
    return _answer(proposal, ProposalState.CONFIRMED, by=by, at=at)


@transaction.atomic
def decline_proposal(
    *, proposal: FactProposal, reason: str, by: User, at: datetime
) -> FactProposal:
    """Say no, with the reason; nothing changes for voters."""
    proposal = _locked_proposal(proposal)
    require(rules.may_answer(proposal, by=by))
    require(rules.says_why(reason))
    return _answer(proposal, ProposalState.DECLINED, by=by, at=at, words=reason)


@transaction.atomic
def take_back_proposal(*, proposal: FactProposal, by: User, at: datetime) -> FactProposal:
    """Take one's own proposal back before anybody answered it."""
    proposal = _locked_proposal(proposal)
    require(rules.may_take_back(proposal, by=by))
    return _answer(proposal, ProposalState.TAKEN_BACK, by=by, at=at)


def as_content(said: Statement | Announcement) -> dict[str, Any]:
    """Give the JSON form in which a proposal keeps a statement or an announcement."""
    names = said.__dataclass_fields__
    content = {name: getattr(said, name) for name in names}
    for name, value in content.items():
        if isinstance(value, datetime):
            content[name] = value.isoformat()
    return content


def statement_of(content: Mapping[str, Any]) -> Statement:
    """Read a kept statement back."""
    parts = dict(content)
    for name in ("valid_from", "valid_until"):
        parts[name] = datetime.fromisoformat(parts[name]) if parts[name] else None
    return Statement(**{**parts, "status": FactStatus(parts["status"])})


def announcement_of(content: Mapping[str, Any]) -> Announcement:
    """Read a kept announcement back."""
    parts = dict(content)
    for name in ("starts_at", "ends_at"):
        parts[name] = datetime.fromisoformat(parts[name]) if parts[name] else None
    return Announcement(**{**parts, "kind": IncidentKind(parts["kind"])})


def _carry_out(proposal: FactProposal, *, by: User, at: datetime) -> Any:
    """Call the verb that the proposal names, in both names."""
    people: dict[str, Any] = {"by": by, "at": at, "proposed_by": proposal.proposed_by}
    if proposal.kind == ProposalKind.ANNOUNCE:
        assert proposal.place is not None  # an announcement always has its place
        said = announcement_of(proposal.content)
        return publishing.publish_incident(
            election=proposal.election,
            place=proposal.place,
            **{name: getattr(said, name) for name in said.__dataclass_fields__},
            **people,
        )
    if proposal.kind == ProposalKind.RECALL:
        assert proposal.incident is not None  # kept by the database
        return publishing.withdraw_incident(
            incident=proposal.incident, reason=proposal.reason, **people
        )
    if proposal.kind == ProposalKind.PUBLISH:
        require(_not_said_yet(proposal))
        return publishing.publish_fact(
            election=proposal.election,
            key=proposal.key,
            place=proposal.place,
            statement=statement_of(proposal.content),
            **people,
        )
    assert proposal.fact is not None  # kept by the database
    if proposal.kind == ProposalKind.WITHDRAW:
        return publishing.withdraw_fact(fact=proposal.fact, reason=proposal.reason, **people)
    return publishing.correct_fact(
        fact=proposal.fact, statement=statement_of(proposal.content), **people
    )


def _not_said_yet(proposal: FactProposal) -> Refusal | None:
    """Refuse to publish beside a statement of the same key, place and beginning."""
    same = proposal.election.facts.current().filter(
        key=proposal.key,
        place=proposal.place,
        valid_from=statement_of(proposal.content).valid_from,
    )
    if same.exists():
        return Refusal(
            _("There is a statement under this key and place already; correct that one."),
            code="exists",
        )
    return None


def _lay_down(*, by: User, at: datetime, **fields: Any) -> FactProposal:
    proposal = FactProposal(proposed_by=by, proposed_at=at, **fields)
    if proposal.kind == ProposalKind.PUBLISH:
        require(_not_said_yet(proposal))
    proposal.save(force_insert=True)
    _record("proposed", proposal, by=by, at=at)
    return proposal


def _answer(
    proposal: FactProposal, state: ProposalState, *, by: User, at: datetime, words: str = ""
) -> FactProposal:
    proposal.state = state
    proposal.answered_by = by
    proposal.answered_at = at
    proposal.answer = words.strip()[:300]
    proposal.save()
    _record(str(state), proposal, by=by, at=at)
    return proposal


def _record(verb: str, proposal: FactProposal, *, by: User, at: datetime) -> None:
    audit.record(
        verb=f"fact_proposal.{verb}",
        subject_type="fact_proposal",
        subject_id=proposal.public_id,
        by=actor_of(by),
        at=at,
        data={
            "kind": proposal.kind,
            "election": proposal.election.slug,
            "key": proposal.key,
            "place": proposal.place.code if proposal.place else None,
            **({"reason": proposal.reason} if proposal.reason else {}),
            **({"answer": proposal.answer} if proposal.answer else {}),
        },
    )


def _locked(fact: VotingFact) -> VotingFact:
    fact = (
        VotingFact.objects.select_for_update(of=("self",))
        .select_related("election", "place")
        .get(pk=fact.pk)
    )
    require(rules.may_change(fact) or rules.may_propose_about(fact))
    return fact


def _locked_proposal(proposal: FactProposal) -> FactProposal:
    found = (
        FactProposal.objects.select_for_update(of=("self",))
        .select_related("election", "place", "fact", "incident", "proposed_by")
        .filter(pk=proposal.pk)
        .first()
    )
    if found is None:
        raise Refused(Refusal(_("There is no such proposal."), code="unknown"))
    return found
