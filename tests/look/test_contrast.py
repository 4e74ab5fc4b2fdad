"""Every pair of colours that carries words or shape stands out enough, in light and in dark."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "tokens.css").read_text()
TEXT = [
    ("ink", "canvas"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink-2", "surface"),
    ("ink-2", "sunken"),
    ("ink-2", "canvas"),
    ("ink-3", "surface"),
    ("ink-3", "canvas"),
    ("on-act", "act"),
    ("act-ink", "surface"),
    ("act-ink", "act-soft"),
    ("on-harm", "harm"),
    ("harm-ink", "surface"),
    ("harm-ink", "harm-soft"),
    ("time-ink", "time-soft"),
    ("time-ink", "surface"),
    ("done-ink", "done-soft"),
    ("mark-ink", "mark"),
    ("seal", "surface"),
    ("ink", "act-soft"),
    ("ink-2", "act-soft"),
]
SHAPE = [
    ("line-strong", "surface"),
    ("act", "surface"),
    ("harm", "surface"),
    ("focus", "surface"),
    ("seal", "surface"),
    ("chart-1", "surface"),
    ("chart-2", "surface"),
    ("mark-line", "mark"),
]


def block(opening: str) -> dict[str, str]:
    start = TOKENS.index(opening)
    return dict(
        re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", TOKENS[start : TOKENS.index("}", start)])
    )


LIGHT = block("color-scheme: light;")
DARK = block(':root:not([data-scheme="light"])')
CHOSEN_DARK = block(':root[data-scheme="dark"] {')


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out(scheme):
    weak = {
        (a, b): contrast(scheme[a], scheme[b])
        for a, b in TEXT
        if contrast(scheme[a], scheme[b]) < 4.5
    }

    assert weak == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_stand_out(scheme):
    weak = {
        (a, b): contrast(scheme[a], scheme[b])
        for a, b in SHAPE
        if contrast(scheme[a], scheme[b]) < 3
    }

    assert weak == {}


def test_dark_by_system_and_dark_by_choice_are_the_same():
    assert DARK == CHOSEN_DARK
