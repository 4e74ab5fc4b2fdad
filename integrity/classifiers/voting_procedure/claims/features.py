"""What the claim model looks at: concepts, which of them stand together, words and their stems."""

import itertools
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.voting_procedure.patterns import Tagged

BITS = 15
REACH = 8
MAX_WORDS = 120
STEM = 5
# Concepts too common in any text to tell one statement from another.
_DULL = {
    "IMPER",
    "FROM",
    "RIGHTNOW",
    "DATEW",
    "DAYWORD",
    "YEARWORD",
    "WEEKWORD",
    "HOURWORD",
    "MINWORD",
}


def feature_ids(text: Tagged) -> NDArray[np.int64]:
    """Give the hashed features of a text, each once."""
    names = {*_concepts(text), *_words(text)}
    return np.array(sorted({_hash(name) for name in names}), dtype=np.int64)


def _hash(name: str) -> int:
    return zlib.crc32(name.encode()) & ((1 << BITS) - 1)


def _concepts(text: Tagged) -> Iterable[str]:
    """Name the concepts, and the pairs of them that stand close together in order."""
    hits = sorted(
        (hit.start, name)
        for name, found in text.hits.items()
        if name not in _DULL
        for hit in found
        if hit.start < MAX_WORDS
    )
    for n, (start, name) in enumerate(hits):
        yield f"c:{name}"
        sentence = text.tokens[start].sentence
        for other, second in hits[n + 1 :]:
            if other - start > REACH or text.tokens[other].sentence != sentence:
                break
            if other > start:
                yield f"p:{name}>{second}"


def _words(text: Tagged) -> Iterable[str]:
    """Name the words, pairs of words, stems and inner pieces."""
    words = [
        "#" if token.text[0].isdigit() else token.text
        for token in text.tokens[:MAX_WORDS]
        if token.text[0].isalnum()
    ]
    for word in words:
        yield f"w:{word}"
        yield f"s:{word[:STEM]}"
        if len(word) > STEM + 2:
            yield f"e:{word[-STEM:]}"
    for first, second in itertools.pairwise(words):
        yield f"b:{first} {second}"
