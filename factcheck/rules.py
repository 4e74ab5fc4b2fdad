"""May this happen to a claim, an assignment or a check? None means yes."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from factcheck.choices import (
    ASSIGNMENT_TRANSITIONS,
    CONTRADICTS_ORIGINAL,
    AssignmentState,
    MediaCategory,
    Verdict,
)
from factcheck.models import Assignment, Draft, FactCheck, Membership, Partner
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal


def may_work(member: Membership | None, *, at: datetime) -> Refusal | None:
    """Refuse the portal to who belongs to no organisation, or to one without a contract."""
    if member is None:
        return Refusal(_("You do not work for a fact-check partner."), code="no_partner")
    if refusal := may(member.user, "factcheck.answer_assignment"):
        return refusal
    if not member.works_at(at):
        return Refusal(_("The contract with your organisation has ended."), code="no_contract")
    return None


def may_manage_members(member: Membership, *, at: datetime) -> Refusal | None:
    """Refuse changes to members by anyone but the organisation's own administrators."""
    if refusal := may_work(member, at=at):
        return refusal
    if not member.is_admin:
        return Refusal(
            _("Only an administrator of your organisation can change members."), code="not_admin"
        )
    return None


def may_ask(partner: Partner, *, load: int, by: User | None, at: datetime) -> Refusal | None:
    """Refuse to send a claim to a partner without a contract or with full hands."""
    if by is not None and (refusal := may(by, "factcheck.assign_claim")):
        return refusal
    if not partner.is_under_contract(on=at.date()):
        return Refusal(_("The contract with this partner does not run now."), code="no_contract")
    if load >= partner.capacity:
        return Refusal(
            _("This partner has %(n)s open assignments and takes no more.") % {"n": load},
            code="full",
        )
    return None


def may_answer(
    assignment: Assignment, *, to: AssignmentState, member: Membership, at: datetime
) -> Refusal | None:
    """Refuse an answer by another organisation, or one that this state does not know."""
    if refusal := may_work(member, at=at):
        return refusal
    if assignment.partner_id != member.partner_id:
        return Refusal(_("This assignment is not your organisation's."), code="forbidden")
    return may_move(assignment, to=to)


def may_move(assignment: Assignment, *, to: AssignmentState) -> Refusal | None:
    """Refuse a step that the table of states does not know."""
    if to in ASSIGNMENT_TRANSITIONS[AssignmentState(assignment.state)]:
        return None
    if not assignment.is_open:
        return Refusal(
            _("This assignment is closed: %(state)s.")
            % {"state": assignment.get_state_display().lower()},
            code="closed",
        )
    return Refusal(
        _("This cannot be done now: the assignment is %(state)s.")
        % {"state": assignment.get_state_display().lower()},
        code="state",
    )


def may_write(draft: Draft, *, member: Membership, at: datetime) -> Refusal | None:
    """Refuse writing in another organisation's draft, or before the work was accepted."""
    if refusal := may_work(member, at=at):
        return refusal
    if draft.partner_id != member.partner_id:
        return Refusal(_("This draft is not your organisation's."), code="forbidden")
    if draft.assignment is not None and not draft.assignment.is_open:
        return Refusal(_("This assignment is closed."), code="closed")
    return None


def may_submit(draft: Draft, *, member: Membership, at: datetime) -> Refusal | None:
    """Refuse to hand an unfinished check to a second pair of eyes."""
    return may_write(draft, member=member, at=at) or what_is_missing(draft)


def may_publish(draft: Draft, *, member: Membership, at: datetime) -> Refusal | None:
    """Refuse publication by the person who wrote it: two named checkers see each check."""
    if refusal := may_submit(draft, member=member, at=at):
        return refusal
    if draft.submitted_by_id is None:
        return Refusal(_("Hand it to a colleague first: two people see each check."), code="one")
    if draft.submitted_by_id == member.pk:
        return Refusal(
            _("You handed this in yourself; a second checker must publish it."), code="own"
        )
    if draft.assignment is not None and draft.assignment.state != AssignmentState.ACCEPTED:
        return may_move(draft.assignment, to=AssignmentState.DELIVERED)
    return None


def may_correct(check: FactCheck, *, member: Membership, at: datetime) -> Refusal | None:
    """Refuse to correct another organisation's check, or a version that has a successor."""
    if refusal := may_work(member, at=at):
        return refusal
    if check.partner_id != member.partner_id:
        return Refusal(_("This check is not your organisation's."), code="forbidden")
    if hasattr(check, "corrected_by"):
        return Refusal(_("This version has been corrected already."), code="corrected")
    return None


def what_is_missing(draft: Draft) -> Refusal | None:
    """Name the first thing without which a check cannot be published."""
    verdict = draft.verdict
    missing = [
        (not verdict, _("Choose a verdict."), "verdict"),
        (not draft.claim_text.strip(), _("Write what is claimed."), "claim_text"),
        (not draft.truth.strip(), _("Write in one sentence what is true."), "truth"),
        (not draft.assessment.strip(), _("Write your assessment."), "assessment"),
        (not draft.facts.strip(), _("Write the facts."), "facts"),
        (
            not draft.evidence and verdict not in (Verdict.UNVERIFIED, Verdict.SATIRE),
            _("Give at least one source."),
            "evidence",
        ),
        (
            verdict == Verdict.TRUE_ELSEWHERE and draft.applies_in_id is None,
            _("Say where the claim does apply."),
            "applies_in",
        ),
        (
            verdict == Verdict.ALTERED and not draft.media_categories,
            _("Say what was done to the media."),
            "media_categories",
        ),
        (
            draft.corrects_id is not None and not draft.correction.strip(),
            _("Say what you correct and why: readers see it."),
            "correction",
        ),
    ]
    for is_missing, reason, field in missing:
        if is_missing:
            return Refusal(reason, code=f"missing_{field}")
    return contradiction(draft.media_categories)


def contradiction(categories: Iterable[str]) -> Refusal | None:
    """Refuse 'original' together with edited, staged or transformed."""
    chosen = set(categories)
    if MediaCategory.ORIGINAL in chosen and chosen & CONTRADICTS_ORIGINAL:
        return Refusal(
            _("Media cannot be original and also edited, staged or transformed."),
            code="contradictory_categories",
        )
    return None
