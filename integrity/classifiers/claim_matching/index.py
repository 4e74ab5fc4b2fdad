"""A small BM25 index in memory: the yardstick of the benches, and the words side of a ranking."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.claim_matching.wordpiece import split_words

_K1, _B = 1.2, 0.75
_URL = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S+", re.IGNORECASE)
_SIGNATURE = re.compile(r"\s[—–-]\s[^—–]{1,60}\(@\w{1,30}\)\s+\w+ \d{1,2}, \d{4}\s*$")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
        "de",
        "het",
        "een",
        "en",
        "van",
        "in",
        "is",
        "dat",
        "die",
        "te",
        "op",
        "er",
        "met",
        "voor",
        "zijn",
        "aan",
        "als",
        "ook",
        "bij",
        "om",
        "maar",
        "dan",
        "uit",
        "nog",
        "wel",
        "je",
        "ze",
        "hij",
        "wat",
        "naar",
        "over",
    ]
)


def clean(text: str) -> str:
    """Take addresses and a quoted account's signature out of a message."""
    return " ".join(_SIGNATURE.sub("", _URL.sub(" ", text)).split())


def stem(word: str) -> str:
    """Cut the commonest endings of English and Dutch words; crude, and the same for both sides."""
    for ending in ("ations", "ation", "ingen", "ing", "ies", "ers", "ed", "es", "en", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def terms(text: str) -> list[str]:
    """Return the stemmed words of a text that carry meaning."""
    words = (w for w in split_words(clean(text)) if w[0].isalnum() and w not in _STOP)
    return [stem(word) for word in words]


class Bm25:
    """Okapi BM25 over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        each = [Counter(terms(text)) for text in texts]
        lengths = np.array([sum(counts.values()) for counts in each], dtype=np.float32)
        self.size = len(texts)
        mean = float(lengths.mean()) if self.size else 1.0
        self._length = _K1 * (1 - _B + _B * lengths / max(mean, 1e-6))
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for n, counts in enumerate(each):
            for term, count in counts.items():
                postings[term].append((n, count))
        self._postings = {
            term: (np.array([n for n, _c in rows]), np.array([c for _n, c in rows], np.float32))
            for term, rows in postings.items()
        }

    def scores(self, text: str) -> NDArray[np.float32]:
        """Score every text against a query."""
        out = np.zeros(self.size, dtype=np.float32)
        for term in set(terms(text)):
            found = self._postings.get(term)
            if found is None:
                continue
            rows, counts = found
            rarity = np.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            out[rows] += rarity * counts * (_K1 + 1) / (counts + self._length[rows])
        return out
