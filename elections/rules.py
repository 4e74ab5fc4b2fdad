"""May this statement be published, corrected, withdrawn? None means yes, a Refusal says why not."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from elections.choices import ProposalState
from elections.fact_keys import VALUE_CHECKS, accepts
from elections.models import Election, FactProposal, IncidentNotice, Jurisdiction, VotingFact
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal


def may_publish(by: User | None) -> Refusal | None:
    """Refuse those who do not answer for official facts; nobody is the command line."""
    return None if by is None else may(by, "elections.publish_fact")


def may_publish_together(by: User | None, proposed_by: User | None) -> Refusal | None:
    """Refuse to publish alone; without anybody's name it is the command line, in one step."""
    if by is None and proposed_by is None:
        return None
    if refusal := may_publish(by) or may_publish(proposed_by):
        return refusal
    if by is None or proposed_by is None:
        return Refusal(_("Two people publish: somebody else proposes it first."), code="alone")
    if by.pk == proposed_by.pk:
        return Refusal(
            _("You proposed this yourself; a second person must confirm it."), code="own"
        )
    return None


def may_answer(proposal: FactProposal, *, by: User) -> Refusal | None:
    """Refuse to confirm or decline one's own proposal, or one that has been answered."""
    if refusal := may_publish(by) or is_waiting(proposal):
        return refusal
    if proposal.proposed_by_id == by.pk:
        return Refusal(
            _("You proposed this yourself; a second person must confirm it."), code="own"
        )
    return None


def may_take_back(proposal: FactProposal, *, by: User) -> Refusal | None:
    """Refuse to take back what somebody else proposed, or what has been answered."""
    if refusal := is_waiting(proposal):
        return refusal
    if proposal.proposed_by_id != by.pk:
        return Refusal(_("Only the person who proposed it can take it back."), code="forbidden")
    return None


def is_waiting(proposal: FactProposal) -> Refusal | None:
    """Refuse a second answer."""
    if proposal.state == ProposalState.WAITING:
        return None
    return Refusal(_("This proposal has been answered already."), code="answered")


def says_why(reason: str) -> Refusal | None:
    """Refuse what needs a reason and has none."""
    if not reason.strip() or "\x00" in reason:
        return Refusal(_("Write why, in a few words."), code="reason")
    return None


def may_propose_about(subject: VotingFact | IncidentNotice) -> Refusal | None:
    """Refuse a second proposal about the same statement while one waits."""
    if subject.proposals.waiting().exists():
        return Refusal(
            _("Something is proposed about this already; answer that first."), code="waiting"
        )
    return None


def may_stand(
    *,
    key: str,
    value: Any,
    source_name: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
) -> Refusal | None:
    """Refuse a statement without a source, with an impossible period or a value of another sort."""
    if not key.strip():
        return Refusal(_("A statement needs a key, such as voting_day."), code="key")
    if not source_name.strip():
        return Refusal(_("A statement without a source cannot be published."), code="source")
    if valid_from and valid_until and valid_from >= valid_until:
        return Refusal(_("The period ends before it begins."), code="period")
    check = VALUE_CHECKS.get(key)
    if check and not accepts(check[0], value):
        return Refusal(
            _("%(key)s: expected %(expected)s.") % {"key": key, "expected": check[1]}, code="value"
        )
    return None


def may_hold_in(place: Jurisdiction | None, *, election: Election) -> Refusal | None:
    """Refuse a place that is not part of the election."""
    if place is None or election.places.filter(pk=place.pk).exists():
        return None
    return Refusal(
        _("%(place)s is not among the places of this election.") % {"place": place.name},
        code="place",
    )


def may_change(fact: VotingFact) -> Refusal | None:
    """Refuse to change a version that is not the current one."""
    if fact.withdrawn_at is not None:
        return Refusal(_("This statement has been withdrawn."), code="withdrawn")
    if fact.superseded_at is not None:
        return Refusal(
            _("This statement has been corrected; change its newest version."), code="old"
        )
    return None


def may_announce(
    *,
    message: dict[str, str],
    source_name: str,
    starts_at: datetime,
    ends_at: datetime | None,
) -> Refusal | None:
    """Refuse an incident notice without words, without a source or with an impossible period."""
    if not any(text.strip() for text in message.values()):
        return Refusal(_("Write what voters must know."), code="message")
    if not source_name.strip():
        return Refusal(_("A statement without a source cannot be published."), code="source")
    if ends_at is not None and starts_at >= ends_at:
        return Refusal(_("The period ends before it begins."), code="period")
    return None


def may_recall(incident: IncidentNotice) -> Refusal | None:
    """Refuse to withdraw a notice twice."""
    if incident.withdrawn_at is not None:
        return Refusal(_("This notice has been withdrawn."), code="withdrawn")
    return None
