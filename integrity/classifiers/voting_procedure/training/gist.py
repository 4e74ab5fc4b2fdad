"""Train the second gate: python -m ...voting_procedure.training.gist (a minute on a CPU).

Its vectors begin at the teacher's, brought down to few numbers; posts by hand and everyday talk
teach it what is about voting. Skeletons are left out: the first gate knows them by heart.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import sys
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from integrity.classifiers.voting_procedure import gist, learned
from integrity.classifiers.voting_procedure.encoder import model as encoder
from integrity.classifiers.voting_procedure.encoder import rows as data
from integrity.classifiers.voting_procedure.encoder.train import Builder, Recipe, build, teacher
from integrity.classifiers.voting_procedure.encoder.words import Vocabulary
from integrity.classifiers.voting_procedure.training import perturb

HERE = Path(__file__).parent
SEED = 20260318
WIDTH = 48
HIDDEN = 32
EPOCHS = 6
BATCH = 128
# Everyday talk for each post by hand: what a platform publishes is mostly that.
ORDINARY = 6_000
TALK = 6_000
# Why a post states nothing that is worth reading; posts for other reasons are left out.
OUTSIDE = {"topic", "mood", "othervote", "politics", "campaign"}
UNSURE = {"story", "wish", "foreign", "otherelect", "past", "result"}


class Network(nn.Module):
    """Mean and highest of the pieces' vectors, with what the first gate says, into one number."""

    def __init__(self, start: torch.Tensor) -> None:
        """Begin both halves at the same vectors."""
        super().__init__()
        self.mean = nn.EmbeddingBag.from_pretrained(start.clone(), freeze=False, mode="mean")
        self.highest = nn.EmbeddingBag.from_pretrained(start.clone(), freeze=False, mode="max")
        self.drop = nn.Dropout(0.3)
        self.first = nn.Linear(2 * start.shape[1] + 1, HIDDEN)
        self.last = nn.Linear(HIDDEN, 1)

    def forward(
        self, pieces: torch.Tensor, starts: torch.Tensor, evidence: torch.Tensor
    ) -> torch.Tensor:
        """Give one logit a post."""
        heard = [self.drop(self.mean(pieces, starts)), self.drop(self.highest(pieces, starts))]
        hidden = torch.relu(self.first(torch.cat([*heard, evidence[:, None]], 1)))
        out: torch.Tensor = self.last(hidden)[:, 0]
        return out


def posts(rng: random.Random) -> list[tuple[str, str, bool]]:
    """Gather texts with their language and whether they are worth reading."""
    found = []
    for row in data.by_hand()[0]:
        why = row.claim.removeprefix(f"{data.NOTHING} ") if row.claim.startswith("none ") else ""
        if why not in UNSURE:
            found.append((data.varied(row, rng), row.lang, why not in OUTSIDE))
    found += [(row.text, row.lang, False) for row in data.ordinary_rows(rng, ORDINARY)]
    for _ in range(TALK):
        lang = rng.choice(data.LANGUAGES)
        lines = rng.sample(talk(lang), rng.choice((1, 1, 1, 2)))
        found.append((" ".join(lines), lang, False))
    return found


@cache
def talk(lang: str) -> tuple[str, ...]:
    """Read the everyday posts that were written for this gate."""
    lines = (HERE / f"talk_{lang}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def beginnings(builder: Builder) -> torch.Tensor:
    """Bring the teacher's vectors down to the directions in which they differ most."""
    from safetensors.torch import load_file

    words = load_file(teacher()[0] / "model.safetensors")["embeddings.word_embeddings.weight"]
    rows = torch.stack([words[begins].mean(0) for begins in builder.begins])
    rows -= rows.mean(0)
    directions = torch.linalg.svd(rows, full_matrices=False).Vh[:WIDTH]
    small = rows @ directions.T
    return small / small.std()


def fit(network: Network, vocabulary: Vocabulary, first: learned.Learned) -> None:
    """Train; every epoch sees the posts varied anew."""
    rng = random.Random(SEED)  # noqa: S311  # training data, not a secret
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    measure = nn.BCEWithLogitsLoss()
    network.train()
    for epoch in range(EPOCHS):
        chosen = posts(rng)
        rng.shuffle(chosen)
        texts = [
            perturb.restyle(text, lang=lang, rng=rng) if rng.random() < 0.5 else text
            for text, lang, _ in chosen
        ]
        truth = torch.tensor([float(inside) for _, _, inside in chosen])
        evidence = torch.from_numpy(gist.as_odds(first.gate(texts)))
        pieces = [pieces_of(text, vocabulary) for text in texts]
        total = 0.0
        for at in range(0, len(texts), BATCH):
            part = pieces[at : at + BATCH]
            starts = torch.tensor([0, *np.cumsum([len(each) for each in part])[:-1]])
            joined = torch.tensor([number for each in part for number in each])
            loss = measure(
                network(joined, starts, evidence[at : at + BATCH]), truth[at : at + BATCH]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item() * len(part)
        sys.stdout.write(f"epoch {epoch + 1}: loss {total / len(texts):.3f}\n")


def pieces_of(text: str, vocabulary: Vocabulary) -> list[int]:
    """Cut a text as it is cut when served."""
    found = [
        number
        for word in gist.words_of([text])[0]
        for number in vocabulary.pieces(word[:40], english=False)
    ]
    return found[: gist.STRETCH] or [vocabulary.shared["[UNK]"]]


def pack(network: Network) -> bytes:
    """Store the vectors as int8, in bytes that depend on nothing but the content."""
    vectors = torch.cat([network.mean.weight, network.highest.weight], 1).detach().numpy()
    scale = np.maximum(np.abs(vectors).max(axis=0) / 127, 1e-9).astype(np.float32)
    arrays: dict[str, NDArray[np.generic]] = {
        "vectors": np.rint(vectors / scale).astype(np.int8),
        "scale": scale,
        "weight1": network.first.weight.detach().numpy().T.astype(np.float32),
        "bias1": network.first.bias.detach().numpy().astype(np.float32),
        "weight2": network.last.weight.detach().numpy().T.astype(np.float32),
        "bias2": network.last.bias.detach().numpy().astype(np.float32),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            stored = io.BytesIO()
            np.save(stored, np.ascontiguousarray(array), allow_pickle=False)
            # A fixed date: equal weights must give an equal checksum.
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, stored.getvalue())
    return out.getvalue()


def vocabulary_of(builder: Builder) -> Vocabulary:
    """Check that the shipped table of pieces is the one that the recipe builds."""
    table = json.loads((encoder.FOLDER / encoder.TABLE).read_text(encoding="utf-8"))
    if (table["shared"], table["dutch"]) != (builder.shared, builder.dutch):
        raise SystemExit("train the encoder first: its table of pieces is not this recipe's")
    return Vocabulary(builder.shared, builder.dutch)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=gist.WEIGHTS)
    chosen = parser.parse_args(arguments)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    first = learned.load()
    if first is None:
        raise SystemExit("train the heads first: the second gate looks at what the first says")
    builder = build(Recipe(), data.by_hand()[0])
    network = Network(beginnings(builder))
    fit(network, vocabulary_of(builder), first)
    packed = pack(network)
    chosen.into.write_bytes(packed)
    digest = hashlib.sha256(packed).hexdigest()
    chosen.into.with_suffix(".sha256").write_text(f"{digest}  {chosen.into.name}\n", "ascii")
    sys.stdout.write(f"{len(packed) / 1e6:.1f} MB, SHA-256 {digest}\n")


if __name__ == "__main__":
    main()
