"""From the single statements of a text to one verdict, its topic, stance and score."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from elections.checking import Comparison, Relation
from integrity.classifiers.voting_procedure.opinions import Opinion
from integrity.classifiers.voting_procedure.propositions import Proposition
from integrity.classifiers.voting_procedure.reading import GUESSED

# Below this strength a statement is too faintly said to contradict, or to be beyond the facts.
MIN_STRENGTH = 0.5
# What the learned model must say before a statement without a word of voting counts, and before a
# text in which the rules read nothing goes to people as unverifiable.
FAINT_GATE = 0.5
FAINT_PROCEDURAL = 0.15
UNREAD_PROCEDURAL = 0.85
GUESSED_PROCEDURAL = 0.4


class Verdict(StrEnum):
    """What a text does, judged against the facts of one election only."""

    CONTRADICTS = "contradicts"
    CONSISTENT = "consistent"
    UNVERIFIABLE = "unverifiable"
    NOT_PROCEDURAL = "not_procedural"


@dataclass(frozen=True, slots=True)
class Checked:
    """One statement with what the facts say of it."""

    statement: Proposition
    comparison: Comparison

    @property
    def claimed(self) -> bool:
        """Say whether the writer stands behind it, or rejects it: not a question, joke or wish."""
        return self.statement.modality in {"stated", "rejected"}

    def _plain_enough(self) -> bool:
        """Say whether a faint statement names at least a whole day, which can hardly be chance."""
        value = self.statement.value
        return self.statement.strength >= MIN_STRENGTH or "date" in value or "day" in value

    def as_row(self) -> dict[str, Any]:
        """Give the statement in JSON form, with its own verdict."""
        fact = self.comparison.fact
        return {
            "verdict": str(self.verdict()),
            "claimed": self.comparison.claimed or None,
            "official": self.comparison.official or None,
            "reasons": dict(self.comparison.reasons),
            "fact_version": (fact.version or None) if fact else None,
            "frame": self.statement.frame(),
        }

    def verdict(self) -> Verdict:
        """Give the verdict on this one statement."""
        if not self.claimed or self.comparison.relation is Relation.NOT_ABOUT_IT:
            return Verdict.NOT_PROCEDURAL
        if self.comparison.relation is Relation.SUPPORTED:
            return Verdict.CONSISTENT if self._plain_enough() else Verdict.NOT_PROCEDURAL
        if self.statement.strength < MIN_STRENGTH:
            return Verdict.NOT_PROCEDURAL
        if self.comparison.relation is Relation.CONTRADICTED:
            return Verdict.CONTRADICTS
        rejected = self.statement.modality == "rejected"
        return Verdict.NOT_PROCEDURAL if rejected else Verdict.UNVERIFIABLE


_ORDER = (Verdict.CONTRADICTS, Verdict.CONSISTENT, Verdict.UNVERIFIABLE)


def decide(checked: Sequence[Checked], opinion: Opinion) -> tuple[Verdict, Checked | None]:
    """Choose the verdict of the text and the statement that it rests on.

    One contradicted statement makes the text contradict, else one supported makes it consistent.
    """
    checked = [each for each in checked if not _faint(each, opinion)] or list(checked[:1])
    checked = _without_conflicts(checked)
    threats = [each for each in checked if is_threat(each)]
    if threats and not any(each.verdict() is Verdict.CONTRADICTS for each in checked):
        return Verdict.UNVERIFIABLE, threats[0]
    for verdict in _ORDER:
        found = [each for each in checked if each.verdict() is verdict]
        if found:
            return verdict, max(found, key=lambda each: each.statement.strength)
    unread = checked[0] if checked else None
    if unread and _states_something(unread, opinion):
        return Verdict.UNVERIFIABLE, unread
    return Verdict.NOT_PROCEDURAL, unread


def _faint(each: Checked, opinion: Opinion) -> bool:
    """Say whether a statement has no word of voting near it and the model sees none either."""
    if not opinion.known:
        return False
    if each.statement.rule == GUESSED:
        return opinion.procedural < GUESSED_PROCEDURAL
    if each.statement.context > 0:
        return False
    return opinion.gate < FAINT_GATE and opinion.procedural < FAINT_PROCEDURAL


def _states_something(each: Checked, opinion: Opinion) -> bool:
    """Say whether the model is sure that a procedure is stated where the rules read nothing."""
    said = each.statement
    return (
        opinion.known
        and said.modality == "unread"
        and said.election_ref == ""
        and said.stance in {"asserts", "instructs"}
        and opinion.procedural >= UNREAD_PROCEDURAL
    )


def is_threat(each: Checked) -> bool:
    """Say whether fraud or a threat is claimed: a true day beside it makes it no truer."""
    return (
        each.statement.topic in {"fraud", "intimidation"} and each.verdict() is Verdict.UNVERIFIABLE
    )


def _without_conflicts(checked: Sequence[Checked]) -> list[Checked]:
    """Drop the weaker of two readings of the same words that say opposite things."""
    kept: list[Checked] = []
    for each in checked:
        rivals = [
            other
            for other in checked
            if other is not each
            and other.statement.key == each.statement.key != ""
            and _family(other.statement) == _family(each.statement)
            and other.verdict() in {Verdict.CONTRADICTS, Verdict.CONSISTENT}
            and other.verdict() is not each.verdict()
            and _overlap(other.statement.span, each.statement.span)
        ]
        if not any(rival.statement.strength > each.statement.strength for rival in rivals):
            kept.append(each)
    return kept


def _family(statement: Proposition) -> str:
    """Name what of a key a statement is about: how many boxes is not in which colour."""
    if statement.key == "ballot_marking":
        return "count" if statement.claim in {"boxes", "two_marks"} else "colour"
    if statement.key == "proxy_max":
        return "when" if statement.claim in {"together", "separately"} else "count"
    if statement.key == "polls_close":
        return "queue" if statement.claim.startswith("queue") else "hour"
    return statement.claim.removeprefix("not_") if statement.key == "voting_methods" else ""


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
