"""Deciding: one decision, then everything that follows from it in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrity.audit import services as audit
from integrity.outbox import services as outbox
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation import rules
from moderation.choices import RESTRICTING, Action, JobState
from moderation.models import (
    Confirmation,
    Decision,
    Item,
    Job,
    Label,
    Policy,
    Signal,
    StatementOfReasons,
    Undo,
)
from moderation.services import statements


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
) -> Decision:
    """Write a person's decision on the job they have.

    It is carried out when its undo time has passed, or, where a second person is needed, once
    that person confirms. `seen_version` is the item version that the person looked at.
    """
    job = Job.objects.select_for_update(of=("self",)).select_related("queue").get(pk=job.pk)
    require(rules.may_decide(job, by=by, at=at))
    require(rules.may_use(action, queue=job.queue))
    item = Item.objects.select_related("actor", "election").get(pk=job.item_id)
    if item.version != seen_version:
        require(
            Refusal(_("The item was edited while you looked: look again."), code="item_edited")
        )
    if action in RESTRICTING and (policy is None or not reasoning.strip()):
        require(Refusal(_("Choose a policy and write your reasoning."), code="incomplete"))
    hold = rules.why_hold(action, item=item, at=at)
    decision = Decision.objects.create(
        job=job,
        item=item,
        item_version=item.versions.get(version=item.version),
        action=action,
        policy=policy,
        reasoning=reasoning.strip(),
        private_notes=private_notes.strip(),
        signal=top_signal(item),
        decided_by=by,
        decided_at=at,
        needs_second_person=bool(hold),
        hold_reason=hold,
        overrides=item.decision_in_force,
    )
    job.state = JobState.HELD if hold else JobState.DECIDED
    job.lease_until = None
    job.save(update_fields=["state", "lease_until"])
    _record("decision.recorded", decision, by=by, at=at, data={"action": action, "held": hold})
    return decision


def top_signal(item: Item) -> Signal | None:
    """Return the signal that a decision rests on: the surest contradiction now known."""
    return (
        item.signals.filter(superseded_at=None, verdict="contradicts")
        .select_related("fact", "fact__place", "proposition")
        .order_by("-score")
        .first()
    )


@transaction.atomic
def undo_decision(*, decision: Decision, by: User, at: datetime) -> Job:
    """Take a decision back before it is carried out; its person has the job again."""
    decision = _locked(decision)
    require(rules.may_undo(decision, by=by, at=at))
    Undo.objects.create(decision=decision, undone_by=by, undone_at=at)
    job = _back_in_hand(decision.job, by=by, at=at)
    _record("decision.undone", decision, by=by, at=at)
    return job


@transaction.atomic
def confirm_decision(*, decision: Decision, by: User, at: datetime) -> Decision:
    """Say yes to a colleague's held decision; it is carried out at once."""
    decision = _locked(decision)
    require(rules.may_confirm(decision, by=by))
    Confirmation.objects.create(decision=decision, confirmed_by=by, confirmed_at=at)
    _record("decision.confirmed", decision, by=by, at=at)
    carry_out(decision=decision, at=at)
    return decision


@transaction.atomic
def send_back(*, decision: Decision, reason: str, by: User, at: datetime) -> Job:
    """Say no to a colleague's held decision: the job waits again, with the reason on record."""
    decision = _locked(decision)
    require(rules.may_confirm(decision, by=by))
    if not reason.strip():
        require(Refusal(_("Say why: your colleague reads it."), code="reason_missing"))
    Undo.objects.create(decision=decision, undone_by=by, undone_at=at, reason=reason.strip()[:300])
    job = decision.job
    job.state = JobState.WAITING
    job.taken_by = job.taken_at = job.lease_until = None
    job.save()
    _record("decision.sent_back", decision, by=by, at=at)
    return job


