"""Sending claims to partners and everything that may happen to an assignment until it is done."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from factcheck import queries, routing, rules
from factcheck.choices import AssignmentEventKind, AssignmentState, ClaimState, Harm, Verdict
from factcheck.models import (
    Assignment,
    AssignmentEvent,
    Claim,
    Draft,
    FactCheck,
    Membership,
    Partner,
)
from factcheck.services import drafts
from factcheck.services.records import record, tell_partner
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal, Refused, require

log = structlog.get_logger(__name__)

# A reminder goes out when this share of the time is left.
REMIND_AT = 0.25

Kind = AssignmentEventKind


@transaction.atomic
def ask_partner(
    *,
    claim: Claim,
    partner: Partner,
    question: str,
    by: User | None,
    at: datetime,
    harm: Harm | None = None,
    follows: Assignment | None = None,
    rechecks: FactCheck | None = None,
) -> Assignment:
    """Send a claim to a partner with a question and a due time by its level of harm.

    `by` None: a rule of the house, or an escalation.
    """
    # The partner's row is the lock by which two senders cannot both see the last free hand.
    Partner.objects.select_for_update().get(pk=partner.pk)
    load = partner.assignments.open().count()
    require(rules.may_ask(partner, load=load, by=by, at=at))
    if claim.state != ClaimState.OPEN:
        require(Refusal(_("Accept this claim for checking first."), code="not_open"))
    harm = harm or Harm(claim.harm)
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                claim=claim,
                partner=partner,
                question=question.strip()[:2000],
                harm=harm,
                offered_by=by,
                offered_at=at,
                due_at=at + queries.due_within(partner, harm),
                follows=follows,
                rechecks=rechecks,
            )
    except IntegrityError:
        require(Refusal(_("This partner has this claim already."), code="asked"))
    _happened(assignment, Kind.OFFERED, by=by, at=at)
    tell_partner(assignment, "offered", at=at)
    return assignment


@transaction.atomic
def ask_somebody(
    *, claim: Claim, partner: Partner | None, question: str, harm: str, by: User, at: datetime
) -> Assignment:
    """Send a claim to the partner named, else to the one that fits best."""
    asked = claim.assignments.open().values_list("partner", flat=True)
    partner = partner or choose_partner(claim=claim, at=at, without=asked)
    if partner is None:
        require(Refusal(_("No partner for this language, topic and place is free."), code="nobody"))
    assert partner is not None
    return ask_partner(
        claim=claim, partner=partner, question=question, harm=Harm(harm), by=by, at=at
    )


def choose_partner(*, claim: Claim, at: datetime, without: Iterable[int] = ()) -> Partner | None:
    """Choose the partner to ask by language, topic, place and free hands; None: nobody fits."""
    load = queries.open_load()
    partners = {p.pk: p for p in queries.partners_at_work(at=at) if p.pk not in set(without)}
    seen = [
        routing.PartnerSeen(
            id=p.pk,
            languages=frozenset(p.languages),
            topics=frozenset(p.topics),
            places=frozenset(place.code for place in p.places.all()),
            capacity=p.capacity,
            load=load.get(p.pk, 0),
        )
        for p in partners.values()
    ]
    fitting = routing.fitting(
        routing.ClaimSeen(language=claim.language, topic=claim.topic, places=_places(claim)), seen
    )
    return partners[fitting[0].id] if fitting else None


@transaction.atomic
def accept_assignment(*, assignment: Assignment, member: Membership, at: datetime) -> Assignment:
    """Take an assignment on: it is this member's, and a draft lies ready."""
    assignment = _answered(assignment, AssignmentState.ACCEPTED, member, at)
    assignment.state = AssignmentState.ACCEPTED
    assignment.accepted_at, assignment.assignee = at, member
    assignment.save()
    _lay_ready(assignment, member, at=at)
    _happened(assignment, Kind.ACCEPTED, member=member, at=at)
    return assignment


def _lay_ready(assignment: Assignment, member: Membership, *, at: datetime) -> None:
    """Lay a draft ready: earlier work on this claim is taken up, a published check corrected."""
    claim, partner = assignment.claim, assignment.partner
    draft = Draft.objects.filter(claim=claim, partner=partner).first()
    if draft is None:
        published = FactCheck.objects.current().filter(claim=claim, partner=partner).first()
        draft = (
            drafts.correcting(published, member=member, at=at)
            if published
            else drafts.beginning(assignment, member=member, at=at)
        )
    draft.assignment = assignment
    draft.save()


@transaction.atomic
def decline_assignment(
    *, assignment: Assignment, reason: str, member: Membership, at: datetime
) -> Assignment:
    """Give an assignment back with a reason; the platform looks for somebody else."""
    return _give_up(assignment, to=AssignmentState.DECLINED, reason=reason, member=member, at=at)


