"""The Election Center's pages as data, built from a fact sheet alone: no database, no clock.

What a page says about a day is absolute ("on Tuesday 17 March 2026 there is 1 day left"), so that
a page that was printed or left open says nothing untrue.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.fact_keys import as_list
from elections.facts import Fact, FactSheet, Incident
from elections.sentences import (
    Words,
    clock,
    full_day,
    in_readers_language,
    listed,
    sentence,
    steps,
)
from elections.topics import DEADLINES, MUST_BE_KNOWN, QUESTIONS, TOPICS, Topic

MOST_NOTICES = 5  # on a page without a place; more would bury the rest


class Phase(StrEnum):
    """Where an election stands at a moment, in its own time zone."""

    BEFORE = auto()
    VOTING = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality by its code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """One official statement, ready to read."""

    key: str
    question: str | Promise
    words: Words | None
    steps: list[Words]
    explanation: Words | None
    source_name: str
    source_url: str
    confirmed: bool
    changed_at: datetime | None
    place: Place | None
    elsewhere: tuple[Place, ...]
    fact: Fact


@dataclass(frozen=True, slots=True)
class Section:
    """A topic with its statements: those that come first and those behind a question."""

    topic: Topic
    first: list[Said]
    more: list[Said]


@dataclass(frozen=True, slots=True)
class Notice:
    """An official change on the day."""

    place: Place
    polling_place: str
    words: Words | None
    incident: Incident
    from_day: str
    from_time: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day on which something ends or happens."""

    key: str
    text: str | Promise
    day: date
    time: time | None
    shown_time: str
    past: bool
    left: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """The tear-off calendar: the voting days as a picture."""

    days: str
    month: str
    weekday: str
    hours: str


@dataclass(frozen=True, slots=True)
class CenterPage:
    """Everything that one page shows."""

    sheet: FactSheet
    name: Words
    place: Place | None
    phase: Phase
    takes_part: bool
    lead: SafeString | str
    in_short: list[Words]
    countdown: str
    leaf: Leaf | None
    voting_day: Said | None
    sections: list[Section]
    notices: list[Notice]
    more_notices: int
    deadlines: list[Deadline]
    local_time: datetime
    changed_at: datetime | None


def build(sheet: FactSheet, *, place: str | None, at: datetime) -> CenterPage:
    """Build the page of an election for a place at a moment."""
    local = at.astimezone(sheet.zone())
    phase = phase_at(sheet, place=place, at=at)
    part = takes_part(sheet, place=place, at=at)
    notices = [] if phase == Phase.OVER else _notices(sheet, place=place, at=at)
    shown = notices if place else notices[:MOST_NOTICES]
    return CenterPage(
        sheet=sheet,
        name=in_readers_language(sheet.name) or Words(sheet.election, "en", False),
        place=Place(place, sheet.places[place]) if place else None,
        phase=phase,
        takes_part=part,
        lead=_lead(sheet, place=place, at=at, phase=phase),
        in_short=_in_short(sheet, place=place, at=at) if phase != Phase.OVER else [],
        countdown=_countdown(sheet, local, phase=phase),
        leaf=_leaf(sheet, place=place, at=at) if part else None,
        voting_day=said(sheet, "voting_day" if part else "takes_part", place=place, at=at),
        sections=_sections(sheet, place=place, at=at) if part else [],
        notices=shown,
        more_notices=len(notices) - len(shown),
        deadlines=deadlines(sheet, place=place, at=at) if part else [],
        local_time=local,
        changed_at=max((f.changed_at for f in sheet.facts if f.changed_at), default=None),
    )


def takes_part(sheet: FactSheet, *, place: str | None, at: datetime) -> bool:
    """Say whether a place votes in this election; where it does not, nothing else holds there."""
    part = sheet.fact("takes_part", place=place, at=at)
    return part is None or bool(part.value)


