"""Putting candidates in order: how alike in meaning, and how much they share in words. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from integrity.classifiers.claim_matching import index
from integrity.classifiers.claim_matching.gloss import gloss

VERSION = "ranking-2"
# How much the words count beside the meaning; chosen on development data (see card.md).
WORDS_WEIGHT = 0.6
# From here on a person is shown the claim; chosen on the same data, with `likeness`.
SUGGEST_AT = 0.5
# Two that differ in a number, a day or a "not" must be much alike before anybody is troubled.
SUGGEST_DIFFERENT_AT = 0.65


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that may be the one: cosine of the vectors, and its score in words."""

    id: Hashable
    cosine: float
    words: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place; the score is comparable between queries."""

    id: Hashable
    score: float
    cosine: float


def rank(candidates: Sequence[Candidate]) -> list[Ranked]:
    """Order candidates; the words of each count in proportion to the best one's."""
    best = max((c.words for c in candidates), default=0.0)
    ranked = [
        Ranked(
            c.id,
            (c.cosine + WORDS_WEIGHT * (c.words / best if best > 0 else 0.0)) / (1 + WORDS_WEIGHT),
            c.cosine,
        )
        for c in candidates
    ]
    return sorted(ranked, key=lambda r: -r.score)


def words_of(text: str) -> frozenset[str]:
    """Return the stemmed words of a text that carry meaning, a Dutch one's by their gloss."""
    return frozenset(index.terms(gloss(text)))


def likeness(*, cosine: float, said: frozenset[str], claimed: frozenset[str]) -> float:
    """Return how alike a sentence and a claim are, the same whatever else is known.

    The words count as the share of the claim's words that the sentence has.
    """
    share = len(said & claimed) / len(claimed) if claimed else 0.0
    return (cosine + WORDS_WEIGHT * share) / (1 + WORDS_WEIGHT)
