"""Carrying out: everything that follows from a decision, in one transaction."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from integrity.audit import services as audit
from integrity.outbox import services as outbox
from integrity.people.models import User
from integrity.people.services import actor_of
from moderation import rules
from moderation.choices import LEAVES_ITEM, RESTRICTING, Action, JobState
from moderation.models import (
    Decision,
    Ending,
    Item,
    Label,
    Report,
    ReporterContact,
    StatementOfReasons,
    Strike,
)
from moderation.services import opening, statements, verdict_words

log = structlog.get_logger(__name__)


def carry_out_due(*, at: datetime, limit: int = 200) -> int:
    """Carry out every decision whose undo time has passed; returns how many."""
    due = list(
        Decision.objects.ready()
        .filter(decided_at__lte=at - rules.UNDO_WITHIN)
        .order_by("decided_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    done = 0
    for pk in due:
        try:
            done += carry_out(decision=Decision(pk=pk), at=at)
        except Exception:
            # One that cannot be carried out must not hold up the others; the sweep tries again.
            log.exception("decision not carried out", decision=pk)
    return done


@transaction.atomic
def carry_out(*, decision: Decision, at: datetime) -> bool:
    """Do what a decision says: the item's standing, label, strike, statement, messages, delivery.

    All in one transaction; a second call finds it done and returns False.
    """
    decision = locked(decision)
    if decision.carried_out_at is not None or hasattr(decision, "undo"):
        return False
    Decision.objects.filter(pk=decision.pk).update(carried_out_at=at)
    decision.carried_out_at = at
    item = Item.objects.select_for_update(of=("self",)).get(pk=decision.item_id)
    if decision.action not in LEAVES_ITEM:
        Item.objects.filter(pk=item.pk).update(decision_in_force=decision)
        item.labels.filter(ended_at=None).update(ended_at=at)
    label = _add_label(decision, at=at)
    strike = _count_strike(decision, at=at)
    statement = _issue_statement(decision, at=at)
    _owe_letters(decision, at=at)
    outbox.publish(
        type="decision.carried_out",
        subject_type="item",
        subject_id=item.external_id,
        payload=action_payload(decision, label, statement, strike),
        at=at,
    )
    decision.job.state, decision.job.resolved_at = JobState.RESOLVED, at
    decision.job.save(update_fields=["state", "resolved_at"])
    record("decision.carried_out", decision, by=None, at=at, data={"action": decision.action})
    # What came in while the decision waited (an edit, a report, a changed fact) is looked at now.
    opening.open_or_update_job(item=item, at=at)
    return True


def end_due(*, at: datetime, limit: int = 200) -> int:
    """End the time-limited restrictions whose time has come; returns how many."""
    due = list(
        Decision.objects.filter(ends_at__lte=at, carried_out_at__isnull=False, ending=None)
        .order_by("ends_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_end(pk, at=at) for pk in due)


@transaction.atomic
def _end(pk: int, *, at: datetime) -> bool:
    decision = locked(Decision(pk=pk))
    if Ending.objects.filter(decision=decision).exists():
        return False
    Ending.objects.create(decision=decision, ended_at=at)
    decision.labels.filter(ended_at=None).update(ended_at=at)
    was_in_force = Item.objects.filter(pk=decision.item_id, decision_in_force=decision).update(
        decision_in_force=None
    )
    if was_in_force or decision.action in LEAVES_ITEM:
        outbox.publish(
            type="decision.ended",
            subject_type="item",
            subject_id=decision.item.external_id,
            payload={
                "decision": str(decision.public_id),
                "item": decision.item.external_id,
                "actor": decision.item.actor.external_id,
                "action": decision.action,
                "ended_at": at.isoformat(),
            },
            at=at,
        )
    record("decision.ended", decision, by=None, at=at, data={"action": decision.action})
    return True


def action_payload(
    decision: Decision,
    label: Label | None,
    statement: StatementOfReasons | None,
    strike: Strike | None = None,
) -> dict[str, Any]:
    """Return what the platform receives about a decision, in webhook and feed alike."""
    policy, overrides = decision.policy, decision.overrides
    return {
        "decision": str(decision.public_id),
        "item": decision.item.external_id,
        "version": decision.item_version.version,
        "actor": decision.item.actor.external_id,
        "action": decision.action,
        "policy": f"{policy.slug}@{policy.version}" if policy else None,
        "overrides": str(overrides.public_id) if overrides else None,
        "ends_at": _iso(decision.ends_at),
        "territories": decision.territories,
        "fact_check": str(decision.fact_check.public_id) if decision.fact_check else None,
        "label": label_payload(label) if label else None,
        "strike": {"weight": strike.weight, "expires_at": _iso(strike.expires_at)}
        if strike
        else None,
        "statement": statement.as_json() if statement else None,
        "carried_out_at": _iso(decision.carried_out_at),
    }


def label_payload(label: Label) -> dict[str, Any]:
    """Return what the platform shows with a labelled item, and what it does while it stands."""
    return {
        "id": str(label.public_id),
        "text": label.text,
        "link": label.link,
        "not_recommended": label.not_recommended,
        "share_prompt": label.share_prompt or None,
    }


def locked(decision: Decision) -> Decision:
    """Lock a decision's row and fetch it with what follows from it."""
    Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    return Decision.objects.select_related(
        "job",
        "item__actor",
        "item__election",
        "item_version",
        "policy",
        "signal__fact__place",
        "overrides",
        "label_kind",
        "fact_check__partner",
        "fact_check__applies_in",
        "fact_check__claim__election",
        "verdict_policy",
        "undo",
        "confirmation",
    ).get(pk=decision.pk)


