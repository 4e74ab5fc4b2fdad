"""Measuring retrieval on collections that lie outside the project, beside BM25 in the same run."""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.claim_matching import encoder, index, ranking

POOL = 100


@dataclass(frozen=True, slots=True)
class Collection:
    """Queries, the claims they may repeat, and which they do."""

    name: str
    claims: list[str]
    queries: list[str]
    answers: list[set[int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean average precision at five, and how often the answer is among the first ten."""

    name: str
    ranker: str
    queries: int
    map_at_5: float
    success_at_10: float


def collections(folder: Path) -> Iterator[Collection]:
    """Read the development collections that are there."""
    ct22, tweets = folder / "retrieval_ct22_task2a", folder / "retrieval_factcheck_tweet"
    if ct22.is_dir():
        claims = [json.loads(line) for line in _lines(ct22 / "vclaims.jsonl")]
        yield _collect(
            "CT22-2A (dev and dev-test)",
            [(c["vclaim_id"], f"{c['title']}. {c['vclaim']}") for c in claims],
            [ct22 / f"CT2022-Task2A-EN-{part}_Queries.tsv" for part in ("Train-Dev", "Dev-Test")],
            [ct22 / f"CT2022-Task2A-EN-{part}_QRELs.tsv" for part in ("Dev", "Dev-Test")],
        )
    if tweets.is_dir():
        claims = [json.loads(line) for line in _lines(tweets / "vclaims_light.jsonl")]
        yield _collect(
            "FactCheck-Tweet (dev)",
            [(c["vclaim_id"], f"{_headline(c['title'])}. {c['subtitle']}") for c in claims],
            [tweets / "FC-EN-Dev_Queries.tsv"],
            [tweets / "FC-EN-Dev_QRELs.tsv"],
        )


def measure(collection: Collection, *, cache: Path) -> list[Measured]:
    """Measure BM25 alone, vectors alone, and our ranking of both."""
    words = index.Bm25(collection.claims)
    claims = _vectors(collection.claims, cache)
    queries = _vectors([index.clean(query) for query in collection.queries], cache)
    orders: dict[str, list[list[int]]] = {"BM25": [], "vectors": [], "ours": []}
    for query, vector in zip(collection.queries, queries, strict=True):
        lexical, meaning = words.scores(query), claims @ vector
        by_words, by_meaning = _top(lexical, POOL), _top(meaning, POOL)
        orders["BM25"].append(by_words)
        orders["vectors"].append(by_meaning)
        candidates = [
            ranking.Candidate(n, float(meaning[n]), float(lexical[n]))
            for n in {*by_words, *by_meaning}
        ]
        orders["ours"].append([int(str(r.id)) for r in ranking.rank(candidates)])
    return [
        Measured(
            collection.name,
            ranker,
            len(order),
            float(np.mean([_ap(o, a) for o, a in zip(order, collection.answers, strict=True)])),
            float(np.mean([bool(a & set(o[:10]))
                           for o, a in zip(order, collection.answers, strict=True)])),
        )
        for ranker, order in orders.items()
    ]  # fmt: skip


def _ap(order: Sequence[int], answers: set[int]) -> float:
    hits, total = 0, 0.0
    for place, n in enumerate(order[:5], 1):
        if n in answers:
            hits += 1
            total += hits / place
    return total / min(len(answers), 5)


def _top(scores: NDArray[np.float32], n: int) -> list[int]:
    first = np.argpartition(-scores, min(n, len(scores) - 1))[:n]
    return [int(i) for i in first[np.argsort(-scores[first])] if scores[i] > 0]


def _vectors(texts: list[str], cache: Path) -> NDArray[np.float32]:
    """Encode texts in pieces that are kept on disk, so that a run that was cut off goes on."""
    cache.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(texts), 1024):
        part = texts[start : start + 1024]
        key = hashlib.sha256("\0".join([encoder.VERSION, *part]).encode()).hexdigest()[:24]
        path = cache / f"{key}.npy"
        if not path.exists():
            np.save(path, encoder.load().encode(part))
        parts.append(np.load(path))
    return np.concatenate(parts)


def _collect(
    name: str, claims: list[tuple[str, str]], queries: list[Path], qrels: list[Path]
) -> Collection:
    places = {claim: n for n, (claim, _text) in enumerate(claims)}
    answers: dict[str, set[int]] = {}
    for row in (row for path in qrels for row in _rows(path)):
        if len(row) >= 3 and row[2] in places:
            answers.setdefault(row[0], set()).add(places[row[2]])
    asked = {
        row[0]: row[1]
        for path in queries
        for row in _rows(path)
        if len(row) > 1 and row[0] in answers
    }
    return Collection(
        name, [text for _id, text in claims], list(asked.values()), [answers[q] for q in asked]
    )


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _headline(title: str) -> str:
    return title.removeprefix("PolitiFact - ").removeprefix("PolitiFact | ")
