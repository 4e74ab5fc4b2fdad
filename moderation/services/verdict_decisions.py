"""Labels that follow a partner's verdict by policy, without a person: put, changed, taken away.

This is all that the house does by itself. It never removes; it leaves alone what a person decided,
what a person has in hand, and what a person once took back.
"""

from datetime import datetime, timedelta

from django.db import transaction

from factcheck.consequences import Consequence, Effect
from factcheck.models import FactCheck, VerdictPolicy
from integrity.people.models import User
from moderation import rules
from moderation.choices import Action, JobState
from moderation.models import Decision, Item, Job, LabelKind, Policy, Queue
from moderation.routing import UNDECIDABLE
from moderation.services import carrying_out, statements, verdict_words

POLICY = "checked-claims"


@transaction.atomic
def follow(*, item: Item, check: FactCheck, policy: VerdictPolicy, at: datetime) -> Decision | None:
    """Do what the policy says follows a check, on an item whose row is locked; None: nothing.

    Where a second person is needed the label waits for one, as anybody's decision would.
    """
    follows = verdict_words.consequence(check, policy)
    in_force = _own_label(item, check)
    if _is_left_to_people(item, in_force):
        return None
    if follows.effect == Effect.LABEL or (follows.effect == Effect.BACK_ON_TOP and in_force):
        return _label(item, check, follows, policy, in_force=in_force, at=at)
    return _take_back(item, check, policy, in_force=in_force, at=at) if in_force else None


def _own_label(item: Item, check: FactCheck) -> Decision | None:
    """Return the label that an earlier version of this check, or this one, put there."""
    decision = item.decision_in_force
    if decision is None or decision.fact_check is None or decision.action != Action.LABEL:
        return None
    return decision if decision.fact_check.series == check.series else None


def _is_left_to_people(item: Item, in_force: Decision | None) -> bool:
    if item.deleted_at is not None:
        return True
    decision = item.decision_in_force
    if decision is not None and in_force is None and decision.action != Action.NO_ACTION:
        # A person's decision, or a label after another partner's verdict: shown, never averaged.
        return True
    if item.jobs.open().exclude(state=JobState.WAITING).exists():
        return True
    # What a person overrode, the machine does not do again.
    overridden = Decision.objects.filter(item=item, fact_check=None, carried_out_at__isnull=False)
    return overridden.filter(overrides__fact_check__isnull=False).exists()


@transaction.atomic
def lift(*, item: Item, claim_id: int, by: User, at: datetime) -> Decision | None:
    """Take a label away because a person says that the claim does not stand in this item."""
    in_force = item.decision_in_force
    if in_force is None or in_force.fact_check is None or in_force.action != Action.LABEL:
        return None
    if in_force.fact_check.claim_id != claim_id:
        return None
    version = item.versions.get(version=item.version)
    language = statements.reader_language(version)
    decision = Decision.objects.create(
        job=_job(item, in_force.fact_check, at=at),
        item=item,
        item_version=version,
        action=Action.NO_ACTION,
        reasoning=verdict_words.lifting(in_force.fact_check, language=language),
        decided_by=by,
        decided_at=at,
        overrides=in_force,
    )
    carrying_out.record("decision.recorded", decision, by=by, at=at, data={"action": "no_action"})
    carrying_out.carry_out(decision=decision, at=at)
    return Decision.objects.get(pk=decision.pk)


def _label(
    item: Item,
    check: FactCheck,
    follows: Consequence,
    policy: VerdictPolicy,
    *,
    in_force: Decision | None,
    at: datetime,
) -> Decision | None:
    language = statements.reader_language(item.versions.get(version=item.version))
    return _decide(
        item, check, policy, action=Action.LABEL, in_force=in_force, at=at,
        label_kind=LabelKind.objects.get(slug=follows.label),
        reasoning=verdict_words.reasoning(check, item=item, follows=follows, language=language),
        ends_at=_end(check, follows, at=at),
    )  # fmt: skip


def _take_back(
    item: Item, check: FactCheck, policy: VerdictPolicy, *, in_force: Decision, at: datetime
) -> Decision | None:
    language = statements.reader_language(item.versions.get(version=item.version))
    return _decide(
        item, check, policy, action=Action.NO_ACTION, in_force=in_force, at=at,
        reasoning=verdict_words.taking_back(check, language=language),
    )  # fmt: skip


def _decide(
    item: Item,
    check: FactCheck,
    policy: VerdictPolicy,
    *,
    action: Action,
    in_force: Decision | None,
    at: datetime,
    reasoning: str,
    label_kind: LabelKind | None = None,
    ends_at: datetime | None = None,
) -> Decision | None:
    hold = rules.why_hold(action, item=item, at=at)
    if hold and item.jobs.open().exists():
        # It waits for a person anyway, who finds the verdict there.
        return None
    version = item.versions.get(version=item.version)
    decision = Decision.objects.create(
        job=_job(item, check, held=bool(hold), at=at),
        item=item,
        item_version=version,
        action=action,
        policy=Policy.objects.filter(slug=POLICY, retired_at=None).first(),
        reasoning=reasoning,
        decided_by=None,
        decided_at=at,
        fact_check=check,
        verdict_policy=policy,
        label_kind=label_kind,
        ends_at=ends_at,
        needs_second_person=bool(hold),
        hold_reason=hold,
        overrides=in_force,
    )
    carrying_out.record(
        "decision.recorded", decision, by=None, at=at,
        data={"action": action, "held": hold, "fact_check": str(check.public_id)},
    )  # fmt: skip
    if not hold:
        carrying_out.carry_out(decision=decision, at=at)
    return Decision.objects.get(pk=decision.pk)


def _job(item: Item, check: FactCheck, *, at: datetime, held: bool = False) -> Job:
    """Write the job that this decision answers: over at once, unless a second person is needed."""
    return Job.objects.create(
        item=item,
        item_version=item.versions.get(version=item.version),
        queue=Queue.objects.get(slug=UNDECIDABLE),
        state=JobState.HELD if held else JobState.RESOLVED,
        reasons=[{"kind": "verdict", "value": str(check.public_id)}],
        opened_at=at,
        resolved_at=None if held else at,
    )


def _end(check: FactCheck, follows: Consequence, *, at: datetime) -> datetime | None:
    if follows.ends_after_recheck_hours is None or check.recheck_at is None:
        return None
    return max(check.recheck_at, at) + timedelta(hours=follows.ends_after_recheck_hours)
