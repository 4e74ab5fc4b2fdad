"""Train the claim model from the examples and the skeletons: python -m ...claims.train."""

import hashlib
import io
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from integrity.classifiers.voting_procedure.claims.catalogue import (
    FROM_SKELETONS,
    NOTHING,
    VALUED,
    WITH_A_VALUE,
    Claim,
)
from integrity.classifiers.voting_procedure.claims.features import BITS, feature_ids
from integrity.classifiers.voting_procedure.claims.model import CHECKSUM, WEIGHTS
from integrity.classifiers.voting_procedure.reading import read, tagged_text
from integrity.classifiers.voting_procedure.training.skeletons import fill, read_language

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")
SEED = 20260318
POSTED = datetime.fromisoformat("2026-03-15T12:00:00+01:00")
COPIES = 3
SKELETON_COPIES = 3
NEGATIVES = 1500


@dataclass(frozen=True)
class Example:
    """One text with the claim it makes."""

    text: str
    lang: str
    claim: Claim


def read_examples(lang: str) -> list[Example]:
    """Read the hand-written examples of one language."""
    found: list[Example] = []
    claim = NOTHING
    for line in (FOLDER / f"examples_{lang}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            parts = line[1:].split(" ")
            claim = (parts[0], parts[1], parts[2])
        elif line.strip() and not line.startswith("#"):
            found.append(Example(line.strip(), lang, claim))
    return found


def skeleton_examples(lang: str, known: set[Claim], rng: random.Random) -> list[Example]:
    """Let the rules label the skeletons that they read without doubt; negatives claim nothing."""
    language = read_language(lang)
    found: list[Example] = []
    for kind in ("core", "prop"):
        for skeleton in language.lines.get(kind, []):
            for _ in range(SKELETON_COPIES):
                text = fill(skeleton.text, slots=language.slots, rng=rng)
                claim = FROM_SKELETONS.get(skeleton.claim)
                if skeleton.claim in WITH_A_VALUE:
                    claim = VALUED
                claim = claim or _claim_by_rules(text, skeleton.topic, known)
                if claim:
                    found.append(Example(text, lang, claim))
    negatives = [
        fill(skeleton.text, slots=language.slots, rng=rng)
        for kind in ("hard", "benign")
        for skeleton in language.lines.get(kind, [])
        for _ in range(2)
    ]
    rng.shuffle(negatives)
    return found + [Example(text, lang, NOTHING) for text in negatives[:NEGATIVES]]


def _claim_by_rules(text: str, topic: str, known: set[Claim]) -> Claim | None:
    """Name the one claim on this topic that the rules read; None when none or several."""
    claims = {
        (p.key, p.claim, p.topic)
        for p in read(text, posted_at=POSTED).propositions
        if p.topic == topic and p.modality == "stated" and p.strength >= 0.55 and p.polarity
    }
    return next(iter(claims)) if len(claims) == 1 and claims <= known else None


def surround(text: str, lang: str, rng: random.Random) -> str:
    """Put what people write around a statement before and after it."""
    language = read_language(lang)
    out = text
    if rng.random() < 0.35 and language.lines.get("open"):
        opening = rng.choice(language.lines["open"]).text
        out = f"{fill(opening, slots=language.slots, rng=rng)} {out}"
    if rng.random() < 0.35 and language.lines.get("tail"):
        tail = rng.choice(language.lines["tail"]).text
        out = f"{out} {fill(tail, slots=language.slots, rng=rng)}"
    return out


def train(examples: list[Example]) -> tuple[np.ndarray, np.ndarray, list[Claim]]:
    """Fit a softmax over the claims; each claim weighs by the root of how often it occurs."""
    rng = random.Random(SEED)  # noqa: S311  # training data, not a secret
    classes = sorted({example.claim for example in examples})
    index = {claim: n for n, claim in enumerate(classes)}
    rows: list[np.ndarray] = []
    labels: list[int] = []
    for example in examples:
        for copy in range(COPIES):
            text = example.text if copy == 0 else surround(example.text, example.lang, rng)
            rows.append(feature_ids(tagged_text(text, example.lang)))
            labels.append(index[example.claim])
    sizes = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
    starts = np.append(0, sizes.cumsum())
    matrix = sparse.csr_matrix((values, np.concatenate(rows), starts), shape=(len(rows), 1 << BITS))
    counts = Counter(labels)
    weights = np.array([1 / counts[label] ** 0.5 for label in labels])
    model = LogisticRegression(C=30.0, max_iter=60, tol=1e-3)
    model.fit(matrix, labels, sample_weight=weights / weights.mean())
    return model.coef_.T, model.intercept_, classes


def save(weights: np.ndarray, bias: np.ndarray, classes: list[Claim]) -> None:
    """Write the weights in bytes, with their checksum."""
    scale = np.abs(weights).max(axis=0) / 127 + 1e-9
    small = np.round(weights / scale).astype(np.int8)
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        weights=small,
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
        classes=np.frombuffer(json.dumps(classes).encode(), dtype=np.uint8),
    )
    WEIGHTS.write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    CHECKSUM.write_text(f"{digest}  {WEIGHTS.name}\n", encoding="utf-8")


def gather(rng: random.Random) -> list[Example]:
    """Gather the examples of every language."""
    own = [example for lang in LANGUAGES for example in read_examples(lang)]
    known = {example.claim for example in own}
    return own + [e for lang in LANGUAGES for e in skeleton_examples(lang, known, rng)]


def main() -> None:
    """Train and save."""
    rng = random.Random(SEED)  # noqa: S311  # training data, not a secret
    examples = gather(rng)
    weights, bias, classes = train(examples)
    save(weights, bias, classes)
    sys.stdout.write(f"{len(examples)} examples, {len(classes)} claims\n")


if __name__ == "__main__":
    main()
