"""Who has come to the house's limits of misuse, and which step comes next (DSA art. 23)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Max, Q, Sum

from moderation.choices import Action, MisuseBy, MisuseStep
from moderation.models import Actor, Decision, MisuseLimit, Report, ReporterStep, Strike


class Next(StrEnum):
    """What a limit that was reached asks for."""

    WARN = "warn"
    PAUSE = "pause"
    # Warned, and nothing since.
    WATCH = "watch"
    # The step was taken and still holds.
    PAUSED = "paused"


_WEIGHT = {Next.WATCH: 0, Next.PAUSED: 1, Next.WARN: 2, Next.PAUSE: 3}


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit that somebody has come to, with what it counts and the step that comes next."""

    limit: MisuseLimit
    count: int
    part: int
    whole: int
    warned_at: datetime | None
    next: Next
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ReporterCount:
    """How often somebody's reports were answered lately, and how often they had no ground."""

    reporter: str
    answered: int
    unfounded: int
    last_at: datetime


def limits(by: MisuseBy) -> list[MisuseLimit]:
    """Return the limits in force for those who post, or for those who report."""
    return list(MisuseLimit.objects.filter(by=by, retired_at=None).order_by("at_least", "slug"))


def actors_at_limits(actors: Collection[int], *, at: datetime) -> dict[int, list[Reached]]:
    """Return the limits that these accounts have come to; accounts at none are absent.

    Two queries where nobody is near a limit, five otherwise, however many accounts.
    """
    known = limits(MisuseBy.ACTOR)
    strikes = _strikes(actors, known, at=at) if known else {}
    near: dict[int, list[tuple[MisuseLimit, list[tuple[int, datetime]]]]] = {}
    for actor, rows in strikes.items():
        for limit in known:
            since = at - timedelta(days=limit.within_days)
            counted = [
                (weight, given_at)
                for policy, weight, given_at in rows
                if given_at > since and limit.policy in ("", policy)
            ]
            if sum(weight for weight, _ in counted) >= limit.at_least:
                near.setdefault(actor, []).append((limit, counted))
    if not near:
        return {}
    counts, warned, paused = _decided(near), _warned(near), _paused(near, at=at)
    found: dict[int, list[Reached]] = defaultdict(list)
    for actor, rows_at_limit in near.items():
        part, whole = counts.get(actor, (0, 0))
        for limit, counted in rows_at_limit:
            if whole and part / whole < limit.share:
                continue
            warned_at = _still(warned.get(actor), limit, at=at)
            after = any(warned_at and given_at > warned_at for _, given_at in counted)
            step = Next.PAUSED if actor in paused else _next(warned_at, after=after)
            found[actor].append(
                Reached(
                    limit, sum(weight for weight, _ in counted), part, whole, warned_at, step,
                    paused.get(actor) or at + timedelta(days=limit.pause_days),
                )
            )  # fmt: skip
    return dict(found)


def gravest(reached: Iterable[Reached]) -> str:
    """Return the gravest step that is asked for and not yet taken; empty for none."""
    asked = [r.next for r in reached if r.next in (Next.WARN, Next.PAUSE)]
    return max(asked, key=lambda step: _WEIGHT[step], default="")


def reporter_counts(
    reporters: Collection[str] | None = None, *, at: datetime, days: int
) -> list[ReporterCount]:
    """Count answered and manifestly unfounded reports; of these people, or of all with any."""
    rows = Report.objects.filter(answered_by__isnull=False).exclude(reporter="")
    if reporters is not None:
        rows = rows.filter(reporter__in=reporters)
    counted = (
        rows.filter(answered_at__gt=at - timedelta(days=days), answered_at__lte=at)
        .values("reporter")
        .annotate(
            answered=Count("pk"),
            unfounded=Count("pk", filter=Q(answered_by__unfounded=True)),
            last_at=Max("received_at", filter=Q(answered_by__unfounded=True)),
        )
        .order_by("-unfounded", "reporter")
    )
    if reporters is None:
        counted = counted.filter(unfounded__gte=1)
    return [ReporterCount(**row) for row in counted[:500]]


def reporters_at_limits(
    reporters: Collection[str] | None = None, *, at: datetime
) -> dict[str, list[Reached]]:
    """Return the limits that people who report have come to; `None` looks at everybody."""
    found: dict[str, list[Reached]] = defaultdict(list)
    for limit in limits(MisuseBy.REPORTER):
        counted = [
            row
            for row in reporter_counts(reporters, at=at, days=limit.within_days)
            if row.unfounded >= limit.at_least and row.unfounded / row.answered >= limit.share
        ]
        steps = latest_steps([row.reporter for row in counted], at=at)
        for row in counted:
            paused = steps.get(row.reporter, {}).get("paused")
            warned = steps.get(row.reporter, {}).get("warned")
            warned_at = _still(warned.taken_at if warned else None, limit, at=at)
            after = bool(warned_at and row.last_at > warned_at)
            step = Next.PAUSED if paused else _next(warned_at, after=after)
            until = paused.until if paused else at + timedelta(days=limit.pause_days)
            found[row.reporter].append(
                Reached(limit, row.unfounded, row.unfounded, row.answered, warned_at, step, until)
            )
    return dict(found)


