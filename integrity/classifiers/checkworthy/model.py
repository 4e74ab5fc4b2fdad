"""The model: linear weights over hashed features, read with numpy, checked against their sum."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.base import Finding
from integrity.classifiers.checkworthy.features import BITS, vector
from integrity.classifiers.claim_matching.sentences import sentences

WEIGHTS = Path(__file__).parent / "weights.npz"
CHECKSUM = WEIGHTS.with_suffix(".sha256")
NONE = "none"
# From here on a sentence is called worth checking.
WORTH_AT = 0.5


@dataclass(frozen=True, slots=True)
class Weighed:
    """How worth checking one sentence is, and what it is about."""

    score: float
    topic: str


class Checkworthy:
    """Weighs sentences; nothing in it changes."""

    name = "checkworthy"

    def __init__(self, arrays: dict[str, NDArray[Any]], *, version: str) -> None:
        """Unpack the arrays."""
        self.version = version
        self.topics: list[str] = json.loads(bytes(arrays["topics"]).decode())
        self._weights = arrays["weights"].astype(np.float32) * arrays["scale"]
        self._bias = arrays["bias"].astype(np.float32)
        if self._weights.shape != (1 << BITS, len(self.topics)) or NONE not in self.topics:
            raise ValueError("the weights of check-worthiness do not fit their features")
        self._none = self.topics.index(NONE)

    def weigh(self, sentence: str) -> Weighed:
        """Weigh one sentence."""
        ids, values = vector(sentence)
        logits = values @ self._weights[ids] + self._bias
        odds = np.exp(logits - logits.max())
        chances = odds / odds.sum()
        score = float(1 - chances[self._none])
        chances[self._none] = 0
        return Weighed(score, self.topics[int(chances.argmax())])

    def find(self, texts: Sequence[str]) -> list[Finding]:
        """Give for each text its sentence that is most worth checking."""
        return [self._best(text) for text in texts]

    def _best(self, text: str) -> Finding:
        found = [(self.weigh(said), said, span) for said, span in sentences(text)]
        if not found:
            return Finding(NONE, 0.0, model_version=self.version)
        weighed, _said, span = max(found, key=lambda each: each[0].score)
        label = weighed.topic if weighed.score >= WORTH_AT else NONE
        return Finding(
            label,
            weighed.score,
            model_version=self.version,
            span=span,
            details={"topic": weighed.topic},
        )


@lru_cache(maxsize=1)
def load() -> Checkworthy:
    """Read the shipped weights once a process."""
    data = WEIGHTS.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != CHECKSUM.read_text(encoding="utf-8").split()[0]:
        raise ValueError(f"{WEIGHTS.name} is not the file its checksum was written for")
    with np.load(WEIGHTS) as arrays:
        return Checkworthy(dict(arrays), version=f"checkworthy-{digest[:12]}")
