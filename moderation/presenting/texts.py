"""Texts with what is being judged marked, and with what hides from the eye made visible."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TIMESTAMP = re.compile(r"^\s*\[?(\d{1,2}:\d{2}(?::\d{2})?)\]?\s+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: plain, marked (being judged), or a character that hides from the eye."""

    text: str
    kind: str = "text"
    about: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, with the moment it was said if the text gives it."""

    segments: tuple[Segment, ...]
    said_at: str = ""
    is_hit: bool = False


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cc", "Co", "Cn") and char not in "\n\t\r\u200d"


def _plain(text: str, kind: str) -> Iterable[Segment]:
    start = 0
    for n, char in enumerate(text):
        if _is_hidden(char):
            if start < n:
                yield Segment(text[start:n], kind)
            name = unicodedata.name(char, "control character").lower()
            yield Segment(f"U+{ord(char):04X}", "hidden", name)
            start = n + 1
    if start < len(text):
        yield Segment(text[start:], kind)


def segments(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Segment, ...]:
    """Cut a text into plain and marked stretches; spans may overlap or reach outside the text."""
    found: list[Segment] = []
    at = 0
    for first, last in sorted(spans):
        start, end = max(at, first, 0), min(last, len(text))
        if start >= end:
            continue
        found += _plain(text[at:start], "text")
        found += _plain(text[start:end], "mark")
        at = end
    found += _plain(text[at:], "text")
    return tuple(found)


def lines(text: str, spans: Sequence[tuple[int, int]]) -> list[Line]:
    """Cut a transcript or on-screen text into lines, each with its time and its marks."""
    found: list[Line] = []
    offset = 0
    for raw in text.splitlines(keepends=True):
        inside = [
            (s - offset, e - offset) for s, e in spans if s < offset + len(raw) and e > offset
        ]
        stamp = _TIMESTAMP.match(raw)
        skip = stamp.end() if stamp else 0
        body = raw[skip:].rstrip("\r\n")
        if body.strip():
            cut = segments(body, [(s - skip, e - skip) for s, e in inside])
            found.append(Line(cut, stamp.group(1) if stamp else "", bool(inside)))
        offset += len(raw)
    return found
