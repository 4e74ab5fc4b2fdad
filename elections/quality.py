"""What an average hides: pairs with one other value, hidden words, what only looks wrong."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from elections.evaluating import Row, calibration_error
from elections.facts import FactSheet
from elections.fusing import Verdict
from elections.screening import Text, screen

POSTED = datetime.fromisoformat("2026-03-16T10:00:00+01:00")
ELECTION = "nl-gr2026"
SEED = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement with its right and its wrong value."""

    lang: str
    right: str
    wrong: str


def read_pairs(lines: Sequence[str]) -> list[Pair]:
    """Read "lang | text with {} | right | wrong" from lines; others are remarks."""
    pairs = []
    for line in lines:
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) == 4 and not line.startswith("#"):
            lang, text, right, wrong = parts
            pairs.append(Pair(lang, text.replace("{}", right), text.replace("{}", wrong)))
    return pairs


def flips(pairs: Sequence[Pair], facts: Mapping[str, FactSheet]) -> dict[str, Any]:
    """Count the pairs of which the right one is consistent and the wrong one contradicts."""
    wanted = (Verdict.CONSISTENT, Verdict.CONTRADICTS)
    texts = [
        Text(text, POSTED, pair.lang, election=ELECTION)
        for pair in pairs
        for text in (pair.right, pair.wrong)
    ]
    verdicts = [outcome.verdict for outcome in screen(texts, facts)]
    found = list(zip(verdicts[::2], verdicts[1::2], strict=True))
    good = [one == wanted for one in found]
    return {
        "pairs": len(pairs),
        "flipped": _share(good),
        "different": _share([right is not wrong for right, wrong in found]),
        "failed": [
            f"{pair.wrong} ({right}, {wrong})"
            for pair, (right, wrong), ok in zip(pairs, found, good, strict=True)
            if not ok
        ],
    }


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0


LOOKALIKE = str.maketrans("aeopcxis", "аеорсхіѕ")
LEET = str.maketrans("aeost", "43057")
BOXED = {str(n): f"{n}\ufe0f\u20e3" for n in range(10)}


def _some_words(text: str, change: Callable[[str], str], rng: random.Random) -> str:
    """Change every third long word and at least one."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    for n in rng.sample(long, max(1, len(long) // 3)) if long else []:
        words[n] = change(words[n])
    return " ".join(words)


EVASIONS: dict[str, Callable[[str, random.Random], str]] = {
    "lookalikes": lambda text, rng: _some_words(text, lambda w: w.translate(LOOKALIKE), rng),
    "leet": lambda text, rng: _some_words(text, lambda w: w.translate(LEET), rng),
    "dots": lambda text, rng: _some_words(text, ".".join, rng),
    "spaces": lambda text, rng: _some_words(text, " ".join, rng),
    "zero_width": lambda text, rng: _some_words(text, "\u200b".join, rng),
    "boxed_digits": lambda text, _: "".join(BOXED.get(c, c) for c in text),
    "capitals": lambda text, _: text.upper(),
    "accents": lambda text, rng: _some_words(text, lambda w: w.replace("e", "é"), rng),
}


def evasion(rows: Sequence[Row], facts: Mapping[str, FactSheet]) -> dict[str, Any]:
    """Hide words of the posts that are found to contradict, and count which are still found."""
    plain = [row for row in rows if row.label == str(Verdict.CONTRADICTS) and row.facts is None]
    found = [
        row
        for row, outcome in zip(plain, screen([r.text for r in plain], facts), strict=True)
        if outcome.verdict is Verdict.CONTRADICTS
    ]
    losses = {}
    for name, hide in EVASIONS.items():
        rng = random.Random(SEED)  # noqa: S311  # a measure, not a secret
        hidden = [replace(row.text, text=hide(row.text.text, rng)) for row in found]
        still = [outcome.verdict is Verdict.CONTRADICTS for outcome in screen(hidden, facts)]
        losses[name] = round((1 - _share(still)) * len(found) / max(len(plain), 1), 4)
    mean = sum(losses.values()) / len(losses)
    return {"posts": len(plain), "recall": round(len(found) / max(len(plain), 1), 4),
            "recall_loss": losses, "mean_loss": round(mean, 4)}  # fmt: skip


def hard_negatives(rows: Sequence[Row], facts: Mapping[str, FactSheet]) -> dict[str, Any]:
    """Count what is said to contradict among posts that state nothing about this election."""
    texts = [row for row in rows if row.label == str(Verdict.NOT_PROCEDURAL) and row.facts is None]
    outcomes = screen([row.text for row in texts], facts)
    flagged = [outcome.verdict is Verdict.CONTRADICTS for outcome in outcomes]
    return {"posts": len(texts), "flagged": _share(flagged)}


def calibration(rows: Sequence[Row], facts: Mapping[str, FactSheet]) -> dict[str, float]:
    """Measure the calibration error of the scores in each language."""
    shared = [row for row in rows if row.facts is None and row.label]
    outcomes = screen([row.text for row in shared], facts)
    by_language: dict[str, list[tuple[Row, Any]]] = {}
    for row, outcome in zip(shared, outcomes, strict=True):
        by_language.setdefault(row.text.lang or "?", []).append((row, outcome))
    return {
        language: round(calibration_error(part), 4)
        for language, part in sorted(by_language.items())
    }
