"""What makes a sentence checkable: its shape first, then its words and their neighbours. Pure."""

import itertools
import re
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

BITS = 15
MAX_WORDS = 80
STEM = 5
# A shape says more about an unknown text than any of its words.
SHAPE_WEIGHT = 3.0

_ADDRESS = re.compile(r"(?:https?://|www\.|t\.co/)\S+", re.IGNORECASE)
_NAMED = re.compile(r"[@#]\w+")
_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*%?")
_MONEY = re.compile(r"[€$£]|\b(?:euros?|dollars?|cents?|ton)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

# Words that say of what sort a sentence is, in both languages together.
_LEXICON: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "many": "miljoen miljard duizend duizenden honderden tientallen dozijn million billion "
        "thousand thousands hundred hundreds dozens trillion meer minder fewer less more most "
        "meeste half helft dubbel double verdubbeld doubled gemiddeld average elke every each",
        "percent": "procent percent percentage % pct punt points",
        "past": "was waren werd werden had hadden kreeg gaf ging zei stemde won verloor is zijn "
        "were did said gave went voted took cut raised lost spent signed promised has have been "
        "heeft hebben bleek meldde daalde steeg stegen kwam kwamen rose fell died opposed",
        "moved": "gestegen gedaald toegenomen afgenomen gehalveerd verlaagd verhoogd increased "
        "decreased rose fell grew grown dropped highest lowest hoogste laagste largest grootste "
        "record stijgt daalt groeit",
        "source": "volgens blijkt onderzoek meldt bericht cijfers according study report reports "
        "reported shows data figures statistics found gemeld bewijs proof evidence",
        "mine": "ik mij me mijn i my me i'm i'll i'd i've myself",
        "ours": "wij we ons onze our us let's laten",
        "yours": "jij je jullie u uw you your",
        "view": "vind vindt denk geloof hoop hopelijk misschien think believe hope feel maybe "
        "perhaps guess wish mening opinion belachelijk schande mooi goed slecht great wonderful "
        "terrible disgrace trots proud leuk fijn gezellig echt really gewoon simply",
        "should": "moet moeten zou zouden should must ought need needs would kunnen can could mag",
        "shall": "zal zullen gaan gaat will shall going we'll i'll",
        "asks": "wie wat waar waarom wanneer hoe welke who what where why when how which",
        "thanks": "bedankt dank dankjewel gefeliciteerd succes sterkte thanks thank "
        "congratulations please welkom welcome goedemorgen morning evening night hallo hello",
        "who": "minister president burgemeester wethouder mayor senator governor congress senate "
        "gemeente kabinet ministerie government council court rechter politie police party partij "
        "kandidaat candidate lijsttrekker raadslid",
    }.items()
}


def shape_ids(text: str) -> list[int]:
    """Return the hashed features of a sentence's shape."""
    return sorted({_hash(f"shape:{name}") for name in _shape(text)})


def word_ids(text: str) -> list[int]:
    """Return the hashed features of a sentence's words."""
    return sorted({_hash(name) for name in _words(text)})


def vector(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the features of a sentence with their values: shape and words weigh the same."""
    shapes, words = shape_ids(text), word_ids(text)
    ids = np.array(shapes + words, dtype=np.int64)
    values = np.concatenate(
        [
            np.full(len(shapes), SHAPE_WEIGHT / max(1.0, len(shapes)) ** 0.5, dtype=np.float32),
            np.full(len(words), 1.0 / max(1.0, len(words)) ** 0.5, dtype=np.float32),
        ]
    )
    return ids, values


def _shape(text: str) -> Iterable[str]:
    plain = _NAMED.sub(" ", _ADDRESS.sub(" ", text))
    words = [w.lower() for w in _WORD.findall(plain)][:MAX_WORDS]
    seen = set(words)
    numbers = [w for w in words if w[0].isdigit() and not _YEAR.fullmatch(w)]
    yield f"words:{min(len(words) // 4, 8)}"
    yield f"numbers:{min(len(numbers), 3)}"
    if _YEAR.search(plain):
        yield "year"
    if _MONEY.search(plain):
        yield "money"
    if "%" in plain:
        yield "percent"
    for name, known in _LEXICON.items():
        count = len(seen & known)
        if count:
            yield name
            yield f"{name}:{min(count, 3)}"
    if words and words[0] in _LEXICON["asks"] | _LEXICON["mine"] | _LEXICON["ours"]:
        yield "begins:asks-or-self"
    if words and words[0] in _LEXICON["thanks"]:
        yield "begins:thanks"
    if plain.rstrip().endswith("?"):
        yield "question"
    if "!" in plain:
        yield "exclaims"
    names = sum(w[0].isupper() for w in _WORD.findall(plain)[1:MAX_WORDS])
    yield f"names:{min(names, 4)}"
    if numbers and ("past" in {n for n, k in _LEXICON.items() if seen & k}):
        yield "numbers+past"


def _words(text: str) -> Iterable[str]:
    plain = _NAMED.sub(" ", _ADDRESS.sub(" ", text))
    words = ["#" if w[0].isdigit() else w.lower() for w in _WORD.findall(plain)][:MAX_WORDS]
    for word in words:
        yield f"w:{word}"
        yield f"s:{word[:STEM]}"
        if len(word) > STEM + 2:
            yield f"e:{word[-STEM:]}"
    for one, other in itertools.pairwise(words):
        yield f"b:{one} {other}"


def _hash(name: str) -> int:
    return zlib.crc32(name.encode()) & ((1 << BITS) - 1)