def latest_steps(
    reporters: Collection[str], *, at: datetime
) -> dict[str, Mapping[str, ReporterStep]]:
    """Return of each person the last warning, and the pause that holds now."""
    found: dict[str, dict[str, ReporterStep]] = defaultdict(dict)
    steps = ReporterStep.objects.filter(reporter__in=reporters, taken_at__lte=at)
    for step in steps.select_related("limit", "taken_by").order_by("taken_at", "pk"):
        mine = found[step.reporter]
        if step.kind == MisuseStep.WARNED:
            mine["warned"] = step
        elif step.kind == MisuseStep.PAUSED and step.until is not None and step.until > at:
            mine["paused"] = step
        elif step.kind == MisuseStep.LIFTED:
            mine.pop("paused", None)
    return dict(found)


def _next(warned_at: datetime | None, *, after: bool) -> Next:
    if warned_at is None:
        return Next.WARN
    return Next.PAUSE if after else Next.WATCH


def _still(warned_at: datetime | None, limit: MisuseLimit, *, at: datetime) -> datetime | None:
    """A warning counts for so long and no longer."""
    if warned_at is None or warned_at <= at - timedelta(days=limit.warned_days):
        return None
    return warned_at


def _strikes(
    actors: Collection[int], known: Collection[MisuseLimit], *, at: datetime
) -> dict[int, list[tuple[str, int, datetime]]]:
    since = at - timedelta(days=max(limit.within_days for limit in known))
    found: dict[int, list[tuple[str, int, datetime]]] = defaultdict(list)
    rows = Strike.objects.filter(
        actor__in=actors, given_at__gt=since, given_at__lte=at, expires_at__gt=at, lifted_at=None
    ).values_list("actor", "decision__policy__slug", "weight", "given_at")
    for actor, policy, weight, given_at in rows.order_by("given_at", "pk"):
        found[actor].append((policy or "", weight, given_at))
    return found


def _decided(actors: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each account: items with a decision in force that restricts, and items ever decided."""
    rows = (
        Decision.objects.filter(item__actor__in=actors, carried_out_at__isnull=False)
        .values("item__actor")
        .annotate(
            whole=Count("item", distinct=True),
            part=Count("item", distinct=True, filter=Q(statement__isnull=False)),
        )
        .values_list("item__actor", "part", "whole")
    )
    return {actor: (part, whole) for actor, part, whole in rows}


def _warned(actors: Collection[int]) -> dict[int, datetime]:
    rows = (
        Decision.objects.filter(
            item__actor__in=actors, action=Action.WARN, carried_out_at__isnull=False
        )
        .values("item__actor")
        .annotate(last=Max("carried_out_at"))
        .values_list("item__actor", "last")
    )
    return dict(rows)


def _paused(actors: Collection[int], *, at: datetime) -> dict[int, datetime | None]:
    rows = Decision.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        item__actor__in=actors,
        action__in=[Action.SUSPEND, Action.TERMINATE],
        carried_out_at__isnull=False,
        ending=None,
        overridden_by=None,
    ).values_list("item__actor", "ends_at")
    return dict(rows)


def accounts_at_limits(*, at: datetime, size: int = 200) -> dict[Actor, list[Reached]]:
    """Return the accounts that have come to a limit, those with most strikes first."""
    known = limits(MisuseBy.ACTOR)
    if not known:
        return {}
    since = at - timedelta(days=max(limit.within_days for limit in known))
    most = (
        Strike.objects.filter(given_at__gt=since, expires_at__gt=at, lifted_at=None)
        .values("actor")
        .annotate(total=Sum("weight"))
        .order_by("-total", "actor")
        .values_list("actor", flat=True)[:size]
    )
    reached = actors_at_limits(list(most), at=at)
    actors = Actor.objects.in_bulk(reached)
    return {actors[pk]: rows for pk, rows in reached.items()}


def paused_reporters(*, at: datetime) -> list[ReporterStep]:
    """Return the pauses that hold now, the first to end first."""
    running = ReporterStep.objects.filter(kind=MisuseStep.PAUSED, until__gt=at)
    steps = latest_steps(list(running.values_list("reporter", flat=True)), at=at)
    paused = [mine["paused"] for mine in steps.values() if "paused" in mine]
    return sorted(paused, key=lambda step: (step.until or at, step.pk))
