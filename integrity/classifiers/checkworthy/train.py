"""Train on the sentences of this folder: python -m integrity.classifiers.checkworthy.train."""

import hashlib
import io
import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from integrity.classifiers.checkworthy.features import BITS, vector
from integrity.classifiers.checkworthy.model import CHECKSUM, NONE, WEIGHTS

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")
SEED = 20260318
COPIES = 12
FOLDS = 5
SLOT = re.compile(r"\{(\w+)\}")
# What people put around a sentence; it says nothing about its worth.
AROUND = ("", "", "", "", "@iemand ", "RT @iemand: ", "BREAKING: ", "Let op: ", "Well, ")
AFTER = ("", "", "", "", " #GR2026", " https://t.co/abc", "!!", " #election", " 😡")


@dataclass(frozen=True)
class Example:
    """A frame with what it is about, `none` when it is not worth checking."""

    frame: str
    topic: str
    slots: dict[str, list[str]]

    def filled(self, rng: random.Random, *, plain: bool) -> str:
        """Fill the slots, and put something around it unless `plain`."""
        text = SLOT.sub(lambda m: rng.choice(self.slots[m[1]]), self.frame)
        text = text[0].upper() + text[1:]
        return text if plain else f"{rng.choice(AROUND)}{text}{rng.choice(AFTER)}"


def read_examples(language: str) -> list[Example]:
    """Read the frames of one language."""
    slots: dict[str, list[str]] = {}
    found: list[Example] = []
    topic = ""
    path = FOLDER / f"examples_{language}.txt"
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@"):
            name, _, fillers = line[1:].partition(":")
            slots[name] = [filler.strip() for filler in fillers.split("|")]
        elif line.startswith("="):
            topic = line[1:].strip()
        elif line.strip() and not line.startswith("#"):
            unknown = set(SLOT.findall(line)) - set(slots)
            if not topic or unknown:
                raise ValueError(f"{path.name}, line {n}: no topic, or unknown slots {unknown}")
            found.append(Example(line.strip(), topic, slots))
    return found


def gather(
    *, without: int | None = None, only: int | None = None, languages: Sequence[str] = LANGUAGES
) -> list[tuple[str, str]]:
    """Make the training sentences, each once; a fold of the frames is left out, or taken alone."""
    rng = random.Random(SEED)  # noqa: S311  # training data, not a secret
    made: dict[str, str] = {}
    for language in languages:
        for n, example in enumerate(read_examples(language)):
            if n % FOLDS == without or (only is not None and n % FOLDS != only):
                continue
            for copy in range(COPIES):
                made.setdefault(example.filled(rng, plain=copy == 0), example.topic)
    return sorted(made.items())


def train(examples: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Fit a softmax over the topics; worth checking and not weigh the same together."""
    topics = sorted({topic for _text, topic in examples})
    rows = [vector(text) for text, _topic in examples]
    starts = np.append(0, np.cumsum([len(ids) for ids, _values in rows]))
    ids = np.concatenate([ids for ids, _values in rows])
    values = np.concatenate([values for _ids, values in rows])
    matrix = sparse.csr_matrix((values, ids, starts), shape=(len(rows), 1 << BITS))
    labels = np.array([topics.index(topic) for _text, topic in examples])
    none = labels == topics.index(NONE)
    weights = np.where(none, 1 / none.sum(), 1 / (~none).sum())
    model = LogisticRegression(C=3.0, max_iter=200, tol=1e-4)
    model.fit(matrix, labels, sample_weight=weights / weights.mean())
    return model.coef_.T, model.intercept_, topics


def arrays(weights: np.ndarray, bias: np.ndarray, topics: list[str]) -> dict[str, np.ndarray]:
    """Put the weights into bytes, as they are kept."""
    scale = np.abs(weights).max(axis=0) / 127 + 1e-9
    return {
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
        "topics": np.frombuffer(json.dumps(topics).encode(), dtype=np.uint8),
    }


def save(found: dict[str, np.ndarray]) -> None:
    """Write the weights, with their checksum."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **found)  # type: ignore[arg-type]
    WEIGHTS.write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    CHECKSUM.write_text(f"{digest}  {WEIGHTS.name}\n", encoding="utf-8")


def main() -> None:
    """Train and save."""
    examples = gather()
    save(arrays(*train(examples)))
    sys.stdout.write(f"check-worthiness: {len(examples)} sentences\n")


if __name__ == "__main__":
    main()
