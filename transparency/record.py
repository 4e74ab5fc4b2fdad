"""The public record of an election: which figures it has, in which order, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from transparency.disclosing import ENOUGH, STEP, told, whole
from transparency.queries import Counted, Span


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the record: what it is about, and its figures by key."""

    key: str
    title: str | Promise
    says: str | Promise
    rows: dict[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Shown:
    """A part, ready to read."""

    key: str
    title: str | Promise
    says: str | Promise
    rows: list[tuple[str | Promise, str]]


PARTS = (
    Part(
        "looked_at",
        lazy("What we look at"),
        lazy(
            "Our software reads posts about this election. It compares what they say about voting "
            "with the official facts. It decides nothing: people do."
        ),
        {
            "items": lazy("Posts about this election that we were sent"),
            "assessed": lazy("Read and compared with the official facts"),
            "reports": lazy("Reports that came in"),
            "waiting": lazy("Waiting for a person now"),
        },
    ),
    Part(
        "decided",
        lazy("What was decided"),
        lazy("Each post counts once in a row, also when it was decided on again."),
        {
            "decided": lazy("Posts that were decided on"),
            "by_people": lazy("Of those: by a person"),
            "two_people": lazy("Of those: by two people, because much depended on it"),
            "no_action": lazy("Nothing wrong"),
            "label": lazy("Got a label that tells what is true"),
            "ineligible": lazy("No longer recommended"),
            "age_restrict": lazy("For adults only"),
            "remove": lazy("Removed"),
            "account": lazy("Accounts suspended or closed"),
        },
    ),
    Part(
        "early",
        lazy("How early"),
        lazy(
            "Of the posts that got a label, were no longer recommended or were removed. Before "
            "anybody had seen them, as far as the counts that we were sent say."
        ),
        {
            "restricted": lazy("Posts with a label or a restriction"),
            "views_known": lazy("Of those: we know how often they were seen"),
            "before_any_view": lazy("Of those: decided before anybody had seen them"),
        },
    ),
    Part(
        "labels",
        lazy("Labels and links to the facts"),
        lazy("A link to this Election Center stands under posts about voting, also the true ones."),
        {
            "labels_now": lazy("Posts that have a label now"),
            "pointers": lazy("Posts that got a link to the official facts"),
            "pointers_now": lazy("Posts that have such a link now"),
        },
    ),
    Part(
        "facts",
        lazy("Facts and checks"),
        lazy(
            "Two people publish an official fact. When one changes, posts about it are compared "
            "again. Independent fact-checkers write their checks themselves."
        ),
        {
            "facts": lazy("Official facts in force"),
            "changes": lazy("Times that a fact was published or changed"),
            "incidents": lazy("Notices of something that changed on the day"),
            "compared_again": lazy("Posts compared again after a change"),
            "checks": lazy("Fact-checks published"),
        },
    ),
    Part(
        "put_right",
        lazy("Objections and mistakes"),
        lazy(
            "Whoever is affected by a decision gets the reasons and can object on the platform, "
            "for six months. Somebody else then looks at it."
        ),
        {
            "changed_later": lazy("Decisions that were changed afterwards"),
            "corrections_asked": lazy("Requests to correct a fact-check"),
            "corrections_answered": lazy("Of those: answered"),
        },
    ),
)
TIMES: dict[str, str | Promise] = {
    "to_read": lazy("From a post coming in to its being read"),
    "to_decide": lazy("From a post waiting for a person to their decision"),
    "to_answer": lazy("From a report to its answer"),
    "to_follow": lazy("From a changed fact to all posts being compared again"),
}


def shown(counted: Counted) -> list[Shown]:
    """Write every part with its figures in words."""
    return [
        Shown(
            part.key,
            part.title,
            part.says,
            [(label, number(counted.numbers.get(key, 0))) for key, label in part.rows.items()],
        )
        for part in PARTS
    ]


def times(counted: Counted) -> list[tuple[str | Promise, str, str]]:
    """Write how long things took: half of them, and nine of ten."""
    return [
        (label, length(span.half), length(span.most))
        for key, label in TIMES.items()
        if (span := _enough(counted, key)) is not None
    ]


def as_json(counted: Counted) -> dict[str, Any]:
    """Give the same figures to machines; null is a few, fewer than `few_below`."""
    return {
        "counted_at": counted.at,
        "rounded_to": STEP,
        "few_below": STEP,
        "numbers": {key: told(counted.numbers.get(key, 0)) for key in _keys()},
        "seconds": {
            key: {"half": _seconds(span.half), "nine_of_ten": _seconds(span.most)}
            for key in TIMES
            if (span := _enough(counted, key)) is not None
        },
    }


def number(n: int) -> str:
    """Write a count as it may be told."""
    rounded = told(n)
    if rounded is None:
        return _("fewer than %(step)s") % {"step": STEP}
    return number_format(rounded, force_grouping=True)


def length(span: timedelta) -> str:
    """Write a length of time as people say it."""
    seconds = int(whole(span).total_seconds())
    if seconds < 120:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 2 * 3600:
        minutes = seconds // 60
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if seconds < 72 * 3600:
        hours = seconds // 3600
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = seconds // 86400
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _keys() -> Iterable[str]:
    return (key for part in PARTS for key in part.rows)


def _enough(counted: Counted, key: str) -> Span | None:
    span = counted.spans.get(key)
    return span if span is not None and span.n >= ENOUGH else None


def _seconds(span: timedelta) -> int:
    return int(whole(span).total_seconds())
