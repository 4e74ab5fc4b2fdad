"""Read the hand-written skeletons: slots, propositions, frames, free statements, negatives.

A file holds sections. A section starts with a line "=kind words...", and each later line is one
skeleton. `{name}` is filled from the slots, `[a|b|]` picks one of its parts, `{n31}` is a number
from 1 to 31. A proposition has three forms, split by "||": main clause, subordinate clause (empty
where it is the same) and question. A frame holds {M}, {S} or {Q} for these forms.

    =slots                         name: value | value
    =prop TOPIC/FAMILY [CLAIM]
    =say CLAIM TOPIC               a proposition where the line has "||", else a free statement
    =other NAME                    a proposition about anything but voting
    =frame STANCE yes|no NAME      yes: the frame itself asserts the proposition
    =core TOPIC/FAMILY [CLAIM]     a free statement that asserts a procedure

A CLAIM is "key:value", what is said about a fact: id_expired:accepted. Where a line can turn out
either way, it has none.

    =hard NAME TOPIC STANCE GATE   asserts no procedure; GATE 1: still about voting
    =benign NAME                   no election at all
    =open, =tail, =filler          what stands around a message
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "skeletons"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))
FOLDS = 5
NO_CLAIM = "none"

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_NUMBER = re.compile(r"n(\d+)")


@dataclass(frozen=True)
class Skeleton:
    """One hand-written line with what it means."""

    key: str
    family: str
    lang: str
    kind: str
    text: str
    sub: str = ""
    question: str = ""
    topic: str = "none"
    stance: str = "asserts"
    procedural: bool = False
    gate: bool = False
    claim: str = ""

    @property
    def fold(self) -> int:
        """The cross-validation fold: the same for all skeletons of one family."""
        digest = hashlib.sha256(f"{self.lang}/{self.family}".encode()).digest()
        return digest[0] % FOLDS


@dataclass
class Language:
    """All skeletons of one language, by kind."""

    lang: str
    slots: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, list[Skeleton]] = field(default_factory=dict)

    def of(self, kind: str, *, folds: frozenset[int]) -> list[Skeleton]:
        """List the skeletons of a kind in these folds."""
        return [line for line in self.lines.get(kind, []) if line.fold in folds]


@cache
def read_language(lang: str) -> Language:
    """Read skeletons/<lang>.txt; a malformed line raises ValueError with its number."""
    found = Language(lang=lang)
    head: list[str] = []
    path = FOLDER / f"{lang}.txt"
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith("="):
            head = line[1:].split()
            continue
        if head[0] == "slots":
            name, _, values = line.partition(":")
            found.slots[name] = [value.strip() for value in values.split(" | ")]
            continue
        try:
            skeleton = _skeleton(lang, head, line)
        except (IndexError, ValueError) as problem:
            raise ValueError(f"{path.name}, line {number}: {problem}") from problem
        found.lines.setdefault(skeleton.kind, []).append(skeleton)
    return found


def _skeleton(lang: str, head: list[str], line: str) -> Skeleton:
    kind = head[0]
    mark = hashlib.sha256(line.encode()).hexdigest()[:10]
    if kind == "say":
        kind, claim, topic = ("prop" if "||" in line else "core"), head[1], head[2]
        # Split by line: a claim that no training fold has could not be learned at all.
        family = f"say {claim} {mark}"
    elif kind in {"prop", "core"}:
        topic, family = head[1].split("/")[0], f"prop {head[1]}"
        claim = head[2] if len(head) > 2 else ""
    key = f"{lang}:{kind}:{mark}"
    if kind == "prop":
        main, sub, question = (part.strip() for part in line.split("||"))
        return Skeleton(
            key, family, lang, kind, main, sub or main, question, topic=topic,
            procedural=True, gate=True, claim=claim,
        )  # fmt: skip
    if kind == "core":
        return Skeleton(
            key, key, lang, kind, line, topic=topic, procedural=True, gate=True, claim=claim
        )
    if kind == "other":
        main, sub, question = (part.strip() for part in line.split("||"))
        return Skeleton(key, f"other {head[1]}", lang, kind, main, sub or main, question)
    if kind == "frame":
        if head[2] not in {"yes", "no"}:
            raise ValueError(f"a frame says yes or no, not {head[2]!r}")
        return Skeleton(
            key, key, lang, kind, line, sub=head[3], stance=head[1],
            procedural=head[2] == "yes", gate=True,
        )  # fmt: skip
    if kind == "hard":
        return Skeleton(
            key, key, lang, kind, line, topic=head[2], stance=head[3], gate=head[4] == "1",
            claim=NO_CLAIM if head[2] == "none" else "",
        )  # fmt: skip
    if kind in {"benign", "open", "tail", "filler"}:
        return Skeleton(key, key, lang, kind, line, claim=NO_CLAIM)
    raise ValueError(f"unknown section {kind!r}")


def fill(text: str, *, slots: dict[str, list[str]], rng: random.Random) -> str:
    """Fill choices and slots until none is left."""
    for _ in range(8):
        text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
        filled = _SLOT.sub(lambda match: _value(match[1], slots, rng), text)
        if filled == text:
            return text
        text = filled
    return text


def _value(name: str, slots: dict[str, list[str]], rng: random.Random) -> str:
    number = _NUMBER.fullmatch(name)
    if number:
        top = int(number[1])
        return f"{rng.randrange(60):02d}" if top == 60 else str(rng.randint(1, top))
    if name not in slots:
        raise ValueError(f"no slot named {name!r}")
    return rng.choice(slots[name])
