"""What the encoder is trained on: posts by hand, the claim model's examples, filled skeletons.

A row is a text with its language and the one statement it makes, or why it makes none.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from integrity.classifiers.voting_procedure.claims.catalogue import FROM_SKELETONS
from integrity.classifiers.voting_procedure.claims.train import read_examples
from integrity.classifiers.voting_procedure.concepts import concepts_of
from integrity.classifiers.voting_procedure.encoder.words import bare
from integrity.classifiers.voting_procedure.training.catalogues import sentences
from integrity.classifiers.voting_procedure.training.skeletons import (
    FOLDER,
    Language,
    Skeleton,
    fill,
    read_language,
)

HERE = Path(__file__).parent
LANGUAGES = ("nl", "en")
NOTHING = "none"
SILENT = "none_silent"

# What the grammars read the value of: the encoder only says what the value is of.
VALUED = {
    "voting_day:on": ("voting_day", "on", "date"),
    "voting_day:split_by_group": ("voting_day", "on", "date"),
    "polls_open:at": ("polls_open", "at", "hours"),
    "polls_close:at": ("polls_close", "at", "hours"),
    "voter_pass_replacement:until": ("voter_pass_replacement_deadline", "until", "pass"),
    "registration_deadline:at": ("registration_deadline", "at", "registration"),
    "min_age:n": ("min_age", "age", "eligibility"),
    "proxy_max:n": ("proxy_max", "count", "proxy"),
    "ballot_marking:one_box": ("ballot_marking", "boxes", "ballot"),
    "preliminary_result:at": ("preliminary_result_date", "at", "result"),
    "official_result:at": ("official_result_date", "at", "result"),
}
# Why the skeletons' hard lines and frames state nothing.
HARD = {
    "personal": "story", "ask": "ask", "debunk": "debunk", "report": "quote", "opinion": "wish",
    "campaign": "campaign", "politics": "topic", "tvvote": "othervote", "clubvote": "othervote",
    "mood": "mood", "passes": "topic", "foreign": "foreign", "joke": "joke", "scam": "debunk",
    "tv": "othervote", "club": "othervote", "abroad": "foreign",
}  # fmt: skip
FRAMES = {"asks": "ask", "debunks": "debunk", "jokes": "joke"}
SHARE_STATED, SHARE_FRAMED, SHARE_HARD = 0.60, 0.14, 0.16
# Other names of the vote, put in so that no name tells by itself.
NAMED = {
    "nl": re.compile(
        r"\b(?:de|het) (?:verkiezing(?:en)?|gemeenteraadsverkiezing(?:en)?|raadsverkiezing(?:en)?"
        r"|kamerverkiezing(?:en)?|stembus)\b"
    ),
    "en": re.compile(r"\bthe (?:council )?(?:elections?|vote|polls)\b"),
}
NAMES = {
    "nl": (
        "het referendum", "de gemeenteraadsverkiezingen", "de raadsverkiezing", "de verkiezing",
        "de Tweede Kamerverkiezing", "het tramreferendum", "de stemming over het park",
        "de volksraadpleging", "de verkiezingen", "de stemming over de brug",
    ),
    "en": (
        "the referendum", "the council election", "the city vote", "the parliamentary election",
        "the bridge referendum", "the vote on the park", "the municipal elections",
        "the local election", "the plebiscite", "the election",
    ),
}  # fmt: skip
TAILS = {
    "nl": (
        "voor het referendum", "voor de raad", "voor de Tweede Kamer", "voor de gemeente",
        "in {gem}", "bij ons in {gem}", "hier in {gem}", "bij het referendum",
    ),
    "en": (
        "for the referendum", "for the council", "for parliament", "in {town}", "here in {town}",
        "for the city election", "in the referendum",
    ),
}  # fmt: skip
STRANGE = {"othervote", "foreign", "otherelect", "mood", "topic", "politics"}
# Words of voting that everyday talk made of shuffled words must not hold.
_OF_VOTING = {
    "VOTE", "SUFFRAGE", "ELECT", "ELDAY", "POLL", "BALLOT", "PASS", "PASSW", "KPASS", "PROXY",
    "MUSTGO", "GRWORD", "TKWORD", "REFWORD", "CANCELLED", "POSTPONED", "BOX", "PEN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A text, its language, what it states ("key claim") and whether a person wrote it as it is."""

    text: str
    lang: str
    claim: str
    by_hand: bool = True


