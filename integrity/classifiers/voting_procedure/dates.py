"""Days as people write them: weekday, day and month, and relative to when the post was written."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501, PLR0911, PLR0912

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from integrity.classifiers.voting_procedure.numbers import number_at, ordinal_at
from integrity.classifiers.voting_procedure.tokens import Token


def _table(*rows: str) -> dict[str, int]:
    return {
        word: n for row in rows for n, names in enumerate(row.split()) for word in names.split("/")
    }


WEEKDAYS = _table(
    "maandag/ma/maandagavond/maandagochtend/maandagmiddag/monday/mon/montag/pazartesi/"
    "poniedziałek/moandei/lundi/الاثنين/الإثنين "
    "dinsdag/di/dinsdagavond/dinsdagochtend/dinsdagmiddag/tuesday/tue/tues/dienstag/salı/wtorek/"
    "tiisdei/mardi/الثلاثاء "
    "woensdag/wo/woensdagavond/woensdagochtend/woensdagmiddag/wednesday/wed/weds/mittwoch/"
    "çarşamba/środa/środę/woansdei/woansdeis/woensdei/mercredi/الأربعاء/الاربعاء "
    "donderdag/do/donderdagavond/donderdagochtend/donderdagmiddag/thursday/thu/thur/thurs/"
    "donnerstag/perşembe/czwartek/tongersdei/jeudi/الخميس "
    "vrijdag/vr/vrijdagavond/vrijdagochtend/vrijdagmiddag/friday/fri/freitag/cuma/piątek/freed/"
    "vendredi/الجمعة "
    "zaterdag/za/zaterdagavond/zaterdagochtend/zaterdagmiddag/saturday/sat/samstag/cumartesi/"
    "sobota/sobotę/sneon/samedi/السبت "
    "zondag/zo/zondagavond/zondagochtend/zondagmiddag/sunday/sun/sonntag/pazar/niedziela/"
    "niedzielę/snein/dimanche/الأحد/الاحد"
)
# Short forms that are also everyday words count only beside a day number or with a point.
AMBIGUOUS_WEEKDAYS = {"ma", "di", "wo", "do", "vr", "za", "zo", "sun", "sat", "wed", "mon", "fri",
                      "thu", "cuma", "pazar"}  # fmt: skip
MONTHS = {
    word: n + 1
    for word, n in _table(
        "januari/jan/january/januar/ocak/stycznia/jannewaris/janvier/يناير "
        "februari/feb/february/februar/şubat/lutego/febrewaris/février/فبراير "
        "maart/mrt/march/märz/mart/marca/maarte/mars/مارس "
        "april/apr/nisan/kwietnia/avril/أبريل "
        "mei/may/mai/mayıs/maja/maaie/مايو "
        "juni/jun/june/haziran/czerwca/juin/يونيو "
        "juli/jul/july/temmuz/lipca/juillet/يوليو "
        "augustus/aug/august/ağustos/sierpnia/août/أغسطس "
        "september/sep/sept/eylül/września/septembre/سبتمبر "
        "oktober/okt/october/oct/ekim/października/octobre/أكتوبر "
        "november/nov/kasım/listopada/novembre/نوفمبر "
        "december/dec/dezember/aralık/grudnia/décembre/ديسمبر"
    ).items()
}
RELATIVE = {
    word: days
    for days, words in {
        0: "vandaag vanavond vanmiddag vanochtend vanmorgen today tonight hoje heute bugün dziś "
        "dzisiaj hjoed اليوم aujourd'hui",
        1: "morgen morgenochtend morgenavond morgenmiddag morgenvroeg tomorrow tmrw tmr tmw tomoro "
        "yarın jutro moarn غدا غداً بكرا بكرة demain tomorrow's",
        2: "overmorgen übermorgen pojutrze oermoarn",
        -1: "gisteren gister yesterday gisteravond wczoraj dün gestern hier مبارح",
        -2: "eergisteren",
    }.items()
    for word in words.split()
}
_NEXT = {
    "volgende",
    "komende",
    "aanstaande",
    "a.s",
    "next",
    "coming",
    "this",
    "aankomende",
    "eerstvolgende",
}
_NEXT_WEEK = {"volgende", "next"}
_LAST = {"afgelopen", "vorige", "last", "past", "jongstleden"}
_MORNINGS = {"'s", "s", "de", "elke", "in", "goeie", "goede", "een", "vroege", "iedere"}
_NUMERIC = re.compile(r"^(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{2,4}))?$")
_ISO = re.compile(r"^(20\d\d)-(\d\d)-(\d\d)$")
_ARTICLES = {"de", "the", "den", "op", "am", "on", "dem", "d'n", "het", "le", "van", "of"}


@dataclass(frozen=True, slots=True)
class DayMention:
    """A day named in a text; whatever of it is unknown is None. `exact` beats the rest."""

    start: int
    end: int
    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    exact: date | None = None
    exact_from: str = ""
    between: tuple[date, date] | None = None

    def as_value(self) -> dict[str, Any]:
        """Give the JSON form that is stored with a proposition."""
        parts = {"weekday": self.weekday, "day": self.day, "month": self.month, "year": self.year}
        value: dict[str, Any] = {name: part for name, part in parts.items() if part is not None}
        if self.exact:
            value["date"] = self.exact.isoformat()
        if self.between:
            value["between"] = [day.isoformat() for day in self.between]
        if self.exact_from:
            value["from"] = self.exact_from
        return value


def find_days(tokens: list[Token], posted: date | None, language: str = "nl") -> list[DayMention]:
    """Find every day that is named, in order, none overlapping."""
    found: list[DayMention] = []
    at = 0
    while at < len(tokens):
        mention = _relative(tokens, at, posted) or _calendar(tokens, at, posted)
        if mention and language in {"pl", "en"} and tokens[at].text == "do":
            mention = None
        if (
            mention
            and language == "nl"
            and mention.month
            and tokens[mention.start].text in MONTHS
            and mention.end - mention.start == 2
        ):
            mention = None  # "in december 18" is an age: Dutch writes the day first.
        if mention:
            found.append(mention)
            at = mention.end
        else:
            at += 1
    return _complete_lists(tokens, found)


def _text(tokens: list[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _relative(tokens: list[Token], at: int, posted: date | None) -> DayMention | None:
    """Read today, tomorrow, in two days, a week from today."""
    word, after = _text(tokens, at), _text(tokens, at + 1)
    before = _text(tokens, at - 1)
    if word in RELATIVE:
        if word == "morgen" and before in _MORNINGS and before not in {"de"}:
            return None
        if word == "hier":
            return None
        end, days = at + 1, RELATIVE[word]
        if (
            word in {"today", "vandaag"}
            and after in {"over", "in"}
            and "week" in _text(tokens, at + 3)
        ):
            days, end = 7, at + 4
        return _shifted(at, end, days, posted)
    if word == "day" and after == "after" and _text(tokens, at + 2) == "tomorrow":
        return _shifted(at, at + 3, 2, posted)
    if word in {"over", "in", "binnen", "nog", "within"}:
        cut = at + 1
        if _text(tokens, cut) in {
            "precies",
            "exact",
            "exactly",
            "zo'n",
            "maar",
            "slechts",
            "just",
            "only",
        }:
            cut += 1
        number = number_at(tokens, cut)
        unit = _text(tokens, cut + 1)
        size = {"dag": 1, "dagen": 1, "days": 1, "day": 1, "week": 7, "weken": 7, "weeks": 7,
                "nachtjes": 1, "nachten": 1, "sleeps": 1, "nachtje": 1}.get(unit)  # fmt: skip
        if number and size and (word != "nog" or size == 1):
            return _shifted(at, cut + 2, number * size, posted)
    if word in {"more", "another", "only", "maar", "just"} and _text(tokens, at + 2) in {
        "sleeps",
        "days",
        "dagen",
        "nachtjes",
        "nights",
    }:
        number = number_at(tokens, at + 1)
        if number and (
            word != "only" or _text(tokens, at + 3) in {"left", "to", "and", "until", "more"}
        ):
            return _shifted(at, at + 3, number, posted)
    if after == "more" and _text(tokens, at + 2) in {"sleeps", "days", "nights"}:
        number = number_at(tokens, at)
        if number:
            return _shifted(at, at + 3, number, posted)
    ahead = _week_ahead(tokens, at, posted)
    if ahead:
        return ahead
    number = number_at(tokens, at)
    if number and after in {"days", "day", "dagen", "sleeps", "nachtjes", "week", "weeks"}:
        size = 7 if after.startswith("week") else 1
        tail = (_text(tokens, at + 2), _text(tokens, at + 3))
        if tail in {
            ("from", "now"),
            ("from", "today"),
            ("to", "go"),
            ("vanaf", "nu"),
            ("te", "gaan"),
            ("left", "until"),
            ("left", "to"),
            ("left", "before"),
        }:
            return _shifted(at, at + 4, number * size, posted)
        if tail[0] in {"slapen", "left"}:
            return _shifted(at, at + 3, number, posted)
        if tail == ("from", "tomorrow"):
            return _shifted(at, at + 4, number * size + 1, posted)
    return None


def _week_ahead(tokens: list[Token], at: int, posted: date | None) -> DayMention | None:
    """Read "next week" and "this weekend", which are several days."""
    pair = (_text(tokens, at), _text(tokens, at + 1))
    if pair in {("volgende", "week"), ("next", "week")}:
        if _text(tokens, at + 2) in WEEKDAYS and _text(tokens, at + 2) not in AMBIGUOUS_WEEKDAYS:
            return None
        first, size = 7 - (posted.weekday() if posted else 0), 7
    elif pair in {
        ("dit", "weekend"),
        ("this", "weekend"),
        ("het", "weekend"),
        ("the", "weekend"),
        ("komend", "weekend"),
    }:
        first, size = 5 - (posted.weekday() if posted else 0), 2
    else:
        return None
    if posted is None:
        return DayMention(at, at + 2, exact_from="posting time")
    start = posted + timedelta(days=first)
    return DayMention(
        at, at + 2, between=(start, start + timedelta(days=size - 1)), exact_from="posting time"
    )


def _shifted(at: int, end: int, days: int, posted: date | None) -> DayMention:
    """Place a relative day on the calendar; without a posting day it stays unknown."""
    exact = posted + timedelta(days=days) if posted else None
    return DayMention(at, end, exact=exact, exact_from="posting time")


def _calendar(tokens: list[Token], at: int, posted: date | None) -> DayMention | None:
    """Read a weekday, a day and month, or both."""
    iso = _iso(tokens, at)
    if iso:
        return iso
    cut, direction = at, 0
    if _text(tokens, at) in _NEXT | _LAST:
        direction = -1 if _text(tokens, at) in _LAST else 1
        cut = at + 1
    weekday = WEEKDAYS.get(_text(tokens, cut))
    if weekday is not None:
        short = _text(tokens, cut) in AMBIGUOUS_WEEKDAYS
        after = cut + 1
        while _text(tokens, after) in {",", ".", "("} | (_ARTICLES - {"van", "of"}):
            after += 1
        day = _day_month(tokens, after, loose=True)
        if day:
            return DayMention(at, day.end, weekday, day.day, day.month, day.year)
        if short and direction == 0:
            return None
        week_word = _text(tokens, cut + 1) in {"over", "volgende", "next"}
        if week_word and _text(tokens, cut + 2) in {"week", "een"}:
            return _weekday(at, cut + 3, weekday, posted, 2)
        if direction:
            next_week = _text(tokens, at) in _NEXT_WEEK
            return _weekday(at, cut + 1, weekday, posted, direction + (0.5 if next_week else 0))
        if _text(tokens, at - 1) == "week" and _text(tokens, at - 2) in _NEXT_WEEK:
            return _weekday(at - 2, cut + 1, weekday, posted, 2)
        return DayMention(at, cut + 1, weekday)
    return _day_month(tokens, at, loose=False) if cut == at else None


def _weekday(at: int, end: int, weekday: int, posted: date | None, direction: float) -> DayMention:
    """Place "last Friday", "this Wednesday" or "Wednesday next week" on the calendar."""
    if posted is None or direction == 1.5:
        return DayMention(at, end, weekday)
    ahead = (weekday - posted.weekday()) % 7
    if direction < 0:
        exact = posted - timedelta(days=((posted.weekday() - weekday) % 7) or 7)
    elif direction >= 2:
        monday = posted - timedelta(days=posted.weekday())
        exact = monday + timedelta(days=7 + weekday)
    else:
        exact = posted + timedelta(days=ahead)
    return DayMention(at, end, weekday, exact=exact, exact_from="posting time")


def _iso(tokens: list[Token], at: int) -> DayMention | None:
    """Read 2026-03-18 and 18-3-2026, which reach us cut at the hyphens."""
    pieces = [_text(tokens, at + n) for n in range(5)]
    if pieces[1] == pieces[3] and pieces[1] in {"-", "/"} and all(p.isdigit() for p in pieces[::2]):
        first, second, third = (int(p) for p in pieces[::2])
        if len(pieces[0]) == 4 and 1 <= second <= 12 and 1 <= third <= 31:
            return DayMention(at, at + 5, None, third, second, first)
        if 1 <= first <= 31 and 1 <= second <= 12 and third > 0:
            return DayMention(
                at, at + 5, None, first, second, third if third > 99 else 2000 + third
            )
    return None


def _day_month(tokens: list[Token], at: int, *, loose: bool) -> DayMention | None:
    """Read 18 maart (2026), March 18th, 18/3, de 18e; a bare number only after a weekday."""
    month = MONTHS.get(_text(tokens, at))
    if month and (month != 5 or _text(tokens, at) != "may" or _is_day(tokens, at + 1)):
        cut = at + 1
        if _text(tokens, cut) in {"the", "."}:
            cut += 1
        day = ordinal_at(tokens, cut)
        number = number_at(tokens, cut, weak=False)
        if day and 1 <= day[0] <= 31:
            return _with_year(tokens, at, day[1], day[0], month)
        if number and 1 <= number <= 31 and _text(tokens, cut + 1) not in {"uur", "pm", "am"}:
            return _with_year(tokens, at, cut + 1, number, month)
        return None
    numeric = _NUMERIC.match(_text(tokens, at))
    if numeric and loose and int(numeric[1]) <= 31 and 1 <= int(numeric[2]) <= 12:
        if "." in _text(tokens, at) and _text(tokens, at + 1) in {"uur", "u", "h"}:
            return None
        return DayMention(at, at + 1, None, int(numeric[1]), int(numeric[2]))
    slash = _text(tokens, at + 1) in {"/", "-"} and _text(tokens, at + 2).isdigit()
    number = number_at(tokens, at, weak=False)
    if slash and number and _text(tokens, at).isdigit() and number <= 31:
        month_number = int(_text(tokens, at + 2)[:6])
        tight = (
            tokens[at].end == tokens[at + 1].start and tokens[at + 1].end == tokens[at + 2].start
        )
        marked = _text(tokens, at - 1) in {"op", "on", "tot", "t/m", "date", "datum", ":"} or loose
        if tight and 1 <= month_number <= 12 and (_text(tokens, at + 1) == "/" or marked):
            return DayMention(at, at + 3, None, number, month_number)
    ordinal = ordinal_at(tokens, at)
    value, end = ordinal if ordinal else (number, at + 1)
    if value is None or not 1 <= value <= 31:
        return None
    while _text(tokens, end) in {"van", "of", "."} and MONTHS.get(_text(tokens, end + 1)):
        end += 1
    month = MONTHS.get(_text(tokens, end))
    if month:
        return _with_year(tokens, at, end + 1, value, month)
    if ordinal and (loose or _text(tokens, at - 1) in _ARTICLES) and _stands_alone(tokens, end):
        # "the first numbers" ranks; "the 18th" hardly ever does.
        ranks = value <= 10 and _text(tokens, at).isalpha()
        if loose or not ranks or _text(tokens, end) in _AFTER_A_DAY:
            return DayMention(at, end, None, value)
    if loose and number and _text(tokens, at).isdigit() and _text(tokens, end) not in _NOT_A_DAY:
        return DayMention(at, end, None, value)
    return None


_NOT_A_DAY = {
    "uur",
    "u",
    "h",
    "pm",
    "am",
    "jaar",
    "euro",
    "%",
    "minuten",
    "years",
    ":",
    "keer",
    "mensen",
}
_AFTER_A_DAY = {
    "", ",", ".", "!", "?", "(", ")", ":", ";", "-", "\n", "is", "zijn", "was", "wordt", "worden", "kun", "kunt",
    "kan", "kunnen", "mag", "mogen", "moet", "moeten", "gaan", "gaat", "ga", "we", "ik", "je", "jij", "u", "dus", "en",
    "of", "and", "or", "so", "hoor", "toch", "pas", "you", "they", "may", "can", "will", "must", "om", "at", "from",
    "vanaf", "tot", "until", "stemmen", "stem", "vote", "voting", "maar", "but", "kiezen", "dan", "then",
}  # fmt: skip
_NO_DATE_AFTER = {
    "keer", "eeuw", "verdieping", "plaats", "ronde", "helft", "klas", "man", "vrouw", "persoon", "stap", "verjaardag",
    "time", "place", "floor", "round", "half", "person", "day", "dag", "stemdag", "one", "grade", "street",
    "sheet", "ballot", "biljet", "week", "chance", "kamer", "kamerverkiezing", "kamerverkiezingen", "vote", "passport",
    "uur", "wereldoorlog", "lijst", "pas", "stempas", "hokje", "box", "circle", "kleur", "proxy", "volmacht", "century", "hand", "year", "rij", "kans", "prikkel", "avenue", "uitslag", "uitslagen", "zetel", "kandidaat", "paspoort", "thing", "line", "poll", "ding",
}  # fmt: skip


def _stands_alone(tokens: list[Token], at: int) -> bool:
    """Say whether an ordinal is a day and not a rank: not "the second sheet"."""
    return _text(tokens, at) not in _NO_DATE_AFTER


def _is_day(tokens: list[Token], at: int) -> bool:
    number = number_at(tokens, at, weak=False) or (ordinal_at(tokens, at) or (0, 0))[0]
    return bool(number) and 1 <= number <= 31


def _with_year(tokens: list[Token], start: int, end: int, day: int, month: int) -> DayMention:
    """Take a year that follows along."""
    cut = end + 1 if _text(tokens, end) == "," else end
    text = _text(tokens, cut)
    if text.isdigit() and len(text) == 4 and text.startswith("20"):
        return DayMention(start, cut + 1, None, day, month, int(text))
    return DayMention(start, end, None, day, month)


def _complete_lists(tokens: list[Token], found: list[DayMention]) -> list[DayMention]:
    """Give "15 en 22 maart" and "18, 19 and 20 March" a month each."""
    out: list[DayMention] = []
    for mention in found:
        if mention.month and mention.day:
            cut, before = mention.start, out[-1].end if out else 0
            while cut >= 2 and _text(tokens, cut - 1) in {
                "en",
                "and",
                ",",
                "of",
                "or",
                "/",
                "-",
                "&",
                "+",
                "t",
                "tot",
            }:
                number = number_at(tokens, cut - 2, weak=False)
                if not number or not 1 <= number <= 31 or before > cut - 2:
                    break
                out.append(DayMention(cut - 2, cut - 1, None, number, mention.month, mention.year))
                cut -= 2
        out.append(mention)
    return sorted(out, key=lambda m: m.start)
