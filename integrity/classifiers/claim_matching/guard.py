# ruff: noqa: E501
"""The guard against opposites: two sentences with another number, date, place or "not" in them.

Claims that differ in one of these are near neighbours in any vector space and may have opposite
verdicts, so no likeness, however great, passes a difference that the guard sees. It may be too
strict: then a person confirms what it holds up.
"""

import re
from dataclasses import dataclass

from integrity.classifiers.claim_matching.wordpiece import split_words

_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "januari january jan", "februari february feb", "maart march mrt", "april apr",
            "mei may", "juni june jun", "juli july jul", "augustus august aug",
            "september sept sep", "oktober october okt oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: n
    for n, names in enumerate(
        (
            "maandag monday", "dinsdag tuesday", "woensdag wednesday", "donderdag thursday",
            "vrijdag friday", "zaterdag saturday", "zondag sunday",
        )
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    name: n
    for n, names in enumerate(
        (
            "nul zero", "één one eens once", "twee two tweemaal twice", "drie three driemaal",
            "vier four", "vijf five", "zes six", "zeven seven", "acht eight", "negen nine",
            "tien ten", "elf eleven", "twaalf twelve",
        )
    )
    for name in names.split()
}  # fmt: skip
# Words that turn a sentence round. "Niet alleen" keeps both, and so never matches "niet".
_NEGATIONS = frozenset(
    [
        "niet",
        "geen",
        "nooit",
        "niemand",
        "nergens",
        "noch",
        "zonder",
        "not",
        "no",
        "never",
        "nobody",
        "none",
        "cannot",
        "cant",
        "dont",
        "doesnt",
        "isnt",
        "arent",
        "wont",
        "wasnt",
        "didnt",
        "without",
        "nor",
        "neither",
    ]
)
# Pairs of opposites: a sentence with the one is not the sentence with the other.
_OPPOSITES: tuple[tuple[str, str], ...] = (
    ("open opent geopend opens opened opening", "dicht gesloten sluit sluiten close closes closed"),
    ("geldig geldige valid", "ongeldig ongeldige invalid void"),
    ("mag mogen toegestaan allowed may permitted legal", "verboden forbidden banned illegal prohibited"),
    ("verplicht mandatory required compulsory must moet moeten need needs", "vrijwillig optional voluntary hoeft hoeven needn"),
    ("waar true correct juist klopt", "onwaar false incorrect onjuist nep fake hoax"),
    ("voor before vóór", "na after"),
    ("meer more boven above over minstens least", "minder less fewer onder below hoogstens maximaal most"),
    ("vroeger earlier eerder", "later"),
    ("eerste first begin", "laatste last einde end"),
    ("wint won win wins gewonnen", "verliest lost lose loses verloren"),
    ("voor for support supports steunt", "tegen against oppose opposes"),
    ("iedereen everyone everybody alle all elke every ieder", "sommige some enkele few"),
    ("alleen only slechts uitsluitend", "ook also"),
    ("steeg stijgt rise rises rose increase increased toegenomen gestegen", "daalt daalde fall falls fell decrease decreased afgenomen gedaald"),
    ("accepted geaccepteerd aanvaard", "refused rejected geweigerd"),
    ("telt tellen count counts counted geteld", "vernietigd destroyed weggegooid discarded"),
    ("afgeschaft abolished cancelled afgelast", "ingevoerd introduced"),
    ("legaal lawful", "strafbaar crime criminal"),
)  # fmt: skip
# How one votes, and with what: a sentence about the one says nothing about the other.
_METHODS = {
    word: kind
    for kind, words in {
        "app": "app apps",
        "internet": "internet online digitaal website web computer",
        "message": "sms sms'en text texting whatsapp appje berichtje",
        "phone": "telefonisch bellen telephone",
        "post": "post brief briefstem briefstemmen poststem mail postal postcard per-post",
        "proxy": "volmacht volmachten machtigen machtiging proxy proxies",
        "station": "stembureau stembureaus stemlokaal stemlokalen polling",
        "passport": "paspoort passport",
        "licence": "rijbewijs licence license",
        "card": "identiteitskaart id-kaart",
        "pass": "stempas stempassen kiezerspas",
        "copy": "kopie copy foto photo",
        "vaccination": "vaccinatie vaccin gevaccineerd vaccination vaccinated vaccine",
        "pencil": "potlood potloden pencil pencils",
        "pen": "pen pens balpen ballpoint",
        "machine": "stemcomputer stemcomputers stemmachine machine machines",
    }.items()
    for word in words.split()
}
_GROUPS = {
    word: kind
    for kind, words in {
        "red": "rood rode red", "blue": "blauw blauwe blue", "black": "zwart zwarte black",
        "green": "groen groene green",
        "students": "student studenten students", "elderly": "ouderen bejaarden elderly seniors",
        "eu": "eu-burger eu-burgers europeanen europeans", "dutch": "nederlander nederlanders",
        "foreigners": "buitenlander buitenlanders foreigner foreigners migranten migrants immigrants",
        "refugees": "vluchteling vluchtelingen refugee refugees statushouder statushouders asielzoeker asielzoekers",
        "women": "vrouw vrouwen woman women", "men": "man mannen man men",
        "children": "kind kinderen child children",
        "blank": "blanco blank",
    }.items()
    for word in words.split()
}  # fmt: skip
# Words without which a sentence says the same.
_EMPTY = frozenset(
    [
        "de",
        "het",
        "een",
        "the",
        "a",
        "an",
        "echt",
        "really",
        "breaking",
        "letop",
        "attentie",
        "attention",
        "retweet",
        "please",
        "svp",
    ]
)
_TIME = re.compile(r"\b([01]?\d|2[0-4])[.:h]([0-5]\d)\b")
_CLOCK = re.compile(r"\b([01]?\d|2[0-4])\s*(?:uur|o'clock|u\b)", re.IGNORECASE)
_AMPM = re.compile(r"\b(1[0-2]|0?[1-9])(?:[.:]([0-5]\d))?\s*([ap])\.?m\b\.?", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)(?<![\"“'‘(])\b[A-ZÀ-Þ][\w'’-]+")
_CODE = re.compile(r"\bGM\d{4}\b")


@dataclass(frozen=True, slots=True)
class Slots:
    """What a verdict may hang on, free of language."""

    numbers: frozenset[str]
    times: frozenset[str]
    months: frozenset[int]
    days: frozenset[int]
    negations: int
    sides: frozenset[tuple[int, int]]
    methods: frozenset[str]
    groups: frozenset[str]
    names: frozenset[str]


def slots(text: str) -> Slots:
    """Read the slots of a sentence."""
    words = [word.strip("'’") for word in split_words(text.replace("’", "").replace("'", ""))]
    joined = re.findall(r"[\w]+(?:[-'][\w]+)*", text.lower())
    seen = {*words, *joined}
    times, rest = _times(text)
    rest, dates = _iso_dates(rest)
    months = {_MONTHS[w] for w in seen if w in _MONTHS and not _is_may_the_verb(w, text)}
    return Slots(
        numbers=frozenset(_numbers(rest))
        | {str(_NUMBERS[w]) for w in seen if w in _NUMBERS}
        | dates,
        times=frozenset(times),
        months=frozenset(months),
        days=frozenset(_DAYS[w] for w in seen if w in _DAYS),
        negations=sum(word in _NEGATIONS for word in words) % 2,
        sides=frozenset(
            (n, side)
            for n, pair in enumerate(_OPPOSITES)
            for side, options in enumerate(pair)
            if seen & set(options.split())
        ),
        methods=frozenset(_METHODS[w] for w in seen if w in _METHODS),
        groups=frozenset(_GROUPS[w] for w in seen if w in _GROUPS),
        names=frozenset(_names(text)),
    )


def conflicts(one: str, other: str) -> list[str]:
    """Name every slot in which two sentences differ; empty means that none is seen."""
    a, b = slots(one), slots(other)
    found = [
        name
        for name in ("numbers", "times", "months", "days", "methods", "groups")
        if getattr(a, name) != getattr(b, name)
    ]
    if a.negations != b.negations:
        found.append("negation")
    if any((n, 1 - side) in b.sides and (n, side) not in b.sides for n, side in a.sides) or any(
        (n, 1 - side) in a.sides and (n, side) not in a.sides for n, side in b.sides
    ):
        found.append("opposites")
    # A name is compared with all words of the other: capitals come and go.
    if a.names - words_of(other) or b.names - words_of(one):
        found.append("names")
    return found


def is_near_identical(one: str, other: str) -> bool:
    """Say whether two sentences have the same words in the same order, but for empty ones."""
    a, b = _plain(one), _plain(other)
    return bool(a) and a == b


def may_confirm(one: str, other: str) -> bool:
    """Say whether a match may stand without a person: the same words, and no slot that differs."""
    return is_near_identical(one, other) and not conflicts(one, other)


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text without case, as names are compared with."""
    return frozenset(re.findall(r"\w+(?:[-'’]\w+)*", text.lower()))


def _plain(text: str) -> list[str]:
    words = split_words(text)
    # A decimal point or a clock's colon stays; every other sign goes.
    kept = [w for n, w in enumerate(words) if w[0].isalnum() or _joins(words, n)]
    return [word for word in kept if word not in _EMPTY]


def _joins(words: list[str], n: int) -> bool:
    return (
        words[n] in ".,:%"
        and 0 < n < len(words) - 1
        and words[n - 1][-1].isdigit()
        and words[n + 1][0].isdigit()
    )


def _times(text: str) -> tuple[set[str], str]:
    times: set[str] = set()

    def of_ampm(match: re.Match[str]) -> str:
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        times.add(f"{hour:02d}:{match[2] or '00'}")
        return " "

    def of_time(match: re.Match[str]) -> str:
        times.add(f"{int(match[1]):02d}:{match[2]}")
        return " "

    def of_clock(match: re.Match[str]) -> str:
        times.add(f"{int(match[1]):02d}:00")
        return " "

    text = _AMPM.sub(of_ampm, text)
    text = _TIME.sub(of_time, text)
    return times, _CLOCK.sub(of_clock, text)


def _iso_dates(text: str) -> tuple[str, set[str]]:
    dates: set[str] = set()

    def of_date(match: re.Match[str]) -> str:
        dates.add(match[0])
        return " "

    return _ISO.sub(of_date, text), dates


def _numbers(text: str) -> set[str]:
    found = set()
    for match in _NUMBER.finditer(_CODE.sub(" ", text)):
        number = match[0]
        if re.fullmatch(r"\d+(?:[.,]\d{3})+", number):
            number = re.sub(r"[.,]", "", number)
        found.add(number.replace(",", ".").lstrip("0") or "0")
    return found


def _names(text: str) -> set[str]:
    names = set(_CODE.findall(text))
    for match in _NAME.finditer(text):
        word = match[0].lower().strip("'’-")
        known = word in _MONTHS or word in _DAYS or word in _METHODS or word in _GROUPS
        if not known and word not in ("nederland", "netherlands", "the", "i"):
            names.add(word)
    return names


def _is_may_the_verb(word: str, text: str) -> bool:
    return word == "may" and not re.search(r"\d\s+May\b|\bMay\s+\d", text)
