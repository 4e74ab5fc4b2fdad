"""Turn many posts at once into hashed character and word n-grams, in whole-array numpy steps."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

MAX_CHARS = 1500
CHAR_ORDERS = (4, 5)
# Each post is preceded by this many zeros, so that no n-gram reaches into a neighbour.
PAD = max(CHAR_ORDERS) - 1
DELETED = 1
SPACE = 32
DIGIT = ord("9")
QUOTE = ord('"')
EMOJI_BASE = 0xE000

U32 = NDArray[np.uint32]

# Letters of other scripts that are drawn like Latin ones (a working subset of UTS 39).
LOOKALIKES = {
    "a": "αаɑ",
    "b": "Ьвβ",
    "c": "сϲᴄ",
    "d": "ԁ",
    "e": "еєεҽ",
    "g": "ɡԍ",
    "h": "һн",
    "i": "іıιӏ",
    "j": "јϳ",
    "k": "кκ",
    "l": "ⅼ|",
    "m": "м",
    "n": "ոη",
    "o": "оοσօ",
    "p": "рρ",
    "q": "ԛ",
    "r": "гᴦ",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υսц",
    "v": "νѵ",
    "w": "ԝωш",
    "x": "хχ",
    "y": "уγү",
    "z": "ᴢ",
}
LEET = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "€": "e",
    "!": "i",
    "*": "",
}
QUOTES = "\"“”„‟«»‹›‘’‚‛'`´"
KEPT = "?!"


def _fold_table() -> NDArray[np.uint16]:
    """Map each code point of the basic plane to the letter, digit or mark that it counts as."""
    table = np.full(0x10000, SPACE, dtype=np.uint16)
    for code in range(0x10000):
        char = chr(code)
        category = unicodedata.category(char)
        if category[0] == "L":
            base = unicodedata.normalize("NFD", char)[0]
            table[code] = min(ord(base), 0xFFFF)
        elif category[0] == "M" or category == "Cf":
            table[code] = DELETED
        elif category[0] == "N":
            table[code] = DIGIT
        elif category == "So":
            table[code] = code
    for latin, others in LOOKALIKES.items():
        for char in others:
            table[ord(char)] = ord(latin)
    for char in QUOTES:
        table[ord(char)] = QUOTE
    for char in KEPT:
        table[ord(char)] = ord(char)
    for code, letter in ((0xDF, "s"), (0xF8, "o"), (0x142, "l"), (0x111, "d")):
        table[code] = ord(letter)
    table[0] = 0
    table[0xE000:0xF900] = np.arange(0xE000, 0xF900)
    return table


def _class_table(fold: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Tell which folded codes are letters."""
    letters = np.zeros(0x10000, dtype=bool)
    for code in np.unique(fold):
        letters[code] = unicodedata.category(chr(int(code)))[0] == "L"
    return letters


FOLD = _fold_table()
IS_LETTER = _class_table(FOLD)
LEET_TO = np.zeros(0x10000, dtype=np.uint16)
for _sign, _letter in LEET.items():
    LEET_TO[ord(_sign)] = ord(_letter) if _letter else DELETED
SHOWS_AS_IS = np.zeros(0x10000, dtype=bool)
SHOWS_AS_IS[[ord(c) for c in KEPT] + [QUOTE]] = True


@dataclass(frozen=True)
class Folded:
    """The posts as one run of codes; post i starts at starts[i], with its padding."""

    codes: U32
    starts: NDArray[np.int64]


def fold(texts: Sequence[str]) -> Folded:
    """Fold case, accents, look-alikes, leet, spaced-out letters and digits of many posts."""
    # The space keeps an empty post in its place and gives every first word a boundary.
    joined = ("\0" * PAD + " ").join(["", *(text[:MAX_CHARS].replace("\0", " ") for text in texts)])
    if not joined.isascii():
        joined = unicodedata.normalize("NFKC", joined)
    raw = np.frombuffer(joined.lower().encode("utf-32-le", "replace"), dtype=np.uint32)
    above = raw > 0xFFFF
    if above.any():
        raw = np.where(above, EMOJI_BASE + (raw & 0xFFF), raw)
    codes = FOLD[raw]
    letters = IS_LETTER[codes]
    codes = _unleet(raw, codes, letters)
    codes = _rejoin(codes)
    keep = codes != DELETED
    if not keep.all():
        codes = codes[keep]
    keep = np.ones(len(codes), dtype=bool)
    same = codes[1:] == codes[:-1]
    keep[1:] &= ~(same & (codes[1:] == SPACE))
    keep[2:] &= ~(same[1:] & same[:-1] & (codes[2:] != 0))
    codes = codes[keep]
    zero = codes == 0
    zero[1:] &= codes[:-1] != 0
    return Folded(codes=codes.astype(np.uint32), starts=np.flatnonzero(zero))


