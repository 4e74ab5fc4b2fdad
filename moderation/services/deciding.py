"""Deciding: a person's answer on a job, taking it back, and the second person's yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrity.people.models import User
from integrity.refusals import Refusal, Refused, require
from moderation import routing, rules
from moderation.choices import LEAVES_ITEM, Action, JobState, UndoKind
from moderation.models import (
    Confirmation,
    Decision,
    Draft,
    Item,
    Job,
    LabelKind,
    Policy,
    Queue,
    Undo,
)
from moderation.queries import casework
from moderation.services import carrying_out, opening, reviewing

# So many near-identical items are decided with one click at most; the rest come as ordinary jobs.
TOGETHER_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person decides, whichever item it is about."""

    action: Action
    policy: Policy | None = None
    reasoning: str = ""
    private_notes: str = ""
    label_kind: LabelKind | None = None
    ends_at: datetime | None = None
    territories: Sequence[str] = ()
    unfounded: bool = False


@dataclass(slots=True)
class Together:
    """What became of deciding near-identical items at once."""

    id: UUID
    decisions: list[Decision] = field(default_factory=list)
    left_out: list[tuple[Item, str]] = field(default_factory=list)


@transaction.atomic
def record_decision(
    *,
    job: Job,
    action: Action,
    policy: Policy | None,
    reasoning: str,
    by: User,
    at: datetime,
    seen_version: int,
    private_notes: str = "",
    label_kind: LabelKind | None = None,
    ends_at: datetime | None = None,
    territories: Sequence[str] = (),
    unfounded: bool = False,
) -> Decision:
    """Write a person's decision on the job they have.

    It is carried out when its undo time has passed, or, where a second person is needed, once
    that person confirms. `seen_version` is the item version that the person looked at;
    `unfounded` says of the reports that it answers that they were manifestly so.
    """
    answer = Answer(
        action,
        policy,
        reasoning,
        private_notes,
        label_kind,
        ends_at,
        tuple(territories),
        unfounded,
    )
    return _decide(job, answer, by=by, at=at, seen_version=seen_version)


@transaction.atomic
def decide_together(
    *, job: Job, answer: Answer, others: Sequence[Item], by: User, at: datetime, seen_version: int
) -> Together:
    """Decide the job in hand and the near-identical items named with it, each on its own row.

    Every item gets its own decision, hold and statement. What a colleague has in hand, what was
    edited or deleted, and what was decided already is left out, with the reason.
    """
    if len(others) > TOGETHER_AT_MOST:
        require(
            Refusal(
                _("Decide at most %(count)d at once.") % {"count": TOGETHER_AT_MOST},
                code="too_many",
            )
        )
    result = Together(uuid4())
    # One order for all locks: two people with overlapping sets wait for each other, no more.
    casework.items_to_route([job.item_id, *(i.pk for i in others)], lock=True)
    result.decisions.append(
        _decide(job, answer, by=by, at=at, seen_version=seen_version, together=result.id)
    )
    for item in sorted(others, key=lambda i: i.pk):
        if item.pk == job.item_id:
            continue
        try:
            with transaction.atomic():
                other = _job_in_hand(item, like=job, by=by, at=at)
                result.decisions.append(
                    _decide(
                        other, answer, by=by, at=at, seen_version=item.version, together=result.id
                    )
                )
        except Refused as refused:
            result.left_out.append((item, str(refused)))
    return result


@transaction.atomic
def undo_decision(*, decision: Decision, by: User, at: datetime) -> Job:
    """Take a decision back before it is carried out; its person has the job again."""
    decision = carrying_out.locked(decision)
    require(rules.may_undo(decision, by=by, at=at))
    Undo.objects.create(decision=decision, undone_by=by, undone_at=at)
    job = _locked_job(decision)
    job.state = JobState.TAKEN
    job.taken_by, job.taken_at = by, at
    job.lease_until = at + rules.LEASE
    _refresh_version(job)
    job.save()
    carrying_out.record("decision.undone", decision, by=by, at=at)
    return job


@transaction.atomic
def undo_together(*, together: UUID, by: User, at: datetime) -> list[Job]:
    """Take back all of one's decisions that were taken together and can still be undone."""
    jobs = []
    for decision in Decision.objects.filter(together=together, decided_by=by).order_by("pk"):
        try:
            with transaction.atomic():
                jobs.append(undo_decision(decision=decision, by=by, at=at))
        except Refused:
            continue
    if not jobs:
        require(Refusal(_("It is too late to undo this decision."), code="too_late"))
    return jobs


@transaction.atomic
def confirm_decision(*, decision: Decision, by: User, at: datetime) -> Decision:
    """Say yes to a colleague's held decision; it is carried out at once."""
    decision = carrying_out.locked(decision)
    require(rules.may_confirm(decision, by=by))
    Confirmation.objects.create(decision=decision, confirmed_by=by, confirmed_at=at)
    carrying_out.record("decision.confirmed", decision, by=by, at=at)
    carrying_out.carry_out(decision=decision, at=at)
    return Decision.objects.get(pk=decision.pk)


