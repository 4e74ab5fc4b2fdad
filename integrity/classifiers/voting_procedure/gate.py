"""The cheap gate that every text passes: may it concern voting at all?"""

from collections.abc import Sequence
from dataclasses import dataclass

from integrity.classifiers.voting_procedure.opinions import loaded_model

# Short hints ("tot 21u kan je nog naar binnen") score low, and what does not pass is never read:
# the weights' own threshold counts only where it is more careful than this.
HIGHEST_THRESHOLD = 0.12


@dataclass(frozen=True, slots=True)
class Gate:
    """The chance that a text concerns voting, and whether it is read in full."""

    score: float
    passed: bool


def may_concern_voting(texts: Sequence[str]) -> list[Gate]:
    """Give each text the chance that it concerns voting; what does not pass is not read.

    Without weights everything passes: then screening is slower, never blinder.
    """
    model = loaded_model()
    if model is None:
        return [Gate(1.0, True)] * len(texts)
    own = model.meta.get("thresholds", {}).get("gate", HIGHEST_THRESHOLD)
    threshold = min(own, HIGHEST_THRESHOLD)
    return [Gate(score, score >= threshold) for score in model.gate(texts).tolist()]
