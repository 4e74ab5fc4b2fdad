"""The cheap gate that every text passes: may it concern voting at all?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from integrity.classifiers.voting_procedure import gist
from integrity.classifiers.voting_procedure.opinions import loaded_model

# Short hints ("tot 21u kan je nog naar binnen") score low, and what does not pass is never read:
# the weights' own threshold counts only where it is more careful than this.
HIGHEST_THRESHOLD = 0.12
# Whom the first gate is this sure of passes; of the others the second gate hears the gist, and
# the odds of both are added. Chosen so that 0.98 of the statements pass in each language.
SURE = 0.45
WEIGHT_OF_FIRST = 2.0
ODDS_FROM = -4.0
# A word of voting beside a day of the calendar is read, however much other talk is around it.
_VOTE = (
    r"\b(?:stem|stemmen|stemt|stembus\w*|stembureau\w*|\w*verkiezing\w*"
    r"|vote|voting|polls?|elections?)\b"
)
_DAY = (
    r"\b(?:\d{1,2}(?:st|nd|rd|th|e)? (?:of )?(?:jan|feb|maart|march|apr|mei|may|jun|jul|aug|sep"
    r"|okt|oct|nov|dec)\w*|(?:march|april|may|june|october|november) \d{1,2})\b"
)
_VOTE_ON_A_DAY = re.compile(rf"(?i){_VOTE}.{{0,24}}?{_DAY}|{_DAY}.{{0,24}}?{_VOTE}")


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
    scores = model.gate(texts)
    passed = scores >= min(own, HIGHEST_THRESHOLD)
    second = gist.load()
    if second is not None:
        unsure = np.flatnonzero(passed & (scores < SURE))
        chances = second.chances([texts[int(n)] for n in unsure], scores[unsure])
        odds = gist.as_odds(chances) + WEIGHT_OF_FIRST * gist.as_odds(scores[unsure])
        passed[unsure] = odds >= ODDS_FROM
        for n in unsure[odds < ODDS_FROM]:
            passed[n] = _VOTE_ON_A_DAY.search(texts[int(n)]) is not None
    return [
        Gate(score, passes) for score, passes in zip(scores.tolist(), passed.tolist(), strict=True)
    ]
