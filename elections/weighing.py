"""Weighing what the rules read against what the encoder hears: four verdicts, four chances.

Every likely statement is compared with the facts first; only how far to trust which reader is
learned, on the project's own posts (`manage.py fit_screening`), so that facts decide.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from elections.checking import OTHER_VOTES, compare
from elections.facts import FactSheet
from elections.fusing import Checked, Verdict
from integrity.classifiers.voting_procedure import chosen
from integrity.classifiers.voting_procedure.opinions import Opinion
from integrity.classifiers.voting_procedure.propositions import Proposition

WEIGHTS = Path(__file__).parent / "weighing.json"
VERDICTS = (
    Verdict.CONTRADICTS,
    Verdict.CONSISTENT,
    Verdict.UNVERIFIABLE,
    Verdict.NOT_PROCEDURAL,
)
PLAIN_DAY = 0.7
PLAIN = 0.9
NOTHING_FROM = 0.3
VALUES = {"minutes", "count", "boxes", "years", "age", "weekday", "date", "day"}
THREAT_FROM = 0.02
AGREED_FROM = 0.15
SURELY = 0.5
# As `Proposition.context` counts, and what the heads must think of a text without such a word.
WORD_OF_VOTING = 1
LIKELY_PROCEDURE = 0.35
# What is heard with less is nothing to rest a verdict on.
FAINTEST = 0.1
SAYING = {Verdict.CONTRADICTS, Verdict.CONSISTENT}
MODALITIES = ("asked", "rejected", "proposed", "quoted", "joked", "past")


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement that the encoder thinks the text may make, compared with the facts."""

    chance: float
    checked: Checked


def hear(
    opinion: Opinion, around: Proposition, facts: FactSheet, *, place: str | None
) -> list[Heard]:
    """Compare every statement that the encoder hears, as said where and when the text was."""
    own = "+".join(sorted(set(around.election_ref.split("+")) - OTHER_VOTES - {""}))
    heard = []
    for each in opinion.claims:
        statement = Proposition(
            key=each["key"],
            claim=each["claim"],
            topic=each["topic"],
            value=dict(each.get("value", {})),
            polarity=each.get("polarity", True),
            group=each.get("group", ""),
            place=around.place,
            election_ref=own,
            posted_at=around.posted_at,
            language=around.language,
            context=around.context,
            span=around.span,
            strength=max(float(each["p"]), 0.5),
            rule="encoder",
        )
        heard.append(
            Heard(float(each["p"]), Checked(statement, compare(statement, facts, place=place)))
        )
    return heard


def evidence(heard: Sequence[Heard]) -> dict[Verdict, float]:
    """Add up the encoder's chances by what the facts say; several values of one claim share it."""
    claims: dict[tuple[str, str, float], list[Verdict]] = {}
    for each in heard:
        said = each.checked.statement
        claims.setdefault((said.key, said.claim, each.chance), []).append(each.checked.verdict())
    found = dict.fromkeys(VERDICTS, 0.0)
    for (_, _, chance), verdicts in claims.items():
        best = next(verdict for verdict in VERDICTS if verdict in verdicts)
        found[best] += chance
    found[Verdict.NOT_PROCEDURAL] = max(0.0, 1.0 - sum(found[verdict] for verdict in VERDICTS[:3]))
    return found


def features(
    checked: Sequence[Checked],
    by_rules: Verdict,
    ground: Checked | None,
    opinion: Opinion,
    heard: Sequence[Heard],
) -> list[float]:
    """Write down what is known of a text as numbers."""
    weight = evidence(heard)
    strength = ground.statement.strength if ground else 0.0
    modalities = {each.statement.modality for each in checked}
    references = {ref for each in checked for ref in each.statement.election_ref.split("+")}
    read = [each for each in checked if each.statement.rule not in {"", "encoder"}]
    return [
        *(weight[verdict] for verdict in VERDICTS),
        *(math.sqrt(weight[verdict]) for verdict in VERDICTS),
        *(float(by_rules is verdict) for verdict in VERDICTS),
        *(strength if by_rules is verdict else 0.0 for verdict in VERDICTS[:3]),
        *(float(name in modalities) for name in MODALITIES),
        float(bool(references & OTHER_VOTES)),
        float(bool(read)),
        opinion.procedural,
        opinion.gate,
        *(opinion.nothing.get(kind, 0.0) for kind in ("ask", "debunk", "wish", "othervote")),
    ]