@transaction.atomic
def recuse(*, assignment: Assignment, reason: str, member: Membership, at: datetime) -> Assignment:
    """Step back because the organisation has an interest of its own in this claim."""
    return _give_up(assignment, to=AssignmentState.RECUSED, reason=reason, member=member, at=at)


@transaction.atomic
def hand_over(
    *, assignment: Assignment, to: Membership, note: str, member: Membership, at: datetime
) -> Assignment:
    """Give an accepted assignment to a colleague in the same organisation."""
    require(rules.may_work(member, at=at))
    assignment = _locked(assignment)
    if assignment.partner_id != member.partner_id:
        require(Refusal(_("This assignment is not your organisation's."), code="forbidden"))
    if to.partner_id != member.partner_id or not to.works_at(at):
        require(Refusal(_("This colleague does not work for your organisation."), code="stranger"))
    if assignment.accepted_at is None or not assignment.is_open:
        require(Refusal(_("Only accepted, open assignments can be handed over."), code="state"))
    assignment.assignee = to
    assignment.save(update_fields=["assignee"])
    _happened(assignment, Kind.HANDED_OVER, member=member, at=at, note=f"→ {to.user}. {note}")
    return assignment


@transaction.atomic
def ask_back(
    *, assignment: Assignment, question: str, member: Membership, at: datetime
) -> Assignment:
    """Ask the platform something; the clock stands still until it answers."""
    if not question.strip():
        require(Refusal(_("Write your question."), code="reason_missing"))
    assignment = _answered(assignment, AssignmentState.PAUSED, member, at)
    assignment.state, assignment.paused_at = AssignmentState.PAUSED, at
    assignment.save(update_fields=["state", "paused_at"])
    _happened(assignment, Kind.ASKED_BACK, member=member, at=at, note=question)
    return assignment


@transaction.atomic
def answer_question(*, assignment: Assignment, answer: str, by: User, at: datetime) -> Assignment:
    """Answer what a partner asked; the clock runs on, later by the time it stood still."""
    require(may(by, "factcheck.assign_claim"))
    if not answer.strip():
        require(Refusal(_("Write your answer."), code="reason_missing"))
    assignment = _locked(assignment)
    back_to = AssignmentState.ACCEPTED if assignment.accepted_at else AssignmentState.OFFERED
    if assignment.paused_at is None:
        require(Refusal(_("This partner has no open question."), code="state"))
    assert assignment.paused_at is not None
    assignment.due_at += at - assignment.paused_at
    assignment.state, assignment.paused_at = back_to, None
    assignment.save(update_fields=["state", "paused_at", "due_at"])
    _happened(assignment, Kind.ANSWERED, by=by, at=at, note=answer)
    tell_partner(assignment, "answered", at=at, note=answer)
    return assignment


@transaction.atomic
def withdraw_assignment(
    *, assignment: Assignment, reason: str, by: User, at: datetime
) -> Assignment:
    """Take an assignment back from a partner, with a reason that they read."""
    require(may(by, "factcheck.assign_claim"))
    return _withdraw(assignment, Kind.WITHDRAWN, reason, by=by, at=at)


@transaction.atomic
def reassign(
    *, assignment: Assignment, to: Partner, reason: str, by: User, at: datetime
) -> Assignment:
    """Take an assignment back from one partner and give it to another."""
    require(may(by, "factcheck.assign_claim"))
    old = _withdraw(assignment, Kind.REASSIGNED, reason, by=by, at=at)
    return ask_partner(
        claim=old.claim, partner=to, question=old.question, harm=Harm(old.harm), by=by, at=at,
        follows=old,
    )  # fmt: skip


def ask_again(*, at: datetime, limit: int = 100) -> int:
    """Ask partners to look again at what they could not verify, once their moment has come.

    A partner that is full or without a contract is asked at a later sweep, or never; the label
    that rests on its verdict has an end of its own.
    """
    due = FactCheck.objects.current().filter(
        verdict=Verdict.UNVERIFIED, recheck_at__lte=at, recheck=None
    )
    asked = 0
    for check in due.select_related("claim", "partner").order_by("recheck_at")[:limit]:
        with override(check.language):
            question = _("You could not verify this then. Can you now?")
        try:
            ask_partner(
                claim=check.claim, partner=check.partner, question=question, by=None, at=at,
                follows=check.assignment, rechecks=check,
            )  # fmt: skip
            asked += 1
        except Refused as refused:
            log.info("not asked again", check=str(check.public_id), why=refused.refusal.code)
    return asked


