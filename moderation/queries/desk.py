"""What the desk shows: queues and their rows. `job_page` holds the page of one job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from integrity.people.models import User
from moderation.choices import JobState
from moderation.models import Decision, Job, JobMove, Queue, Signal, Skip
from moderation.queries import casework

PAGE = 50
# A job's page counts what waits behind it no further than this.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """One queue in the list: how much waits, and how pressing it is."""

    queue: Queue
    waiting: int
    urgent: int
    overdue: int
    in_hand: int
    held: int
    oldest_at: datetime | None
    harm: float


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One job in a queue, with all that its row shows."""

    job: Job
    excerpt: str
    signal: Signal | None
    reports: int
    points: Sequence[tuple[datetime, int]]
    urgent: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue in the house's order; `after` leads to the next, empty at the end."""

    rows: list[QueueRow] = field(default_factory=list)
    after: str = ""


def visible_queues(user: User) -> list[Queue]:
    """Return the queues that this user's roles may see, in the house's order."""
    return [q for q in Queue.objects.order_by("position", "slug") if q.is_visible_to(user)]


def queue_summaries(user: User, *, at: datetime) -> list[QueueSummary]:
    """Return every visible queue with its counts, in two queries."""
    queues = visible_queues(user)
    open_jobs = Job.objects.open().filter(queue__in=queues)
    counts = {
        row["queue"]: row
        for row in open_jobs.order_by()
        .values("queue")
        .annotate(
            waiting=Count("pk", filter=Q(state=JobState.WAITING)),
            urgent=Count("pk", filter=Q(state=JobState.WAITING, urgent_at__lte=at)),
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            in_hand=Count("pk", filter=Q(state=JobState.TAKEN)),
            held=Count("pk", filter=Q(state=JobState.HELD)),
            oldest=Min("opened_at", filter=Q(state=JobState.WAITING)),
            most=Max("harm", filter=Q(state=JobState.WAITING)),
        )
    }
    nothing: dict[str, Any] = {}
    return [
        QueueSummary(
            queue=queue,
            waiting=(row := counts.get(queue.pk, nothing)).get("waiting", 0),
            urgent=row.get("urgent", 0),
            overdue=row.get("overdue", 0),
            in_hand=row.get("in_hand", 0),
            held=row.get("held", 0),
            oldest_at=row.get("oldest"),
            harm=row.get("most") or 0.0,
        )
        for queue in queues
    ]


def waiting_page(
    queue: Queue, *, at: datetime, after: str = "", size: int = PAGE, wanted: Q | None = None
) -> QueuePage:
    """Return a page of what waits for anybody, in the order in which `take_next` gives it.

    `after` is the page's own cursor; a cursor that nobody gave starts at the top. The bands are
    those of the first page's moment, so that paging shows every job once. `wanted` narrows it.
    """
    band, moment, key, last = _read_cursor(after, at)
    waiting = _rows_base().filter(
        wanted or Q(), queue=queue, state=JobState.WAITING, assigned_to=None
    )
    jobs: list[Job] = []
    if band == "u":
        urgent = waiting.filter(urgent_at__lte=moment).order_by("urgent_at", "pk")
        if isinstance(key, datetime):
            urgent = urgent.filter(Q(urgent_at__gt=key) | Q(urgent_at=key, pk__gt=last))
        jobs = list(urgent[: size + 1])
    if len(jobs) <= size:
        others = waiting.filter(Q(urgent_at=None) | Q(urgent_at__gt=moment)).order_by("-harm", "pk")
        if band == "h" and isinstance(key, float):
            others = others.filter(Q(harm__lt=key) | Q(harm=key, pk__gt=last))
        jobs += list(others[: size + 1 - len(jobs)])
    shown = jobs[:size]
    following = _cursor(shown[-1], moment) if len(jobs) > size else ""
    return QueuePage(rows_of(shown, at=at), following)


def in_hand(queue: Queue, *, at: datetime, size: int = PAGE) -> list[QueueRow]:
    """Return the jobs of a queue that colleagues have in hand, longest first."""
    jobs = _rows_base().filter(queue=queue, state=JobState.TAKEN).order_by("taken_at", "pk")
    return rows_of(jobs[:size], at=at)


def my_jobs(user: User, *, at: datetime, size: int = PAGE) -> list[QueueRow]:
    """Return what this person has in hand, then what waits for them by name."""
    jobs = (
        _rows_base()
        .filter(
            Q(state=JobState.TAKEN, taken_by=user) | Q(state=JobState.WAITING, assigned_to=user)
        )
        .order_by("-taken_at", "pk")
    )
    return rows_of(jobs[:size], at=at)


def moved_by(user: User, *, size: int = PAGE) -> list[JobMove]:
    """Return this person's moves, newest first, with where each job stands now."""
    return list(
        JobMove.objects.filter(moved_by=user)
        .select_related("job", "job__item", "job__queue", "from_queue", "to_queue")
        .order_by("-moved_at", "-pk")[:size]
    )


