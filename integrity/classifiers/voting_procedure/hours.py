"""Times of day as people write them: 21.00, 9pm, half acht, klokslag negen, noon."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501, PLR0911, PLR0912

import re
from dataclasses import dataclass

from integrity.classifiers.voting_procedure.numbers import number_at
from integrity.classifiers.voting_procedure.tokens import Token

DAY = 24 * 60

_CLOCK = re.compile(r"^([01]?\d|2[0-4])[:.]([0-5]\d)$")
_MARKED = {"uur", "u", "h", "hrs", "uhr", "oere", "hours", "o'clock", "oclock", "ure"}
_BEFORE = {"om", "tot", "vanaf", "at", "until", "till", "til", "by", "from", "klokslag", "van",
           "between", "tussen", "en", "to", "and", "-", "after", "before", "na", "voor", "around",
           "rond", "pas", "hits", "strikes", "bis", "do", "saat", "oant", "stipt", "uiterlijk",
           "past", "godz", "الساعة", "vóór", "al", "sharp"}  # fmt: skip
_STARTS = {"van", "from", "tussen", "between", "vanaf"}
_MORNING = {
    "ochtend",
    "ochtends",
    "morgens",
    "morning",
    "ochtenduren",
    "am",
    "a.m",
    "rano",
    "sabah",
    "vroeg",
}
_AFTERNOON = {"middag", "middags", "afternoon", "namiddag", "pm", "p.m"}
_EVENING = {"avond", "avonds", "evening", "night", "tonight", "vanavond", "avonduren", "jûns", "abends", "akşam",
            "wieczorem", "pm", "p.m"}  # fmt: skip
_NAMED = {
    "noon": (720,), "midday": (720,), "midnight": (1440, 0), "middernacht": (1440, 0),
    "twaalven": (720, 1440), "vijven": (300, 1020), "zessen": (360, 1080), "zevenen": (420, 1140),
    "achten": (480, 1200), "negenen": (540, 1260), "tienen": (600, 1320), "elven": (660, 1380),
    "vieren": (240, 960), "drieën": (180, 900), "mittag": (720,), "południa": (720,),
}  # fmt: skip
_UNITS = {"uur": 60, "uren": 60, "hour": 60, "hours": 60, "minuten": 1, "minuut": 1, "minutes": 1,
          "minute": 1, "min": 1, "mins": 1, "kwartier": 15, "uurtje": 60, "minuutjes": 1, "uurtjes": 60,
          "kwartiertje": 15}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HourMention:
    """A time of day in minutes since midnight; two candidates where am or pm is unclear."""

    start: int
    end: int
    minutes: tuple[int, ...]
    from_now: int | None = None


def find_hours(
    tokens: list[Token], posted_minutes: int | None, taken: set[int]
) -> list[HourMention]:
    """Find every time of day, in order; tokens that already are part of a day are skipped."""
    found: list[HourMention] = []
    at = 0
    while at < len(tokens):
        mention = None
        if at not in taken:
            mention = _left(tokens, at, posted_minutes) or _time(tokens, at)
        if mention and not any(t in taken for t in range(mention.start, mention.end)):
            found.append(_with_part_of_day(tokens, mention))
            at = mention.end
        else:
            at += 1
    return _complete_ranges(tokens, found, taken)


def _text(tokens: list[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _left(tokens: list[Token], at: int, now: int | None) -> HourMention | None:
    """Read "nog 2 minuten", "over een uur", "in half an hour", "45 minutes left"."""
    word = _text(tokens, at)
    if word in {"nog", "over", "in", "binnen", "only", "just"}:
        cut = at + 1
        while _text(tokens, cut) in {"maar", "slechts", "een", "a", "an", "zo'n"} and _text(tokens, cut + 1) in {
            "half", "kwartier", "kwartiertje", "uurtje", "hour", "uur"}:  # fmt: skip
            cut += 1
        span = _duration(tokens, cut)
        if span:
            size, end = span
            trailing = _text(tokens, end) in {"left", "te", "to", "en", "and", "om", "until"}
            if word in {"only", "just"} and not trailing:
                return None
            ends = ((now + size) % DAY,) if now is not None else ()
            return HourMention(at, end, ends, size)
    span = _duration(tokens, at)
    if span and _text(tokens, span[1]) in {"left", "to"} and now is not None:
        return HourMention(at, span[1] + 1, ((now + span[0]) % DAY,), span[0])
    return None


def _duration(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """Read a length of time in minutes and the token after it."""
    if _text(tokens, at) in {"half", "halfuur", "halfuurtje"}:
        if _text(tokens, at) != "half":
            return 30, at + 1
        cut = at + 1
        while _text(tokens, cut) in {"an", "a"}:
            cut += 1
        return (30, cut + 1) if _text(tokens, cut) in {"uur", "hour", "uurtje"} else None
    if _text(tokens, at) in {"kwartier", "kwartiertje", "uurtje", "uur", "hour"}:
        return _UNITS[_text(tokens, at)], at + 1
    number = number_at(tokens, at)
    unit = _UNITS.get(_text(tokens, at + 1))
    if number and unit and _text(tokens, at) not in {"half"}:
        return number * unit, at + 2
    return None


def _time(tokens: list[Token], at: int) -> HourMention | None:
    """Read one time of day."""
    text, after = _text(tokens, at), _text(tokens, at + 1)
    if text in _NAMED:
        return HourMention(at, at + 1, _NAMED[text])
    clock = _CLOCK.match(text)
    if clock:
        minutes = int(clock[1]) * 60 + int(clock[2])
        end = at + 2 if after in _MARKED | {"am", "pm"} else at + 1
        money = _text(tokens, at - 1) in {"€", "euro"} or after in {"euro", "€", "%", "procent"}
        plain = "." in text and end == at + 1 and _text(tokens, at - 1) not in _BEFORE
        if money or (plain and not _near_hours(tokens, at)):
            return None
        return HourMention(
            at, end, _both_halves(minutes, exact=int(clock[1]) > 12 or text[0] == "0")
        )
    half = _half_or_quarter(tokens, at)
    if half:
        return half
    number = number_at(tokens, at, weak=False)
    if number is None and text in {"een", "one", "één"} and (after in _MARKED or after == "pm"):
        number = 1
    if number is None or number > 24:
        return None
    minutes = number * 60
    tight = at + 1 < len(tokens) and tokens[at].end == tokens[at + 1].start
    if after in {"pm", "p.m", "am", "a.m"}:
        return HourMention(at, at + 2, (minutes % 720 + (720 if after[0] == "p" else 0),))
    if after in _MARKED and (after not in {"u", "h"} or tight or text.isdigit()):
        end = at + 2
        if _text(tokens, end).isdigit() and len(_text(tokens, end)) == 2 and after == "u":
            minutes, end = minutes + int(_text(tokens, end)), end + 1
        elif number_at(tokens, end, weak=False) == 30:
            minutes, end = minutes + 30, end + 1
        if after in {"uur", "hours"} and _text(tokens, at - 1) in {
            "elke",
            "binnen",
            "every",
            "within",
            "paar",
        }:
            return None
        if _text(tokens, end) in {"lang", "long", "wachten", "geleden", "ago", "per", "slapen"}:
            return None
        return HourMention(at, end, _both_halves(minutes, exact=number > 12))
    if after == ":" or _text(tokens, at + 1) in {"%", "euro", "€"}:
        return None
    minute = number_at(tokens, at + 1, weak=False)
    if text.isalpha() and minute in {30, 15, 45} and _text(tokens, at + 1).isalpha():
        return HourMention(at, at + 2, _both_halves(minutes + minute, exact=False))
    if _text(tokens, at - 1) in _BEFORE and _bare_hour(tokens, at):
        return HourMention(at, at + 1, _both_halves(minutes, exact=number > 12))
    return None


def _half_or_quarter(tokens: list[Token], at: int) -> HourMention | None:
    """Read half acht, kwart voor negen, half past seven, quarter to nine."""
    word = _text(tokens, at)
    if word == "half":
        if _text(tokens, at + 1) == "past":
            hour = number_at(tokens, at + 2, weak=False)
            return HourMention(at, at + 3, _both_halves(hour * 60 + 30)) if hour else None
        hour = number_at(tokens, at + 1, weak=False)
        if hour and hour <= 12:
            end = at + 3 if _text(tokens, at + 2) in _MARKED else at + 2
            # Dutch half acht is 7:30, British half seven is 7:30 as well.
            dutch = _text(tokens, at + 1) not in {
                "seven",
                "eight",
                "nine",
                "ten",
                "five",
                "two",
                "three",
                "four",
            }
            return HourMention(at, end, _both_halves(hour * 60 + (-30 if dutch else 30)))
        return None
    if word in {"kwart", "quarter"} and _text(tokens, at + 1) in {"voor", "over", "to", "past"}:
        hour = number_at(tokens, at + 2, weak=False)
        if hour and hour <= 12:
            sign = -15 if _text(tokens, at + 1) in {"voor", "to"} else 15
            return HourMention(at, at + 3, _both_halves(hour * 60 + sign))
    return None


def _bare_hour(tokens: list[Token], at: int) -> bool:
    """Say whether a number without a unit can be an hour: the next word is no thing to count."""
    after = _text(tokens, at + 1)
    before = _text(tokens, at - 1)
    strong = before in {
        "om",
        "klokslag",
        "at",
        "hits",
        "strikes",
        "stipt",
        "godz",
        "saat",
        "الساعة",
    }
    ends = after in {"", ".", "!", "!!", "?", ",", ";", ")", "en", "and", "open", "dicht", "sharp", "stipt", "in",
                     "of", "or", "kun", "kan", "mag", "is", "then", "dan", "zijn", "gaat", "gaan", "sluit",
                     "'s", "tot", "to", "till", "until", "-", "so", "dus", "on", "op", "the", "for",
                     "weg", "closed", "they", "ze", "though", "only", "tonight", "vanavond", "tomorrow",
                     "morgen", "potem", "at", "but", "maar", "want", "after", "daarna", "sluiten", "this", "today", "every", "because", "as"}  # fmt: skip
    return ends or (
        strong
        and after
        in {
            "sharp",
            "precies",
            "exactly",
            "already",
            "al",
            "vanavond",
            "they",
            "you",
            "we",
            "je",
            "moet",
            "must",
        }
    )


def _near_hours(tokens: list[Token], at: int) -> bool:
    """Say whether 7.30 without a mark stands beside another time."""
    around = [_text(tokens, at + n) for n in (-3, -2, 1, 2, 3)]
    return any(_CLOCK.match(word) or word in _MARKED for word in around)


def _both_halves(minutes: int, *, exact: bool = False) -> tuple[int, ...]:
    """Give both readings of an hour up to twelve."""
    if exact or minutes > 13 * 60:
        return (minutes,)
    return (
        (minutes, minutes + 720)
        if minutes < 720
        else (minutes, minutes % 720 + 1440)
        if minutes == 720
        else (minutes,)
    )


def _with_part_of_day(tokens: list[Token], mention: HourMention) -> HourMention:
    """Settle am or pm by 's avonds, in de ochtend, pm standing near."""
    if len(mention.minutes) < 2:
        return mention
    around = [_text(tokens, at) for at in range(mention.end, mention.end + 4)]
    around += [_text(tokens, at) for at in range(mention.start - 3, mention.start)]
    late = any(word in _EVENING | _AFTERNOON for word in around[:4])
    early = any(word in _MORNING for word in around[:4])
    if not (late or early):
        late = any(
            word in {"avonds", "vanavond", "tonight", "middags", "avond"} for word in around[4:]
        )
        early = any(word in {"ochtends", "morgens", "ochtend"} for word in around[4:])
    if late != early:
        chosen = mention.minutes[1] if late else mention.minutes[0]
        if mention.minutes == (720, 1440):
            chosen = (
                720 if not any(word in {"nachts", "nacht", "night"} for word in around) else 1440
            )
        return HourMention(mention.start, mention.end, (chosen,), mention.from_now)
    return mention


def _complete_ranges(
    tokens: list[Token], found: list[HourMention], taken: set[int]
) -> list[HourMention]:
    """Read the other end of "7.30 - 21", "van 8 tot 20 uur", "tussen 7.30 en 21.00"."""
    out: list[HourMention] = []
    known = {mention.start: mention for mention in found}
    for mention in found:
        start = mention.start
        if _text(tokens, start - 1) in {"tot", "-", "to", "en", "and", "till", "until", "t", "/"}:
            number = number_at(tokens, start - 2, weak=False)
            opens = _text(tokens, start - 3) in _STARTS or _text(tokens, start - 1) in {"-", "tot"}
            free = start - 2 >= 0 and start - 2 not in taken and start - 2 not in known
            if (
                number is not None
                and number <= 24
                and opens
                and free
                and _text(tokens, start - 2).isdigit()
            ):
                out.append(
                    HourMention(start - 2, start - 1, _both_halves(number * 60, exact=number > 12))
                )
        out.append(mention)
    return out
