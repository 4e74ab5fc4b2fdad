"""The learned heads: is a post about voting, does it assert a procedure, in what form, on what.

Linear heads over hashed n-grams, read with plain numpy. They rank and explain; whether a claim is
true is never theirs to say.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.voting_procedure import chosen, ngrams

WEIGHTS = Path(__file__).parent / "weights" / "heads.npz"
CHECKSUM = WEIGHTS.with_suffix(".sha256")
FORMAT = 2
CHUNK = 512
WINDOW = 112
STRIDE = 32
SHORTEST = 24

STANCES = ("asserts", "debunks", "quotes", "asks", "jokes", "instructs")
TOPICS = (
    "date", "hours", "place", "method", "eligibility", "id", "pass", "proxy", "ballot",
    "registration", "result", "fraud", "intimidation", "cost", "health", "none",
)  # fmt: skip

Floats = NDArray[np.float32]


class WeightsDamaged(ValueError):
    """The weights file is not the one that its checksum was written for."""


@dataclass(frozen=True)
class LearnedOpinion:
    """What the heads make of one post; every number is a calibrated probability."""

    gate: float
    procedural: float
    stance: dict[str, float]
    topic: dict[str, float]


class Learned:
    """The loaded heads; safe to share between threads, since nothing in it changes."""

    def __init__(self, arrays: dict[str, NDArray[Any]], *, version: str) -> None:
        """Unpack the stored arrays into dense lookup tables."""
        meta = json.loads(bytes(arrays["meta"]).decode())
        if meta["format"] != FORMAT:
            raise WeightsDamaged(f"the weights have format {meta['format']}, not {FORMAT}")
        self.version = version
        self.meta = meta
        self._gate_bits = int(meta["gate_bits"])
        self._head_bits = int(meta["head_bits"])
        self._gate = np.zeros(1 << self._gate_bits, dtype=np.float32)
        self._gate[arrays["gate_at"]] = arrays["gate_weight"] * arrays["gate_scale"]
        self._row_of = np.zeros(1 << self._head_bits, dtype=np.int32)
        self._row_of[arrays["head_at"]] = np.arange(1, len(arrays["head_at"]) + 1)
        rows = arrays["head_weight"].astype(np.float32) * arrays["head_scale"]
        self._rows = np.vstack([np.zeros((1, rows.shape[1]), dtype=np.float32), rows])
        self._bias = arrays["head_bias"]

    @property
    def gate_threshold(self) -> float:
        """The gate value from which a post is worth a closer look."""
        return float(self.meta["thresholds"]["gate"])

    def gate(self, texts: Sequence[str]) -> Floats:
        """Give the chance that each post is about voting in a public election; the fast path."""
        if not len(texts):
            return np.zeros(0, dtype=np.float32)
        parts = [self._gate_chunk(texts[at : at + CHUNK]) for at in range(0, len(texts), CHUNK)]
        return np.concatenate(parts)

    def _gate_chunk(self, texts: Sequence[str]) -> Floats:
        folded = ngrams.fold(texts)
        table = self._gate
        each = np.zeros(len(folded.codes), dtype=np.float32)
        for buckets in ngrams.char_buckets(folded, self._gate_bits):
            each += table[buckets]
        found = ngrams.words(folded)
        for buckets in ngrams.word_buckets(found, self._gate_bits):
            each[found.at] += table[buckets]
        calibration = self.meta["calibration"]["gate"]
        logits = strongest_window(each, folded) + np.float32(self.meta["gate_bias"])
        return _sigmoid(logits * calibration["slope"] + calibration["shift"])

    def predict(self, texts: Sequence[str]) -> list[LearnedOpinion]:
        """Give the full opinion on each post."""
        opinions: list[LearnedOpinion] = []
        for at in range(0, len(texts), CHUNK):
            opinions.extend(self._predict_chunk(texts[at : at + CHUNK]))
        return opinions

    def _predict_chunk(self, texts: Sequence[str]) -> list[LearnedOpinion]:
        gates = self._gate_chunk(texts)
        logits = self.logits(texts)
        calibration = self.meta["calibration"]
        procedural = _sigmoid(
            logits[:, 0] * calibration["procedural"]["slope"] + calibration["procedural"]["shift"]
        )
        at_topic = 1 + len(STANCES)
        stance = _softmax(logits[:, 1:at_topic] * calibration["stance"]["slope"])
        topic = _softmax(logits[:, at_topic:] * calibration["topic"]["slope"])
        return [
            LearnedOpinion(
                gate=float(gates[row]),
                procedural=float(procedural[row]),
                stance=dict(zip(STANCES, stance[row].tolist(), strict=True)),
                topic=dict(zip(TOPICS, topic[row].tolist(), strict=True)),
            )
            for row in range(len(texts))
        ]

    def logits(self, texts: Sequence[str]) -> Floats:
        """Give the raw outputs of all heads: procedural, the stances, the topics."""
        folded = ngrams.fold(texts)
        buckets = ngrams.char_buckets(folded, self._head_bits)
        posts = [np.repeat(np.arange(len(folded.starts)), _spans(folded))] * len(buckets)
        found = ngrams.words(folded)
        word_buckets = ngrams.word_buckets(found, self._head_bits)
        rows = self._row_of[np.concatenate([*buckets, *word_buckets])]
        post = np.concatenate([*posts, *([found.post] * len(word_buckets))])
        known = rows > 0
        rows, post = rows[known], post[known]
        order = np.argsort(post, kind="stable")
        rows, post = rows[order], post[order]
        sums = np.zeros((len(folded.starts), self._rows.shape[1]), dtype=np.float32)
        present, first = np.unique(post, return_index=True)
        if len(present):
            sums[present] = np.add.reduceat(self._rows[rows], first, axis=0)
        logits: Floats = sums / _scale(folded)[:, None] + self._bias
        return logits


def strongest_window(each: Floats, folded: ngrams.Folded) -> Floats:
    """Give the highest scaled sum of evidence in any stretch of a post.

    One sentence about voting in a long post must count as much as when it stands alone.
    """
    spans = _spans(folded)
    counts = 1 + np.maximum(spans - WINDOW + STRIDE - 1, 0) // STRIDE
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    post = np.repeat(np.arange(len(spans)), counts)
    start = folded.starts[post] + (np.arange(len(post)) - first[post]) * STRIDE
    end = np.minimum(start + WINDOW, folded.starts[post] + spans[post])
    # In double precision: single differences of a long running sum would lose digits.
    run = np.concatenate([[0.0], np.cumsum(each, dtype=np.float64)])
    scores = (run[end] - run[start]) / np.sqrt(np.maximum(end - start, SHORTEST))
    best: Floats = np.maximum.reduceat(scores, first).astype(np.float32)
    return best


def _spans(folded: ngrams.Folded) -> NDArray[np.int64]:
    return np.diff(np.append(folded.starts, len(folded.codes)))


def _scale(folded: ngrams.Folded) -> Floats:
    return np.sqrt(ngrams.lengths(folded)).astype(np.float32)


def _sigmoid(logits: Floats) -> Floats:
    out: Floats = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return out


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    out: Floats = raised / raised.sum(axis=1, keepdims=True)
    return out


def read(path: Path, *, checksum: str) -> Learned:
    """Read a weights file; refuse it when its SHA-256 is not the given one."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != checksum:
        raise WeightsDamaged(
            f"{path.name} has SHA-256 {digest[:12]}…, expected {checksum[:12]}…; "
            "restore it from the repository or train it again with `make train`"
        )
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Learned(arrays, version=f"ngrams-{digest[:12]}")


def load() -> Learned | None:
    """Load the weights in use, each file once; None where there are none."""
    return load_file(chosen.weights(chosen.HEADS, WEIGHTS))


@lru_cache(maxsize=4)
def load_file(path: Path) -> Learned | None:
    """Load one file of weights, with its checksum beside it; None where it is absent."""
    if not path.exists():
        return None
    return read(path, checksum=path.with_suffix(".sha256").read_text(encoding="ascii").split()[0])
