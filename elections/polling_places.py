"""Finding a polling place: by municipality, postcode, town or name; what it has, three-valued."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from elections.choices import IncidentKind
from elections.facts import FactSheet, Incident
from elections.models import PollingPlace
from elections.sentences import clock, full_day

PER_PAGE = 50
NEARBY_DEGREES = 0.12  # about eight by thirteen kilometres; farther is not "nearby"
NEARBY = 20

FACILITIES: dict[str, str | Promise] = {
    "accessible": _("Accessible for people with a physical disability"),
    "public_transport": _("Accessible public transport stop"),
    "disabled_parking": _("Parking for disabled people"),
    "toilet": _("Toilet"),
    "accessible_toilet": _("Accessible toilet"),
    "host": _("Somebody who helps you at the door"),
    "guide_lines": _("Guide lines for blind people"),
    "audio_template": _("Voting template with audio"),
    "braille": _("List of candidates in braille"),
    "large_print": _("List of candidates in large letters"),
    "sign_interpreter": _("Sign language interpreter"),
    "signing_member": _("Staff who use sign language"),
    "acoustics": _("Good acoustics for people who are hard of hearing"),
    "low_stimulus": _("Quiet, with few stimuli"),
    "buddy": _("A pair of staff members of whom one has an intellectual disability"),
}
# What somebody may need beside getting in, which has a question of its own.
NEEDS = {name: label for name, label in FACILITIES.items() if name != "accessible"}
ANSWERS: dict[str, str | Promise] = {
    "yes": _("yes"),
    "no": _("no"),
    "accessible": _("yes, an accessible toilet"),
    "gender_neutral": _("yes, a gender-neutral toilet"),
    "both": _("yes, inside and outside"),
    "inside": _("yes, inside"),
    "outside": _("yes, outside"),
    "on_site": _("yes, on the spot"),
    "remote": _("yes, at a distance"),
    "": _("not known"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A polling place as a list shows it."""

    row: PollingPlace
    address: str
    hours: list[str]
    open_then: bool | None
    distance: str
    notices: list[Incident]
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for."""

    words: str = ""
    accessible: bool = False
    need: str = ""
    open_then: bool = False
    page: int = 1


def is_postcode(words: str) -> bool:
    """Say whether somebody typed a Dutch postcode, whole or only its digits."""
    return re.fullmatch(r"[1-9]\d{3}\s*([a-z]{2})?", words.strip().lower()) is not None


def find(
    sheet: FactSheet, *, place: str | None, wanted: Wanted, at: datetime
) -> tuple[list[Found], Page]:
    """Find polling places; after a postcode the nearest first, else by name."""
    rows = PollingPlace.objects.current().filter(election__slug=sheet.election)
    if wanted.accessible:
        rows = rows.filter(accessible=True)
    if wanted.need in NEEDS:
        rows = rows.filter(facilities__has_key=wanted.need)
        rows = rows.exclude(**{f"facilities__{wanted.need}__in": ["no", ""]})
    distances: dict[int, float] = {}
    if is_postcode(wanted.words):
        chosen, distances = _nearest(rows, wanted.words)
    elif place:
        chosen = _by_name(rows.filter(municipality__code=place))
    elif wanted.words:
        text = Q(name__icontains=wanted.words) | Q(town__iexact=wanted.words)
        chosen = _by_name(rows.filter(text | Q(street__iexact=wanted.words)))
    else:
        chosen = []
    local = at.astimezone(sheet.zone())
    if wanted.open_then:
        chosen = [
            row
            for row in chosen
            if is_open(row, local)
            and not any(n.kind == IncidentKind.CLOSED for n in notices_of(row, sheet=sheet, at=at))
        ]
    page = Paginator(chosen, PER_PAGE).get_page(wanted.page)
    found = [
        as_found(row, sheet=sheet, at=at, metres=distances.get(row.pk), need=wanted.need)
        for row in page
    ]
    return found, page


def as_found(
    row: PollingPlace,
    *,
    sheet: FactSheet,
    at: datetime,
    metres: float | None = None,
    need: str = "",
) -> Found:
    """Say where it is, when it is open and what has changed there."""
    local = at.astimezone(sheet.zone())
    return Found(
        row=row,
        address=address(row),
        hours=hours(row, several_days=len(sheet.voting_days) > 1),
        open_then=is_open(row, local) if row.hours and local.date() in sheet.voting_days else None,
        distance=_distance(metres) if metres is not None else "",
        notices=notices_of(row, sheet=sheet, at=at),
        needed=_answer(row, need) if need in NEEDS else "",
    )


def notices_of(row: PollingPlace, *, sheet: FactSheet, at: datetime) -> list[Incident]:
    """Find what has officially changed at a polling place."""
    return [
        notice
        for notice in sheet.incidents_at(row.municipality.code, at=at)
        if notice.polling_place and notice.polling_place.casefold() in row.name.casefold()
    ]


def address(row: PollingPlace) -> str:
    """Write the address on one line."""
    street = f"{row.street} {row.house_number}".strip()
    return ", ".join(part for part in (street, f"{row.postcode} {row.town}".strip()) if part)


def hours(row: PollingPlace, *, several_days: bool) -> list[str]:
    """Write when it is open; no line at all when that is not known."""
    lines = []
    for opens, closes in row.hours:
        slot = f"{clock(opens[11:])} – {clock(closes[11:])}"
        lines.append(f"{full_day(opens[:10])}, {slot}" if several_days else slot)
    return lines


def is_open(row: PollingPlace, local: datetime) -> bool:
    """Say whether it is open at a local moment."""
    minute = local.strftime("%Y-%m-%dT%H:%M")
    return any(opens <= minute < closes for opens, closes in row.hours)


def answers(row: PollingPlace) -> list[tuple[str | Promise, str | Promise, str]]:
    """List every facility with yes, no or not known, and how to mark it."""
    three = {True: "yes", False: "no", None: ""}
    given = {**row.facilities, "accessible": three[row.accessible]}
    rows = []
    for name, label in FACILITIES.items():
        answer = given.get(name, "")
        mark = answer if answer in {"no", ""} else "yes"
        rows.append((label, ANSWERS.get(answer, answer), mark or "unknown"))
    return rows


def _answer(row: PollingPlace, need: str) -> str:
    given = row.facilities.get(need, "")
    return f"{FACILITIES[need]}: {ANSWERS.get(given, given)}"


def _by_name(rows: QuerySet[PollingPlace]) -> list[PollingPlace]:
    return list(rows.select_related("municipality").order_by("name", "postcode", "pk"))


def _nearest(
    rows: QuerySet[PollingPlace], words: str
) -> tuple[list[PollingPlace], dict[int, float]]:
    """Order by distance from the middle of a postcode, as its own polling places show it."""
    bare = re.sub(r"\s", "", words).upper()
    whole = f"{bare[:4]} {bare[4:]}".strip()
    everything = PollingPlace.objects.current().filter(election__in=rows.values("election"))
    same = list(everything.filter(postcode__startswith=whole).exclude(latitude=None)) or list(
        everything.filter(postcode__startswith=bare[:4]).exclude(latitude=None)
    )
    if not same:
        return _by_name(rows.filter(postcode__startswith=bare[:4])), {}
    latitude = _mean(row.latitude for row in same)
    longitude = _mean(row.longitude for row in same)
    near = rows.filter(
        latitude__range=(latitude - NEARBY_DEGREES, latitude + NEARBY_DEGREES),
        longitude__range=(longitude - NEARBY_DEGREES, longitude + NEARBY_DEGREES),
    ).select_related("municipality")
    metres = {
        row.pk: _metres(latitude, longitude, row.latitude or 0, row.longitude or 0) for row in near
    }
    return sorted(near, key=lambda row: (metres[row.pk], row.pk))[:NEARBY], metres


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def _metres(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Measure along a flat piece of earth: good enough within a town."""
    north = (other - latitude) * 111_320
    east = (other_longitude - longitude) * 111_320 * math.cos(math.radians(latitude))
    return math.hypot(north, east)


def _distance(metres: float) -> str:
    """Write a distance in the steps in which people think."""
    if metres < 950:
        return f"{max(50, round(metres / 50) * 50)} m"
    return f"{number_format(metres / 1000, 1)} km"
