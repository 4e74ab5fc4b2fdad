"""View counts as curves: paths to draw and the table behind them."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import number_format

from integrity.look import clock
from moderation.forecasting import Point, views_to_come


@dataclass(frozen=True, slots=True)
class Spark:
    """A small curve for a list: SVG paths in a box of 96 by 28."""

    measured: str
    forecast: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One row of the table behind a chart."""

    at: datetime
    views: int
    is_forecast: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A traction curve with its forecast, ready to draw in a box of 360 by 150."""

    views: int
    to_come: int
    measured: str
    area: str
    forecast: str
    now_x: str
    now_y: str
    now_anchor: str
    now_text_x: str
    now: str
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    rows: tuple[ChartRow, ...]


def _path(points: Iterable[tuple[float, float]]) -> str:
    pairs = [f"{x:.1f} {y:.1f}" for x, y in points]
    return "M" + " ".join(pairs) if pairs else ""


def spark(points: Sequence[Point], to_come: int) -> Spark | None:
    """Draw views so far and to come; None with fewer than two samples."""
    if len(points) < 2:
        return None
    start, end = points[0].at.timestamp(), points[-1].at.timestamp()
    width = max(end - start, 1.0)
    top = max(points[-1].views + to_come, 1)

    def y(views: float) -> float:
        return 25.0 - 21.0 * views / top

    measured = [(2 + 61.0 * (p.at.timestamp() - start) / width, y(p.views)) for p in points]
    last_x, last_y = measured[-1]
    future = [
        (last_x + 31.0 * n / 4, y(points[-1].views + to_come * (1 - 0.5 ** (n * 1.5))))
        for n in range(5)
    ]
    return Spark(_path(measured), _path(future), f"{last_x:.1f}", f"{last_y:.1f}")


def _nice_step(top: float) -> int:
    raw = max(top / 3, 1)
    size = 10 ** math.floor(math.log10(raw))
    return int(next(m * size for m in (1, 2, 5, 10) if m * size >= raw))


def short_number(value: int) -> str:
    """Write a large number short enough for an axis: 40k, 1.2M."""
    if value >= 1_000_000:
        return f"{number_format(value / 1_000_000, decimal_pos=1)}M".replace(",0M", "M").replace(
            ".0M", "M"
        )
    return f"{value // 1000}k" if value >= 1000 else str(value)


def expected_views(points: Sequence[Point], *, now: datetime, at: datetime) -> int:
    """Forecast the cumulative views at a later moment, from the one forecast that the house has."""
    gone = views_to_come(points, now) - views_to_come(points, at)
    return points[-1].views + max(0, gone)


def traction_chart(points: Sequence[Point], *, now: datetime) -> Chart | None:
    """Draw the measured curve and the forecast behind it; None with fewer than two samples."""
    if len(points) < 2:
        return None
    to_come = views_to_come(points, now)
    start, end = points[0].at, now + max(timedelta(hours=2), (now - points[0].at) * 0.8)
    end = min(end, now + timedelta(hours=12))
    future = [
        (now + (end - now) * n / 12, expected_views(points, now=now, at=now + (end - now) * n / 12))
        for n in range(13)
    ]
    step = _nice_step(max(future[-1][1], points[-1].views, 3))
    top = step * math.ceil(max(future[-1][1], points[-1].views, 3) / step)
    seconds = (end - start).total_seconds()

    def x(at: datetime) -> float:
        return 40 + 312 * (at - start).total_seconds() / seconds

    def y(views: float) -> float:
        return 128 - 114 * views / top

    measured = [(x(p.at), y(p.views)) for p in points] + [(x(now), y(points[-1].views))]
    area = [*measured, (x(now), 128.0), (x(points[0].at), 128.0)]
    at_left = x(now) < 120
    return Chart(
        views=points[-1].views,
        to_come=to_come,
        measured=_path(measured),
        area=_path(area) + "Z",
        forecast=_path((x(at), y(views)) for at, views in future),
        now_x=f"{x(now):.1f}",
        now_y=f"{y(points[-1].views):.1f}",
        now_anchor="start" if at_left else "end",
        now_text_x=f"{x(now) + (5 if at_left else -5):.1f}",
        now=clock(now),
        y_ticks=tuple(Tick(f"{y(v):.1f}", short_number(v)) for v in range(0, top + 1, step)),
        x_ticks=tuple(_hours(start, end, x)),
        rows=tuple(ChartRow(p.at, p.views, False) for p in points[-6:])
        + tuple(ChartRow(at, views, True) for at, views in future[4::4]),
    )


def _hours(start: datetime, end: datetime, x: Callable[[datetime], float]) -> Iterable[Tick]:
    hours = max(1, math.ceil((end - start).total_seconds() / 3600 / 5))
    yield Tick(f"{x(start):.1f}", clock(start), "start")
    at = timezone.localtime(start).replace(minute=0, second=0, microsecond=0)
    while (at := at + timedelta(hours=hours)) < end:
        if x(at) - x(start) > 46 and x(end) - x(at) > 50:
            yield Tick(f"{x(at):.1f}", clock(at))
    yield Tick(f"{x(end):.1f}", clock(end), "end")
