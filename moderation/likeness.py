"""Near-identical words: a SimHash that finds candidates, and the test that two say the same.

Opposite claims are near neighbours ("vote on Wednesday", "vote on Thursday"), so a likeness counts
only when numbers, days, and negations agree too, and even then it carries no verdict over.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

BITS = 64
BAND_BITS = 16
SHINGLE = 4
# Share of shingles two texts must have in common.
ALIKE = 0.8
# Fewer letters than this say too little to be called the same.
LETTERS_AT_LEAST = 20

_WORD = re.compile(r"[^\W_]+")
_NOISE = re.compile(r"https?://\S+|[@#]\w+")
# Words that turn a statement round, or name when it holds: they must agree exactly.
_TURNING_WORDS = """
niet geen nooit zonder wel nee not no never without cannot can't don't won't isn't
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
monday tuesday wednesday thursday friday saturday sunday
januari februari maart april mei juni juli augustus september oktober november december
january february march may june july august october
morgen vandaag gisteren overmorgen tomorrow today yesterday
een twee drie vier vijf zes zeven acht negen tien one two three four five six seven eight nine ten
nep fake onwaar false waar true
"""
_TURNING = frozenset(_TURNING_WORDS.split())


def plain(text: str) -> str:
    """Fold a text to its bare words: case, accents, links, names and signs do not count."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(_WORD.findall(_NOISE.sub(" ", folded)))


def shingles(words: str) -> set[str]:
    """Return the overlapping pieces of folded words."""
    padded = f" {words} "
    return {padded[i : i + SHINGLE] for i in range(max(1, len(padded) - SHINGLE + 1))}


def simhash(text: str) -> int | None:
    """Return the 64-bit SimHash of a text; None when it says too little to be compared."""
    words = plain(text)
    if len(words) < LETTERS_AT_LEAST:
        return None
    weights = [0] * BITS
    for shingle in shingles(words):
        value = int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest())
        for bit in range(BITS):
            weights[bit] += 1 if value >> bit & 1 else -1
    return sum(1 << bit for bit in range(BITS) if weights[bit] > 0)


def bands(value: int) -> tuple[int, int, int, int]:
    """Cut a SimHash into four bands: near-identical texts share at least one."""
    mask = (1 << BAND_BITS) - 1
    return (value & mask, value >> 16 & mask, value >> 32 & mask, value >> 48 & mask)


def as_signed(value: int) -> int:
    """Fold an unsigned 64-bit number into the range of a database's bigint."""
    return value - (1 << BITS) if value >= 1 << (BITS - 1) else value


def likeness(one: str, other: str) -> float:
    """Return the share of pieces that two texts have in common, 0 to 1."""
    left, right = _pieces(one), _pieces(other)
    return len(left & right) / len(left | right)


# One text is compared with hundreds of others in a row.
@lru_cache(maxsize=16)
def _pieces(text: str) -> frozenset[str]:
    return frozenset(shingles(plain(text)))


def says_the_same(one: str, other: str) -> bool:
    """Say whether two texts are near-identical and agree in numbers, days and negations."""
    if one == other:
        return True
    return turning_words(one) == turning_words(other) and likeness(one, other) >= ALIKE


def turning_words(text: str) -> list[str]:
    """Return what must agree exactly, in order: numbers, days, months and negations."""
    return [w for w in _words_with_signs(text) if w in _TURNING or any(c.isdigit() for c in w)]


def _words_with_signs(text: str) -> Iterable[str]:
    folded = unicodedata.normalize("NFKC", _NOISE.sub(" ", text)).casefold().replace("’", "'")
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", folded)
