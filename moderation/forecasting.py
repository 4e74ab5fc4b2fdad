"""How many views are still to come."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# Attention to a short post fades by half in a few hours; the exact figure is replaced by a fitted
# curve later, behind this same call.
HALF_LIFE_MINUTES = 180.0
HORIZON_MINUTES = 24 * 60.0
_RECENT_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class Point:
    """Cumulative views at one moment."""

    at: datetime
    views: int


def views_per_minute(curve: Sequence[Point]) -> float:
    """Return the present rate: views gained over about the last hour of samples, per minute."""
    if len(curve) < 2:
        return 0.0
    last = curve[-1]
    first = next(
        (p for p in curve if (last.at - p.at).total_seconds() / 60 <= _RECENT_MINUTES), curve[-2]
    )
    if first is last:
        first = curve[-2]
    minutes = (last.at - first.at).total_seconds() / 60
    return max(0.0, (last.views - first.views) / minutes) if minutes > 0 else 0.0


def views_to_come(curve: Sequence[Point], at: datetime) -> int:
    """Forecast the views between `at` and a day later: the present rate with exponential decay.

    `curve` is ordered by time, views cumulative. With fewer than two points nothing can be said
    about speed, and the answer is 0.
    """
    rate = views_per_minute(curve)
    if rate == 0:
        return 0
    decay = math.log(2) / HALF_LIFE_MINUTES
    age = max(0.0, (at - curve[-1].at).total_seconds() / 60)
    now = rate * math.exp(-decay * age)
    return round(now / decay * (1 - math.exp(-decay * HORIZON_MINUTES)))
