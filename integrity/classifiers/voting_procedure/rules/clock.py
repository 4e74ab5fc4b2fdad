"""Which of the hours named in a text is said to be opening, closing or a deadline."""

# Word tables read best a row a line, and a grammar is a list of early answers.

from collections.abc import Iterator

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.hours import HourMention
from integrity.classifiers.voting_procedure.patterns import Tagged
from integrity.classifiers.voting_procedure.rules.days import Found

_RANGE = {
    "tot",
    "-",
    "to",
    "till",
    "until",
    "en",
    "and",
    "t/m",
    "t",
    "m",
    "/",
    "uur",
    "bis",
    "do",
    "–",
}
_REACH = 10


def hour_statements(text: Tagged, hours: list[HourMention]) -> Iterator[Found]:
    """Say what each named hour is the hour of."""
    done: set[int] = set()
    for n, hour in enumerate(hours):
        if n in done:
            continue
        other = hours[n + 1] if n + 1 < len(hours) else None
        start, end = text.sentence(hour.start)
        if _about_else(text, hour, start, end):
            yield from _new_pass(text, hour, start, end)
            continue
        if other and _is_range(text, hour, other):
            done.add(n + 1)
            yield from _range(text, hour, other)
            continue
        yield from _single(text, hour, start, end)
    yield from _queue(text, hours)


def _about_else(text: Tagged, hour: HourMention, start: int, end: int) -> bool:
    """Say whether the hour belongs to registration, a new pass, the count or an event."""
    near = (max(start, hour.start - _REACH), min(end, hour.end + _REACH))
    return bool(
        text.within(*near, "REGISTER", "REPLACE", "EVENT", "RESULT", "OTHERVOTE", "PROXY")
        or text.within(*near, "LOST")
    )


def _new_pass(text: Tagged, hour: HourMention, start: int, end: int) -> Iterator[Found]:
    """State until when on the last day a new pass is given."""
    if (
        text.within(start, end, "REPLACE")
        and text.has("PASS", "PASSW", "DESK")
        and text.within(start, end, "UNTIL", "CLOSEW")
    ) and not text.has("DATE"):
        yield Found(
            "voter_pass_replacement_deadline",
            "until_time",
            "pass",
            {"minutes": list(hour.minutes)},
            Hit(hour.start, hour.end - 1),
            0.85,
            1,
            "new pass until",
        )


def _is_range(text: Tagged, hour: HourMention, other: HourMention) -> bool:
    """Say whether two hours are the ends of one stretch, parts of the day between them left out."""
    between = [text.tokens[at].text for at in range(hour.end, other.start)]
    if len(between) > 6:
        return False
    return (
        any(word in _RANGE for word in between)
        and text.tokens[hour.start].sentence == text.tokens[other.start].sentence
    )


def _range(text: Tagged, hour: HourMention, other: HourMention) -> Iterator[Found]:
    """State opening and closing."""
    hit = Hit(hour.start, other.end - 1)
    opens = min(hour.minutes, default=None)
    closes = _evening(other.minutes)
    if opens is None or closes is None:
        return
    value = {"minutes": list(hour.minutes)}
    yield Found("polls_open", "at", "hours", value, hit, 1.0, 1, "hours from")
    yield Found(
        "polls_close",
        "at",
        "hours",
        {"minutes": [m for m in other.minutes if m > opens] or list(other.minutes)},
        hit,
        1.0,
        1,
        "hours to",
    )


def _evening(minutes: tuple[int, ...]) -> int | None:
    return max(minutes) if minutes else None


