"""Cutting a text into the pieces that the encoder knows; days, hours and amounts become one mark.

English pieces are those of the teacher; Dutch words have rows of their own, so that "die" is no
verb and "of" no genitive. Values are masked: which day is named is for the grammars to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

from integrity.classifiers.voting_procedure.patterns import Tagged

LIMIT = 64
MASKED = ("DATE", "TIME", "MONEY")
MARKS = (
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[DATE]", "[TIME]", "[MONEY]", "[NUM]", "[NL]", "[EN]",
    "[XX]",
)  # fmt: skip
SHORTEST_INSIDE = 4

_WORD = re.compile(r"\[[A-Z]+\]|[^\W\d_]+|\d+|[^\w\s]")


def masked(tagged: Tagged, spared: Collection[int] = ()) -> str:
    """Write a text with marks where the grammars read a day, an hour or an amount."""
    mark: dict[int, str] = {}
    for name in MASKED:
        for hit in tagged.hits.get(name, ()):
            if hit.start not in spared:
                mark |= dict.fromkeys(range(hit.start, hit.end + 1), f"[{name}]")
    written: list[str] = []
    last = None
    for at, token in enumerate(tagged.tokens):
        here = mark.get(at)
        if here is None:
            written.append(token.text)
        elif here != last:
            written.append(here)
        last = here
    return " ".join(written)


@lru_cache(maxsize=50_000)
def bare(word: str) -> str:
    """Lower a word and take its accents off."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in parts if unicodedata.category(c) != "Mn")


class Vocabulary:
    """The numbers of pieces: shared and English in one table, Dutch words in another."""

    def __init__(self, shared: Mapping[str, int], dutch: Mapping[str, int]) -> None:
        """Keep the tables; what a word is cut into is remembered."""
        self.shared = shared
        self.dutch = dutch
        self._known: dict[tuple[str, bool], tuple[int, ...]] = {}

    def encode(self, text: str, language: str, limit: int = LIMIT) -> list[int]:
        """Give the numbers of the pieces of a masked text, with its language in front."""
        mark = {"nl": "[NL]", "en": "[EN]"}.get(language, "[XX]")
        numbers = [self.shared["[CLS]"], self.shared[mark]]
        english = language == "en"
        for word in _WORD.findall(text):
            numbers += self.pieces(word if word[0] == "[" else bare(word), english=english)
            if len(numbers) >= limit - 1:
                break
        return [*numbers[: limit - 1], self.shared["[SEP]"]]

    def pieces(self, word: str, *, english: bool) -> tuple[int, ...]:
        """Cut one word, longest known piece first."""
        found = self._known.get((word, english))
        if found is None:
            found = self._pieces(word, english=english)
            if len(self._known) < 200_000 and len(word) < 40:
                self._known[word, english] = found
        return found

    def _pieces(self, word: str, *, english: bool) -> tuple[int, ...]:
        if word.startswith("["):
            return (self.shared.get(word, self.shared["[UNK]"]),)
        if word.isdigit():
            return (self.shared["[NUM]"],)
        own, other = (self.shared, self.dutch) if english else (self.dutch, self.shared)
        if word in own:
            return (own[word],)
        if english and word in other:
            return (other[word],)
        return self._cut(word, english=english)

    def _cut(self, word: str, *, english: bool) -> tuple[int, ...]:
        """Cut greedily; a Dutch word may stand anywhere in a compound."""
        numbers: list[int] = []
        at = 0
        while at < len(word):
            for end in range(min(len(word), at + 30), at, -1):
                piece = word[at:end]
                if not english and end - at >= SHORTEST_INSIDE and piece in self.dutch:
                    numbers.append(self.dutch[piece])
                    break
                number = self.shared.get(piece if at == 0 else f"##{piece}")
                if number is not None:
                    numbers.append(number)
                    break
            else:
                return (self.shared["[UNK]"],)
            at = end
        return tuple(numbers)