def skipped_by(user: User, *, size: int = PAGE) -> list[Skip]:
    """Return what this person skipped, newest first."""
    return list(
        Skip.objects.filter(skipped_by=user)
        .select_related("job", "job__item", "job__queue")
        .order_by("-skipped_at")[:size]
    )


def waiting_count(queue: Queue) -> int:
    """Count what waits in a queue, and stop where the number means nothing any more."""
    return queue.jobs.waiting()[: COUNTED + 1].count()


def held_count(user: User) -> int:
    """Count what waits for a second person in the queues that this user sees."""
    return Decision.objects.held().filter(job__queue__in=visible_queues(user)).count()


def held_decisions(user: User, *, after: str = "", size: int = PAGE) -> list[Decision]:
    """Return what waits for a second person, longest first; own decisions come along.

    `after` is the key of the last one of the page before.
    """
    held = Decision.objects.held().filter(job__queue__in=visible_queues(user))
    if after.isascii() and after.isdigit() and len(after) < 19:
        held = held.filter(pk__gt=int(after))
    return list(
        held.select_related(
            "job", "job__queue", "item", "item__actor", "policy", "decided_by", "item_version"
        ).order_by("pk")[:size]
    )


def recent_decisions(user: User, *, size: int = 20) -> list[Decision]:
    """Return this person's latest decisions, newest first, with whether each was undone."""
    return list(
        Decision.objects.filter(decided_by=user)
        .select_related("job", "item", "policy", "undo", "confirmation")
        .order_by("-decided_at", "-pk")[:size]
    )


def find_jobs(user: User, words: str, *, at: datetime, size: int = PAGE) -> list[QueueRow]:
    """Find jobs by the platform's id of the item, or of its actor."""
    words = words.strip().replace("\x00", "")
    if not words:
        return []
    jobs = (
        _rows_base()
        .filter(queue__in=visible_queues(user))
        .filter(Q(item__external_id=words) | Q(item__actor__external_id=words))
        .order_by("-opened_at")
    )
    return rows_of(jobs[:size], at=at)


def rows_of(jobs: Iterable[Job], *, at: datetime) -> list[QueueRow]:
    """Dress jobs for a list: three queries, however many jobs."""
    jobs = list(jobs)
    items = [job.item_id for job in jobs]
    curves = casework.traction_curves(items)
    signals = top_signals(items)
    reports = casework.unanswered_reports(items)
    return [
        QueueRow(
            job=job,
            excerpt=excerpt(job),
            signal=signals.get(job.item_id),
            reports=len(reports.get(job.item_id, ())),
            points=curves.get(job.item_id, []),
            urgent=job.is_urgent(at=at),
            overdue=job.is_overdue(at=at),
        )
        for job in jobs
    ]


def excerpt(job: Job, *, length: int = 240) -> str:
    """Return the first words of an item, on one line."""
    version = job.item_version
    words = version.text or version.on_screen or version.transcript
    line = " ".join(words[: length * 4].split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def top_signals(items: Sequence[int]) -> dict[int, Signal]:
    """Return what stands out most about each item: contradictions first, then by score."""
    found: dict[int, Signal] = {}
    for signal in (
        Signal.objects.filter(item__in=items, superseded_at=None)
        .select_related("fact", "incident", "proposition")
        .order_by("pk")
    ):
        known = found.get(signal.item_id)
        if known is None or weight(signal) > weight(known):
            found[signal.item_id] = signal
    return found


def weight(signal: Signal) -> tuple[int, float]:
    order = {"contradicts": 3, "unverifiable": 2, "consistent": 1}
    return order.get(signal.verdict, 0), signal.score


def _rows_base() -> "QuerySet[Job]":
    return Job.objects.select_related(
        "item",
        "item__actor",
        "item__election",
        "item__place",
        "item_version",
        "queue",
        "taken_by",
        "assigned_to",
    ).annotate(was_moved=Exists(JobMove.objects.filter(job=OuterRef("pk"))))


def _cursor(job: Job, moment: datetime) -> str:
    if job.urgent_at is not None and job.urgent_at <= moment:
        return f"u|{moment.isoformat()}|{job.urgent_at.isoformat()}|{job.pk}"
    return f"h|{moment.isoformat()}|{job.harm!r}|{job.pk}"


def _read_cursor(text: str, at: datetime) -> tuple[str, datetime, datetime | float | None, int]:
    try:
        band, moment, key, last = text.split("|")
        when = datetime.fromisoformat(moment)
        number = int(last)
        if when.tzinfo is None or not 0 <= number < 2**63:
            raise ValueError
        if band == "u":
            urgent = datetime.fromisoformat(key)
            if urgent.tzinfo is not None:
                return "u", when, urgent, number
        if band == "h" and abs(float(key)) < float("inf"):
            return "h", when, float(key), number
    except ValueError:
        pass
    return "u", at, None, 0
