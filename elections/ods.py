"""The Stembureaus Open Data Standaard, 1.0 to 1.7: one row becomes a polling place, or a reason.

A cell that cannot be used costs the cell, not the row; what a voter could not find the place
without costs the row. Nothing is guessed: what is not said stays unknown.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from elections.choices import PollingPlaceKind
from elections.ods_files import Record

KINDS = {
    "regulier": PollingPlaceKind.REGULAR,
    "bijzonder": PollingPlaceKind.SPECIAL,
    "mobiel": PollingPlaceKind.MOBILE,
    "": PollingPlaceKind.REGULAR,
}
YES = {"ja", "j", "y", "yes", "true", "1"}
NO = {"nee", "n", "no", "false", "0"}
ACCESSIBLE = (
    "toegankelijk voor mensen met een lichamelijke beperking",
    "toegankelijk voor mensen met lichamelijke beperking",
    "mindervaliden toegankelijk",
)
# Each facility with the names that its column has had.
FACILITIES = {
    "public_transport": ("toegankelijke ov-halte",),
    "toilet": ("toilet",),
    "accessible_toilet": ("gehandicaptentoilet", "mindervalide toilet aanwezig"),
    "disabled_parking": ("invalidenparkeerplaatsen", "gehandicaptenparkeerplaats"),
    "host": ("host",),
    "guide_lines": ("geleidelijnen", "geleidelijnen in stembureau"),
    "audio_template": ("stemmal met audio-ondersteuning",),
    "braille": ("kandidatenlijst in braille",),
    "large_print": ("kandidatenlijst met grote letters",),
    "sign_interpreter": ("gebarentolk (ngt)",),
    "signing_member": (
        "gebarentalig stembureaulid (ngt)",
        "gebarentalige stembureauleden (ngt)",
    ),
    "acoustics": ("akoestiek geschikt voor slechthorenden", "akoestiek"),
    "low_stimulus": ("prikkelarm", "prikkelarm stembureau"),
    "buddy": ("prokkelduo",),
    "counting": ("tellocatie",),
}
# Facilities that say more than yes or no.
WORDS = {
    "toilet": {
        "ja, genderneutraal toilet": "gender_neutral",
        "ja, toegankelijk toilet": "accessible",
        "toegankelijk toilet": "accessible",
    },
    "guide_lines": {"buiten en binnen": "both", "buiten": "outside", "binnen": "inside"},
    "sign_interpreter": {"op locatie": "on_site", "op afstand": "remote"},
}
DETAILS = {
    "building_use": "gebruiksdoel van het gebouw",
    "bag_id": "bag nummeraanduiding id",
    "website": "website locatie",
    "district": "wijknaam",
    "neighbourhood": "buurtnaam",
    "access": "extra toegankelijkheidsinformatie",
    "more": "overige informatie",
    "constituency": "kieskring id",
    "main_office": "hoofdstembureau",
    "contact": "contactgegevens gemeente",
    "municipal_site": "verkiezingswebsite gemeente",
    "elections": "verkiezingen",
}
NOTHING = {"nee", "geen", "-", "/", "_", "niks", "n.v.t.", "nvt"}
EUROPE, BONAIRE, WINDWARD = (50, 54, 3, 8), (12, 12.4, -68.5, -68), (17.4, 17.7, -63.3, -62.9)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; `lost` when the whole row stays out."""

    row: int
    column: str
    reason: str
    lost: bool = False

    def __str__(self) -> str:
        return f"row {self.row}: {self.column}: {self.reason}" + (
            " (the row is left out)" if self.lost else ""
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "row": self.row,
            "column": self.column,
            "reason": self.reason,
            "left_out": self.lost,
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """What the election says about its polling places."""

    days: Collection[date]
    closes: str
    places: Collection[str]


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """A polling place as a file has it."""

    row: int
    municipality: str
    municipality_name: str
    mark: str
    number: int | None
    name: str
    kind: PollingPlaceKind
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    town: str = ""
    directions: str = ""
    latitude: float | None = None
    longitude: float | None = None
    hours: tuple[tuple[str, str], ...] = ()
    accessible: bool | None = None
    facilities: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)