def _shift(values: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    out = np.zeros_like(values)
    if by > 0:
        out[by:] = values[:-by]
    else:
        out[:by] = values[-by:]
    return out


def _unleet(raw: U32, codes: NDArray[np.uint16], letters: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Read a digit or sign as a letter where letters stand at both sides of it."""
    sign = LEET_TO[raw]
    at = np.flatnonzero(sign)
    at = at[(at >= 2) & (at < len(raw) - 2)]
    if not len(at):
        return codes
    inside = (letters[at - 1] & (letters[at + 1] | letters[at + 2])) | (
        letters[at - 2] & letters[at + 1]
    )
    at = at[inside]
    if len(at):
        codes = codes.copy()
        codes[at] = sign[at]
    return codes


def _rejoin(codes: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Take the separators out of words written as single letters: s.t.e.m, v o t e."""
    letters = IS_LETTER[codes]
    alone = letters & ~_shift(letters, 1) & ~_shift(letters, -1)
    at = np.flatnonzero(alone)
    pair = at[:-1][np.diff(at) == 2]
    if len(pair) < 2:
        return codes
    chained = np.isin(pair + 2, pair) | np.isin(pair - 2, pair)
    gaps = pair[chained] + 1
    gaps = gaps[codes[gaps] != 0]
    if len(gaps):
        codes = codes.copy()
        codes[gaps] = DELETED
    return codes


_MULTIPLIER = np.uint32(0x01000193)
_FINISH = np.uint32(0x9E3779B1)
_ORDER_SALT = {n: np.uint32((0x85EBCA6B * (2 * n + 1)) & 0xFFFFFFFF) for n in range(9)}
_POSITION = np.random.default_rng(20260318).integers(  # fixed: part of the weights' meaning
    1, 2**32, size=64, dtype=np.uint32
) | np.uint32(1)


def _bucket(hashes: U32, salt: int, bits: int) -> NDArray[np.intp]:
    mixed = (hashes ^ (hashes >> np.uint32(15))) * _FINISH
    mixed += _ORDER_SALT[salt]
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed >>= np.uint32(32 - bits)
    return mixed.astype(np.intp)


def char_buckets(folded: Folded, bits: int) -> list[NDArray[np.intp]]:
    """Give, for each order, the bucket of the n-gram that starts at each position."""
    codes = folded.codes
    tail = np.concatenate([codes, np.zeros(PAD, dtype=np.uint32)])
    size = len(codes)
    hashes = cast(U32, codes * _FINISH)
    out = []
    for order in range(2, max(CHAR_ORDERS) + 1):
        later = tail[order - 1 : order - 1 + size]
        hashes = cast(U32, hashes * _MULTIPLIER + later * _FINISH)
        if order in CHAR_ORDERS:
            out.append(_bucket(hashes, order, bits))
    return out


@dataclass(frozen=True)
class Words:
    """The hash of each word, the position where it starts and the post it stands in."""

    hashes: U32
    at: NDArray[np.int64]
    post: NDArray[np.int64]


def words(folded: Folded) -> Words:
    """Hash each run of letters or digits; kept marks and emoji count as words of their own."""
    codes = folded.codes
    wordy = IS_LETTER[codes] | (codes == DIGIT)
    solo = ~wordy & (codes != SPACE) & (codes != 0)
    begins = wordy.copy()
    begins[1:] &= ~wordy[:-1]
    at = np.flatnonzero(begins | solo)
    if not len(at):
        empty = np.zeros(0, dtype=np.int64)
        return Words(hashes=np.zeros(0, dtype=np.uint32), at=empty, post=empty)
    index = np.arange(len(codes))
    begun = np.maximum.accumulate(np.where(begins | solo, index, 0))
    place = np.minimum(index - begun, 63)
    parts = np.where(wordy | solo, (codes * _FINISH ^ codes) * _POSITION[place], np.uint32(0))
    hashes = np.add.reduceat(parts, at, dtype=np.uint32)
    post = np.searchsorted(folded.starts, at, side="right") - 1
    return Words(hashes=hashes, at=at, post=post)


def word_buckets(found: Words, bits: int) -> list[NDArray[np.intp]]:
    """Give the buckets of each word, of each pair, and of each pair with one word between.

    A pair that would reach into the next post falls back on the word alone, under another salt.
    """
    hashes, post = found.hashes, found.post
    out = [_bucket(hashes, 6, bits)]
    for distance, salt in ((1, 7), (2, 8)):
        mate = np.zeros_like(hashes)
        if len(hashes) > distance:
            within = post[distance:] == post[:-distance]
            mate[:-distance] = np.where(within, hashes[distance:], np.uint32(0))
        out.append(_bucket(hashes * np.uint32(0x2545F491) + mate, salt, bits))
    return out


def lengths(folded: Folded) -> NDArray[np.int64]:
    """Count the codes of each post, without its padding and at least one."""
    ends = np.append(folded.starts[1:], len(folded.codes))
    return np.maximum(ends - folded.starts - PAD, 1)