def said(sheet: FactSheet, key: str, *, place: str | None, at: datetime) -> Said | None:
    """Say what holds under a key in a place at a moment; None when nothing can be said."""
    fact = sheet.fact(key, place=place, at=at)
    if fact is None:
        return None
    words, rows = sentence(fact), steps(fact)
    if key == "voting_day" and words and phase_at(sheet, place=place, at=at) == Phase.OVER:
        was_on = _("The vote was on {day}.").format(day=_days(sheet))
        words = Words(was_on, words.language)
    if words is None and not rows:
        return None
    others = () if place else tuple(f for f in sheet.local_facts(key, at=at) if f.place)
    return Said(
        key=key,
        question=QUESTIONS.get(key, key),
        words=words,
        steps=rows,
        explanation=in_readers_language(fact.applies),
        source_name=fact.source_name,
        source_url=fact.source_url if fact.source_url.startswith(("https://", "http://")) else "",
        confirmed=fact.status == "confirmed",
        changed_at=fact.changed_at,
        place=Place(fact.place, sheet.places.get(fact.place, fact.place)) if fact.place else None,
        elsewhere=_by_name(sheet, (f.place for f in others if f.place)),
        fact=fact,
    )


def section_of(
    sheet: FactSheet, topic: Topic, *, place: str | None, at: datetime, lead_key: str = ""
) -> Section:
    """Build one topic; a page about one key shows that statement before all others."""
    everything = {key: said(sheet, key, place=place, at=at) for key in topic.keys}
    must = (k for k in topic.more if k in MUST_BE_KNOWN and sheet.value(k, place=place, at=at))
    keys = (lead_key,) if lead_key in topic.keys else (*topic.first, *must)
    first = [everything[key] for key in keys]
    more = [everything[key] for key in topic.keys if key not in keys]
    return Section(topic, [s for s in first if s], [s for s in more if s])


def phase_at(sheet: FactSheet, *, place: str | None, at: datetime) -> Phase:
    """Say whether voting is still to come, under way or over, by the election's own clock."""
    local = at.astimezone(sheet.zone())
    closes = sheet.value("polls_close", place=place, at=at)
    last = sheet.voting_days[-1]
    if local.date() > last or (
        closes and local.date() == last and local.time() >= time.fromisoformat(closes)
    ):
        return Phase.OVER
    return Phase.BEFORE if local.date() < sheet.voting_days[0] else Phase.VOTING


def deadlines(sheet: FactSheet, *, place: str | None, at: datetime) -> list[Deadline]:
    """List the days that matter to a voter, in order."""
    local = at.astimezone(sheet.zone())
    found = []
    for key, text in DEADLINES.items():
        fact = sheet.fact(key, place=place, at=at)
        for value in as_list(fact.value) if fact and fact.value else []:
            day = date.fromisoformat(value[:10])
            hour = time.fromisoformat(value[11:]) if len(value) > 10 else None
            past = local.replace(tzinfo=None) >= datetime.combine(
                day if hour else day + timedelta(days=1), hour or time.min
            )
            left = "" if past else _left(day, hour, local)
            found.append(Deadline(key, text, day, hour, clock(hour) if hour else "", past, left))
    return sorted(found, key=lambda d: (d.day, d.time or time.min))


def _left(day: date, hour: time | None, local: datetime) -> str:
    """Say how much time there is, counted from the day and hour that stand above the list."""
    days = (day - local.date()).days
    ends = datetime.combine(day, hour or time.min)
    hours = int((ends - local.replace(tzinfo=None)).total_seconds() // 3600)
    if hour is None and not days:
        return _("until the end of this day")
    if hour is None or hours >= 24:
        return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    if not hours:
        return _("less than an hour left")
    return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}


def find_places(sheet: FactSheet, words: str) -> list[Place]:
    """Find the municipalities that somebody may mean: by code, name, first letters, part of it."""
    wanted = plain(words)
    if not wanted:
        return []
    if words.strip().upper() in sheet.places:
        code = words.strip().upper()
        return [Place(code, sheet.places[code])]
    names = {
        code: {plain(name), *(plain(also) for also in sheet.also_known_as.get(code, ()))}
        for code, name in sheet.places.items()
    }
    exact = [code for code, own in names.items() if wanted in own]
    begins = [
        code
        for code, own in names.items()
        if any(f" {name}".find(f" {wanted}") >= 0 for name in own)
    ]
    part = [code for code, own in names.items() if any(wanted in name for name in own)]
    return list(_by_name(sheet, exact or begins or part))[:30]