@transaction.atomic
def send_back(*, decision: Decision, reason: str, by: User, at: datetime) -> Job:
    """Ask for another look at a colleague's held decision: the job waits again, with the reason."""
    decision, reason = _declined(decision, UndoKind.SENT_BACK, reason, by=by, at=at)
    job = _waiting_again(decision)
    carrying_out.record("decision.sent_back", decision, by=by, at=at, data={"reason": reason})
    return job


@transaction.atomic
def disagree(*, decision: Decision, reason: str, by: User, at: datetime) -> Job:
    """Say no to a colleague's held decision: a third person, senior to both, decides."""
    decision, reason = _declined(decision, UndoKind.DISAGREED, reason, by=by, at=at)
    job = _waiting_again(decision)
    queue = Queue.objects.get(slug=routing.SECOND_OPINION)
    if job.queue_id != queue.pk:
        reviewing.move(job, to=queue, reason=reason, by=by, at=at)
    carrying_out.record("decision.disagreed", decision, by=by, at=at, data={"reason": reason})
    return job


def _decide(
    job: Job,
    answer: Answer,
    *,
    by: User,
    at: datetime,
    seen_version: int,
    together: UUID | None = None,
) -> Decision:
    # The item's row first, then the job's: the order of intake and of carrying out.
    item = casework.items_to_route([job.item_id], lock=True)[0]
    job = Job.objects.select_for_update().prefetch_related("queue", "taken_by").get(pk=job.pk)
    require(rules.may_decide(job, by=by, at=at))
    require(rules.may_use(answer.action, queue=job.queue))
    require(rules.is_complete(answer.action, policy=answer.policy, reasoning=answer.reasoning))
    require(
        rules.may_be_limited(
            answer.action, ends_at=answer.ends_at, territories=answer.territories, at=at
        )
    )
    if item.version != seen_version:
        require(Refusal(_("The item was edited while you looked: look again."), code="item_edited"))
    hold = rules.why_hold(answer.action, item=item, at=at)
    decision = Decision.objects.create(
        job=job,
        item=item,
        item_version=item.versions.get(version=item.version),
        action=answer.action,
        policy=answer.policy,
        reasoning=answer.reasoning.strip(),
        private_notes=answer.private_notes.replace("\x00", "").strip(),
        signal=casework.top_signal(item),
        decided_by=by,
        decided_at=at,
        label_kind=chosen_label(answer),
        ends_at=answer.ends_at,
        territories=sorted(set(answer.territories)),
        together=together,
        unfounded=answer.unfounded and answer.action == Action.NO_ACTION,
        needs_second_person=bool(hold),
        hold_reason=hold,
        overrides=None if answer.action in LEAVES_ITEM else item.decision_in_force,
    )
    job.state = JobState.HELD if hold else JobState.DECIDED
    job.lease_until = None
    job.save(update_fields=["state", "lease_until"])
    Draft.objects.filter(job=job, person=by).delete()
    carrying_out.record(
        "decision.recorded", decision, by=by, at=at, data={"action": answer.action, "held": hold}
    )
    return decision


def chosen_label(answer: Answer) -> LabelKind | None:
    """Return the label of an answer that labels; the house's first where none was chosen."""
    if answer.action != Action.LABEL:
        return None
    if answer.label_kind is not None:
        return answer.label_kind
    return LabelKind.objects.filter(retired_at=None).order_by("position", "slug")[0]


def _job_in_hand(item: Item, *, like: Job, by: User, at: datetime) -> Job:
    """Return the item's open job in this person's hands; opened and taken where need be."""
    job = item.jobs.open().select_related("queue", "taken_by", "assigned_to").first()
    if job is None:
        item = casework.items_to_route([item.pk])[0]
        if item.deleted_at is not None:
            require(Refusal(_("This item was deleted."), code="deleted"))
        job = opening.open_beside(item=item, like=like, at=at)
    if job.state == JobState.TAKEN and job.taken_by_id == by.pk:
        return job
    return reviewing.take_job(job=job, by=by, at=at)


def _declined(
    decision: Decision, kind: UndoKind, reason: str, *, by: User, at: datetime
) -> tuple[Decision, str]:
    decision = carrying_out.locked(decision)
    require(rules.may_confirm(decision, by=by))
    reason = reason.replace("\x00", "").strip()[:300]
    if not reason:
        require(Refusal(_("Say why: your colleague reads it."), code="reason_missing"))
    Undo.objects.create(decision=decision, undone_by=by, undone_at=at, kind=kind, reason=reason)
    return decision, reason


def _waiting_again(decision: Decision) -> Job:
    job = _locked_job(decision)
    job.state = JobState.WAITING
    job.taken_by = job.taken_at = job.lease_until = None
    _refresh_version(job)
    job.save()
    return job


def _locked_job(decision: Decision) -> Job:
    jobs = Job.objects.select_for_update().prefetch_related("queue", "item")
    return jobs.get(pk=decision.job_id)


def _refresh_version(job: Job) -> None:
    job.item_version = job.item.versions.get(version=job.item.version)
