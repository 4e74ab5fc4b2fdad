"""A version in the shadow beside the live one, in tables with n."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.proportions import Share
from moderation.queries.versions import ModelComparison, Pair

VERDICTS: dict[str, str | Promise] = {
    "contradicts": _("contradicts a fact"),
    "consistent": _("agrees with the facts"),
    "unverifiable": _("cannot be settled"),
    "not_procedural": _("says nothing about voting"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """So many texts, and whether both versions found the same in them."""

    count: int
    same: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One version on what people decided, at the threshold in force."""

    name: str | Promise
    found: int
    precision: Share
    recall: Share


def cells(comparison: ModelComparison) -> list[tuple[str | Promise, list[Cell]]]:
    """Lay out what the live version found, a row each, against what the other found."""
    return [
        (
            word,
            [Cell(comparison.cells.get((live, other), 0), live == other) for other in VERDICTS],
        )
        for live, word in VERDICTS.items()
    ]


def sides(comparison: ModelComparison, *, threshold: float) -> list[Side]:
    """Measure both versions on the same decided items."""
    return [
        _side(_("Live"), comparison.pairs, lambda pair: pair.live, threshold),
        _side(_("This version"), comparison.pairs, lambda pair: pair.shadow, threshold),
    ]


def _side(
    name: str | Promise, pairs: Sequence[Pair], score: Callable[[Pair], float], threshold: float
) -> Side:
    found = [pair for pair in pairs if score(pair) > 0 and score(pair) >= threshold]
    hit = sum(pair.wrong for pair in found)
    return Side(
        name,
        len(found),
        Share(hit, len(found)),
        Share(hit, sum(pair.wrong for pair in pairs)),
    )


def word_for(verdict: str) -> str | Promise:
    """Name a verdict in the reader's words."""
    return VERDICTS.get(verdict, verdict)
