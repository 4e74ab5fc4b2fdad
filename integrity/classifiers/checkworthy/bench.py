"""Measure check-worthiness on labelled sentences: F1 of the worthy, and average precision."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from integrity.classifiers.checkworthy.model import NONE, WORTH_AT, Checkworthy

FILES = {
    "CheckThat! 2024 Dutch, development": "checkworthy_ct24_dutch_dev.tsv",
    "CheckThat! 2024 Dutch, training part": "checkworthy_ct24_dutch_train.tsv",
    "CheckThat! 2024 English, development": "checkworthy_ct24_english_dev.tsv",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One set: how many sentences, how many worthy, and how well they were told apart."""

    name: str
    sentences: int
    worthy: int
    precision: float
    recall: float
    f1: float
    average_precision: float
    # What calling every sentence worthy would score.
    f1_of_all: float


def measure(model: Checkworthy, folder: Path) -> Iterator[Measured]:
    """Measure each set that is there."""
    for name, file in FILES.items():
        path = folder / file
        if path.is_file():
            rows = list(_rows(path))
            found = model.find([text for text, _worthy in rows])
            yield _measured(name, [each.score for each in found], [y for _text, y in rows])


def held_out(folds: int = 5) -> Iterator[Measured]:
    """Measure each language on frames of ours that were not trained on, fold by fold."""
    from integrity.classifiers.checkworthy import train

    scores: dict[str, list[float]] = {}
    worthy: dict[str, list[bool]] = {}
    for fold in range(folds):
        model = Checkworthy(train.arrays(*train.train(train.gather(without=fold))), version="")
        for language in train.LANGUAGES:
            for text, topic in train.gather(only=fold, languages=[language]):
                scores.setdefault(language, []).append(model.weigh(text).score)
                worthy.setdefault(language, []).append(topic != NONE)
    for language, found in scores.items():
        name = f"own sentences, {language}, {folds} folds of frames"
        yield _measured(name, found, worthy[language])


def _rows(path: Path) -> Iterator[tuple[str, bool]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(rows)
        label = header.index("class_label")
        for row in rows:
            if len(row) == len(header):
                yield row[label - 1].strip('"').replace('""', '"'), row[label] == "Yes"


def _measured(name: str, scores: list[float], worthy: list[bool]) -> Measured:
    order = np.argsort(-np.array(scores), kind="stable")
    truth = np.array(worthy)[order]
    found = np.array(scores)[order] >= WORTH_AT
    hits = int((truth & found).sum())
    total, called = int(truth.sum()), int(found.sum())
    precision = hits / called if called else 0.0
    recall = hits / total if total else 0.0
    ranks = np.flatnonzero(truth) + 1
    share = total / len(truth)
    return Measured(
        name=name,
        sentences=len(truth),
        worthy=total,
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if hits else 0.0,
        average_precision=float((np.arange(1, len(ranks) + 1) / ranks).mean()),
        f1_of_all=2 * share / (1 + share),
    )