def watch_deadlines(*, at: datetime, limit: int = 500) -> int:
    """Remind, note breaches and escalate where the clock says so; returns how many were touched.

    Each assignment is handled in its own transaction, and twice is the same as once.
    """
    running = Assignment.objects.running().filter(breached_at=None).order_by("due_at")
    touched = 0
    for pk, offered_at, due_at, reminded_at in running.values_list(
        "pk", "offered_at", "due_at", "reminded_at"
    )[:limit]:
        if due_at <= at:
            touched += _breach(pk, at=at)
        elif reminded_at is None and due_at - at <= (due_at - offered_at) * REMIND_AT:
            touched += _remind(pk, at=at)
    return touched


@transaction.atomic
def _remind(pk: int, *, at: datetime) -> bool:
    assignment = _locked(Assignment(pk=pk))
    if not _is_running(assignment) or assignment.reminded_at is not None:
        return False
    assignment.reminded_at = at
    assignment.save(update_fields=["reminded_at"])
    _happened(assignment, Kind.REMINDED, at=at)
    tell_partner(assignment, "reminded", at=at)
    return True


@transaction.atomic
def _breach(pk: int, *, at: datetime) -> bool:
    assignment = _locked(Assignment(pk=pk))
    if not _is_running(assignment) or assignment.breached_at is not None or assignment.due_at > at:
        return False
    assignment.breached_at = at
    assignment.save(update_fields=["breached_at"])
    _happened(assignment, Kind.BREACHED, at=at)
    tell_partner(assignment, "breached", at=at)
    _escalate(assignment, at=at)
    return True


def _escalate(assignment: Assignment, *, at: datetime) -> None:
    claim = assignment.claim
    asked = claim.assignments.values_list("partner", flat=True)
    other = choose_partner(claim=claim, at=at, without=asked)
    if other is None:
        return
    new = ask_partner(
        claim=claim, partner=other, question=assignment.question, harm=Harm(assignment.harm),
        by=None, at=at, follows=assignment,
    )  # fmt: skip
    with override(None):
        note = f"→ {new.partner}"
    _happened(assignment, Kind.ESCALATED, at=at, note=note)


def _give_up(
    assignment: Assignment,
    *,
    to: AssignmentState,
    reason: str,
    member: Membership,
    at: datetime,
) -> Assignment:
    if not reason.strip():
        require(Refusal(_("Say why: the platform reads it."), code="reason_missing"))
    assignment = _answered(assignment, to, member, at)
    _close(assignment, to, at)
    _happened(assignment, Kind(to.value), member=member, at=at, note=reason)
    return assignment


def _withdraw(
    assignment: Assignment, kind: AssignmentEventKind, reason: str, *, by: User, at: datetime
) -> Assignment:
    if not reason.strip():
        require(Refusal(_("Say why: the partner reads it."), code="reason_missing"))
    assignment = _locked(assignment)
    require(rules.may_move(assignment, to=AssignmentState.WITHDRAWN))
    _close(assignment, AssignmentState.WITHDRAWN, at)
    _happened(assignment, kind, by=by, at=at, note=reason)
    tell_partner(assignment, "withdrawn", at=at, note=reason)
    return assignment


def _close(assignment: Assignment, to: AssignmentState, at: datetime) -> None:
    assignment.state, assignment.closed_at, assignment.paused_at = to, at, None
    assignment.save(update_fields=["state", "closed_at", "paused_at"])


def _answered(
    assignment: Assignment, to: AssignmentState, member: Membership, at: datetime
) -> Assignment:
    assignment = _locked(assignment)
    require(rules.may_answer(assignment, to=to, member=member, at=at))
    return assignment


def _locked(assignment: Assignment) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("claim", "partner", "assignee__user")
        .get(pk=assignment.pk)
    )


def _is_running(assignment: Assignment) -> bool:
    return assignment.state in (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


def _places(claim: Claim) -> frozenset[str]:
    places, place = set(), claim.place
    if place is None and claim.election is not None:
        place = claim.election.country
    while place is not None:
        places.add(place.code)
        place = place.parent
    return frozenset(places)


def _happened(
    assignment: Assignment,
    kind: AssignmentEventKind,
    *,
    at: datetime,
    by: User | None = None,
    member: Membership | None = None,
    note: str = "",
) -> None:
    person = member.user if member else by
    AssignmentEvent.objects.create(
        assignment=assignment,
        kind=kind,
        note=note.strip()[:2000],
        by=person,
        by_partner=member is not None,
        at=at,
    )
    record(f"assignment.{kind}", "assignment", assignment.public_id, by=person, at=at)


def left_until(assignment: Assignment, *, at: datetime) -> timedelta:
    """Return the time left; while a question waits, what was left when it was asked."""
    return assignment.due_at - (assignment.paused_at or at)
