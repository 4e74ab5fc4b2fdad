"""The claim model: linear weights over hashed features, read with numpy."""

import hashlib
import io
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.voting_procedure import chosen
from integrity.classifiers.voting_procedure.claims.features import BITS, feature_ids
from integrity.classifiers.voting_procedure.patterns import Tagged

WEIGHTS = Path(__file__).parent / "weights.npz"
CHECKSUM = WEIGHTS.with_suffix(".sha256")
NONE = {"none", "valued"}


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest claim of a text, its chance, and the chance of the next best."""

    key: str
    claim: str
    topic: str
    chance: float
    runner_up: float


class ClaimModel:
    """The loaded weights; nothing in it changes."""

    def __init__(self, arrays: dict[str, NDArray[Any]], *, version: str) -> None:
        """Unpack the arrays."""
        self.version = version
        self.classes: list[list[str]] = json.loads(bytes(arrays["classes"]).decode())
        self._weights = arrays["weights"].astype(np.float32) * arrays["scale"]
        self._bias = arrays["bias"].astype(np.float32)
        if self._weights.shape != (1 << BITS, len(self.classes)):
            raise ValueError("the weights of the claim model do not fit its features")

    def is_finite(self) -> bool:
        """Say whether every weight is a number."""
        return bool(np.isfinite(self._weights).all() and np.isfinite(self._bias).all())

    def guess(self, text: Tagged) -> Guess | None:
        """Name the claim that the text most likely makes; None where it makes none."""
        ids = feature_ids(text)
        if not len(ids):
            return None
        logits = self._weights[ids].sum(axis=0) / np.sqrt(len(ids)) + self._bias
        odds = np.exp(logits - logits.max())
        chances = odds / odds.sum()
        order = np.argsort(chances)[::-1]
        key, claim, topic = self.classes[order[0]]
        if claim in NONE:
            return None
        return Guess(key, claim, topic, float(chances[order[0]]), float(chances[order[1]]))


def load() -> ClaimModel | None:
    """Load the weights in use, each file once; None where there are none."""
    return _load(chosen.weights(chosen.CLAIMS, WEIGHTS))


@lru_cache(maxsize=4)
def _load(path: Path) -> ClaimModel | None:
    if not path.exists():
        return None
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    expected = path.with_suffix(".sha256").read_text(encoding="utf-8").split()[0]
    if digest != expected:
        raise ValueError(f"{path.name} is not the file its checksum was written for")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return ClaimModel(dict(arrays), version=f"claims-{digest[:12]}")
