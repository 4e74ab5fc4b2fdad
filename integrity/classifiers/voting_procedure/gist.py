"""The second gate: from the words of many posts at once, whether they are about voting at all.

Each piece of a word has a short vector; their mean and their highest values decide. It knows what
words mean a little, since the vectors begin at the encoder's; it knows no order.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.voting_procedure import chosen, ngrams
from integrity.classifiers.voting_procedure.encoder import model as encoder
from integrity.classifiers.voting_procedure.encoder.words import Vocabulary

WEIGHTS = Path(__file__).parent / "weights" / "gist.npz"
CHECKSUM = WEIGHTS.with_suffix(".sha256")
CHUNK = 512
MOST_PIECES = 96
# A long text is about voting when one of its stretches is.
STRETCH = 32
MOSTLY = 0.6
# A text with a word that begins like one of these is read whatever its gist is.
OF_VOTING = ("stem", "verkiez", "kieze", "vote", "voti", "electio", "ballot", "referend")

Floats = NDArray[np.float32]
logger = logging.getLogger(__name__)


class Gist:
    """The loaded vectors; safe to share between threads."""

    def __init__(self, arrays: dict[str, NDArray[Any]], vocabulary: Vocabulary) -> None:
        """Unpack the vectors and the small layers behind them."""
        self._vectors = arrays["vectors"].astype(np.float32) * arrays["scale"]
        self._layers = [
            (arrays[f"weight{n}"].astype(np.float32), arrays[f"bias{n}"].astype(np.float32))
            for n in (1, 2)
        ]
        self._vocabulary = vocabulary
        self._nothing = vocabulary.shared["[UNK]"]
        self._known: dict[str, tuple[int, ...]] = {}

    def chances(self, texts: Sequence[str], gates: Floats) -> Floats:
        """Give the chance that each text is about voting; `gates` is what the first gate says.

        A text with a word of voting gets 1, and so does one of which it hardly knows a word.
        """
        evidence = as_odds(gates)
        parts = [
            self._chunk(texts[at : at + CHUNK], evidence[at : at + CHUNK])
            for at in range(0, len(texts), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _chunk(self, texts: Sequence[str], evidence: Floats) -> Floats:
        words = words_of(texts)
        numbers, starts, owner = stretches(words, self._pieces, self._nothing)
        vectors = self._vectors[numbers]
        sizes = np.diff(np.append(starts, len(numbers)))
        half = vectors.shape[1] // 2
        mean = np.add.reduceat(vectors[:, :half], starts, axis=0) / sizes[:, None]
        highest = np.maximum.reduceat(vectors[:, half:], starts, axis=0)
        logits = self._judge(np.hstack([mean, highest, evidence[owner][:, None]]))
        best = np.maximum.reduceat(logits, np.searchsorted(owner, np.arange(len(texts))))
        out: Floats = (1 / (1 + np.exp(-best))).astype(np.float32)
        out[[n for n, found in enumerate(words) if not self._may_judge(found)]] = 1
        return out

    def _may_judge(self, words: Sequence[str]) -> bool:
        """Say whether it knows most words and none of them is plainly about voting."""
        return self._mostly_known(words) and not any(word.startswith(OF_VOTING) for word in words)

    def _mostly_known(self, words: Sequence[str]) -> bool:
        """Say whether most words are words of its own and not pieces of another language's."""
        first = words[:MOST_PIECES]
        whole = sum(len(self._pieces(word)) == 1 for word in first)
        return whole >= MOSTLY * len(first)

    def _judge(self, features: Floats) -> Floats:
        (first, bias), (second, shift) = self._layers
        hidden = np.maximum(features @ first + bias, 0)
        logits: Floats = (hidden @ second + shift)[:, 0]
        return logits

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._known.get(word)
        if found is None:
            found = self._vocabulary.pieces(word[:40], english=False)
            if len(self._known) < 300_000:
                self._known[word] = found
        return found


def as_odds(gates: Floats) -> Floats:
    """Turn chances into the logarithm of their odds, which can be weighed and added."""
    bounded = np.clip(gates, 1e-3, 1 - 1e-3)
    odds: Floats = np.log(bounded / (1 - bounded)).astype(np.float32)
    return odds


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Fold many texts as the n-grams do, and cut them at the spaces."""
    folded = ngrams.fold(texts)
    joined = folded.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
    ends = [*folded.starts[1:].tolist(), len(joined)]
    return [
        joined[start:end].replace("\0", "").split()
        for start, end in zip(folded.starts.tolist(), ends, strict=True)
    ]


def stretches(
    texts: Sequence[Sequence[str]], pieces: Any, nothing: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the pieces of all stretches, where each begins, and whose each is."""
    numbers: list[int] = []
    starts: list[int] = []
    owner: list[int] = []
    for n, words in enumerate(texts):
        found: list[int] = []
        for word in words:
            found += pieces(word)
            if len(found) >= MOST_PIECES:
                break
        found = found or [nothing]
        last = max(len(found) - STRETCH // 2, 1)
        for at in range(0, last, STRETCH // 2):
            starts.append(len(numbers))
            owner.append(n)
            numbers += found[at : at + STRETCH]
    return np.array(numbers), np.array(starts), np.array(owner)


def load() -> Gist | None:
    """Load the vectors in use once; None where there are none or they cannot be used."""
    return _load(chosen.weights(chosen.GIST, WEIGHTS))


@lru_cache(maxsize=3)
def _load(path: Path) -> Gist | None:
    table = encoder.load()
    if table is None or not path.exists():
        return None
    data = path.read_bytes()
    checksum = path.with_suffix(".sha256").read_text(encoding="ascii").split()[0]
    if hashlib.sha256(data).hexdigest() != checksum:
        logger.error("the vectors of the second gate are damaged; the first gate alone decides")
        return None
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return Gist(dict(stored), table.vocabulary)
