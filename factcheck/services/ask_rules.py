"""Rules that send the machine's proposals to a partner: written by people, then followed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from elections.models import Election
from factcheck import queries
from factcheck.choices import Harm
from factcheck.models import AskRule, Claim
from factcheck.services import assigning, claims
from factcheck.services.records import record
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal, Refused, require

WRITE = "factcheck.write_verdict_policy"
# So many claims at most go out by rule in one sweep: partners are people.
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rule looks for, and what it asks. An empty topic, no election: any."""

    views_at_least: int
    score_at_least: float
    question: str
    topic: str = ""
    election: Election | None = None
    harm: str = Harm.NORMAL


@transaction.atomic
def write_rule(*, wanted: Wanted, by: User, at: datetime) -> AskRule:
    """Put a rule in force."""
    require(may(by, WRITE))
    if not wanted.question.strip():
        require(Refusal(_("Write what the partner is asked."), code="question_missing"))
    row = AskRule.objects.create(
        topic=wanted.topic,
        election=wanted.election,
        views_at_least=wanted.views_at_least,
        score_at_least=wanted.score_at_least,
        harm=wanted.harm,
        question=wanted.question.strip()[:2000],
        made_by=by,
        made_at=at,
    )
    record("ask_rule.written", "ask_rule", row.public_id, by=by, at=at)
    return row


@transaction.atomic
def end_rule(*, rule: AskRule, by: User, at: datetime) -> None:
    """Stop following a rule; what it sent stays sent."""
    require(may(by, WRITE))
    ended = AskRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=at, ended_by=by)
    if ended:
        record("ask_rule.ended", "ask_rule", rule.public_id, by=by, at=at)


def follow_rules(*, at: datetime) -> int:
    """Send the proposals that a rule names to the partner that fits best; returns how many.

    A proposal of a partner is weighed by people. Where no partner is free, it waits for them too.
    """
    sent = 0
    for rule in AskRule.objects.filter(ended_at=None).order_by("pk"):
        for claim in queries.proposals_for(rule)[: AT_ONCE - sent]:
            try:
                sent += _send(claim, rule, at=at)
            except Refused:
                # Somebody was quicker, or the partner has it: it is no longer the rule's.
                continue
    return sent


@transaction.atomic
def _send(claim: Claim, rule: AskRule, *, at: datetime) -> bool:
    partner = assigning.choose_partner(claim=claim, at=at)
    if partner is None:
        return False
    claims.accept_proposal(claim=claim, by=None, at=at)
    assigning.ask_partner(
        claim=claim, partner=partner, question=rule.question, harm=Harm(rule.harm), by=None, at=at
    )
    record(
        "claim.sent_by_rule", "claim", claim.public_id, by=None, at=at,
        data={"rule": str(rule.public_id)},
    )  # fmt: skip
    return True
