"""What a version of the routing rules would have done with stored items; writes nothing.

Every job keeps what routing saw, so it is routed again from that. Items that never became a job are
routed from what is known of them now. Precision is counted on decisions that people have taken:
how many of the queued items that somebody decided asked for an action.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from moderation import routing
from moderation.choices import Action
from moderation.models import Decision, Item, Job, Report, Signal
from moderation.queries import casework
from moderation.services.gathering import read_inputs

JOBS_AT_MOST = 10_000
ITEMS_AT_MOST = 2_000
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Tally:
    """How much something caught, and how often whoever looked found something to do."""

    matched: int = 0
    decided: int = 0
    acted: int = 0

    @property
    def precision(self) -> float | None:
        """The share of decided ones that asked for an action; None while nothing is decided."""
        return self.acted / self.decided if self.decided else None

    def count(self, action: str | None) -> None:
        """Count one more."""
        self.matched += 1
        if action is not None:
            self.decided += 1
            self.acted += action != Action.NO_ACTION


@dataclass(slots=True)
class Backtest:
    """What two versions would have done with the same items."""

    since: datetime
    until: datetime
    days: float
    jobs: int = 0
    items: int = 0
    is_cut: bool = False
    ours: Tally = field(default_factory=Tally)
    theirs: Tally = field(default_factory=Tally)
    both: int = 0
    elsewhere: int = 0
    # Somebody acted on these, and these rules would not have queued them.
    missed: int = 0
    rules: dict[str, Tally] = field(default_factory=dict)
    queues: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """How many stored items were routed again."""
        return self.jobs + self.items

    @property
    def overlap(self) -> float | None:
        """The share of what either version queues that both queue."""
        either = self.ours.matched + self.theirs.matched - self.both
        return self.both / either if either else None

    def per_day(self, n: int) -> float:
        """Spread a count over the days that were looked at."""
        return n / self.days


@dataclass(frozen=True, slots=True)
class _Case:
    inputs: routing.Inputs
    at: datetime
    action: str | None


def backtest(
    *,
    content: Sequence[Mapping[str, Any]],
    against: Sequence[Mapping[str, Any]],
    at: datetime,
    days: int = 14,
) -> Backtest:
    """Route what came in over these days again, by these rules and by those in use."""
    since = at - _DAY * days
    result = Backtest(since, at, float(days))
    for rule in content:
        result.rules[rule["name"]] = Tally()
    ours_in: Counter[str] = Counter()
    theirs_in: Counter[str] = Counter()
    for case in _cases(result, since=since, at=at):
        ours = routing.route(case.inputs, rules=content, at=case.at)
        theirs = routing.route(case.inputs, rules=against, at=case.at)
        if ours:
            result.ours.count(case.action)
            result.rules[ours.rule].count(case.action)
            ours_in[ours.queue] += 1
        elif case.action not in (None, Action.NO_ACTION):
            result.missed += 1
        if theirs:
            result.theirs.count(case.action)
            theirs_in[theirs.queue] += 1
        if ours and theirs:
            result.both += 1
            result.elsewhere += ours.queue != theirs.queue
    result.queues = {q: (ours_in[q], theirs_in[q]) for q in sorted(ours_in | theirs_in)}
    return result


def _cases(result: Backtest, *, since: datetime, at: datetime) -> Iterator[_Case]:
    """The jobs of these days, then items that never became one; newest first, and bounded."""
    standing = Decision.objects.standing().filter(job=OuterRef("pk")).order_by("-pk")
    jobs = (
        Job.objects.filter(opened_at__gt=since, opened_at__lte=at)
        .exclude(inputs={})
        .annotate(answer=Subquery(standing.values("action")[:1]))
        .order_by("-opened_at")
        .values_list("inputs", "opened_at", "answer")[: JOBS_AT_MOST + 1]
    )
    first = at
    for n, (inputs, opened_at, action) in enumerate(jobs.iterator(chunk_size=1000)):
        if n == JOBS_AT_MOST:
            result.is_cut = True
            break
        result.jobs += 1
        first = opened_at
        yield _Case(routing.Inputs.from_json(inputs), opened_at, action)
    if result.is_cut:
        # What was cut off is not looked at, so the days are those that were.
        result.since, since = first, first
        result.days = max((at - first) / _DAY, 1 / 24)
    yield from _never_queued(result, since=since, at=at)


def _never_queued(result: Backtest, *, since: datetime, at: datetime) -> Iterator[_Case]:
    found = Signal.objects.filter(item=OuterRef("pk"), superseded_at=None)
    reported = Report.objects.filter(item=OuterRef("pk"))
    fresh = Item.objects.filter(received_at__gt=since, received_at__lte=at, deleted_at=None)
    pks = list(
        fresh.filter(Q(Exists(found)) | Q(Exists(reported)))
        .filter(~Exists(Job.objects.filter(item=OuterRef("pk"))))
        .order_by("-received_at")
        .values_list("pk", flat=True)[: ITEMS_AT_MOST + 1]
    )
    if len(pks) > ITEMS_AT_MOST:
        result.is_cut = True
    for start in range(0, min(len(pks), ITEMS_AT_MOST), 500):
        items = casework.items_to_route(pks[start : min(start + 500, ITEMS_AT_MOST)])
        result.items += len(items)
        inputs = read_inputs(items, at=at)
        for item in items:
            yield _Case(inputs[item.pk], item.received_at, None)
