"""Restyle a post the way people and evaders do: register, dialect, typos, disguises."""

from __future__ import annotations

import random
import re
import unicodedata

FLEMISH = {
    "je kunt": "ge kunt",
    "je kan": "ge kunt",
    "je moet": "ge moet",
    "je mag": "ge moogt",
    "je": "ge",
    "jullie": "gulle",
    "niet": "nie",
    "stembureau": "kiesbureau",
    "stembureaus": "kiesbureaus",
    "stempas": "oproepingsbrief",
    "ook": "oek",
    "morgen": "mergen",
    "gewoon": "gewoon",
    "dat": "da",
    "wat": "wa",
    "is het": "is't",
    "leuk": "plezant",
    "mijn": "mijne",
    "vandaag": "vandaag",
    "iets": "iet",
}
DUTCH_TEXTSPEAK = {
    "niet": "nie",
    "mijn": "mn",
    "even": "ff",
    "een": "n",
    "het": "t",
    "heb": "heb",
    "gewoon": "gwn",
    "met": "me",
    "vandaag": "vndg",
    "morgen": "mrgn",
    "iemand": "iem",
    "volgens mij": "vgm",
    "weet": "wee",
    "dat": "da",
    "stemmen": "stemme",
    "moeten": "moete",
    "kunnen": "kunne",
    "wachten": "wachte",
    "groetjes": "grtjs",
}
ENGLISH_TEXTSPEAK = {
    "you": "u",
    "your": "ur",
    "are": "r",
    "tomorrow": "tmrw",
    "because": "cuz",
    "going to": "gonna",
    "don't": "dont",
    "can't": "cant",
    "please": "pls",
    "people": "ppl",
    "with": "w",
    "to": "2",
    "for": "4",
    "before": "b4",
    "tonight": "2nite",
    "the": "da",
    "really": "rly",
    "and": "n",
}
BRITISH_SPOKEN = {
    "you": "ya",
    "isn't": "ain't",
    "nothing": "nowt",
    "my": "me",
    "going": "goin",
    "voting": "votin",
    "them": "em",
    "is not": "ain't",
}
LOOKS = {
    "a": "а@4ạ",
    "c": "сϲ",
    "e": "е3€ė",
    "i": "і1!ı",
    "o": "о0οọ",
    "p": "р",
    "s": "ѕ5$",
    "t": "7т",
    "u": "υ",
    "x": "х",
    "y": "у",
    "k": "к",
    "n": "ո",
}
KEYS = {
    "a": "qs", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip
ZERO_WIDTH = "\u200b\u200c\u200d\u2060"
VOTING_WORDS = re.compile(
    r"(?i)\b(stem\w*|vote\w*|voting|poll\w*|ballot\w*|verkiezing\w*|kiezer\w*|volmacht\w*|"
    r"online|sms|app|paspoort|passport|woensdag|donderdag|wednesday|thursday)\b"
)


def restyle(text: str, *, lang: str, rng: random.Random) -> str:
    """Give the post a register, then some noise; most posts change little."""
    text = _register(text, lang, rng)
    dice = rng.random()
    if dice < 0.17:
        text = typos(text, rng=rng)
    elif dice < 0.24:
        text = disguise(text, rng=rng)
    elif dice < 0.27:
        text = text[: max(12, int(len(text) * rng.uniform(0.85, 0.97)))] + rng.choice(
            ["…", "", ".."]
        )
    elif dice < 0.30:
        text = "".join(
            char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
        )
    return text


def _register(text: str, lang: str, rng: random.Random) -> str:
    dice = rng.random()
    if dice < 0.20:
        text = text.lower()
    elif dice < 0.26:
        text = text.upper()
    elif dice < 0.36:
        text = spoken(text)
    elif dice < 0.46:
        text = text[:1].upper() + text[1:]
    elif dice < 0.50:
        text = hashtagged(text, rng=rng)
    elif dice < 0.60 and lang in {"nl", "en"}:
        tables = (
            [FLEMISH, FLEMISH, DUTCH_TEXTSPEAK]
            if lang == "nl"
            else [ENGLISH_TEXTSPEAK, ENGLISH_TEXTSPEAK, BRITISH_SPOKEN]
        )
        text = reworded(text, table=rng.choice(tables), rng=rng)
    elif dice < 0.63:
        sign = rng.choice("❗⚠🚨📢🔥👀")
        text = f"{sign * rng.randint(1, 3)} {text} {sign}"
    return text


def spoken(text: str) -> str:
    """Write it as a transcript does: no capitals and no punctuation."""
    return re.sub(r"[^\w\s'€%-]", "", text.lower())


def hashtagged(text: str, *, rng: random.Random) -> str:
    """Turn some words into hashtags."""
    return " ".join(
        f"#{word}" if word.isalpha() and len(word) > 4 and rng.random() < 0.3 else word
        for word in text.split(" ")
    )


def reworded(text: str, *, table: dict[str, str], rng: random.Random) -> str:
    """Replace words by their dialect or text-speak form, each with a chance of two in three."""
    for word, other in table.items():
        if rng.random() < 0.67:
            text = re.sub(rf"(?i)\b{re.escape(word)}\b", other, text)
    return text


def typos(text: str, *, rng: random.Random) -> str:
    """Make one slip per some forty characters."""
    chars = list(text)
    for _ in range(max(1, len(chars) // 40)):
        at = rng.randrange(len(chars))
        if not chars[at].isalpha():
            continue
        kind = rng.randrange(4)
        if kind == 0:
            chars[at] = ""
        elif kind == 1:
            chars[at] = chars[at] * 2
        elif kind == 2 and at + 1 < len(chars):
            chars[at], chars[at + 1] = chars[at + 1], chars[at]
        else:
            chars[at] = rng.choice(KEYS.get(chars[at].lower(), chars[at]))
    return "".join(chars)


def disguise(text: str, *, rng: random.Random) -> str:
    """Hide voting words from filters: look-alikes, leet, zero-width signs, separators."""
    kind = rng.randrange(4)

    def look_alike(match: re.Match[str]) -> str:
        return "".join(
            rng.choice(LOOKS[char.lower()])
            if char.lower() in LOOKS and rng.random() < 0.4
            else char
            for char in match[0]
        )

    if kind == 0:
        return VOTING_WORDS.sub(look_alike, text)
    if kind == 1:
        return VOTING_WORDS.sub(lambda match: rng.choice(ZERO_WIDTH).join(match[0]), text)
    if kind == 2:
        mark = rng.choice([".", "-", " ", "_", "*"])
        return VOTING_WORDS.sub(lambda match: mark.join(match[0]), text)
    return re.sub(r"\w+", look_alike, text)