def carry_out_due(*, at: datetime, limit: int = 200) -> int:
    """Carry out every decision whose undo time has passed; returns how many."""
    due = (
        Decision.objects.ready()
        .filter(decided_at__lte=at - rules.UNDO_WITHIN)
        .order_by("decided_at")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(carry_out(decision=Decision(pk=pk), at=at) for pk in list(due))


@transaction.atomic
def carry_out(*, decision: Decision, at: datetime) -> bool:
    """Do what a decision says: the item's standing, label, statement, messages, delivery.

    All in one transaction; a second call finds it done and returns False.
    """
    decision = _locked(decision)
    if decision.carried_out_at is not None or hasattr(decision, "undo"):
        return False
    Decision.objects.filter(pk=decision.pk).update(carried_out_at=at)
    decision.carried_out_at = at
    item = decision.item
    item.decision_in_force = decision
    item.save(update_fields=["decision_in_force"])
    item.labels.filter(ended_at=None).update(ended_at=at)
    label = _add_label(decision, at=at)
    statement = _issue_statement(decision, at=at)
    _owe_letters(decision, at=at)
    outbox.publish(
        type="decision.carried_out",
        subject_type="item",
        subject_id=item.external_id,
        payload=action_payload(decision, label, statement),
        at=at,
    )
    job = decision.job
    job.state, job.resolved_at = JobState.RESOLVED, at
    job.save(update_fields=["state", "resolved_at"])
    _record("decision.carried_out", decision, by=None, at=at, data={"action": decision.action})
    return True


def action_payload(
    decision: Decision, label: Label | None, statement: StatementOfReasons | None
) -> dict[str, Any]:
    """Return what the platform receives about a decision, in webhook and feed alike."""
    return {
        "decision": str(decision.public_id),
        "item": decision.item.external_id,
        "version": decision.item_version.version,
        "actor": decision.item.actor.external_id,
        "action": decision.action,
        "policy": f"{decision.policy.slug}@{decision.policy.version}" if decision.policy else None,
        "overrides": str(decision.overrides.public_id) if decision.overrides else None,
        "label": {"id": str(label.public_id), "text": label.text, "link": label.link}
        if label
        else None,
        "statement": statement.as_json() if statement else None,
        "carried_out_at": decision.carried_out_at.isoformat() if decision.carried_out_at else None,
    }


def _locked(decision: Decision) -> Decision:
    Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    return Decision.objects.select_related(
        "job", "item__actor", "item__election", "item_version", "policy", "signal__fact",
        "overrides",
    ).get(pk=decision.pk)


def _back_in_hand(job: Job, *, by: User, at: datetime) -> Job:
    job.state = JobState.TAKEN
    job.taken_by, job.taken_at = by, at
    job.lease_until = at + rules.LEASE
    job.save()
    return job


def _add_label(decision: Decision, *, at: datetime) -> Label | None:
    if decision.action != Action.LABEL:
        return None
    return Label.objects.create(
        item=decision.item,
        decision=decision,
        text=statements.label_text(decision),
        link=statements.label_link(decision),
        added_at=at,
    )


def _issue_statement(decision: Decision, *, at: datetime) -> StatementOfReasons | None:
    if decision.action not in RESTRICTING:
        return None
    statement = statements.write_statement(decision, on=at.date())
    statement.issued_at = at
    statement.save(force_insert=True)
    return statement


def _owe_letters(decision: Decision, *, at: datetime) -> None:
    item = decision.item
    if decision.action in RESTRICTING or decision.overrides is not None:
        letter = statements.letter_to_poster(
            item=item,
            version=decision.item_version,
            action=Action(decision.action),
            policy=decision.policy,
            reasoning=decision.reasoning,
            signal=decision.signal,
        )
        _owe(decision, "affected", "actor", item.actor.external_id, letter, at,
             statements.reader_language(decision.item_version))
    reports: Sequence[Any] = item.reports.filter(answered_at=None).order_by("pk")
    for report in reports:
        if report.reporter:
            letter = statements.letter_to_reporter(decision=decision, language=report.language)
            _owe(decision, "reporter", "reporter", report.reporter, letter, at, report.language)
    item.reports.filter(answered_at=None).update(answered_at=at)


def _owe(
    decision: Decision,
    role: str,
    recipient_type: str,
    recipient_id: str,
    letter: statements.Letter,
    at: datetime,
    language: str,
) -> None:
    outbox.owe_notification(
        kind="decision",
        role=role,
        recipient_type=recipient_type,
        recipient_id=recipient_id,
        language=language,
        subject_type="item",
        subject_id=decision.item.external_id,
        subject=letter.subject,
        body=letter.body,
        at=at,
    )


def _record(
    verb: str,
    decision: Decision,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    audit.record(
        verb=verb,
        subject_type="decision",
        subject_id=decision.public_id,
        by=actor_of(by),
        at=at,
        data=data or {},
    )
