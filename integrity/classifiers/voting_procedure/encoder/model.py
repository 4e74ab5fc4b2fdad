"""The encoder as it is served: int8 weights in onnxruntime, many posts at a time."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.voting_procedure import chosen
from integrity.classifiers.voting_procedure.encoder.words import LIMIT, Vocabulary

FOLDER = Path(__file__).parent / "weights"
WEIGHTS = "encoder.onnx"
TABLE = "vocabulary.json"
CHECKSUM = "encoder.sha256"
BATCH = 32
# Long texts are read in overlapping stretches, so that one sentence in a transcript still counts.
STRIDE = 40
MOST_STRETCHES = 12

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that the encoder tells apart: key, claim, topic and whether it is denied."""

    key: str
    claim: str
    topic: str

    @property
    def is_none(self) -> bool:
        """Say whether nothing is claimed: a question, a wish, a story, another vote."""
        return self.key == "none"


class EncoderDamaged(ValueError):
    """The weights are not those that the checksum was written for."""


class Encoder:
    """The loaded model; safe to share between threads."""

    def __init__(self, weights: bytes, table: dict[str, Any], *, version: str) -> None:
        """Start a session of one thread: the workers are the parallelism."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.version = version
        self.vocabulary = Vocabulary(table["shared"], table["dutch"])
        self.claims = tuple(Claim(*parts) for parts in table["claims"])
        self._heat = float(table["temperature"])
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )

    def chances(self, texts: Sequence[tuple[str, str]]) -> list[NDArray[np.float32]]:
        """Give, for each masked text with its language, a row of chances for each stretch."""
        rows: list[list[int]] = []
        owner: list[int] = []
        for n, (text, language) in enumerate(texts):
            for stretch in self._stretches(text, language):
                rows.append(stretch)
                owner.append(n)
        found: list[list[NDArray[np.float32]]] = [[] for _ in texts]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            for at, row in zip(part, self._run([rows[at] for at in part]), strict=True):
                found[owner[at]].append(row)
        return [np.array(each, dtype=np.float32) for each in found]

    def _stretches(self, text: str, language: str) -> list[list[int]]:
        """Cut a long text into stretches of a length that the encoder reads."""
        whole = self.vocabulary.encode(text, language, LIMIT + STRIDE * MOST_STRETCHES)
        if len(whole) <= LIMIT:
            return [whole]
        head, body, end = whole[:2], whole[2:-1], whole[-1:]
        size = LIMIT - 3
        starts = range(0, max(len(body) - size, 0) + STRIDE, STRIDE)
        return [head + body[at : at + size] + end for at in starts if body[at : at + size]]

    def _run(self, rows: list[list[int]]) -> NDArray[np.float32]:
        """Run one batch of like length."""
        longest = max(map(len, rows))
        numbers = np.zeros((len(rows), longest), dtype=np.int64)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for n, row in enumerate(rows):
            numbers[n, : len(row)] = row
            mask[n, : len(row)] = 1
        (logits,) = self._session.run(None, {"ids": numbers, "mask": mask})
        raised = np.exp((logits - logits.max(axis=1, keepdims=True)) * self._heat)
        chances: NDArray[np.float32] = (raised / raised.sum(axis=1, keepdims=True)).astype(
            np.float32
        )
        return chances


def read(folder: Path) -> Encoder:
    """Read the weights of a folder; refuse them when their SHA-256 is not the written one."""
    weights, table = (folder / WEIGHTS).read_bytes(), (folder / TABLE).read_bytes()
    digest = hashlib.sha256(weights + table).hexdigest()
    expected = (folder / CHECKSUM).read_text(encoding="ascii").split()[0]
    if digest != expected:
        raise EncoderDamaged(f"{folder.name}: not the files that the checksum was written for")
    return Encoder(weights, json.loads(table), version=f"encoder-{digest[:12]}")


def load() -> Encoder | None:
    """Load the weights in use once; None where there are none or they cannot be used."""
    return _load(chosen.weights(chosen.ENCODER, FOLDER / WEIGHTS).parent)


@lru_cache(maxsize=3)
def _load(folder: Path) -> Encoder | None:
    if not (folder / WEIGHTS).exists():
        return None
    try:
        return read(folder)
    except (EncoderDamaged, OSError, KeyError, ValueError):
        logger.exception("the weights of the encoder cannot be used; rules and n-grams only")
        return None