def plain(words: str) -> str:
    """Write a name without capitals, accents and apostrophes, as people type it."""
    bare = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(kept.split())


def _sections(sheet: FactSheet, *, place: str | None, at: datetime) -> list[Section]:
    built = [section_of(sheet, topic, place=place, at=at) for topic in TOPICS]
    return [section for section in built if section.first or section.more]


def _by_name(sheet: FactSheet, codes: Iterable[str]) -> tuple[Place, ...]:
    rows = (Place(code, sheet.places.get(code, code)) for code in dict.fromkeys(codes))
    return tuple(sorted(rows, key=lambda row: plain(row.name)))


def _notices(sheet: FactSheet, *, place: str | None, at: datetime) -> list[Notice]:
    """Choose the notices that are not over, the newest first."""
    rows = [
        i
        for i in sheet.incidents
        if place in {None, i.place} and (i.ends_at is None or at < i.ends_at)
    ]
    zone = sheet.zone()
    return [
        Notice(
            place=Place(row.place, sheet.places.get(row.place, row.place)),
            polling_place=row.polling_place,
            words=in_readers_language(row.message),
            incident=row,
            from_day=full_day(row.starts_at.astimezone(zone).date()),
            from_time=clock(row.starts_at.astimezone(zone).time()),
        )
        for row in sorted(rows, key=lambda i: i.starts_at, reverse=True)
    ]


def _days(sheet: FactSheet) -> str:
    return listed([full_day(day) for day in sheet.voting_days])


def _lead(sheet: FactSheet, *, place: str | None, at: datetime, phase: Phase) -> SafeString | str:
    """Answer when, in one sentence; in the past tense once it is over."""
    parts = {"day": format_html("<b>{}</b>", _days(sheet))}
    if phase == Phase.OVER:
        return format_html(_("The vote was on {day}."), **parts)
    opens = sheet.value("polls_open", place=place, at=at)
    closes = sheet.value("polls_close", place=place, at=at)
    if not (opens and closes):
        return format_html(_("You vote on {day}."), **parts)
    hours = format_html(
        "<b>{}</b>", _("%(opens)s to %(closes)s") % {"opens": clock(opens), "closes": clock(closes)}
    )
    return format_html(_("You vote on {day}, from {hours}."), **parts, hours=hours)


def _in_short(sheet: FactSheet, *, place: str | None, at: datetime) -> list[Words]:
    """Answer where and with what, in the words of the facts themselves."""
    keys = ("registration_required", "polling_place_scope", "voter_pass_required", "id_required")
    facts = [sheet.fact(key, place=place, at=at) for key in keys]
    said_so = [sentence(fact) for fact in facts if fact and fact.value is not False]
    return [words for words in said_so if words]


def _countdown(sheet: FactSheet, local: datetime, *, phase: Phase) -> str:
    """Say how long it is, from a named day; nothing on the day itself and later."""
    if phase != Phase.BEFORE:
        return ""
    days = (sheet.voting_days[0] - local.date()).days
    return ngettext(
        "On %(day)s there is %(days)s day left.", "On %(day)s there are %(days)s days left.", days
    ) % {"day": full_day(local.date()), "days": days}


def _leaf(sheet: FactSheet, *, place: str | None, at: datetime) -> Leaf:
    """Draw the first and the last voting day as a calendar leaf."""
    first, last = sheet.voting_days[0], sheet.voting_days[-1]
    opens = sheet.value("polls_open", place=place, at=at)
    closes = sheet.value("polls_close", place=place, at=at)
    several = first != last
    names: Mapping[int, object] = WEEKDAYS
    return Leaf(
        days=f"{first.day}–{last.day}" if several else str(first.day),
        month=f"{MONTHS[first.month]} {first.year}",
        weekday=(
            f"{names[first.weekday()]} – {names[last.weekday()]}"
            if several
            else str(names[first.weekday()])
        ),
        hours=f"{clock(opens)} – {clock(closes)}" if opens and closes else "",
    )
