"""Putting candidates in order: how alike in meaning, and how much they share in words. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# How much the words count beside the meaning; chosen on development data (see card.md).
WORDS_WEIGHT = 0.6
SUGGEST_AT = 0.55


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
