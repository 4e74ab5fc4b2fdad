"""What goes around about voting and is settled by an official fact.

A rumour is shown only beside a fact whose value contradicts it, so that where it is true (two
circles in a trial municipality) it is never called false.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from elections.center import Said, said, takes_part
from elections.facts import FactSheet


@dataclass(frozen=True, slots=True)
class Rumour:
    """A falsehood, the key of the fact that settles it, and the values that contradict it."""

    key: str
    text: str | Promise
    is_false: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Settled:
    """The fact first, then what goes around."""

    said: Said
    rumours: list[str | Promise]


def _marks(value: Any) -> int:
    return value["boxes"] if isinstance(value, dict) else 0


RUMOURS = (
    Rumour(
        "voting_day",
        _("that some parties or places vote a day later"),
        lambda v: isinstance(v, str),
    ),
    Rumour("ballot_marking", _("that you must colour two circles"), lambda v: _marks(v) == 1),
    Rumour(
        "ballot_marking", _("that colouring a number makes it invalid"), lambda v: _marks(v) > 1
    ),
    Rumour(
        "voting_methods",
        _("that you can vote with an app, on a website or by text message"),
        lambda v: "online" not in v,
    ),
    Rumour("voting_methods", _("that everybody can vote by post"), lambda v: "post" not in v),
    Rumour(
        "id_expired_max_years",
        _("that an expired document is never accepted"),
        lambda v: bool(v) and v > 0,
    ),
    Rumour(
        "id_expired_max_years",
        _("that it does not matter how long ago a document expired"),
        lambda v: v is not None,
    ),
    Rumour("id_original_required", _("that a photo on your phone is enough"), lambda v: v is True),
    Rumour("voter_pass_required", _("that a document alone is enough"), lambda v: v is True),
    Rumour(
        "polling_place_scope",
        _("that you must go to the address on your voting pass"),
        lambda v: v in {"any_in_own_municipality", "any_in_country"},
    ),
    Rumour(
        "blank_vote_valid", _("that a blank vote goes to the largest party"), lambda v: v is True
    ),
    Rumour(
        "proxy_max", _("that you may vote for as many people as you like"), lambda v: v is not None
    ),
    Rumour("health_requirement", _("that you need a vaccination or a test"), lambda v: v is None),
    Rumour("compulsory", _("that you get a fine if you do not vote"), lambda v: v is False),
    Rumour(
        "ballot_selfie",
        _("that a photo with your ballot is forbidden"),
        lambda v: v == "not_forbidden",
    ),
    Rumour("count_public", _("that the count is secret"), bool),
)


def settled(sheet: FactSheet, *, place: str | None, at: datetime) -> list[Settled]:
    """List the facts that settle a rumour, in the order of the catalogue."""
    found: dict[str, Settled] = {}
    if not takes_part(sheet, place=place, at=at):
        return []
    for rumour in RUMOURS:
        fact = sheet.fact(rumour.key, place=place, at=at)
        if fact is None or not rumour.is_false(fact.value):
            continue
        if rumour.key not in found:
            statement = said(sheet, rumour.key, place=place, at=at)
            if statement is None or statement.words is None:
                continue
            found[rumour.key] = Settled(statement, [])
        found[rumour.key].rumours.append(rumour.text)
    return list(found.values())
