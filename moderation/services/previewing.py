"""Showing what a decision would do before it is taken; writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrity.people.models import User
from moderation import rules
from moderation.choices import LEAVES_ITEM, RESTRICTING, Action
from moderation.models import Decision, Job, Label, LabelKind, Policy, Strike
from moderation.queries import casework
from moderation.services import carrying_out, deciding, statements


@dataclass(frozen=True, slots=True)
class Preview:
    """What the poster would read, what the platform would receive, and why it would be held."""

    letter: statements.Letter | None
    payload: dict[str, Any]
    hold: str


def preview_decision(
    *,
    job: Job,
    action: Action,
    policy: Policy | None,
    reasoning: str,
    by: User,
    at: datetime,
    label_kind: LabelKind | None = None,
    ends_at: datetime | None = None,
    territories: Sequence[str] = (),
) -> Preview:
    """Build the letter and the platform's message of a decision that nobody has taken yet."""
    item = job.item
    version = item.versions.select_related("item").get(version=item.version)
    answer = deciding.Answer(action, policy, reasoning, label_kind=label_kind)
    decision = Decision(
        job=job,
        item=item,
        item_version=version,
        action=action,
        policy=policy,
        reasoning=reasoning.strip(),
        signal=casework.top_signal(item),
        decided_by=by,
        decided_at=at,
        label_kind=deciding.chosen_label(answer),
        ends_at=ends_at,
        territories=sorted(set(territories)),
        overrides=None if action in LEAVES_ITEM else item.decision_in_force,
    )
    label = statement = letter = strike = None
    if action == Action.LABEL:
        label = Label(text=statements.label_text(decision), link=statements.label_link(decision))
    if action in RESTRICTING and policy is not None:
        statement = statements.write_statement(decision, at=at)
    if policy is not None and (weight := statements.strike_weight(action, policy)):
        strike = Strike(weight=weight, expires_at=statements.strike_expires_at(policy, at=at))
    if action != Action.NO_ACTION or decision.overrides is not None:
        letter = statements.letter_to_poster(
            item=item,
            version=version,
            action=action,
            policy=policy,
            reasoning=decision.reasoning,
            signal=decision.signal,
            ends_at=ends_at,
            territories=decision.territories,
            overrides=decision.overrides is not None,
        )
    return Preview(
        letter=letter,
        payload=carrying_out.action_payload(decision, label, statement, strike),
        hold=rules.why_hold(action, item=item, at=at),
    )
