"""The frozen form of what is official about one election: facts and incidents by place and period.

A `FactSheet` is built from an election pack or from the database and knows neither; screening
compares with it, in any process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Fact:
    """One official statement about voting, with the place and period in which it holds."""

    key: str
    value: Any
    applies: Mapping[str, str] = field(default_factory=dict)
    place: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    source_name: str = ""
    source_url: str = ""
    status: str = "confirmed"
    version: str = ""
    changed_at: datetime | None = None

    def holds_at(self, at: datetime | None) -> bool:
        """Say whether the statement is in force at this moment; without a moment, it is."""
        if at is None:
            return True
        started = self.valid_from is None or self.valid_from <= at
        return started and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Incident:
    """One official change on the day: a polling place closed, moved, open at other hours."""

    id: str
    kind: str
    place: str
    polling_place: str
    message: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    source_url: str = ""
    source_name: str = ""
    changed_at: datetime | None = None

    def holds_at(self, at: datetime | None) -> bool:
        """Say whether the notice is in force at this moment; without a moment, it is."""
        return at is None or (self.starts_at <= at and (self.ends_at is None or at < self.ends_at))


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Everything official about one election.

    `places` maps a place's code to its name, `also_known_as` to what else people call it.
    """

    election: str
    name: Mapping[str, str]
    country: str
    time_zone: str
    voting_days: tuple[date, ...]
    facts: tuple[Fact, ...]
    incidents: tuple[Incident, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    also_known_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fact(
        self, key: str, *, place: str | None = None, at: datetime | None = None
    ) -> Fact | None:
        """Find the statement in force: a municipality's own beats the country's, newest first."""
        own = country = None
        for fact in self.facts:
            if fact.key != key or not fact.holds_at(at):
                continue
            if fact.place is None:
                country = _newer(country, fact)
            elif fact.place == place:
                own = _newer(own, fact)
        return own or country

    def value(self, key: str, *, place: str | None = None, at: datetime | None = None) -> Any:
        """Return the value of the statement in force, None where there is none."""
        fact = self.fact(key, place=place, at=at)
        return fact.value if fact else None

    def covers(self, key: str) -> bool:
        """Say whether the sheet has any statement under this key, in whatever place."""
        return any(fact.key == key for fact in self.facts)

    def local_facts(self, key: str, *, at: datetime | None = None) -> tuple[Fact, ...]:
        """Return the statements under this key that hold in one municipality only."""
        return tuple(f for f in self.facts if f.key == key and f.place and f.holds_at(at))

    def incidents_at(
        self, place: str | None, *, at: datetime | None = None
    ) -> tuple[Incident, ...]:
        """Return the notices in force at this moment, of one place or, without one, of all."""
        return tuple(i for i in self.incidents if place in {None, i.place} and i.holds_at(at))

    def zone(self) -> tzinfo | None:
        """Return the election's time zone; None lets the writer's own offset count."""
        return ZoneInfo(self.time_zone) if self.time_zone else None


def _newer(known: Fact | None, fact: Fact) -> Fact:
    """Choose the statement whose period began last; one with a period beats one without."""
    if known is None or known.valid_from is None:
        return fact
    return fact if fact.valid_from and fact.valid_from > known.valid_from else known
