"""A small language for rules over concepts: which concepts must stand together, and in what order.

"ID & EXPIRED & REFUSE"   all within one window of words, in any order
"ID > NEG >2 NEED"        in this order, each at most so many words after the one before
"ID|PASS"                 either
"... !PROPOSAL"           none of these in or close to the words matched
"=zesde"                  the word itself
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.tokens import Token

WINDOW = 14
GAP = 7
NEAR = 3

# Groups of concepts by one name.
GROUPS = {
    "$PASS": ("PASS", "KPASS"),
    "$ANYPASS": ("PASS", "KPASS", "PASSW"),
    "$ID": ("ID", "IDENTIFY"),
    "$NO": ("NEG", "WITHOUT"),
    "$STRONG": (
        "ELECT",
        "ELDAY",
        "POLL",
        "PASS",
        "BALLOT",
        "SUFFRAGE",
        "PROXY",
        "GRWORD",
        "TKWORD",
    ),
    "$VOTING": ("VOTE", "ELECT", "ELDAY", "POLL", "BALLOT", "SUFFRAGE", "MUSTGO"),
    "$REMOTE": ("ONLINE", "SMS", "APP", "PHONE", "POST", "EMAIL", "COURIER"),
}


@dataclass(slots=True)
class Tagged:
    """A text ready for rules: its words, the concepts found and the values that stand in it."""

    tokens: list[Token]
    hits: dict[str, list[Hit]]
    values: dict[str, dict[int, Any]] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Say whether any of the concepts stands anywhere."""
        return any(self.hits.get(member) for name in names for member in GROUPS.get(name, (name,)))

    def within(self, start: int, end: int, *names: str) -> list[Hit]:
        """Find the hits of concepts that lie between two words, both included."""
        start, end = max(0, start), min(end, len(self.tokens) - 1)
        found: list[Hit] = []
        for name in names:
            if name[0] == "=":
                word = name[1:]
                found += [
                    Hit(at, at) for at in range(start, end + 1) if self.tokens[at].text == word
                ]
                continue
            for member in GROUPS.get(name, (name,)):
                for hit in self.hits.get(member, ()):
                    if start <= hit.start and hit.end <= end:
                        found.append(hit)
        return found

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the first and last word of the sentence that a word stands in."""
        number = self.tokens[at].sentence
        start = end = at
        while start > 0 and self.tokens[start - 1].sentence == number:
            start -= 1
        while end + 1 < len(self.tokens) and self.tokens[end + 1].sentence == number:
            end += 1
        return start, end

    def hits_of(self, names: tuple[str, ...]) -> list[Hit]:
        """Gather the hits of several concepts, in order."""
        if len(names) == 1 and not names[0].startswith("="):
            return self.hits.get(names[0], [])
        found: list[Hit] = []
        for name in names:
            if name.startswith("="):
                word = name[1:]
                found += [Hit(n, n) for n, token in enumerate(self.tokens) if token.text == word]
            else:
                found += self.hits.get(name, [])
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    steps: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]
    ordered: bool
    never: tuple[str, ...]
    window: int
    # The steps that hold no word of their own: each needs one of its concepts in the text.
    plain: tuple[tuple[str, ...], ...] = ()

    def find(self, text: Tagged) -> Iterator[Hit]:
        """Give each stretch of words where the pattern holds."""
        present = text.hits
        for names in self.plain:
            if not any(present.get(name) for name in names):
                return
        columns = []
        for step in self.steps:
            column = text.hits_of(step)
            if not column:
                return
            columns.append(column)
        for found in (
            self._ordered(text, columns) if self.ordered else self._together(text, columns)
        ):
            if not self.never or not text.within(found.start - NEAR, found.end + NEAR, *self.never):
                yield found

    def _ordered(self, text: Tagged, columns: list[list[Hit]]) -> Iterator[Hit]:
        """Walk the columns from left to right."""
        for first in columns[0]:
            last = first
            for column, gap in zip(columns[1:], self.gaps, strict=True):
                following = next(
                    (
                        h
                        for h in column
                        if last.end < h.start <= last.end + 1 + gap
                        and text.tokens[h.start].sentence == text.tokens[last.end].sentence
                    ),
                    None,
                )
                if following is None:
                    break
                last = following
            else:
                yield Hit(first.start, last.end)

    def _together(self, text: Tagged, columns: list[list[Hit]]) -> Iterator[Hit]:
        """Find, around each hit of the rarest concept, the nearest of every other."""
        rarest = min(columns, key=len)
        for anchor in rarest:
            start, end = anchor
            number = text.tokens[anchor.start].sentence
            for column in columns:
                if column is rarest:
                    continue
                near = [
                    h
                    for h in column
                    if abs(h.start - anchor.start) <= self.window
                    and (self.window > WINDOW or text.tokens[h.start].sentence == number)
                ]
                if not near:
                    break
                best = min(near, key=lambda h: abs(h.start - anchor.start))
                start, end = min(start, best.start), max(end, best.end)
            else:
                yield Hit(start, end)


@cache
def compile_pattern(source: str) -> Pattern:
    """Compile a pattern once."""
    never: tuple[str, ...] = ()
    if " !" in source:
        source, _, excluded = source.partition(" !")
        never = _names(excluded.strip())
    distance = re.search(r"&(\d+)", source)
    source = re.sub(r"&\d+", "&", source)
    wide = "&&" in source
    if ">" in source:
        pieces = re.split(r"\s*>(\d*)\s*", source.strip())
        steps = tuple(_names(piece) for piece in pieces[::2])
        gaps = tuple(int(gap) if gap else GAP for gap in pieces[1::2])
        return Pattern(steps, gaps, ordered=True, never=never, window=WINDOW, plain=_plain(steps))
    steps = tuple(_names(piece.strip()) for piece in re.split(r"&+", source))
    return Pattern(
        steps,
        (),
        ordered=False,
        never=never,
        window=60 if wide else int(distance[1]) if distance else WINDOW,
        plain=_plain(steps),
    )


def _plain(steps: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Leave out the steps that name words themselves."""
    return tuple(step for step in steps if not any(name.startswith("=") for name in step))


def _names(piece: str) -> tuple[str, ...]:
    """Resolve alternatives and groups."""
    names: list[str] = []
    for name in piece.strip().split("|"):
        names += GROUPS.get(name.strip(), (name.strip(),))
    return tuple(dict.fromkeys(names))
