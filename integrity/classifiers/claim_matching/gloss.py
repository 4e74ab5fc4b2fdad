"""Dutch words by their English ones, so that a claim in either language gets a like vector.

A gloss is no translation: it only brings the words of one language near those of the other for
the encoder. What may be said of a claim is never decided by it.
"""

import re
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*|\S")
# Words of one language that the other does not have: they tell which of the two a text is.
_OF_DUTCH = """
de het een en van niet geen je dat die zijn wordt worden met voor op aan te er naar bij ook maar
als om kan moet mag uit door hebben heeft
"""
_OF_ENGLISH = """
the a an and not no you are that this with for on to there at by also but if can must may from
have has it will be been their your
"""
_DUTCH, _ENGLISH = frozenset(_OF_DUTCH.split()), frozenset(_OF_ENGLISH.split())
_LONGEST = 3


def is_dutch(text: str) -> bool:
    """Say whether a text reads as Dutch rather than as English."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    dutch = sum(word in _DUTCH and word not in _ENGLISH for word in words)
    english = sum(word in _ENGLISH and word not in _DUTCH for word in words)
    if dutch == english:
        known = sum(word in lexicon() for word in words)
        return known * 2 > len(words)
    return dutch > english


def gloss(text: str) -> str:
    """Return a Dutch text in English words, word by word; any other text as it is."""
    if not is_dutch(text):
        return text
    words = _WORD.findall(text.lower())
    out: list[str] = []
    at = 0
    while at < len(words):
        for length in range(_LONGEST, 0, -1):
            found = lexicon().get(" ".join(words[at : at + length]))
            if found is not None:
                out.append(found)
                at += length
                break
        else:
            out.append(_compound(words[at]))
            at += 1
    return " ".join(out)


def _compound(word: str) -> str:
    """Split a compound into two known words: `stembureauvoorzitter` is about a polling station."""
    if len(word) < 9:
        return word
    known = lexicon()
    for cut in range(len(word) - 3, 3, -1):
        head, tail = word[:cut], word[cut:]
        for joint in ("", "s", "en"):
            first = head.removesuffix(joint) if joint else head
            if first in known and tail in known and len(first) > 3 and len(tail) > 3:
                return f"{known[first]} {known[tail]}"
    return word


@lru_cache(maxsize=1)
def lexicon() -> dict[str, str]:
    """Read the glossary once."""
    lines = (Path(__file__).parent / "gloss.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" = ") for line in lines if line and not line.startswith("#"))
    return {dutch.strip(): english.strip() for dutch, english in pairs}
