"""What a sweep over rows that must be followed shares: batch by batch, and not for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

BATCH = 500
# One call goes on no longer than this; the next sweep continues where its cursor stands.
AT_A_STRETCH = timedelta(minutes=4)
# Whoever read the old setting has stored what they read by then; what is newer knows the new one.
SETTLES = timedelta(seconds=5)


class OneBatch(Protocol):
    """Follows the next rows; returns how many items were looked at, None when idle."""

    def __call__(self, *, at: datetime, batch: int) -> int | None: ...


def batch_by_batch(one_batch: OneBatch, *, now: Callable[[], datetime], batch: int) -> int:
    """Follow until nothing is left or the stretch is over; returns how many were looked at."""
    started, seen = now(), 0
    while now() - started < AT_A_STRETCH:
        step = one_batch(at=now(), batch=batch)
        if step is None:
            break
        seen += step
    return seen
