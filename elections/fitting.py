"""Fitting how far each reader is trusted, on labelled posts that neither was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elections.evaluating import Row
from elections.facts import FactSheet
from elections.fusing import Checked, decide
from elections.screening import HEARD, screen
from elections.weighing import VERDICTS, features, hear
from integrity.classifiers.voting_procedure.opinions import Opinion

STRENGTH = 1.0


def numbers_of(rows: Sequence[Row], facts: Mapping[str, FactSheet]) -> list[list[float]]:
    """Screen the rows and write down what the weighing looks at."""
    outcomes = screen([row.text for row in rows], facts)
    found = []
    for row, outcome in zip(rows, outcomes, strict=True):
        sheet = row.facts or facts[row.text.election]
        said = [each.statement for each in outcome.propositions]
        if not said:
            found.append(features([], VERDICTS[3], None, Opinion(), []))
            continue
        opinion = Opinion.from_frame(said[0].frame())
        read: list[Checked] = [c for c in outcome.propositions if c.statement.rule != HEARD]
        verdict, ground = decide(read, opinion) if read else (VERDICTS[3], None)
        heard = hear(opinion, said[0], sheet, place=row.text.place)
        found.append(features(read, verdict, ground, opinion, heard))
    return found


def fit(numbers: Sequence[Sequence[float]], labels: Sequence[str]) -> dict[str, Any]:
    """Fit a softmax over the four verdicts, held back towards nought."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(numbers, [[str(v) for v in VERDICTS].index(label) for label in labels])
    return {
        "rows": [[round(float(w), 5) for w in row] for row in model.coef_],
        "bias": [round(float(b), 5) for b in model.intercept_],
        "posts": len(labels),
    }
