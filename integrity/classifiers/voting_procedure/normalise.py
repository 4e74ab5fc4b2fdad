"""Undo the tricks that hide words from machines, keeping the way back to the original text.

Compatibility forms, invisible characters, look-alike letters, digits in boxes, letters written as
digits and words pulled apart are folded; each folded character knows where it came from, so that
every span that is shown lies in the original.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# A post is short. What lies beyond this is not read, and the reading says so.
MAX_CHARACTERS = 20_000

_HOMOGLYPHS = {
    source: target
    for target, sources in {
        "a": "аαɑ", "b": "Ьв", "c": "сϲ", "d": "ԁ", "e": "еєεҽ", "g": "ɡ", "h": "һн",
        "i": "іιӏ", "j": "јϳ", "k": "кκ", "l": "ⅼ", "m": "мｍ", "n": "ոη", "o": "оοσօ",
        "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υս", "v": "ѵν", "w": "ѡԝω",
        "x": "хχ", "y": "уγү", "z": "ᴢ",
    }.items()
    for source in sources
}  # fmt: skip
_LEET = str.maketrans("013457@$€£!|+", "oieastaseeilt")
_LEET_L = str.maketrans("013457@$€£!|+", "oleastaseellt")
_LEET_TOKEN = re.compile(r"[a-z013457@$€£!|+]{3,30}")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][ .\-_*·•|/]{1,2}){3,29}[^\W_](?![^\W_])")
_INSIDE = re.compile(r"(?<![^\W_])[^\W_]{1,30}(?:[·•*_|~][^\W_]{1,30})+")
_DROPPED = {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn"}
_KEPT_CONTROLS = "\n\t\r"


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origins[i]` is where its character `i` began in the original."""

    text: str
    origins: list[int] | None
    length: int
    evasive: bool = False
    truncated: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the span in the original text of a span in the folded one."""
        if self.origins is None:
            return start, end
        if start >= end:
            at = self.origins[start] if start < len(self.origins) else self.length
            return at, at
        last = self.origins[end] if end < len(self.origins) else self.length
        return self.origins[start], max(last, self.origins[end - 1] + 1)


def fold(text: str, *, known: Callable[[str], bool] = lambda word: False) -> Folded:
    """Fold a text; `known` says which words are worth restoring from digits or spaced letters."""
    truncated = len(text) > MAX_CHARACTERS
    text = text[:MAX_CHARACTERS]
    if text.isascii() and text.isprintable():
        plain, origins, tricks = text.lower(), None, False
    else:
        plain, origins, tricks = _fold_characters(text)
    plain, origins, restored = _restore_words(plain, origins, known)
    return Folded(plain, origins, len(text), tricks or restored, truncated)


def _fold_characters(text: str) -> tuple[str, list[int], bool]:
    """Fold each character by itself, then look-alikes by the company they keep."""
    out: list[str] = []
    origins: list[int] = []
    tricks = False
    for at, char in enumerate(text):
        if char.isascii():
            if char.isprintable() or char in _KEPT_CONTROLS:
                out.append(char.lower())
                origins.append(at)
            else:
                tricks = True
            continue
        category = unicodedata.category(char)
        if category in _DROPPED:
            tricks = tricks or (category == "Cf" and char not in "\u200d\u200e\u200f")
            continue
        plain = _plain(char)
        tricks = tricks or (plain.isascii() and plain.isalnum())
        for piece in plain:
            out.append(piece)
            origins.append(at)
    folded = "".join(out)
    if not folded.isascii():
        swapped = _swap_look_alikes(folded)
        tricks, folded = tricks or swapped != folded, swapped
    return folded, origins, tricks


def _plain(char: str) -> str:
    """Fold one character outside ASCII to its compatible form in small letters."""
    if char in "’‘`´ʼ":
        return "'"
    if char in "“”„«»":
        return '"'
    if char in "–—−‑":
        return "-"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char).lower()
    plain = unicodedata.normalize("NFC", plain)
    return plain if len(plain) <= 8 else char


def _swap_look_alikes(text: str) -> str:
    """Replace Greek and Cyrillic letters that stand in a word with Latin ones."""
    chars = list(text)
    for word in re.finditer(r"[^\W\d_]+", text):
        piece = word.group()
        if piece.isascii():
            continue
        latin = sum(c.isascii() or "LATIN" in unicodedata.name(c, "") for c in piece)
        foreign = [c for c in piece if c in _HOMOGLYPHS]
        whole = len(foreign) == len(piece) and len(piece) > 2
        if foreign and (latin or whole) and latin + len(foreign) >= len(piece):
            for at in range(word.start(), word.end()):
                chars[at] = _HOMOGLYPHS.get(chars[at], chars[at])
    return "".join(chars)


def _restore_words(
    text: str, origins: list[int] | None, known: Callable[[str], bool]
) -> tuple[str, list[int] | None, bool]:
    """Put known words back together: `st3mmen`, `s.t.e.m.p.a.s`."""
    edits: list[tuple[int, int, str]] = []
    for match in _SPACED.finditer(text):
        word = re.sub(r"[\W_]", "", match.group())
        found = next((w for w in (word, word.translate(_LEET)) if known(w)), None)
        if found:
            edits.append((match.start(), match.end(), found))
    for match in _INSIDE.finditer(text):
        word = re.sub(r"[\W_]", "", match.group())
        if known(word):
            edits.append((match.start(), match.end(), word))
    for match in _LEET_TOKEN.finditer(text):
        word = match.group()
        bare = word.rstrip("!|+")
        if bare.isalpha() or not any(c.isalpha() for c in bare):
            continue
        for table in (_LEET, _LEET_L):
            plain = bare.translate(table)
            if known(plain):
                edits.append((match.start(), match.start() + len(bare), plain))
                break
    if not edits:
        return text, origins, False
    return *_apply(text, origins, sorted(edits)), True


def _apply(
    text: str, origins: list[int] | None, edits: list[tuple[int, int, str]]
) -> tuple[str, list[int]]:
    """Write the words that were restored, and where each letter came from."""
    origins = origins if origins is not None else list(range(len(text)))
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for start, end, word in edits:
        if start < done:
            continue
        pieces += [text[done:start], word]
        places += origins[done:start]
        width = end - start
        places += [
            origins[start + min(i * width // len(word), width - 1)] for i in range(len(word))
        ]
        done = end
    pieces.append(text[done:])
    places += origins[done:]
    return "".join(pieces), places
