"""Which of the days named in a text is said to be a day of voting, a deadline or a result."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.dates import DayMention
from integrity.classifiers.voting_procedure.patterns import Tagged

REACH = 14
FRAGMENT = 6
_SUBJECTS = {
    "vote": ("VOTE", "ELECT", "ELDAY", "POLL", "MUSTGO", "EXTRADAY", "EARLYV", "TOMORROWGO", "PEN"),
    "registration": ("REGISTER",),
    "pass": ("REPLACE", "LOST"),
    "result": ("RESULTDAY", "COUNT"),
    "online": ("ONLINE",),
    "event": ("EVENT", "HEALTH", "OTHERVOTE"),
}
_LISTING = {"en", "and", ",", "of", "or", "&", "/", "-", "t/m", "tot", "to", "t", "+"}
_NOT = {"niet", "not", "geen", "no", "nooit", "never", "n't", "nicht", "nie", "ipv", "instead"}


class Found(NamedTuple):
    """A proposition in the making: where it stands is still counted in words."""

    key: str
    claim: str
    topic: str
    value: dict[str, Any]
    hit: Hit
    strength: float = 1.0
    needs: int = 1
    rule: str = ""
    group: str = ""
    polarity: bool = True


def day_statements(text: Tagged, days: list[DayMention]) -> Iterator[Found]:
    """Say what each named day is the day of."""
    linked = {n: _subject(text, day) for n, day in enumerate(days)}
    for n, day in enumerate(days):
        subject, distance = linked[n]
        if subject == "" and n and linked[n - 1][0] and _listed(text, days[n - 1], day):
            subject, distance = linked[n - 1]
            linked[n] = (subject, distance)
        yield from _state(text, day, subject, distance, days)
    yield from _without_day(text, days)


def _subject(text: Tagged, day: DayMention) -> tuple[str, int]:
    """Find what the day belongs to: the nearest subject in its sentence."""
    start, end = text.sentence(day.start)
    best, least = "", REACH + 1
    for subject, names in _SUBJECTS.items():
        if subject == "pass" and not (text.has("PASS", "PASSW") or _new_pass(text)):
            continue
        for hit in text.within(start, end, *names):
            if hit.start >= day.start and hit.end < day.end:
                continue
            far = day.start - hit.end if hit.end < day.start else hit.start - day.end + 1
            if subject == "result" and text.within(start, end, "RESULTDAY"):
                far -= 4
            if subject in {"registration", "pass"}:
                far -= 5
            if subject == "event":
                far += 1
            if subject == "online" and not text.within(start, end, "UNTIL", "CLOSEW", "OPENW"):
                continue
            if subject == "vote" and "PARTY" in names:
                continue
            if far < least:
                best, least = subject, far
    return best, least


def _listed(text: Tagged, before: DayMention, day: DayMention) -> bool:
    """Say whether two days are joined by a comma or and."""
    between = {text.tokens[at].text for at in range(before.end, day.start)}
    return bool(between) and between <= _LISTING


def _state(
    text: Tagged, day: DayMention, subject: str, distance: int, days: list[DayMention]
) -> Iterator[Found]:
    """Turn one day with its subject into statements."""
    value = day.as_value()
    hit = Hit(day.start, day.end - 1)
    start, end = text.sentence(day.start)
    if subject == "vote":
        yield from _vote(text, day, distance, days)
    elif subject == "registration":
        if text.within(
            start, end, "UNTIL", "LATER", "STILL", "REFUSE", "NEG", "CLOSEW", "ALLOW", "NEED"
        ) or text.has("UNTIL"):
            claim = "open_on" if _still(text, start, end) else "at"
            yield Found(
                "registration_deadline", claim, "registration", value, hit, 1.0, 1, "deadline"
            )
    elif subject == "pass":
        if text.has("PASS", "PASSW", "DESK"):
            late = bool(text.within(start, end, "REFUSE", "NEG"))
            claim = (
                "open_on"
                if _still(text, start, end) and not text.within(start, end, "=uiterlijk")
                else "until"
            )
            yield Found(
                "voter_pass_replacement_deadline",
                claim,
                "pass",
                value | {"over": late},
                hit,
                1.0,
                1,
                "deadline",
            )
    elif subject == "result" and not _closer_result(text, day, days):
        kind = "official" if text.has("OFFICIAL") and not text.has("PRELIM") else "preliminary"
        yield Found(f"{kind}_result_date", "at", "result", value, hit, 0.9, 1, "result day")
    elif subject == "online":
        yield Found(
            "online_voting_closes",
            "until" if text.within(start, end, "UNTIL", "CLOSEW", "STILL") else "open_on",
            "method",
            value,
            hit,
            0.8,
            2,
            "online until",
        )
    elif subject == "":
        tokens = end - start + 1
        near = _near_context(text, start, end) and not (day.exact_from and tokens > FRAGMENT)
        groups = text.within(start, end, "PARTY", "GROUPW", "SURNAME", "SPLIT")
        if (
            groups
            and len(days) > 1
            and not day.exact_from
            and min(abs(g.start - day.start) for g in groups) <= 4
        ):
            group = text.tokens[groups[0].start].text
            yield Found("voting_day", "on", "date", value, hit, 0.9, 0, "day of a group", group)
            return
        strength = 0.7 if near else 0.4 if tokens <= FRAGMENT else 0.3
        if text.has("HEAR", "BELIEF") and not near:
            strength = 0.55
        yield Found(
            "voting_day",
            "on",
            "date",
            value,
            hit,
            strength,
            2 if near else 0,
            "day alone",
            polarity=not _negated(text, day),
        )


def forced_vote(text: Tagged, day: DayMention, days: Sequence[DayMention]) -> Iterator[Found]:
    """State a day as a day of voting, where something else knows that the text is about that."""
    yield from _vote(text, day, 1, list(days))


def _new_pass(text: Tagged) -> bool:
    """Say whether a new pass is spoken of by the word replacement only."""
    words = {token.text for token in text.tokens}
    return bool(words & {"vervangende", "replacement"})


def _closer_result(text: Tagged, day: DayMention, days: list[DayMention]) -> bool:
    """Say whether another day in the sentence stands closer to the word for the result."""
    start, end = text.sentence(day.start)
    words = text.within(start, end, "RESULT", "OFFICIAL")
    others = [d for d in days if d is not day and start <= d.start <= end]

    def far(one: DayMention) -> int:
        return min((min(abs(one.start - h.end), abs(h.start - one.end)) for h in words), default=99)

    return any(far(other) < far(day) for other in others)


def _still(text: Tagged, start: int, end: int) -> bool:
    """Say whether the sentence says that on this day it is still possible."""
    return bool(text.within(start, end, "STILL") and text.within(start, end, "ALLOW"))


def _near_context(text: Tagged, start: int, end: int) -> bool:
    """Say whether the sentence before or after speaks of voting."""
    before = text.sentence(start - 1)[0] if start else start
    after = text.sentence(end + 1)[1] if end + 1 < len(text.tokens) else end
    return bool(text.within(before, after, "$VOTING"))


def _negated(text: Tagged, day: DayMention) -> bool:
    """Say whether the day is denied: "niet donderdag", "Thursday is not ..."."""
    before = [text.tokens[at].text for at in range(max(0, day.start - 3), day.start)]
    after = [text.tokens[at].text for at in range(day.end, min(len(text.tokens), day.end + 3))]
    if any(word in _NOT for word in before):
        return not any(word in {",", "maar", "but", "."} for word in before[-1:])
    return any(word in _NOT for word in after[:2]) and "," not in after[:1]


def _vote(text: Tagged, day: DayMention, distance: int, days: list[DayMention]) -> Iterator[Found]:
    """State the day of voting, an extra day, or a day for some people only."""
    start, end = text.sentence(day.start)
    value, hit = day.as_value(), Hit(day.start, day.end - 1)
    moved = list(text.within(start, end, "POSTPONED", "CANCELLED"))
    named = text.within(start, end, "EXTRADAY")
    if moved and _first_of_move(text, day, moved, days):
        yield Found(
            "voting_day",
            "not_on",
            "date",
            value,
            Hit(day.start, max(day.end - 1, moved[0].end)),
            0.9,
            1,
            "moved from",
        )
        return
    if named and not any(_inside(h, day) for h in named):
        polarity = not any(text.within(max(start, h.start - 3), h.end, "NEG") for h in named)
        yield Found(
            "voting_day", "extra_day", "date", value, hit, 0.9, 1, "extra day", polarity=polarity
        )
        return
    if text.within(start, end, "EARLYV") and not text.within(start, end, "NEG"):
        yield Found(
            "voting_day", "on", "date", value | {"early": True}, hit, 0.9, 1, "early voting"
        )
        return
    until = text.within(max(start, day.start - 2), day.start, "UNTIL")
    if until and text.tokens[until[0].start].text in {
        "tot",
        "until",
        "till",
        "t/m",
        "by",
        "uiterlijk",
        "deadline",
    }:
        value["until"] = True
    group = _group(text, start, end, day)
    strength = 1.0 if distance <= 5 else 0.85 if distance <= 9 else 0.7
    if day.exact_from and not group and distance > 8:
        strength -= 0.2
    if text.within(day.start - 3, day.end + 3, "VIEWED") or _is_past(text, start, end):
        strength -= 0.35
    yield Found(
        "voting_day",
        "on",
        "date",
        value,
        hit,
        strength,
        1,
        "voting day",
        group,
        not _negated(text, day),
    )


def _is_past(text: Tagged, start: int, end: int) -> bool:
    """Say whether the sentence tells of a vote already cast."""
    words = {text.tokens[at].text for at in range(start, end + 1)}
    return bool(words & {"gestemd", "voted", "stemde", "stemden", "gekozen"}) and not words & {
        "wordt", "worden", "kan", "mag", "will", "can", "is"}  # fmt: skip


def _inside(hit: Hit, day: DayMention) -> bool:
    return hit.start >= day.start and hit.end < day.end


def _first_of_move(text: Tagged, day: DayMention, moved: list[Hit], days: list[DayMention]) -> bool:
    """Say whether a move is away from this day: it stands before, and another day follows."""
    later = [d for d in days if d.start >= day.end]
    near = any(0 <= h.start - day.end <= 3 for h in moved)
    return near and (bool(later) or not text.within(day.end, day.end + 6, "=naar", "=to"))


def _group(text: Tagged, start: int, end: int, day: DayMention) -> str:
    """Name the group for whom the day is said to hold."""
    near = text.within(
        max(start, day.start - 8), min(end, day.end + 8), "PARTY", "SURNAME", "SPLIT"
    )
    others = text.within(max(start, day.start - 6), min(end, day.end + 6), "GROUPW")
    if near and (text.within(start, end, "VOTE", "GROUPW", "ELECT", "POLL")):
        hit = near[0]
        if text.within(
            max(start, hit.start - 2), hit.start - 1, "TOMORROWGO", "=op", "=for", "=lijst"
        ):
            return ""
        if (
            any(text.tokens[hit.start].text in name for name in ("links", "rechts", "left"))
            and not others
        ):
            return ""
        ends = text.tokens[hit.start].text
        return ends if others or text.within(hit.start, hit.end, "SURNAME", "SPLIT") else ""
    return ""


_COUNTED_TO = {
    "until", "till", "to", "left", "before", "tot", "voor", "from", "ago", "geleden", "away",
}  # fmt: skip


def _counts_down(text: Tagged, hit: Hit, claim: str) -> bool:
    """Say whether days are only counted: "two days until", "nog drie dagen"."""
    if claim != "extra_day":
        return False
    before = text.tokens[hit.start - 1].text if hit.start else ""
    after = text.tokens[hit.end + 1].text if hit.end + 1 < len(text.tokens) else ""
    return before in {"nog", "over", "in", "only", "just"} or after in _COUNTED_TO


def _without_day(text: Tagged, days: list[DayMention]) -> Iterator[Found]:
    """State that the vote is moved or off, or has more days, where no day is named."""
    subjects = ("ELECT", "ELDAY", "POLL", "VOTE")
    for name, claim in (
        ("POSTPONED", "postponed"),
        ("CANCELLED", "cancelled"),
        ("EXTRADAY", "extra_day"),
        ("EARLYV", "early"),
    ):
        for hit in text.hits.get(name, ()):
            start, end = text.sentence(hit.start)
            if any(start <= d.start <= end for d in days) and claim in {"extra_day", "early"}:
                continue
            if claim in {"postponed", "cancelled"}:
                near = text.within(
                    max(start, hit.start - 7), min(end, hit.end + 6), "ELECT", "ELDAY", "VOTE"
                )
                near = [h for h in near if h != hit]
                if not near or text.within(start, end, "EVENT", "DESK"):
                    continue
            elif not text.has(*subjects) or _counts_down(text, hit, claim):
                continue
            if claim == "early" and text.within(start, end, "TIME"):
                continue
            if claim == "early" and not text.within(
                start, end, "ALLOW", "IMPER", "STILL", "RIGHTNOW", "OPENW", "=al", "=already"
            ):
                continue
            denied = bool(
                text.within(max(start, hit.start - 4), min(end, hit.end + 2), "NEG", "WITHOUT")
            )
            if name == "CANCELLED" and "niet" in {
                text.tokens[at].text for at in range(hit.start, hit.end + 1)
            }:
                denied = False
            yield Found("voting_day", claim, "date", {}, hit, 0.85, 2, claim, polarity=not denied)
            break