def read_places(
    records: Iterable[Record], *, expected: Expected
) -> tuple[list[ReadPlace], list[Problem]]:
    """Turn rows into polling places; rows of one place with other hours become one place."""
    found: dict[tuple[str, str], ReadPlace] = {}
    problems: list[Problem] = []
    for number, cells in records:
        row = _Row(number, cells, problems)
        place = row.read(expected)
        if place is None:
            continue
        key = (place.municipality, place.mark)
        if key not in found:
            found[key] = place
        elif set(place.hours) <= set(found[key].hours):
            problems.append(
                Problem(number, "naam stembureau", f"the same place as row {found[key].row}", True)
            )
        else:
            hours = tuple(sorted({*found[key].hours, *place.hours}))
            found[key] = replace(found[key], hours=hours)
    return list(found.values()), problems


def is_municipality(code: str) -> bool:
    """Say whether this is the form of a municipality's official code."""
    return re.fullmatch(r"GM\d{4}", code) is not None


class _Row:
    """One row being read; what is wrong goes to the common list."""

    def __init__(self, number: int, cells: dict[str, Any], problems: list[Problem]) -> None:
        self.number, self.cells, self.problems = number, cells, problems

    def read(self, expected: Expected) -> ReadPlace | None:
        """Read the place, or None when what nobody can do without is missing."""
        code = self.text("cbs gemeentecode").upper()
        name = self.text("naam stembureau")[:200]
        if not is_municipality(code):
            self.lose("cbs gemeentecode", f"expected GM and four digits, got {code!r}")
            return None
        if code not in expected.places:
            self.lose("cbs gemeentecode", f"{code} is not a place of this election")
            return None
        if not name:
            self.lose("naam stembureau", "is empty")
            return None
        hours = self.hours(expected)
        if hours is None:
            return None
        latitude, longitude = self.position()
        place = ReadPlace(
            row=self.number,
            municipality=code,
            municipality_name=self.text("gemeente")[:120],
            mark="",
            number=self.station(),
            name=name,
            kind=self.kind(),
            street=self.text("straatnaam")[:120],
            house_number=self.house_number(),
            postcode=self.postcode(),
            town=self.text("plaats")[:120],
            directions=self.words("extra adresaanduiding"),
            latitude=latitude,
            longitude=longitude,
            hours=hours,
            accessible=self.three(ACCESSIBLE),
            facilities=self.facilities(),
            details=self.details(),
        )
        return replace(place, mark=_mark(place))

    def text(self, *columns: str) -> str:
        """Return a cell as text, without what does not print."""
        for column in columns:
            value = self.cells.get(column)
            if value not in (None, ""):
                whole = isinstance(value, float) and value.is_integer()
                shown = str(int(value)) if whole else str(value)
                return " ".join("".join(c if c.isprintable() else " " for c in shown).split())
        return ""

    def words(self, column: str) -> str:
        """Return a text, unless it says that there is none."""
        text = self.text(column)[:2000]
        return "" if text.lower() in NOTHING else text

    def note(self, column: str, reason: str) -> None:
        """Leave one cell out, and say so."""
        self.problems.append(Problem(self.number, column, reason))

    def lose(self, column: str, reason: str) -> None:
        """Leave the row out, and say so."""
        self.problems.append(Problem(self.number, column, reason, lost=True))

    def station(self) -> int | None:
        """Read the station's number."""
        text = self.text("nummer stembureau")
        if not text:
            return None
        if text.isdigit() and 1 <= int(text) <= 2_000_000_000:
            return int(text)
        self.note("nummer stembureau", f"expected a number from 1 up, got {text[:40]!r}")
        return None

    def kind(self) -> PollingPlaceKind:
        """Read the kind of polling place; an unknown one counts as open all day."""
        text = self.text("type stembureau").lower()
        if text not in KINDS:
            self.note("type stembureau", f"expected regulier, bijzonder or mobiel, got {text!r}")
        return KINDS.get(text, PollingPlaceKind.REGULAR)

    def house_number(self) -> str:
        """Join number, letter and addition as people write them."""
        letter, addition = self.text("huisletter"), self.text("huisnummertoevoeging")
        joined = f"{self.text('huisnummer')}{letter}" + (f"-{addition}" if addition else "")
        return joined.strip("-")[:40]

    def postcode(self) -> str:
        """Read a postcode, with its space."""
        text = self.text("postcode").replace(" ", "").upper()
        if not text or text == "NB":
            return ""
        if re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", text):
            return f"{text[:4]} {text[4:]}"
        self.note("postcode", f"expected four digits and two letters, got {text[:20]!r}")
        return ""

    def position(self) -> tuple[float | None, float | None]:
        """Read latitude and longitude, if they lie where people of this country vote."""
        texts = [self.text(column).replace(",", ".") for column in ("latitude", "longitude")]
        if not any(texts):
            return None, None
        try:
            latitude, longitude = (float(text) for text in texts)
        except ValueError:
            self.note("latitude", f"expected degrees such as 52.0776, got {texts!r}")
            return None, None
        for south, north, west, east in (EUROPE, BONAIRE, WINDWARD):
            if south <= latitude <= north and west <= longitude <= east:
                return latitude, longitude
        self.note("latitude", f"{latitude}, {longitude} is not in the country")
        return None, None

    def hours(self, expected: Expected) -> tuple[tuple[str, str], ...] | None:
        """Read opening hours. None that can be used: unknown hours; another day: no row at all."""
        pairs = [(self.cells.get("openingstijd"), self.cells.get("sluitingstijd"))]
        for column, value in self.cells.items():
            if column.startswith("openingstijden ") and value not in (None, ""):
                first, _, last = str(value).partition(" tot ")
                pairs.append((first, last))
        read = []
        for opens, closes in pairs:
            if opens in (None, "") and closes in (None, ""):
                continue
            start, end = self.moment("openingstijd", opens), self.moment("sluitingstijd", closes)
            if start is None or end is None:
                continue
            if start.date() not in expected.days or end.date() not in expected.days:
                self.lose("openingstijd", f"{start:%Y-%m-%d} is not a voting day")
                return None
            if slot := self.slot(start, end, expected):
                read.append(slot)
        return tuple(sorted(set(read)))

    def slot(self, start: datetime, end: datetime, expected: Expected) -> tuple[str, str] | None:
        """Write one pair of moments in minutes; polling places do not close later than the law."""
        if start >= end:
            self.note("sluitingstijd", f"{end:%H:%M} is not later than {start:%H:%M}")
            return None
        shown = (end + timedelta(seconds=30)).strftime("%H:%M")
        if expected.closes and shown > expected.closes:
            shown = expected.closes
        if end.strftime("%H:%M:%S") != f"{shown}:00":
            self.problems.append(
                Problem(self.number, "sluitingstijd", f"{end:%H:%M:%S} was read as {shown}")
            )
        return start.strftime("%Y-%m-%dT%H:%M"), f"{end:%Y-%m-%d}T{shown}"

    def moment(self, column: str, value: Any) -> datetime | None:
        """Read a local moment to the second."""
        if isinstance(value, datetime):
            return value.replace(tzinfo=None)
        try:
            return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
        except ValueError:
            self.note(column, f"expected 2026-03-18T07:30:00, got {str(value)[:40]!r}")
            return None

    def three(self, columns: tuple[str, ...]) -> bool | None:
        """Read yes, no or unknown."""
        text = self.text(*columns).lower()
        if text in YES:
            return True
        if text in NO:
            return False
        if text:
            self.note(columns[0], f"expected ja or nee, got {text[:40]!r}")
        return None

    def facilities(self) -> dict[str, str]:
        """Read what there is: yes, no, or a word; what is not said is absent."""
        found = {}
        for name, columns in FACILITIES.items():
            text = self.text(*columns).lower()
            if word := WORDS.get(name, {}).get(text):
                found[name] = word
            elif (answer := self.three(columns)) is not None:
                found[name] = "yes" if answer else "no"
        return found

    def details(self) -> dict[str, str]:
        """Read the remaining texts; addresses of pages must be web addresses."""
        found = {name: self.words(column) for name, column in DETAILS.items()}
        for name in ("website", "municipal_site"):
            if found[name] and not re.match(r"https?://", found[name]):
                self.note(DETAILS[name], "expected an address with http:// or https://")
                found[name] = ""
        bag = found["bag_id"]
        if bag and not re.fullmatch(r"\d{13,16}", bag):
            self.note(DETAILS["bag_id"], f"expected 16 digits, got {bag[:40]!r}")
            bag = ""
        found["bag_id"] = bag.zfill(16) if bag and bag.strip("0") else ""
        return {name: text for name, text in found.items() if text}


def _mark(place: ReadPlace) -> str:
    """Name a place within its municipality, the same in every file: by number, else by address.

    A mobile station keeps one number at several addresses, so there the address counts too.
    """
    address = place.details.get("bag_id") or "|".join(
        (place.postcode, place.house_number.lower(), place.street.lower(), place.directions.lower())
    )
    if not address.strip("|"):
        address = f"{place.latitude},{place.longitude}"
    if place.number is not None and place.kind != PollingPlaceKind.MOBILE:
        return f"{place.number}"
    head = place.number if place.number is not None else place.name.lower()
    return f"{head}|{address}"[:200]
