"""From what is known of an item to a place in a queue. Pure: same inputs and rules, same answer."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

# The queues that every house has (moderation/data/queues.json).
VOTING_PROCEDURE = "voting-procedure"
UNDECIDABLE = "undecidable"
REPORTS = "reports"
SECOND_OPINION = "second-opinion"
# Calls for help of parties and candidates; what stands there stays there (guidance/migrations).
PRIORITY_HELP = "priority-help"

# One careful look takes about this long; it turns harm into harm per minute.
MINUTES_PER_REVIEW = 1.0
# A new item has no curve yet: assume it will be seen at least this often.
VIEWS_AT_LEAST = 100
# How likely a violation is where nobody has found a contradiction.
UNFOUNDED = 0.3

# Reports that the law or an agreement answers within a day (DSA art. 16(6), 22(1): without delay).
LEGAL_SOURCES = {
    "trusted_flagger": timedelta(hours=4),
    "authority": timedelta(hours=4),
    "article_16": timedelta(hours=24),
}

# The rules a house begins with; an election lead changes them as data.
FIRST_RULES: list[dict[str, Any]] = [
    {
        "name": "Contradicts an official fact",
        "when": [["contradiction", "at_least", 0.5]],
        "queue": VOTING_PROCEDURE,
    },
    {
        "name": "Cannot be settled by text, and travels",
        "when": [
            ["undecidable", "in", ["fraud", "result", "intimidation"]],
            ["views_to_come", "at_least", 500],
        ],
        "queue": UNDECIDABLE,
    },
    {
        "name": "The ground of a decision has gone",
        "when": [["ground_gone", "is", "yes"]],
        "queue": VOTING_PROCEDURE,
    },
    {"name": "Reported", "when": [["reports", "at_least", 1]], "queue": REPORTS},
]


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """What routing needs to know of a signal."""

    verdict: str
    score: float
    topic: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """What routing needs to know of an unanswered report."""

    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that routing may look at.

    `severities` and `policies` say of each topic that was found which policy is about it, and how
    severe that policy is, 1 to 5.
    """

    signals: Sequence[SignalSeen] = ()
    reports: Sequence[ReportSeen] = ()
    views: int = 0
    views_to_come: int = 0
    views_per_minute: float = 0.0
    kind: str = "text"
    language: str = ""
    election: str = ""
    place: str = ""
    protection: str = ""
    strikes: int = 0
    # The step that the account's misuse asks for: "warn", "pause" or nothing.
    misuse: str = ""
    followers: int | None = None
    account_days: int | None = None
    days_to_election: int | None = None
    # What scores lower is no contradiction to the rules; a person sees it all the same.
    threshold: float = 0.0
    # A restriction rests on a contradiction, and nothing contradicts any more.
    ground_gone: bool = False
    severities: Mapping[str, int] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the form that a job keeps, so that its routing can be made again."""
        row = asdict(self)
        row["reports"] = [
            {"source": r.source, "received_at": r.received_at.isoformat()} for r in self.reports
        ]
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Inputs":
        """Read back what a job kept."""
        return cls(
            **{
                **row,
                "signals": [SignalSeen(**s) for s in row["signals"]],
                "reports": [
                    ReportSeen(r["source"], datetime.fromisoformat(r["received_at"]))
                    for r in row["reports"]
                ],
            }
        )

    def worst(self) -> SignalSeen | None:
        """Return the surest contradiction, else whatever text cannot settle."""
        contradictions = [s for s in self.signals if s.verdict == "contradicts"]
        if contradictions:
            return max(contradictions, key=lambda s: s.score)
        return next((s for s in self.signals if s.verdict == "unverifiable"), None)

    def field_values(self) -> dict[str, Any]:
        """Return what conditions may name, with its value for this item."""
        worst = self.worst()
        return {
            "contradiction": self.contradiction(),
            "topic": worst.topic if worst else "",
            "policy": self.policies.get(worst.topic, "") if worst else "",
            "found_by": sorted({s.source for s in self.signals if s.source}),
            "undecidable": sorted({s.topic for s in self.signals if s.verdict == "unverifiable"}),
            "severity": self.severity(),
            "reports": len(self.reports),
            "report_source": sorted({r.source for r in self.reports}),
            "views": self.views,
            "views_to_come": self.views_to_come,
            "views_per_minute": self.views_per_minute,
            "kind": self.kind,
            "language": self.language[:2],
            "election": self.election,
            "place": self.place,
            "protection": self.protection,
            "strikes": self.strikes,
            "misuse": self.misuse,
            "followers": self.followers,
            "account_days": self.account_days,
            "days_to_election": self.days_to_election,
            "ground_gone": "yes" if self.ground_gone else "",
        }

    def contradiction(self) -> float:
        """Return how sure the surest contradiction is; none below the threshold in force."""
        worst = self.worst()
        if worst is None or worst.verdict != "contradicts" or worst.score < self.threshold:
            return 0.0
        return worst.score

    def severity(self) -> int:
        """Return the severity of the worst signal's topic; 3 where no policy names it."""
        worst = self.worst()
        return self.severities.get(worst.topic, 3) if worst else 3


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a job goes and why. `harm` is views prevented per minute, weighed by severity."""

    queue: str
    harm: float
    due_at: datetime | None
    rule: str = ""
    reasons: tuple[dict[str, object], ...] = field(default=())


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda found, wanted: wanted in found if isinstance(found, list) else found == wanted,
    "is_not": lambda found, wanted: not _OPERATORS["is"](found, wanted),
    "in": lambda found, wanted: any(_OPERATORS["is"](found, each) for each in wanted),
    "not_in": lambda found, wanted: not _OPERATORS["in"](found, wanted),
    "at_least": lambda found, wanted: found is not None and found >= wanted,
    "at_most": lambda found, wanted: found is not None and found <= wanted,
}
FIELDS: frozenset[str] = frozenset(Inputs().field_values())
OPERATORS: frozenset[str] = frozenset(_OPERATORS)


def digest(rules: Sequence[Mapping[str, Any]]) -> str:
    """Hash the content of a set of rules: the name by which a version is known."""
    canonical = json.dumps(rules, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def matching_rule(inputs: Inputs, rules: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the first rule whose conditions all hold."""
    values = inputs.field_values()
    return next(
        (
            rule
            for rule in rules
            if all(_OPERATORS[op](values[name], wanted) for name, op, wanted in rule["when"])
        ),
        None,
    )


