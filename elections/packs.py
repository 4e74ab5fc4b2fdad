"""Reading election packs: one JSON file with what is official about one election (or several).

Two shapes are read. The full one has translated names, places, sources and periods; the plain
one is a list of elections whose facts have only `key`, `value` and `applies`.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from elections.fact_keys import VALUE_CHECKS, accepts, as_list
from elections.facts import Fact, FactSheet, Incident

COUNTRY_ZONES = {"NL": "Europe/Amsterdam", "BE": "Europe/Brussels", "DE": "Europe/Berlin"}
STATUSES = ("confirmed", "needs_check")
INCIDENT_KINDS = ("closed", "moved", "hours_changed", "reopened", "other")


class PackError(ValueError):
    """The pack cannot be used; `problems` names each row, its field and what would be right."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_election_packs(path: str | Path) -> tuple[FactSheet, ...]:
    """Read the sheets of one file, of either shape."""
    return parse_election_packs(decode(path), name=Path(path).name)


def decode(path: str | Path) -> Any:
    """Read the JSON of one file, or raise a PackError that says why it cannot be."""
    path = Path(path)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PackError([f"{path.name}: cannot be read: {error}"]) from error
    except (ValueError, RecursionError) as error:
        raise PackError([f"{path.name}: is not JSON: {error}"]) from error


def parse_election_packs(data: Any, *, name: str) -> tuple[FactSheet, ...]:
    """Turn decoded JSON into sheets, or raise every problem at once."""
    sheets, problems = parse_good_rows(data, name=name)
    if problems:
        raise PackError(problems)
    return sheets


def parse_good_rows(data: Any, *, name: str) -> tuple[tuple[FactSheet, ...], list[str]]:
    """Turn decoded JSON into sheets of the rows that are right, and name what is wrong."""
    problems: list[str] = []
    rows = data if isinstance(data, list) else [data]
    sheets = [_sheet(row, f"{name}: election {n}", problems) for n, row in enumerate(rows)]
    ids = [sheet.election for sheet in sheets if sheet]
    problems += [f"{name}: election {i!r} stands there twice" for i in set(ids) if ids.count(i) > 1]
    if not rows:
        problems.append(f"{name}: holds no election")
    return tuple(sheet for sheet in sheets if sheet), problems


def _sheet(row: Any, where: str, problems: list[str]) -> FactSheet | None:
    """Read one election."""
    if not isinstance(row, dict):
        problems.append(f"{where}: expected an object with id, name, country and facts")
        return None
    if not isinstance(row.get("id"), str) or not re.fullmatch(r"[a-z0-9-]{1,40}", row["id"]):
        problems.append(f"{where}: id: expected small letters, digits and hyphens (nl-gr2026)")
        return None
    where = f"{where.split(':', maxsplit=1)[0]}: {row['id']}"
    places = _places(row.get("places", []), where, problems)
    country = row.get("country")
    if not isinstance(country, str) or not re.fullmatch(r"[A-Z]{2}", country):
        problems.append(f"{where}: country: expected two capitals (NL)")
        country = ""
    facts = _facts(row.get("facts"), where, places, problems)
    days = next((f.value for f in facts if f.key == "voting_day" and f.place is None), None)
    if days is None:
        problems.append(f"{where}: facts: voting_day is missing; each election needs one")
        return None
    return FactSheet(
        election=row["id"],
        name=_texts(row.get("name"), f"{where}: name", problems),
        country=country,
        time_zone=_zone(row.get("time_zone", COUNTRY_ZONES.get(country, "")), where, problems),
        voting_days=tuple(sorted(date.fromisoformat(d) for d in as_list(days))),
        facts=tuple(facts),
        incidents=_incidents(row.get("incidents", []), where, places, problems),
        places=places,
        also_known_as=_also(row.get("places", []), where, problems),
    )


def _zone(name: Any, where: str, problems: list[str]) -> str:
    """Accept a known time zone; none at all lets each writer's own offset count."""
    try:
        if name:
            ZoneInfo(name)
        return name or ""
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        problems.append(f"{where}: time_zone: {name!r} is not a time zone (Europe/Amsterdam)")
        return ""


def _texts(value: Any, where: str, problems: list[str]) -> dict[str, str]:
    """Accept a text, or texts by language."""
    if isinstance(value, str) and value:
        return {"en": value}
    if isinstance(value, dict) and value and all(isinstance(t, str) for t in value.values()):
        return dict(value)
    problems.append(f'{where}: expected a text or {{"nl": "...", "en": "..."}}')
    return {}


def _places(rows: Any, where: str, problems: list[str]) -> dict[str, str]:
    """Read the places: a code and a name each."""
    places: dict[str, str] = {}
    for n, row in enumerate(rows if isinstance(rows, list) else [None]):
        good = isinstance(row, dict) and all(
            isinstance(row.get(k), str) and row[k] for k in ("code", "name")
        )
        if not good:
            problems.append(f"{where}: places[{n}]: expected an object with code and name")
        elif row["code"] in places:
            problems.append(f"{where}: places[{n}]: code {row['code']} stands there twice")
        else:
            places[row["code"]] = row["name"]
    return places