def _single(text: Tagged, hour: HourMention, start: int, end: int) -> Iterator[Found]:
    """State opening or closing by the words beside the hour."""
    hit = Hit(hour.start, hour.end - 1)
    near = (max(start, hour.start - 11), min(end, hour.end + 11))
    value = {"minutes": list(hour.minutes)}
    if not hour.minutes:
        return
    closing = _distance(text, hour, near, "CLOSEW")
    opening = _distance(text, hour, near, "OPENW")
    before = text.tokens[hour.start - 1].text if hour.start else ""
    first = text.tokens[hour.start].text
    until = before in {
        "tot",
        "until",
        "till",
        "til",
        "t/m",
        "uiterlijk",
        "bis",
        "kadar",
        "voor",
        "before",
        "by",
        "do",
        "vóór",
        "oant",
    }
    since = before in {"vanaf", "from", "van", "na", "after", "ab", "od", "fan"} or first in {
        "vanaf"
    }
    denied = bool(text.within(max(start, hour.start - 3), hour.start - 1, "NEG"))
    if before in {"na", "after"} and text.within(hour.end, min(end, hour.end + 9), "NEG", "REFUSE"):
        # "After nine you won't get in": that is when they close.
        yield Found("polls_close", "at", "hours", value, hit, 0.95, 1, "not after")
        return
    if (
        text.within(*near, "ONLINE")
        and not text.within(*near, "POLL")
        and (hour.from_now is not None or until)
    ):
        yield Found(
            "online_voting_closes", "until_moment", "method", value, hit, 0.9, 0, "online until"
        )
        return
    if hour.from_now is not None:
        if closing < 9 or opening < 9 or text.within(*near, "POLL", "VOTE", "MUSTGO"):
            key = "polls_open" if opening < closing else "polls_close"
            claim = "from_now"
            yield Found(
                key, claim, "hours", value | {"from_now": hour.from_now}, hit, 0.85, 1, "from now"
            )
        return
    weak = 0 if min(closing, opening) <= 7 else 1
    if since and opening <= closing and not until:
        yield Found(
            "polls_open", "at", "hours", value, hit, 0.95, weak, "from", polarity=not denied
        )
    elif (until and before not in {"voor", "before", "by"}) or (closing <= opening and closing < 9):
        yield Found(
            "polls_close", "at", "hours", value, hit, 0.95, weak, "until", polarity=not denied
        )
    elif opening < 9:
        pas = before in {"pas"} or text.within(
            max(start, hour.start - 3), hour.start, "=pas", "=until"
        )
        yield Found(
            "polls_open",
            "at",
            "hours",
            value | {"only": bool(pas)},
            hit,
            0.95,
            weak,
            "opens",
            polarity=not denied,
        )
    elif text.within(*near, "VOTE", "POLL", "MUSTGO", "QUEUE"):
        yield Found(
            "polls_close", "within", "hours", value, hit, 0.6, 2, "votes at", polarity=not denied
        )


def _distance(text: Tagged, hour: HourMention, near: tuple[int, int], name: str) -> int:
    """Count the words between the hour and the nearest word of opening or closing."""
    far = [
        hour.start - h.end if h.end < hour.start else h.start - hour.end + 1
        for h in text.within(*near, name)
    ]
    return min(far, default=99)


def _queue(text: Tagged, hours: list[HourMention]) -> Iterator[Found]:
    """State what becomes of people who still stand in line at closing time."""
    for hit in text.hits.get("QUEUE", ()):
        reach = (hit.start - 16, hit.end + 16)
        late = hours or text.within(*reach, "CLOSEW")
        if not late:
            continue
        may = text.within(*reach, "STILL", "ALLOW", "ACCEPT") or text.within(*reach, "=let")
        refused = text.within(*reach, "REFUSE", "NEG")
        if refused and not (
            text.within(*reach, "=stil", "=rustig") and may and not text.within(*reach, "REFUSE")
        ):
            negations = len({h.start for h in text.within(*reach, "NEG")})
            doubled = negations and text.within(*reach, "=weggestuurd", "=away")
            claim = "queue_allowed" if doubled else "queue_refused"
            yield Found("polls_close", claim, "hours", {}, Hit(hit.start, hit.end), 0.9, 1, "queue")
        elif may:
            yield Found(
                "polls_close",
                "queue_allowed",
                "hours",
                {},
                Hit(hit.start, hit.end),
                0.9,
                1,
                "queue",
            )
        return
