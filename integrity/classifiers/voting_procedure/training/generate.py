"""Write labelled posts from the skeletons; the same seed and folds give the same posts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from integrity.classifiers.voting_procedure.training import catalogues, perturb
from integrity.classifiers.voting_procedure.training.skeletons import (
    FOLDS,
    LANGUAGES,
    NO_CLAIM,
    Language,
    Skeleton,
    fill,
    read_language,
)

ALL_FOLDS = frozenset(range(FOLDS))
MAIN_LANGUAGES = ("nl", "en")
OTHER_SHARE = 0.12

# Share of each recipe; over 40 % are negatives that talk about voting or look like it.
RECIPES = {
    "framed_yes": 0.17,
    "framed_no": 0.18,
    "framed_other": 0.12,
    "core": 0.21,
    "hard": 0.17,
    "benign": 0.17,
    "catalogue": 0.07,
}


@dataclass(frozen=True)
class Post:
    """One training post with its labels and where it came from.

    `core` is the message without what stands around it, in a style of its own.
    """

    text: str
    lang: str
    topic: str
    stance: str
    procedural: bool
    gate: bool
    family: str
    skeleton: str
    core: str
    claim: str


def write_posts(*, count: int, seed: int, folds: frozenset[int] = ALL_FOLDS) -> Iterator[Post]:
    """Yield that many posts, made only of skeletons of the given folds."""
    rng = random.Random(seed)  # noqa: S311  # training data, not a secret
    others = [lang for lang in LANGUAGES if lang not in MAIN_LANGUAGES]
    made = 0
    while made < count:
        if others and rng.random() < OTHER_SHARE:
            lang = rng.choice(others)
        else:
            lang = rng.choice(MAIN_LANGUAGES)
        post = _write_one(read_language(lang), folds, rng)
        if post is not None:
            made += 1
            yield post


def _write_one(language: Language, folds: frozenset[int], rng: random.Random) -> Post | None:
    recipe = rng.choices(list(RECIPES), weights=list(RECIPES.values()))[0]
    made = WRITERS[recipe](language, folds, rng)
    if made is None:
        return None
    text, skeleton, label = made
    core = perturb.restyle(text, lang=language.lang, rng=rng)
    text = _surround(text, language, folds, rng)
    text = perturb.restyle(text, lang=language.lang, rng=rng)
    return Post(
        text=text,
        lang=language.lang,
        topic=label.topic,
        stance=label.stance,
        procedural=label.procedural,
        gate=label.gate,
        family=skeleton.family,
        skeleton=skeleton.key,
        core=core,
        claim=label.claim,
    )


@dataclass(frozen=True)
class Label:
    """What a writer says its text means."""

    topic: str
    stance: str
    procedural: bool
    gate: bool
    claim: str


Made = tuple[str, Skeleton, Label] | None


def _framed(
    language: Language, folds: frozenset[int], rng: random.Random, *, asserts: bool
) -> Made:
    frames = [frame for frame in language.of("frame", folds=folds) if frame.procedural == asserts]
    props = language.of("prop", folds=folds)
    if not frames or not props:
        return None
    # Kinds of frame first, so that a kind with few lines is seen as often as one with many.
    frame = _balanced(frames, by=lambda one: f"{one.stance} {one.sub}", rng=rng)
    prop = _balanced(props, by=lambda one: one.claim or one.topic, rng=rng)
    forms = {"{M}": prop.text, "{S}": prop.sub, "{Q}": prop.question}
    text = frame.text
    for sign, form in forms.items():
        text = text.replace(sign, form)
    text = fill(text, slots=language.slots, rng=rng)
    other = frame.sub == "other"
    topic = "none" if other else prop.topic
    return (
        text,
        prop,
        Label(topic, frame.stance, frame.procedural, True, "" if other else prop.claim),
    )


def _framed_yes(language: Language, folds: frozenset[int], rng: random.Random) -> Made:
    return _framed(language, folds, rng, asserts=True)


def _framed_no(language: Language, folds: frozenset[int], rng: random.Random) -> Made:
    return _framed(language, folds, rng, asserts=False)


def _framed_other(language: Language, folds: frozenset[int], rng: random.Random) -> Made:
    """Say something that is not about voting in the same frames: the frame alone tells nothing."""
    frames = language.of("frame", folds=folds)
    others = language.of("other", folds=folds)
    if not frames or not others:
        return None
    frame = _balanced(frames, by=lambda one: f"{one.stance} {one.sub}", rng=rng)
    other = rng.choice(others)
    text = frame.text
    for sign, form in {"{M}": other.text, "{S}": other.sub, "{Q}": other.question}.items():
        text = text.replace(sign, form)
    text = fill(text, slots=language.slots, rng=rng)
    return text, other, Label("none", frame.stance, False, False, NO_CLAIM)


def _catalogue(language: Language, folds: frozenset[int], rng: random.Random) -> Made:
    """Take one to three sentences of everyday software."""
    lines = catalogues.sentences(language.lang)
    if not lines:
        return None
    # Every twentieth part of the catalogue is a skeleton of its own, so that it splits by fold.
    at = rng.randrange(len(lines))
    part = Skeleton(f"{language.lang}:catalogue:{at % 20}", f"catalogue {at % 20}",
                    language.lang, "catalogue", "")  # fmt: skip
    if part.fold not in folds:
        return None
    text = " ".join(lines[(at + 20 * step) % len(lines)] for step in range(rng.randint(1, 3)))
    return text, part, Label("none", "asserts", False, False, NO_CLAIM)


def _line(kind: str) -> Callable[[Language, frozenset[int], random.Random], Made]:
    def write(language: Language, folds: frozenset[int], rng: random.Random) -> Made:
        lines = language.of(kind, folds=folds)
        if not lines:
            return None
        one = _balanced(lines, by=lambda line: line.claim or line.topic, rng=rng, flat=0.5)
        text = fill(one.text, slots=language.slots, rng=rng)
        return text, one, Label(one.topic, one.stance, one.procedural, one.gate, one.claim)

    return write


WRITERS: dict[str, Callable[[Language, frozenset[int], random.Random], Made]] = {
    "framed_yes": _framed_yes,
    "framed_no": _framed_no,
    "framed_other": _framed_other,
    "catalogue": _catalogue,
    "core": _line("core"),
    "hard": _line("hard"),
    "benign": _line("benign"),
}


def _balanced(
    lines: list[Skeleton],
    *,
    by: Callable[[Skeleton], str],
    rng: random.Random,
    flat: float = 0.25,
) -> Skeleton:
    """Pick a line: with chance `flat` any line alike, else first a group and then a line."""
    if rng.random() < flat:
        return rng.choice(lines)
    groups = sorted({by(line) for line in lines})
    group = rng.choice(groups)
    return rng.choice([line for line in lines if by(line) == group])


def _surround(text: str, language: Language, folds: frozenset[int], rng: random.Random) -> str:
    """Put greetings, closings, small talk or a long transcript around a message."""

    def some(kind: str) -> str:
        lines = language.of(kind, folds=folds)
        return fill(rng.choice(lines).text, slots=language.slots, rng=rng) if lines else ""

    dice = rng.random()
    if dice < 0.10:
        fillers = [line.text for line in language.of("filler", folds=folds)]
        rng.shuffle(fillers)
        before, after = rng.randint(0, 3), rng.randint(0, 3)
        return " ".join([*fillers[:before], text, *fillers[before : before + after]]).strip()
    if dice < 0.16:
        pair = [text, some("benign")]
        rng.shuffle(pair)
        return rng.choice([". ", " ", "\n", "! "]).join(part for part in pair if part)
    if rng.random() < 0.22:
        text = rng.choice([" ", ", ", "\n", " "]).join([some("open"), text])
    if rng.random() < 0.25:
        text = rng.choice([" ", ". ", "\n", ", "]).join([text, some("tail")])
    return text.strip()