def route(
    inputs: Inputs, *, rules: Sequence[Mapping[str, Any]] = FIRST_RULES, at: datetime | None = None
) -> Routing | None:
    """Say where an item belongs, or None when nobody needs to look.

    What the law wants answered by a time is due by that time, whatever the rule. A rule's `weight`
    makes what it finds count more or less than the views alone would.
    """
    rule = matching_rule(inputs, rules)
    if rule is None:
        return None
    worst = inputs.worst()
    contradicts = worst is not None and worst.verdict == "contradicts"
    probability = rule.get("probability") or (worst.score if worst and contradicts else UNFOUNDED)
    severity = inputs.severity()
    views = max(inputs.views_to_come, VIEWS_AT_LEAST)
    weight = rule.get("weight") or 1
    legal = [
        r.received_at + LEGAL_SOURCES[r.source] for r in inputs.reports if r.source in LEGAL_SOURCES
    ]
    due = list(legal)
    if at is not None and rule.get("due_within_minutes"):
        due.append(at + timedelta(minutes=rule["due_within_minutes"]))
    return Routing(
        queue=rule["queue"],
        harm=round(probability * severity / 5 * views * weight / MINUTES_PER_REVIEW, 3),
        due_at=min(due, default=None),
        rule=rule["name"],
        reasons=_reasons(inputs, rule, probability=probability, legal=legal),
    )


def _reasons(
    inputs: Inputs, rule: Mapping[str, Any], *, probability: float, legal: Sequence[datetime]
) -> tuple[dict[str, object], ...]:
    worst = inputs.worst()
    reasons: list[dict[str, object]] = []
    if legal:
        reasons.append({"kind": "legal", "value": min(legal).isoformat()})
    reasons.append({"kind": "rule", "value": rule["name"]})
    reasons.append({"kind": "views", "value": inputs.views_to_come})
    if worst and worst.verdict == "contradicts":
        reasons.append({"kind": "probability", "value": round(probability, 2)})
        reasons.append({"kind": "topic", "value": worst.topic})
    elif worst:
        reasons.append({"kind": "undecidable", "value": worst.topic})
    reasons.append({"kind": "severity", "value": inputs.severity()})
    if inputs.reports:
        reasons.append({"kind": "reports", "value": len(inputs.reports)})
    if inputs.ground_gone:
        reasons.append({"kind": "ground_gone", "value": True})
    if inputs.protection:
        reasons.append({"kind": "protection", "value": inputs.protection})
    if rule.get("weight"):
        reasons.append({"kind": "weight", "value": rule["weight"]})
    return tuple(reasons)
