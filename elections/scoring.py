"""The calibrated probability that a text contradicts the facts.

The numbers are how often each kind of answer was right on the project's own labelled posts when
they were first screened; `evaluate_screening` measures the error that is left.
"""

from collections.abc import Sequence

from elections.fusing import Checked, Verdict
from integrity.classifiers.voting_procedure.opinions import Opinion
from integrity.classifiers.voting_procedure.reading import GUESSED

# Above this score an item may go to the fast lane: plainly said, read by the rules.
FAST_LANE = 0.95
PLAIN = 0.85
BY_RULE_PLAIN = 0.96
BY_RULE = 0.90
BY_MODEL = 0.76
NO_CONTRADICTION = {
    Verdict.CONSISTENT: 0.06,
    Verdict.UNVERIFIABLE: 0.08,
    Verdict.NOT_PROCEDURAL: 0.04,
}
# What a wholly procedural text in which nothing was read adds: something may have been missed.
UNREAD_RISK = 0.3


def contradiction_score(
    verdict: Verdict, ground: Checked | None, checked: Sequence[Checked], opinion: Opinion
) -> float:
    """Give the probability of `contradicts` from the verdict and the ground it rests on."""
    if verdict is Verdict.CONTRADICTS and ground is not None:
        if ground.statement.rule == GUESSED:
            return BY_MODEL
        return BY_RULE_PLAIN if ground.statement.strength >= PLAIN else BY_RULE
    score = NO_CONTRADICTION.get(verdict, 0.0)
    unread = all(each.statement.modality == "unread" for each in checked)
    return score + UNREAD_RISK * opinion.procedural if unread and opinion.known else score
