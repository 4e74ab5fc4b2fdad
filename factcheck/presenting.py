"""Putting assignments, verdicts and outcomes into words for the screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factcheck import consequences, matching, queries, rules
from factcheck.choices import (
    AssignmentEventKind,
    AssignmentState,
    ConsumerKind,
    Verdict,
)
from factcheck.models import (
    Assignment,
    AssignmentEvent,
    Claim,
    FactCheck,
    Membership,
    Partner,
)
from integrity.refusals import Refusal

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    """How long is left, in words, and the moment itself."""

    words: str
    at: datetime
    is_soon: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One assignment in the inbox."""

    assignment: Assignment
    due: Due
    items: int
    views: int
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Assignments under one heading."""

    title: str
    rows: list[Row]


def due_of(assignment: Assignment, *, at: datetime) -> Due:
    """Say how long is left; while a question waits, that the clock stands still."""
    left = assignment.due_at - (assignment.paused_at or at)
    if assignment.paused_at is not None:
        words = _("clock stopped, %(left)s left") % {"left": span_words(left)}
    elif left < timedelta(0):
        words = _("%(late)s late") % {"late": span_words(-left)}
    else:
        words = _("%(left)s left") % {"left": span_words(left)}
    return Due(words, assignment.due_at, left < SOON)


def span_words(span: timedelta) -> str:
    """Write a span of time in one or two units."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(h)s h %(m)02d") % {"h": hours, "m": minutes}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}


def inbox(member: Membership, *, at: datetime, here: Assignment | None = None) -> list[Group]:
    """Group the organisation's assignments: late, today, later, asked back, lately closed."""
    today_ends = timezone.localtime(at).replace(hour=23, minute=59, second=59)
    groups: dict[str, list[Row]] = {
        name: [] for name in (_("Late"), _("Today"), _("Later"), _("Waiting for an answer"))
    }
    late, today, later, waiting = groups
    found = queries.inbox_of(member)
    for assignment in found.open().order_by("due_at")[:200]:
        if assignment.state == AssignmentState.PAUSED:
            title = waiting
        elif assignment.due_at < at:
            title = late
        else:
            title = today if assignment.due_at <= today_ends else later
        groups[title].append(_row(assignment, at=at, here=here))
    closed = found.exclude(closed_at=None).order_by("-closed_at")[:20]
    groups[_("Closed")] = [_row(assignment, at=at, here=here) for assignment in closed]
    return [Group(title, rows) for title, rows in groups.items() if rows]


def _row(assignment: Any, *, at: datetime, here: Assignment | None) -> Row:
    return Row(
        assignment=assignment,
        due=due_of(assignment, at=at),
        items=assignment.items,
        views=assignment.views or 0,
        is_here=here is not None and here.pk == assignment.pk,
    )


@dataclass(frozen=True, slots=True)
class AtDesk:
    """One assignment on the platform's claim page, with what may be done to it."""

    assignment: Assignment
    events: list[AssignmentEvent]
    due: Due | None
    question: str
    may_withdraw: Refusal | None
    form: Any = None


def at_desk(assignment: Assignment, *, at: datetime, form: Any = None) -> AtDesk:
    """Gather what the platform's people read of an assignment; `form`: one that came back."""
    events = sorted(assignment.events.all(), key=lambda e: (e.at, e.pk))
    asked = [e.note for e in events if e.kind == AssignmentEventKind.ASKED_BACK]
    return AtDesk(
        assignment=assignment,
        events=events,
        due=due_of(assignment, at=at) if assignment.is_open else None,
        question=asked[-1] if asked and assignment.state == AssignmentState.PAUSED else "",
        may_withdraw=rules.may_move(assignment, to=AssignmentState.WITHDRAWN),
        form=form,
    )


def partners_at_desk(*, at: datetime) -> list[dict[str, Any]]:
    """List every partner with its contract, load and speed; those under contract first."""
    load = queries.open_load()
    found = sorted(
        Partner.objects.prefetch_related("places"),
        key=lambda p: (not p.is_under_contract(on=at.date()), p.name.casefold()),
    )
    return [
        {
            "partner": partner,
            "is_at_work": partner.is_under_contract(on=at.date()),
            "load": load.get(partner.pk, 0),
            "speed": queries.response_times(partner),
        }
        for partner in found
    ]


@dataclass(frozen=True, slots=True)
class LikeClaim:
    """A known claim that may say the same, with what partners found and in what the two differ."""

    claim: Claim
    checks: list[FactCheck]
    differs: list[str]


def like_claims(claim: Claim, *, checked_only: bool = False) -> list[LikeClaim]:
    """Return claims like this one; `checked_only`: those that somebody has published about."""
    found = [
        LikeClaim(one.claim, queries.checks_on(one.claim), [difference(d) for d in one.differs])
        for one in matching.claims_like(claim)
    ]
    return [one for one in found if one.checks or not checked_only]


def difference(name: str) -> str:
    """Say in what two sentences differ."""
    words = {
        "numbers": _("a number"),
        "times": _("a time of day"),
        "months": _("a month"),
        "days": _("a day of the week"),
        "methods": _("a way of voting"),
        "groups": _("a group of people"),
        "negation": _("a “not”"),
        "opposites": _("an opposite"),
        "names": _("a name or place"),
    }
    return words.get(name, name)


def ratings(member: Membership, *, language: str) -> list[dict[str, Any]]:
    """Return the scale in the partner's own words, with what follows from each verdict."""
    follows = consequences.read(queries.policy_in_force().content)
    return [
        {
            "value": verdict.value,
            "words": queries.words_for(member.partner, verdict, language),
            "follows": follows[verdict].words(),
        }
        for verdict in Verdict
    ]


# What an effect on an item or page is called, for the partner who wants to know what became of it.
def effect_words(effect: str) -> str:
    """Say what a receipt means."""
    words = {
        "back_on_top": _("back to a moderator, with your verdict on top"),
        "labelled": _("labelled, with a link to your check"),
        "context": _("labelled with where it applies"),
        "unverified": _("labelled as unverified and not recommended"),
        "released": _("released"),
        "kept": _("left as it was"),
        "label_ended": _("its label taken away"),
        "label_waits": _("a label that waits for a second person"),
        "same_media": _("a moderator looks at other items with the same picture"),
        "re_examined": _("looked at again after your correction"),
        "shown": _("shown"),
        "verdict.published": _("your verdict was sent"),
        "verdict.corrected": _("your correction was sent"),
    }
    return words.get(effect, effect)


def outcome_of(check: FactCheck) -> list[dict[str, Any]]:
    """Count what became of a verdict, by effect; never which item or whose."""
    counted: dict[tuple[str, str], list[datetime]] = {}
    for receipt in check.receipts.all():
        counted.setdefault((receipt.consumer, receipt.effect), []).append(receipt.at)
    return [
        {
            "consumer": ConsumerKind(consumer).label,
            "words": effect_words(effect),
            "count": len(moments),
            "at": min(moments),
        }
        for (consumer, effect), moments in sorted(counted.items(), key=lambda row: min(row[1]))
    ]
