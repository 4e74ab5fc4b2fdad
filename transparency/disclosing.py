"""What of a count may be told: rounded, so that nobody can be recognised or counted back."""

from datetime import timedelta

STEP = 5
ENOUGH = 10  # of fewer, a typical time says nothing


def told(n: int) -> int | None:
    """Round to fives; None stands for a few, fewer than five. Nothing is nothing."""
    if 0 < n < STEP:
        return None
    return STEP * round(n / STEP)


def whole(span: timedelta) -> timedelta:
    """Round a length of time to what a reader needs: seconds, minutes or hours."""
    seconds = max(1, round(span.total_seconds()))
    for unit, below in ((1, 120), (60, 2 * 3600), (3600, 72 * 3600)):
        if seconds < below:
            return timedelta(seconds=unit * max(1, round(seconds / unit)))
    return timedelta(days=round(seconds / 86400))