def _also(rows: Any, where: str, problems: list[str]) -> dict[str, tuple[str, ...]]:
    """Read what else people call a place: `"also": ["Den Haag"]`."""
    also: dict[str, tuple[str, ...]] = {}
    for n, row in enumerate(rows if isinstance(rows, list) else []):
        names = row.get("also", []) if isinstance(row, dict) else []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            problems.append(f"{where}: places[{n}]: also: expected a list of names")
        elif names and isinstance(row.get("code"), str):
            also[row["code"]] = tuple(names)
    return also


def _facts(rows: Any, where: str, places: Mapping[str, str], problems: list[str]) -> list[Fact]:
    """Read the statements, each with its own problems."""
    if not isinstance(rows, list):
        problems.append(f"{where}: facts: expected a list")
        return []
    facts = []
    for n, row in enumerate(rows):
        fact = _fact(row, f"{where}: facts[{n}]", places, problems)
        if fact:
            facts.append(fact)
    unique: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        mark = (fact.key, fact.place, fact.valid_from)
        if mark in unique:
            problems.append(f"{where}: {fact.key}: stands there twice for one place and period")
        unique.setdefault(mark, fact)
    return list(unique.values())


def _fact(row: Any, where: str, places: Mapping[str, str], problems: list[str]) -> Fact | None:
    """Read one statement."""
    if not isinstance(row, dict) or not isinstance(row.get("key"), str) or not row["key"]:
        problems.append(f"{where}: expected an object with key and value")
        return None
    key, where = row["key"], f"{where} ({row['key']})"
    before = len(problems)
    if "value" not in row:
        problems.append(f"{where}: value: is missing; write null where there is none")
    elif key in VALUE_CHECKS and not accepts(VALUE_CHECKS[key][0], row["value"]):
        problems.append(f"{where}: value: expected {VALUE_CHECKS[key][1]}, got {row['value']!r}")
    place = row.get("place")
    if place is not None and place not in places:
        problems.append(f"{where}: place: {place!r} is not among the places of this election")
    source = row.get("source") or {}
    if isinstance(source, str):
        source = {"name": source}
    if not isinstance(source, dict):
        problems.append(f"{where}: source: expected an object with name and url")
        source = {}
    status = row.get("status", "confirmed")
    if status not in STATUSES:
        problems.append(f"{where}: status: expected one of {', '.join(STATUSES)}, got {status!r}")
    period = [_moment(row.get(k), f"{where}: {k}", problems) for k in ("valid_from", "valid_until")]
    if period[0] and period[1] and period[0] >= period[1]:
        problems.append(f"{where}: valid_until: must be later than valid_from")
    applies = row.get("applies")
    texts = _texts(applies, f"{where}: applies", problems) if applies else {}
    if len(problems) > before:
        return None
    return Fact(
        key=key,
        value=row["value"],
        applies=texts,
        place=place,
        valid_from=period[0],
        valid_until=period[1],
        source_name=str(source.get("name") or ""),
        source_url=str(source.get("url") or ""),
        status=status,
        version=str(row.get("version", "")),
    )


def _moment(value: Any, where: str, problems: list[str]) -> datetime | None:
    """Accept a moment with its offset."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment
    except (ValueError, TypeError):
        pass
    problems.append(f"{where}: expected a moment with its offset (2026-03-18T07:30:00+01:00)")
    return None


def _incidents(
    rows: Any, where: str, places: Mapping[str, str], problems: list[str]
) -> tuple[Incident, ...]:
    """Read the official changes on the day that the pack may carry."""
    found = []
    for n, row in enumerate(rows if isinstance(rows, list) else [None]):
        at = f"{where}: incidents[{n}]"
        if not isinstance(row, dict) or row.get("kind") not in INCIDENT_KINDS:
            problems.append(f"{at}: kind: expected one of {', '.join(INCIDENT_KINDS)}")
            continue
        if row.get("place") not in places:
            problems.append(f"{at}: place: {row.get('place')!r} is not among the places")
            continue
        starts = _moment(row.get("starts_at"), f"{at}: starts_at", problems)
        if starts is None:
            if row.get("starts_at") is None:
                problems.append(f"{at}: starts_at: is missing")
            continue
        found.append(
            Incident(
                id=str(row.get("id") or f"{where}-{n}"),
                kind=row["kind"],
                place=row["place"],
                polling_place=str(row.get("polling_place") or ""),
                message=_texts(row.get("message"), f"{at}: message", problems),
                starts_at=starts,
                ends_at=_moment(row.get("ends_at"), f"{at}: ends_at", problems),
                source_url=str(row.get("source_url") or ""),
            )
        )
    return tuple(found)
