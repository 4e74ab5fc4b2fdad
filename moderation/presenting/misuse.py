"""Misuse in words: what was reached, what comes next, and people who report by a mark only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from integrity.look import day
from moderation.models import Actor, MisuseLimit, ReporterStep
from moderation.queries.misuse import Next, Reached

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ReachedRow:
    """One limit that was reached, in words; `step` is what can be done now."""

    limit: MisuseLimit
    words: str
    next: str
    step: str
    tone: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account that has come to limits."""

    actor: Actor
    reached: list[ReachedRow]


@dataclass(frozen=True, slots=True)
class ReporterRow:
    """Somebody who reports, by a mark: the desk does not see who they are."""

    key: str
    name: str
    reached: list[ReachedRow]
    paused: ReporterStep | None = None


def key_of(reporter: str) -> str:
    """Name a reporter for a form and a list without saying who they are."""
    return salted_hmac("moderation.reporter", reporter, algorithm="sha256").hexdigest()[:24]


def found_by_key(rows: Mapping[str, Found], key: str) -> tuple[str, Found]:
    """Find whose mark this is among those listed; anybody else does not exist."""
    for reporter, row in rows.items():
        if constant_time_compare(key_of(reporter), key):
            return reporter, row
    raise Http404


def reached_rows(reached: Iterable[Reached]) -> list[ReachedRow]:
    """Write the limits that an account or a reporter has come to."""
    return [_row(r) for r in reached]


def account_rows(found: Mapping[Actor, list[Reached]]) -> list[AccountRow]:
    """Write the accounts at a limit."""
    return [AccountRow(actor, reached_rows(reached)) for actor, reached in found.items()]


def reporter_rows(found: Mapping[str, list[Reached]]) -> list[ReporterRow]:
    """Write the reporters at a limit."""
    return [
        ReporterRow(key_of(who), reporter_name(who), reached_rows(reached))
        for who, reached in found.items()
    ]


def paused_rows(steps: Iterable[ReporterStep]) -> list[ReporterRow]:
    """Write the reporters whose reports are left aside now."""
    return [ReporterRow(key_of(s.reporter), reporter_name(s.reporter), [], s) for s in steps]


def reporter_name(reporter: str) -> str:
    """Call a reporter by the first signs of their mark."""
    return _("reporter %(mark)s") % {"mark": key_of(reporter)[:6]}


def _row(reached: Reached) -> ReachedRow:
    limit = reached.limit
    counted = _("%(n)d in %(days)d days") % {"n": reached.count, "days": limit.within_days}
    words = [counted, _("the limit is %(n)d") % {"n": limit.at_least}]
    if reached.whole:
        words.append(
            _("%(part)d of %(whole)d decided") % {"part": reached.part, "whole": reached.whole}
        )
    return ReachedRow(
        limit=limit,
        words=" · ".join(words),
        next=_next(reached),
        step=str(reached.next),
        tone={Next.WARN: "time", Next.PAUSE: "harm"}.get(reached.next, ""),
    )


def _next(reached: Reached) -> str:
    said = {"day": day(reached.warned_at), "until": day(reached.until)}
    said["days"] = str(reached.limit.pause_days)
    if reached.next == Next.WARN:
        return _("A warning comes first.")
    if reached.next == Next.WATCH:
        return _("Warned on %(day)s; nothing since.") % said
    if reached.next == Next.PAUSED:
        return _("Suspended until %(until)s.") % said if reached.until else _("Closed.")
    return _("Warned on %(day)s, and it went on: %(days)s days' suspension comes next.") % said
