"""From signals, reports and traction to a place in a queue. Pure: same input, same answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# The queues that every house has; `load_demo` and the first migration make them.
VOTING_PROCEDURE = "voting-procedure"
UNDECIDABLE = "undecidable"
REPORTS = "reports"

# Below this probability a contradiction is not worth a person's minute.
OPEN_AT = 0.5
# A claim that text cannot settle waits for a person once it travels.
UNDECIDABLE_TOPICS = frozenset({"fraud", "result", "intimidation"})
UNDECIDABLE_VIEWS = 500
# One careful look takes about this long; it turns harm into harm per minute.
MINUTES_PER_REVIEW = 1.0
# A new item has no curve yet: assume it will be seen at least this often.
VIEWS_AT_LEAST = 100

# Reports that the law or an agreement answers within a day (DSA art. 16(6), 22(1): without delay).
LEGAL_SOURCES = {
    "trusted_flagger": timedelta(hours=4),
    "authority": timedelta(hours=4),
    "article_16": timedelta(hours=24),
}


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """What routing needs to know of a signal."""

    verdict: str
    score: float
    topic: str


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """What routing needs to know of an unanswered report."""

    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a job goes and why. `harm` is views prevented per minute, weighed by severity."""

    queue: str
    harm: float
    due_at: datetime | None
    reasons: tuple[dict[str, object], ...] = field(default=())


def route(
    *,
    signals: Sequence[SignalSeen],
    reports: Sequence[ReportSeen],
    views_to_come: int,
    severities: Mapping[str, int],
) -> Routing | None:
    """Say where an item belongs, or None when nobody needs to look.

    `severities` maps a topic to its policy's severity, 1 to 5; 3 where no policy names it.
    """
    contradiction = max(
        (s for s in signals if s.verdict == "contradicts" and s.score >= OPEN_AT),
        key=lambda s: s.score,
        default=None,
    )
    undecidable = next(
        (s for s in signals if s.verdict == "unverifiable" and s.topic in UNDECIDABLE_TOPICS),
        None,
    )
    legal = [r.received_at + LEGAL_SOURCES[r.source] for r in reports if r.source in LEGAL_SOURCES]
    travels = undecidable is not None and views_to_come >= UNDECIDABLE_VIEWS
    if contradiction is None and not travels and not reports:
        return None

    worst = contradiction or undecidable
    probability = worst.score if contradiction and worst else 0.3
    severity = severities.get(worst.topic, 3) if worst else 3
    views = max(views_to_come, VIEWS_AT_LEAST)
    reasons: list[dict[str, object]] = [{"kind": "views", "value": views_to_come}]
    if contradiction:
        reasons.append({"kind": "probability", "value": round(probability, 2)})
    if travels and undecidable:
        reasons.append({"kind": "undecidable", "value": undecidable.topic})
    reasons.append({"kind": "severity", "value": severity})
    if reports:
        reasons.append({"kind": "reports", "value": len(reports)})
    if legal:
        reasons.insert(0, {"kind": "legal", "value": min(legal).isoformat()})

    return Routing(
        queue=VOTING_PROCEDURE if contradiction else UNDECIDABLE if travels else REPORTS,
        harm=round(probability * severity / 5 * views / MINUTES_PER_REVIEW, 3),
        due_at=min(legal, default=None),
        reasons=tuple(reasons),
    )