def weights() -> Mapping[str, Any] | None:
    """Read the fitted weights in use once; None where there are none."""
    return _table(chosen.weights(chosen.WEIGHING, WEIGHTS))


@lru_cache(maxsize=3)
def _table(path: Path) -> Mapping[str, Any] | None:
    if not path.exists():
        return None
    table: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def chances(numbers: Sequence[float], table: Mapping[str, Any]) -> dict[Verdict, float]:
    """Give each verdict its chance."""
    logits = [
        bias + sum(w * x for w, x in zip(row, numbers, strict=True))
        for row, bias in zip(table["rows"], table["bias"], strict=True)
    ]
    top = max(logits)
    raised = [math.exp(logit - top) for logit in logits]
    return {v: one / sum(raised) for v, one in zip(VERDICTS, raised, strict=True)}


def agreed(read: Sequence[Checked], heard: Sequence[Heard]) -> list[Checked]:
    """Give what both readers take the text to claim: then only the value and the facts decide."""
    likely = {
        (each.checked.statement.key, each.checked.statement.claim)
        for each in heard
        if each.chance >= AGREED_FROM
    }
    return [
        each
        for each in read
        if (each.statement.key, each.statement.claim) in likely
        and each.statement.strength >= PLAIN_DAY
        and each.verdict() in SAYING
    ]


def is_of_another_country(read: Sequence[Checked], heard: Sequence[Heard]) -> bool:
    """Say whether what both readers take the text to claim is said of another country's vote."""
    surely = {
        (each.checked.statement.key, each.checked.statement.claim)
        for each in heard
        if each.chance >= SURELY
    }
    return any(
        (each.statement.key, each.statement.claim) in surely
        and "foreign" in each.statement.election_ref.split("+")
        for each in read
    )


def is_far_fetched(ground: Checked, opinion: Opinion) -> bool:
    """Say whether only the encoder hears a contradiction, in a text without a word of voting."""
    return (
        ground.statement.rule == "encoder"
        and ground.verdict() is Verdict.CONTRADICTS
        and ground.statement.context < WORD_OF_VOTING
        and opinion.procedural < LIKELY_PROCEDURE
    )


def hears_a_threat(opinion: Opinion) -> bool:
    """Say whether the encoder too thinks that fraud or a threat may be told of."""
    return any(
        each["claim"] in {"fraud", "intimidation"} and each["p"] >= THREAT_FROM
        for each in opinion.claims
    )


def is_whole_date(read: Checked) -> bool:
    """Say whether a day and month are said to be the day of voting, whatever stands around them."""
    said = read.statement
    return (
        (said.key, said.claim) == ("voting_day", "on")
        and {"day", "month"} <= set(said.value)
        and said.strength >= PLAIN_DAY
        and read.verdict() in SAYING
    )


def is_plain_value(read: Checked, opinion: Opinion) -> bool:
    """Say whether an hour, a count or an age is plainly said of something.

    Not where the encoder thinks that nothing is stated.
    """
    said = read.statement
    # A day is often only named beside what matters: "tomorrow I vote for nine neighbours".
    aside = said.key == "voting_day" and read.verdict() is Verdict.CONSISTENT
    valued = bool(said.value.keys() & VALUES) and said.strength >= PLAIN
    heard_nothing = sum(opinion.nothing.values()) >= NOTHING_FROM
    return read.verdict() in SAYING and valued and not aside and not heard_nothing


def best_grounded(
    chances: Mapping[Verdict, float], checked: Sequence[Checked], heard: Sequence[Heard]
) -> tuple[Verdict, Checked | None]:
    """Choose the likeliest verdict that has a statement to rest on: what cites nothing is none."""
    for verdict in sorted(VERDICTS, key=lambda each: -chances[each]):
        ground = _ground(verdict, checked, heard)
        if ground is not None:
            return verdict, ground
    return Verdict.NOT_PROCEDURAL, None


def _ground(verdict: Verdict, checked: Sequence[Checked], heard: Sequence[Heard]) -> Checked | None:
    """Find the statement that a verdict rests on: what was read first, then what was heard."""
    read = [each for each in checked if each.verdict() is verdict]
    if read:
        return max(read, key=lambda each: each.statement.strength)
    alike = [
        each for each in heard if each.checked.verdict() is verdict and each.chance >= FAINTEST
    ]
    if alike:
        return max(alike, key=lambda each: each.chance).checked
    cites_nothing = verdict in {Verdict.UNVERIFIABLE, Verdict.NOT_PROCEDURAL}
    return checked[0] if cites_nothing and checked else None
