"""The calibrated probability that a text contradicts the facts."""

from collections.abc import Sequence

from elections.fusing import Checked, Verdict
from integrity.classifiers.voting_procedure.opinions import Opinion

# Above this score an item may go to the fast lane.
FAST_LANE = 0.9


def contradiction_score(
    verdict: Verdict, ground: Checked | None, checked: Sequence[Checked], opinion: Opinion
) -> float:
    """Give the probability of `contradicts` from the verdict and the strength of its ground."""
    if verdict is Verdict.CONTRADICTS and ground is not None:
        return min(0.97, 0.55 + 0.4 * ground.statement.strength)
    if verdict is Verdict.UNVERIFIABLE:
        return 0.15
    if verdict is Verdict.CONSISTENT:
        return 0.06
    return 0.05
