"""Numbers, time left and reasons, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from integrity.look import moment

SOON = timedelta(hours=1)


def reader() -> str:
    """Name the language in which the reader sees what is said and what is official."""
    return "en" if (get_language() or "").startswith("en") else "nl"


def number(value: float) -> str:
    """Write a whole number with the reader's thousands sign."""
    return number_format(round(value), use_l10n=True, force_grouping=True)


@dataclass(frozen=True, slots=True)
class Due:
    """How long is left until `at`; state is "late", "soon" or nothing."""

    words: str
    at: datetime
    state: str


def span_words(span: timedelta) -> str:
    """Write a length of time in its two largest units that matter."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(hours)d h %(minutes)d") % {"hours": hours, "minutes": minutes}
    days = hours // 24
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def due(due_at: datetime | None, *, at: datetime) -> Due | None:
    """Say how long is left, or how late it is; None without a term."""
    if due_at is None:
        return None
    left = due_at - at
    if left < timedelta(0):
        return Due(_("%(time)s late") % {"time": span_words(-left)}, due_at, "late")
    return Due(span_words(left), due_at, "soon" if left <= SOON else "")


def topic_words(topic: str) -> str:
    """Name what a voting claim is about."""
    return {
        "date": _("voting day"),
        "hours": _("opening hours"),
        "place": _("polling place"),
        "method": _("way of voting"),
        "id": _("identity document"),
        "pass": _("voter pass"),
        "proxy": _("proxy vote"),
        "registration": _("registration"),
        "eligibility": _("who may vote"),
        "ballot": _("ballot paper"),
        "cost": _("cost of voting"),
        "health": _("health rules"),
        "fraud": _("fraud"),
        "result": _("result"),
        "intimidation": _("intimidation"),
    }.get(topic, topic.replace("_", " "))


TOPICS = (
    "date",
    "hours",
    "place",
    "method",
    "id",
    "pass",
    "proxy",
    "registration",
    "eligibility",
    "ballot",
    "cost",
    "health",
    "fraud",
    "result",
    "intimidation",
)


def says_wrong(topic: str) -> str:
    """Say in one line what an item gets wrong."""
    return {
        "date": _("Names a wrong voting day"),
        "hours": _("Names wrong opening hours"),
        "place": _("Names a wrong polling place"),
        "method": _("Names a way of voting that does not exist"),
        "id": _("Is wrong about the identity document"),
        "pass": _("Is wrong about the voter pass"),
        "proxy": _("Is wrong about voting by proxy"),
        "registration": _("Is wrong about registration"),
        "eligibility": _("Is wrong about who may vote"),
        "ballot": _("Is wrong about filling in the ballot"),
        "cost": _("Is wrong about what voting costs"),
        "health": _("Is wrong about health rules at the polls"),
    }.get(topic, _("Contradicts an official fact"))


def reason_words(reason: dict[str, Any]) -> str:
    """Write one stored routing reason as words; an unknown kind shows as it is."""
    kind, value = str(reason.get("kind", "")), reason.get("value")
    try:
        return _reason(kind, value)
    except (TypeError, ValueError):
        return f"{kind}: {value}"


# Said elsewhere in the row: the views with their curve, the topic and protection in the title.
_SAID_ELSEWHERE = {"views", "topic", "protection", "rule", "undecidable"}


def reasons_in_words(reasons: list[dict[str, Any]]) -> list[str]:
    """Write the stored reasons of a routing, leaving out what stands elsewhere in its row."""
    return [reason_words(r) for r in reasons if r.get("kind") not in _SAID_ELSEWHERE]


def _reason(kind: str, value: Any) -> str:
    write = _REASONS.get(kind)
    return write(value) if write else f"{kind.replace('_', ' ')}: {value}"


def _severity(value: Any) -> str:
    grades = [_("slight"), _("limited"), _("serious"), _("very serious"), _("grave")]
    return _("harm: %(grade)s") % {"grade": grades[min(max(int(value), 1), 5) - 1]}


_REASONS: dict[str, Callable[[Any], str]] = {
    "views": lambda value: _("%(views)s to come") % {"views": number(value)},
    "probability": lambda value: _("%(percent)d %% sure") % {"percent": round(float(value) * 100)},
    "severity": _severity,
    "reports": lambda value: (
        ngettext("%(n)d report", "%(n)d reports", int(value)) % {"n": int(value)}
    ),
    "legal": lambda value: (
        _("legal term %(moment)s") % {"moment": moment(datetime.fromisoformat(value))}
    ),
    "weight": lambda value: _("counts %(weight)s times") % {"weight": f"{value:g}"},
    "ground_gone": lambda value: _("what the restriction rests on has gone"),
    "near_identical": lambda value: _("decided together with a nearly identical one"),
    "help": lambda value: _("a party or candidate asks for help"),
    "undecidable": lambda value: (
        _("text alone cannot settle: %(topic)s") % {"topic": topic_words(str(value))}
    ),
}


def skip_reasons() -> list[str]:
    """The usual reasons to leave a job to others."""
    return [
        _("I do not know enough about this"),
        _("It is in a language that I do not read well"),
        _("It is too close to me"),
        _("I do not want to look at this now"),
    ]
