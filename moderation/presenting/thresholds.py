"""What each threshold means, in numbers with n: jobs a day, precision and recall so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from elections.models import Election
from moderation.proportions import Share
from moderation.queries import labelled
from moderation.queries.labelled import Labelled

DAYS = 14
STEPS = tuple(step / 100 for step in range(50, 100, 5))


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold: what it would find a day, and how right that was among decided items."""

    threshold: float
    jobs_a_day: float
    precision: Share
    recall: Share
    is_chosen: bool = False
    is_in_force: bool = False


@dataclass(frozen=True, slots=True)
class Backtest:
    """All thresholds side by side, and a drawing of them."""

    rows: list[Row]
    decided: int
    wrong: int
    days: int
    precision_path: str
    recall_path: str

    @property
    def chosen(self) -> Row:
        """Return the row that was asked for."""
        return next(row for row in self.rows if row.is_chosen)


def backtest(
    *, election: Election | None, chosen: float, in_force: float | None, at: datetime
) -> Backtest:
    """Measure every threshold on the labels so far and on what the last days brought."""
    labels = labelled.decided(election)
    scores = labelled.scores_since(at - timedelta(days=DAYS), election=election)
    steps = sorted({*STEPS, round(chosen, 4), *([in_force] if in_force is not None else [])})
    rows = [
        row_at(
            step,
            labels=labels,
            scores=scores,
            is_chosen=step == round(chosen, 4),
            is_in_force=step == in_force,
        )
        for step in steps
    ]
    return Backtest(
        rows=rows,
        decided=len(labels),
        wrong=sum(label.wrong for label in labels),
        days=DAYS,
        precision_path=_path([(r.threshold, r.precision.value) for r in rows]),
        recall_path=_path([(r.threshold, r.recall.value) for r in rows]),
    )


def row_at(
    threshold: float,
    *,
    labels: Sequence[Labelled],
    scores: Sequence[float],
    is_chosen: bool = False,
    is_in_force: bool = False,
) -> Row:
    """Measure one threshold."""
    hit, false, miss = labelled.labels_of(labels, threshold=threshold)
    return Row(
        threshold=threshold,
        jobs_a_day=sum(score >= threshold for score in scores) / DAYS,
        precision=Share(hit, hit + false),
        recall=Share(hit, hit + miss),
        is_chosen=is_chosen,
        is_in_force=is_in_force,
    )


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    """Draw shares over thresholds in a box of 360 by 150, leaving out where there is none."""
    pairs = [f"{40 + 312 * x:.1f} {128 - 114 * y:.1f}" for x, y in points if y is not None]
    return "M" + " ".join(pairs) if len(pairs) > 1 else ""