@cache
def posts(lang: str) -> tuple[tuple[Row, str], ...]:
    """Read the posts of a language, each with the topic of what it states."""
    found: list[tuple[Row, str]] = []
    head: list[str] = []
    for line in (HERE / f"posts_{lang}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            head = line[1:].split(" ")
        elif line and not line.startswith("#"):
            found.append((Row(line, lang, f"{head[0]} {head[1]}"), head[2]))
    return tuple(found)


def by_hand() -> tuple[list[Row], dict[str, str]]:
    """Gather what was written by hand, and the topic of each statement."""
    rows: list[Row] = []
    topics: dict[str, str] = {}
    for lang in LANGUAGES:
        for row, topic in posts(lang):
            rows.append(row)
            topics.setdefault(row.claim, topic)
        for example in read_examples(lang):
            key, claim, topic = example.claim
            name = f"{key or SILENT} {claim}" if claim != "none" else f"{NOTHING} topic"
            rows.append(Row(example.text, lang, name))
            topics.setdefault(name, topic)
    for key, claim, topic in [*FROM_SKELETONS.values(), *VALUED.values()]:
        topics.setdefault(f"{key or SILENT} {claim}", topic)
    return rows, topics


def claim_of(skeleton: Skeleton) -> str:
    """Name what a skeleton states, "" where that is not known."""
    claim = FROM_SKELETONS.get(skeleton.claim) or VALUED.get(skeleton.claim)
    return f"{claim[0] or SILENT} {claim[1]}" if claim else ""


@cache
def _hard_lines(lang: str) -> tuple[tuple[str, str], ...]:
    """Read the skeletons' hard lines with their kind."""
    found = []
    head: list[str] = []
    for raw in (FOLDER / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if line.startswith("="):
            head = line[1:].split()
        elif line and not line.startswith("# ") and head and head[0] == "hard":
            kind = HARD.get(re.sub(r"\d", "", head[1]))
            if kind:
                found.append((kind, line))
    return tuple(found)


def skeleton_rows(rng: random.Random, count: int) -> Iterator[Row]:
    """Fill skeletons: two Dutch to one English, every statement as often as every other."""
    made = 0
    while made < count:
        lang = rng.choice(("nl", "nl", "en"))
        row = _skeleton_row(read_language(lang), rng)
        if row is not None:
            made += 1
            yield row


@cache
def glossary() -> tuple[tuple[str, str], ...]:
    """Read the Dutch words with their meanings."""
    found = []
    for line in (HERE / "glossary.txt").read_text(encoding="utf-8").splitlines():
        words, _, meaning = line.partition(" = ")
        if meaning:
            found += [(bare(word).replace("'", ""), meaning) for word in words.split()]
    return tuple(found)


@cache
def _everyday_words(lang: str) -> tuple[str, ...]:
    """List words that have nothing to do with voting."""
    every = {word for word, _ in glossary()}
    if lang == "en":
        every = {word for _, meaning in glossary() for word in meaning.split()}
    return tuple(sorted(w for w in every if w.isalpha() and not _OF_VOTING & {*concepts_of(w)}))


@cache
def talk(lang: str) -> tuple[str, ...]:
    """Read the posts that have nothing to do with voting."""
    lines = (HERE / f"talk_{lang}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def ordinary_rows(rng: random.Random, count: int) -> Iterator[Row]:
    """Write everyday talk: posts by hand, sentences of software, benign skeletons, random words.

    What the encoder has never seen must not look like a statement about voting.
    """
    for _ in range(count):
        lang = rng.choice(LANGUAGES)
        dice = rng.random()
        if dice < 0.25:
            lines = sentences(lang)
            text = " ".join(rng.choice(lines) for _ in range(rng.randint(1, 2)))
        elif dice < 0.7:
            text = " ".join(rng.sample(talk(lang), rng.choice((1, 1, 1, 2))))
        elif dice < 0.85:
            language = read_language(lang)
            text = fill(rng.choice(language.lines["benign"]).text, slots=language.slots, rng=rng)
        else:
            words = _everyday_words(lang)
            text = " ".join(rng.choice(words) for _ in range(rng.randint(5, 22)))
        yield Row(text, lang, f"{NOTHING} topic", by_hand=False)


@cache
def _stated(lang: str) -> dict[str, list[Skeleton]]:
    """Group the skeletons of a language by what they state."""
    found: dict[str, list[Skeleton]] = defaultdict(list)
    language = read_language(lang)
    for skeleton in [*language.lines["prop"], *language.lines["core"]]:
        if claim := claim_of(skeleton):
            found[claim].append(skeleton)
    return dict(sorted(found.items()))


def _skeleton_row(language: Language, rng: random.Random) -> Row | None:
    dice, lang = rng.random(), language.lang
    stated = _stated(lang)

    def filled(text: str, claim: str) -> Row:
        return Row(fill(text, slots=language.slots, rng=rng), lang, claim, by_hand=False)

    if dice < SHARE_STATED + SHARE_FRAMED:
        claim = rng.choice(list(stated))
        asserts = dice < SHARE_STATED
        one = rng.choice(stated[claim])
        if one.kind == "core":
            return filled(one.text, claim) if asserts else None
        frame = _frame(language, rng, asserts=asserts)
        text = frame.text
        for sign, form in {"{M}": one.text, "{S}": one.sub, "{Q}": one.question}.items():
            text = text.replace(sign, form or one.text)
        return filled(text, claim if asserts else f"{NOTHING} {_why(frame)}")
    if dice < SHARE_STATED + SHARE_FRAMED + SHARE_HARD:
        kind, text = rng.choice(_hard_lines(lang))
        return filled(text, f"{NOTHING} {kind}")
    return filled(rng.choice(language.lines["benign"]).text, f"{NOTHING} topic")


def _frame(language: Language, rng: random.Random, *, asserts: bool) -> Skeleton:
    """Pick a frame, each kind as often as every other, but seldom one about another vote."""
    kinds: dict[tuple[str, str], list[Skeleton]] = defaultdict(list)
    for frame in language.lines["frame"]:
        if frame.procedural == asserts:
            kinds[frame.stance, frame.sub].append(frame)
    names = sorted(kinds)
    if rng.random() < 0.9:
        names = [name for name in names if not name[1].startswith("other")]
    return rng.choice(kinds[rng.choice(names)])


def _why(frame: Skeleton) -> str:
    """Say why a framed statement is not made."""
    if frame.sub.startswith("other"):
        return "otherelect"
    if frame.stance == "quotes":
        return "debunk" if frame.sub.startswith("reject") else "quote"
    return FRAMES.get(frame.stance, "wish")


def varied(row: Row, rng: random.Random) -> str:
    """Vary which vote is named, and put what people write around a statement."""
    text, lang = row.text, row.lang
    language = read_language(lang)
    if row.claim.removeprefix(f"{NOTHING} ") not in STRANGE:
        text = _renamed(text, language, rng)
    if rng.random() < (0.75 if row.by_hand else 0.35):
        text = _surrounded(text, language, rng)
    return text


def _renamed(text: str, language: Language, rng: random.Random) -> str:
    dice = rng.random()
    if dice < 0.25:
        return NAMED[language.lang].sub(lambda _: rng.choice(NAMES[language.lang]), text, count=1)
    if dice < 0.33:
        tail = fill(rng.choice(TAILS[language.lang]), slots=language.slots, rng=rng)
        return f"{text.rstrip('.! ')} {tail}" if rng.random() < 0.7 else f"{tail} {text}"
    return text


def _surrounded(text: str, language: Language, rng: random.Random) -> str:
    if rng.random() < 0.12:
        fillers = [line.text for line in language.lines["filler"]]
        rng.shuffle(fillers)
        before, after = rng.randint(0, 1), rng.randint(0, 2)
        return " ".join([*fillers[:before], text, *fillers[before : before + after]])
    for kind, share in (("open", 0.2), ("tail", 0.2)):
        if rng.random() < share:
            line = fill(rng.choice(language.lines[kind]).text, slots=language.slots, rng=rng)
            text = f"{line} {text}" if kind == "open" else f"{text} {line}"
    return text
