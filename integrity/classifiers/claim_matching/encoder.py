"""Sentences to vectors: a small transformer in NumPy, weights in eight bits, no framework.

The weights are all-MiniLM-L6-v2 (English), rounded to eight bits a row; Dutch is first glossed
word by word (`gloss`), so that both languages meet in one space.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.claim_matching.gloss import gloss
from integrity.classifiers.claim_matching.wordpiece import WordPiece

FOLDER = Path(__file__).parent / "weights"
VERSION = "minilm-l6-int8+gloss-2"
DIMENSIONS = 384
HEADS = 12
_EPSILON = 1e-12

Floats = NDArray[np.float32]


class Encoder:
    """Turns sentences into unit vectors of 384 numbers."""

    version = VERSION

    def __init__(self, tensors: dict[str, Floats], pieces: WordPiece) -> None:
        self.tensors = tensors
        self.pieces = pieces
        self.turned = {
            name.removesuffix(".weight"): np.ascontiguousarray(tensor.T)
            for name, tensor in tensors.items()
            if tensor.ndim == 2 and name.startswith("encoder.")
        }
        self.layers = sum(name.endswith(".attention.self.query.weight") for name in tensors)

    def encode(self, texts: Sequence[str], *, batch: int = 32) -> Floats:
        """Return one row a text; texts of like length go together so that little is padding."""
        ids = [self.pieces.encode(gloss(text)) for text in texts]
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            out[rows] = self._forward([ids[n] for n in rows])
        return out

    def _forward(self, ids: list[list[int]]) -> Floats:
        longest = max(map(len, ids))
        tokens = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros((len(ids), longest), dtype=np.float32)
        for n, row in enumerate(ids):
            tokens[n, : len(row)] = row
            mask[n, : len(row)] = 1
        state = self._embed(tokens)
        hidden = (mask - 1)[:, None, None, :] * np.float32(1e9)
        for layer in range(self.layers):
            state = self._layer(state, hidden, f"encoder.layer.{layer}.")
        pooled = (state * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), _EPSILON)

    def _embed(self, tokens: NDArray[np.int64]) -> Floats:
        t = self.tensors
        words = t["embeddings.word_embeddings.weight"][tokens]
        places = t["embeddings.position_embeddings.weight"][: tokens.shape[1]]
        return self._norm(words + places + t["embeddings.token_type_embeddings.weight"][0],
                          "embeddings.LayerNorm")  # fmt: skip

    def _layer(self, state: Floats, hidden: Floats, name: str) -> Floats:
        query, key, value = (
            self._heads(self._dense(state, f"{name}attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        scores = (
            query
            @ np.ascontiguousarray(key.transpose(0, 1, 3, 2))
            / np.sqrt(np.float32(DIMENSIONS // HEADS))
        )
        scores = scores + hidden
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        seen = (weights @ value).transpose(0, 2, 1, 3).reshape(state.shape)
        seen = self._dense(seen, f"{name}attention.output.dense")
        state = self._norm(seen + state, f"{name}attention.output.LayerNorm")
        inner = _gelu(self._dense(state, f"{name}intermediate.dense"))
        inner = self._dense(inner, f"{name}output.dense")
        return self._norm(inner + state, f"{name}output.LayerNorm")

    def _dense(self, state: Floats, name: str) -> Floats:
        rows = state.reshape(-1, state.shape[-1]) @ self.turned[name]
        rows += self.tensors[f"{name}.bias"]
        return rows.reshape(*state.shape[:-1], -1)

    @staticmethod
    def _heads(state: Floats) -> Floats:
        rows, length, _size = state.shape
        heads = state.reshape(rows, length, HEADS, -1).transpose(0, 2, 1, 3)
        # Laid out anew: over strided views NumPy multiplies without its fast library.
        return np.ascontiguousarray(heads)

    def _norm(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(_EPSILON))
        return centred / spread * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]


@lru_cache(maxsize=1)
def load() -> Encoder:
    """Read the shipped weights once a process."""
    return Encoder(unpack(FOLDER / "minilm-l6-int8.npz"), WordPiece.load(FOLDER / "vocabulary.txt"))


def pack(tensors: dict[str, Floats], path: Path) -> None:
    """Write tensors in eight bits a number, with one scale a row."""
    packed: dict[str, Any] = {}
    for name, tensor in tensors.items():
        if tensor.ndim == 1:
            packed[f"{name}|f"] = tensor.astype(np.float16)
            continue
        scale = np.maximum(np.abs(tensor).max(1, keepdims=True), 1e-8) / 127
        packed[f"{name}|q"] = np.round(tensor / scale).astype(np.int8)
        packed[f"{name}|s"] = scale.astype(np.float32)
    np.savez_compressed(path, **packed)


def unpack(path: Path) -> dict[str, Floats]:
    """Read tensors that `pack` wrote."""
    tensors: dict[str, Floats] = {}
    with np.load(path, allow_pickle=False) as packed:
        for key in packed.files:
            name, kind = key.split("|")
            if kind == "f":
                tensors[name] = packed[key].astype(np.float32)
            elif kind == "q":
                tensors[name] = packed[key].astype(np.float32) * packed[f"{name}|s"]
    return tensors


def read_safetensors(path: Path) -> dict[str, Floats]:
    """Read a safetensors file of 32-bit floats."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header, body = json.loads(content[8 : 8 + length]), memoryview(content)[8 + length :]
    tensors = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            start, end = about["data_offsets"]
            tensors[name] = np.frombuffer(body[start:end], np.float32).reshape(about["shape"])
    return tensors


def _gelu(x: Floats) -> Floats:
    return x * np.float32(0.5) * (np.float32(1) + _erf(x * np.float32(0.7071067811865476)))


def _erf(x: Floats) -> Floats:
    # Abramowitz and Stegun 7.1.26: an error of at most 1.5e-7, below what eight bits lose.
    sign, x = np.sign(x), np.abs(x)
    t = 1 / (1 + np.float32(0.3275911) * x)
    series = t * (
        np.float32(0.254829592)
        + t * (np.float32(-0.284496736) + t * (np.float32(1.421413741)
        + t * (np.float32(-1.453152027) + t * np.float32(1.061405429))))
    )  # fmt: skip
    return (sign * (1 - series * np.exp(-x * x))).astype(np.float32)