def record(
    verb: str,
    decision: Decision,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Write what happened to a decision into the audit log."""
    audit.record(
        verb=verb,
        subject_type="decision",
        subject_id=decision.public_id,
        by=actor_of(by),
        at=at,
        data=data or {},
    )


def _add_label(decision: Decision, *, at: datetime) -> Label | None:
    if decision.action != Action.LABEL:
        return None
    if decision.fact_check is not None:
        words = asdict(verdict_words.label_of(decision))
    else:
        words = {"text": statements.label_text(decision), "link": statements.label_link(decision)}
    return Label.objects.create(item=decision.item, decision=decision, added_at=at, **words)


def _count_strike(decision: Decision, *, at: datetime) -> Strike | None:
    """Count a strike where the policy says so; lift the one of a decision that is overridden."""
    if decision.overrides is not None:
        Strike.objects.filter(decision=decision.overrides, lifted_at=None).update(lifted_at=at)
    policy = decision.policy
    weight = statements.strike_weight(Action(decision.action), policy) if policy else 0
    if policy is None or weight == 0:
        return None
    return Strike.objects.create(
        actor=decision.item.actor,
        decision=decision,
        weight=weight,
        given_at=at,
        expires_at=statements.strike_expires_at(policy, at=at),
    )


def _issue_statement(decision: Decision, *, at: datetime) -> StatementOfReasons | None:
    if decision.action not in RESTRICTING:
        return None
    statement = statements.write_statement(decision, at=at)
    statement.save(force_insert=True)
    return statement


def _owe_letters(decision: Decision, *, at: datetime) -> None:
    item, version = decision.item, decision.item_version
    if decision.action != Action.NO_ACTION or decision.overrides is not None:
        letter = statements.letter_to_poster(
            item=item,
            version=version,
            action=Action(decision.action),
            policy=decision.policy,
            reasoning=decision.reasoning,
            signal=decision.signal,
            ends_at=decision.ends_at,
            territories=decision.territories,
            overrides=decision.overrides is not None,
            by_verdict=decision.fact_check is not None,
        )
        language = statements.reader_language(version)
        to = item.actor.external_id
        _owe(decision, letter, to=to, role="affected", kind="actor", language=language, at=at)
    if decision.job.taken_by_id is None:
        # A label that follows a verdict answers nobody's report: nobody looked at it yet.
        return
    # A report on words that came later is not answered by this decision.
    unanswered = Report.objects.filter(
        item=item, answered_at=None, item_version__version__lte=version.version
    )
    for report in unanswered.order_by("pk"):
        if report.reporter:
            letter = statements.letter_to_reporter(
                decision=decision, language=report.language, reference=report.external_id
            )
            language = statements.spoken_here(report.language)
            to = report.reporter
            _owe(
                decision, letter, to=to, role="reporter", kind="reporter", language=language, at=at
            )
        contact = ReporterContact.objects.filter(report=report).first()
        if contact is not None:
            letter = statements.letter_to_reporter(
                decision=decision, language=contact.language, reference=str(report.public_id)
            )
            language, to, kind = contact.language, contact.email, outbox.BY_ADDRESS
            _owe(decision, letter, to=to, role="reporter", kind=kind, language=language, at=at)
    unanswered.update(answered_at=at, answered_by=decision)


def _owe(
    decision: Decision,
    letter: statements.Letter,
    *,
    to: str,
    role: str,
    kind: str,
    language: str,
    at: datetime,
) -> None:
    outbox.owe_notification(
        kind="decision",
        role=role,
        recipient_type=kind,
        recipient_id=to,
        language=language,
        subject_type="item",
        subject_id=decision.item.external_id,
        subject=letter.subject,
        body=letter.body,
        at=at,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
