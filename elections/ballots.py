"""What stands on the ballot of a place, and what was counted there, ready to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from elections.models import CandidateList, Contest, Count

REASONS: dict[str, str | Promise] = {
    "blanco": lazy("Blank"),
    "ongeldig": lazy("Invalid"),
    "geldige stempassen": lazy("Valid voting passes"),
    "geldige volmachtbewijzen": lazy("Valid proxies"),
    "geldige kiezerspassen": lazy("Valid passes for another municipality"),
    "toegelaten kiezers": lazy("Voters admitted"),
}
VOTERS = ("toegelaten kiezers",)


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate as the ballot has them."""

    position: int
    name: str
    town: str
    gender: str


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as the ballot has it."""

    number: int
    name: str
    candidates: list[ShownCandidate]
    source_name: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ShownCount:
    """Votes counted: by list in the order of the ballot, and what did not count for a list."""

    name: str
    by_list: list[tuple[int, str, int]]
    rejected: list[tuple[str, int]]
    voters: int | None
    counted: int
    source_name: str
    changed_at: datetime


def contests(election: str) -> list[Contest]:
    """List the ballots of an election that lists of candidates are known for."""
    rows = Contest.objects.filter(election__slug=election, lists__isnull=False)
    return sorted(rows.distinct(), key=lambda row: (not row.mark.isdigit(), row.mark.zfill(6)))


def contest_of(election: str, *, place: str | None, mark: str = "") -> Contest | None:
    """Find the ballot of a place, or the one asked for, or the only one there is."""
    rows = Contest.objects.filter(election__slug=election)
    if place:
        return rows.filter(places__code=place).first()
    if mark:
        return rows.filter(mark=mark).first()
    return None


def lists_of(contest: Contest) -> list[ShownList]:
    """List what voters choose from, in the official order."""
    rows = CandidateList.objects.filter(contest=contest).prefetch_related("candidates")
    return [
        ShownList(
            number=row.number,
            name=row.name or _("List without a name"),
            candidates=[
                ShownCandidate(
                    position=one.position,
                    name=full_name(
                        one.initials, one.first_name, f"{one.prefix} {one.last_name}".strip()
                    ),
                    town=f"{one.town} ({one.country})" if one.country else one.town,
                    gender=_gender(one.gender),
                )
                for one in sorted(row.candidates.all(), key=lambda c: c.position)
            ],
            source_name=row.source_name,
            changed_at=row.changed_at,
        )
        for row in sorted(rows, key=lambda row: row.number)
    ]


def full_name(initials: str, first_name: str, last_name: str) -> str:
    """Write a name as the ballot does: initials, first name between brackets, last name."""
    return " ".join(
        part for part in (initials, f"({first_name})" if first_name else "", last_name) if part
    )


def counts_of(contest: Contest, *, place: str | None) -> list[ShownCount]:
    """List the votes of a place: together first, then by polling station."""
    rows = list(Count.objects.filter(contest=contest, place__code=place))
    rows = rows or list(Count.objects.filter(contest=contest, place=None))
    names = dict(CandidateList.objects.filter(contest=contest).values_list("number", "name"))
    return [_shown(row, names) for row in sorted(rows, key=lambda row: (row.unit != "", row.name))]


def has_counts(election: str) -> bool:
    """Say whether anything has been counted and published."""
    return Count.objects.filter(contest__election__slug=election).exists()


def has_lists(election: str) -> bool:
    """Say whether lists of candidates have been published."""
    return CandidateList.objects.filter(contest__election__slug=election).exists()


def as_json(contest: Contest, lists: list[ShownList]) -> dict[str, Any]:
    """Give a ballot to a machine."""
    return {
        "contest": contest.mark,
        "name": contest.name,
        "seats": contest.seats,
        "lists": [
            {
                "number": row.number,
                "name": row.name,
                "candidates": [
                    {"position": one.position, "name": one.name, "town": one.town}
                    for one in row.candidates
                ],
                "source": row.source_name,
                "changed_at": row.changed_at,
            }
            for row in lists
        ],
    }


def _shown(row: Count, names: dict[int, str]) -> ShownCount:
    by_list = [
        (int(number), names.get(int(number), ""), held["votes"])
        for number, held in row.lists.items()
        if number.isdigit()
    ]
    return ShownCount(
        name=row.name,
        by_list=sorted(by_list),
        rejected=[(str(REASONS.get(code, code)), n) for code, n in row.rejected.items()],
        voters=next((row.uncounted[code] for code in VOTERS if code in row.uncounted), None),
        counted=row.counted,
        source_name=row.source_name,
        changed_at=row.changed_at,
    )


def _gender(gender: str) -> str:
    return {
        "female": pgettext("gender on a list of candidates", "(f)"),
        "male": pgettext("gender on a list of candidates", "(m)"),
    }.get(gender, "")
