"""EML_NL, the form in which the Kiesraad publishes elections: 110a, 110b, 230b and 510.

A file is taken whole or refused whole, and a refusal names what does not fit. Elements that are
not known here are skipped and counted, since the standard grows and programs add their own.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from elections.ods_files import Record, UnreadableFile

MOST_BYTES = 64 * 1024 * 1024
# What a document of each kind holds under its root.
CONTENT = {"110a": "ElectionEvent", "110b": "ElectionEvent", "230b": "CandidateList"} | {
    f"510{part}": "Count" for part in "abcd"
}
# Elections within one municipality or another named area: these name their domain.
WITHIN_A_DOMAIN = {"GR", "BC", "GC", "ER", "PS", "AB", "IR", "LR"}
ELECTION_ID = re.compile(r"(EP|EK|TK|GR|BC|GC|ER|PS|AB|NR|PR|LR|IR)(2\d{3})(\d{4})?(_[\w-]*)?")
GENDERS = {"male", "female"}
# Columns of the Stembureaus Open Data Standaard that an `sb:Location` fills, by its elements.
LOCATION = {
    "BAGId": "bag nummeraanduiding id",
    "StreetName": "straatnaam",
    "Number": "huisnummer",
    "Letter": "huisletter",
    "NumberAddition": "huisnummertoevoeging",
    "PostalCode": "postcode",
    "City": "plaats",
    "AdditionalAddressInformation": "extra adresaanduiding",
    "BuildingUsage": "gebruiksdoel van het gebouw",
    "Website": "website locatie",
    "OpenTime": "openingstijd",
    "ClosingTime": "sluitingstijd",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "CountingLocation": "tellocatie",
    "Accessibility": "toegankelijk voor mensen met een lichamelijke beperking",
}
KINDS = {"FixedLocation": "regulier", "Special": "bijzonder", "Mobile": "mobiel"}
XML_LIMITS = {"forbid_dtd": True, "forbid_entities": True, "forbid_external": True}


class RefusedFile(UnreadableFile):
    """The file cannot be taken over; `problems` says each reason and where it stands."""

    def __init__(self, problems: list["EmlProblem"]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class EmlProblem:
    """What does not fit, and where it stands in the document."""

    where: str
    reason: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {"where": self.where, "reason": self.reason, "left_out": self.lost}


@dataclass(frozen=True, slots=True)
class Identity:
    """Which election a file says that it is about."""

    id: str
    name: str
    category: str
    domain: str
    domain_name: str
    day: date
    nominated_on: date | None

    @property
    def place(self) -> str:
        """The official code of the municipality that is the domain, if it is one."""
        return f"GM{self.domain}" if re.fullmatch(r"\d{4}", self.domain) else ""


@dataclass(frozen=True, slots=True)
class Region:
    """An area with its own contest, and the municipalities in it."""

    mark: str
    name: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCandidate:
    """A candidate as the list publishes them: name and place; gender only where it is published."""

    position: int
    last_name: str
    prefix: str = ""
    initials: str = ""
    first_name: str = ""
    town: str = ""
    country: str = ""
    gender: str = ""


@dataclass(frozen=True, slots=True)
class ReadList:
    """One list of candidates; a blank list has no name."""

    number: int
    name: str
    candidates: tuple[ReadCandidate, ...]


@dataclass(frozen=True, slots=True)
class ReadCount:
    """Votes as counted in one polling station, or together (`unit` empty)."""

    unit: str
    name: str
    cast: int | None
    counted: int
    lists: dict[str, dict[str, Any]]
    rejected: dict[str, int] = field(default_factory=dict)
    uncounted: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """What a file says, read whole."""

    kind: str
    identity: Identity
    contest: str
    contest_name: str
    authority: str
    issued_on: date | None
    seats: int | None = None
    parties: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    lists: tuple[ReadList, ...] = ()
    stations: list[Record] = field(default_factory=list)
    counts: tuple[ReadCount, ...] = ()
    sha256: str = ""
    unknown: Counter[str] = field(default_factory=Counter)
    notes: list[EmlProblem] = field(default_factory=list)


def read_eml(data: bytes, *, name: str) -> Document:
    """Read one file, or raise RefusedFile with every reason."""
    root = _parse(data, name)
    reader = _Reader(root, name)
    document = reader.document()
    if reader.problems:
        raise RefusedFile(reader.problems)
    document.sha256 = hashlib.sha256(data).hexdigest()
    return document


def _parse(data: bytes, name: str) -> Element:
    """Parse XML from outside: no document types, no entities, no more than we can hold."""
    if len(data) > MOST_BYTES:
        raise RefusedFile([EmlProblem(name, f"is larger than {MOST_BYTES // 1024**2} MB")])
    try:
        return fromstring(data, **XML_LIMITS)
    except DefusedXmlException as error:
        reason = "declares a document type or entities; official files never do"
        raise RefusedFile([EmlProblem(name, reason)]) from error
    except (ParseError, ValueError, LookupError) as error:
        raise RefusedFile([EmlProblem(name, f"is not XML: {error}")]) from error


class _Reader:
    """One document being read; whatever does not fit goes to `problems`."""

    def __init__(self, root: Element, name: str) -> None:
        self.root, self.name = root, name
        self.problems: list[EmlProblem] = []
        self.notes: list[EmlProblem] = []
        self.unknown: Counter[str] = Counter()

    def refuse(self, where: str, reason: str) -> None:
        """Note a reason not to take the file."""
        self.problems.append(EmlProblem(where, reason))

    def document(self) -> Document:
        """Read the document; raise at once where nothing more can be said about it."""
        kind = self.kind()
        content = _child(self.root, CONTENT[kind])
        election = _child(content, "Election") if content is not None else None
        if election is None:
            self.stop(CONTENT[kind], "holds no Election")
        identity = self.identity(election)
        contest = next(_all(election, "Contest", "Contests/Contest"), None)
        if contest is None:
            self.stop("Election", "holds no Contest")
        head = _child(contest, "ContestIdentifier")
        document = Document(
            kind=kind,
            identity=identity,
            contest=(head.get("Id") or "") if head is not None else "",
            contest_name=_text(head, "ContestName"),
            authority=_attribute(self.root, "ManagingAuthority/AuthorityIdentifier", "Id"),
            issued_on=_day(_text(self.root, "IssueDate")),
            unknown=self.unknown,
            notes=self.notes,
        )
        if kind == "110a":
            self.definition(document, election)
        elif kind == "110b":
            document.stations = self.stations(contest, document)
        elif kind == "230b":
            document.lists = self.lists(contest)
        else:
            document.counts = self.counts(contest)
        return document

    def stop(self, where: str, reason: str) -> NoReturn:
        """Refuse what cannot be read further."""
        self.refuse(where, reason)
        raise RefusedFile(self.problems)

    def kind(self) -> str:
        """Read which kind of document this is, and whether it holds what that kind holds."""
        if _local(self.root) != "EML":
            self.stop(self.name, f"is not EML: its root is {_local(self.root)[:40]!r}")
        kind = self.root.get("Id", "")
        if kind not in CONTENT:
            known = ", ".join(CONTENT)
            self.stop("EML Id", f"is {kind[:20]!r}; what can be taken over is {known}")
        held = [_local(child) for child in self.root]
        if CONTENT[kind] not in held:
            found = next((name for name in held if name in CONTENT.values()), "none of these")
            self.stop(
                "EML Id", f"says {kind}, which holds {CONTENT[kind]}, but the file holds {found}"
            )
        return kind

    def identity(self, election: Element) -> Identity:
        """Read which election this is about; every mismatch within it is named."""
        head = _child(election, "ElectionIdentifier")
        if head is None:
            self.stop("ElectionIdentifier", "is missing")
        ident, category = head.get("Id", ""), _text(head, "ElectionCategory")
        form = ELECTION_ID.fullmatch(ident)
        if form is None:
            self.refuse("ElectionIdentifier Id", f"{ident[:60]!r} is not such as GR2026_Utrecht")
        elif category and form[1] != category:
            self.refuse(
                "ElectionCategory", f"is {category[:20]!r}, but the identifier is {ident!r}"
            )
        domain = _child(head, "ElectionDomain")
        code = (domain.get("Id") or "") if domain is not None else ""
        if category in WITHIN_A_DOMAIN and not code:
            self.refuse("ElectionDomain", f"is missing; a {category} election needs its area")
        day = _day(_text(head, "ElectionDate"))
        nominated = _day(_text(head, "NominationDate"))
        if day is None:
            self.stop("ElectionDate", "is missing or not a day such as 2026-03-18")
        if nominated and nominated >= day:
            self.refuse(
                "ElectionDate", f"{day} is not later than the day of nomination, {nominated}"
            )
        if form is not None and int(form[2]) != day.year:
            self.refuse("ElectionDate", f"{day} is not in the year of {ident!r}")
        return Identity(
            id=ident,
            name=_text(head, "ElectionName"),
            category=category,
            domain=code,
            domain_name=_plain(domain.text) if domain is not None else "",
            day=day,
            nominated_on=nominated,
        )

    def definition(self, document: Document, election: Element) -> None:
        """Read 110a: seats, registered parties, and which municipality lies in which contest."""
        document.seats = self.number(_text(election, "NumberOfSeats"), "NumberOfSeats")
        council = document.identity.category == "GR"
        if council and document.seats not in range(9, 46):
            reason = f"a council has 9 to 45 seats, not {document.seats or 'none'}"
            self.refuse("NumberOfSeats", reason)
        names = (
            _text(party, "RegisteredAppellation")
            for party in _all(election, "RegisteredParties/RegisteredParty")
        )
        document.parties = tuple(name for name in names if name)
        document.regions = tuple(self.regions(election, document.identity))

    def regions(self, election: Element, identity: Identity) -> Iterator[Region]:
        """Gather municipalities under their constituency; a council is its own."""
        rows = list(_all(election, "ElectionTree/Region"))
        above = {
            _region(row): (row.get("SuperiorRegionCategory"), row.get("SuperiorRegionNumber"))
            for row in rows
        }
        names = {_region(row): _text(row, "RegionName") for row in rows}
        members: dict[tuple[Any, Any], list[str]] = {}
        for region in above:
            category, number = region
            if category != "GEMEENTE" or not number or not number.isdigit():
                continue
            top, seen = region, {region}
            while above.get(top) in above and above[top] not in seen and top[0] != "KIESKRING":
                top = above[top]
                seen.add(top)
            members.setdefault(top, []).append(f"GM{int(number):04d}")
        for top, places in members.items():
            if top[0] == "KIESKRING":
                yield Region(str(top[1]), names[top], tuple(sorted(places)))
        if identity.place:
            yield Region(identity.place, identity.domain_name, (identity.place,))

    def stations(self, contest: Element, document: Document) -> list[Record]:
        """Read 110b into the columns of the polling places' own standard."""
        unit = _child(contest, "ReportingUnit/ReportingUnitIdentifier")
        code = (unit.get("Id") or "") if unit is not None else ""
        code = code if re.fullmatch(r"\d{4}", code) else document.identity.domain
        if not re.fullmatch(r"\d{4}", code):
            self.refuse("ReportingUnitIdentifier", f"{code[:20]!r} is not a municipality's code")
        records: list[Record] = []
        for number, place in enumerate(_all(contest, "PollingPlace"), start=1):
            where = f"polling place {number}"
            if place.get("Channel") == "postal":
                reason = "counts letters; nobody votes there in person"
                self.notes.append(EmlProblem(where, reason, lost=False))
                continue
            records.append((number, self.station(place, where, code)))
        if not records:
            self.refuse("Contest", "holds no polling place")
        return records

    def station(self, place: Element, where: str, code: str) -> dict[str, Any]:
        """Read one polling place into cells; its number of voters must be one."""
        inside = _child(place, "PhysicalLocation")
        box = _child(inside, "PollingStation") if inside is not None else None
        locality = _child(inside, "Address/Locality") if inside is not None else None
        cells: dict[str, Any] = {
            "cbs gemeentecode": f"GM{code}",
            "naam stembureau": _text(locality, "LocalityName"),
            "postcode": _text(locality, "PostalCode/PostalCodeNumber"),
            "nummer stembureau": (box.get("Id") or "") if box is not None else "",
        }
        if box is not None and (voters := _plain(box.text)) and not voters.isdigit():
            reason = f"the number of voters is {voters[:20]!r}; left out"
            self.notes.append(EmlProblem(where, reason, lost=False))
        for row in place.iter():
            name = _local(row)
            if name == "Location":
                for part in row:
                    known = LOCATION.get(_local(part))
                    if known:
                        cells[known] = _plain(part.text)
                    else:
                        self.unknown[_local(part)] += 1
            elif name == "ReportingUnitType":
                cells["type stembureau"] = KINDS.get(_plain(row.text), "")
        return cells

    def lists(self, contest: Element) -> tuple[ReadList, ...]:
        """Read 230b: each list with its candidates in their order."""
        found: dict[int, ReadList] = {}
        for n, row in enumerate(_all(contest, "Affiliation"), start=1):
            mark = _attribute(row, "AffiliationIdentifier", "Id")
            name = _text(row, "AffiliationIdentifier/RegisteredName")[:200]
            where = f"list {mark or f'at place {n}'}" + (f" ({name})" if name else "")
            number = self.number(mark, where, least=1)
            if number is None:
                continue
            if number in found:
                self.refuse(where, "stands there twice")
                continue
            shown = _attribute(row, "ListData", "PublishGender") == "true"
            candidates = self.candidates(row, where, gender=shown)
            if not candidates:
                self.refuse(where, "has no candidates")
            found[number] = ReadList(number, name, candidates)
        if not found and not self.problems:
            self.refuse("Contest", "holds no list of candidates")
        return tuple(found[number] for number in sorted(found))

    def candidates(self, row: Element, where: str, *, gender: bool) -> tuple[ReadCandidate, ...]:
        """Read the candidates of a list; of each no more than a voter may read."""
        found: dict[int, ReadCandidate] = {}
        for n, one in enumerate(_all(row, "Candidate"), start=1):
            mark = _attribute(one, "CandidateIdentifier", "Id")
            here = f"{where}, candidate {mark or f'at place {n}'}"
            position = self.number(mark, here, least=1)
            name = _child(one, "CandidateFullName/PersonName")
            last = _text(name, "LastName")[:120]
            if not last:
                self.refuse(here, "has no last name")
            if position is None or not last:
                continue
            if position in found:
                self.refuse(here, "stands there twice")
            sex = _text(one, "Gender")
            if sex and sex not in GENDERS:
                self.notes.append(EmlProblem(here, f"gender {sex[:20]!r} was left out", lost=False))
            address = _child(one, "QualifyingAddress")
            abroad = _child(address, "Country") if address is not None else None
            found[position] = ReadCandidate(
                position=position,
                last_name=last,
                prefix=_text(name, "NamePrefix")[:40],
                initials=_text(name, "NameLine")[:40],
                first_name=_text(name, "FirstName")[:80],
                town=_text(abroad if abroad is not None else address, "Locality/LocalityName")[:80],
                country=_text(abroad, "CountryNameCode")[:2],
                gender=sex if gender and sex in GENDERS else "",
            )
        return tuple(found[position] for position in sorted(found))

    def counts(self, contest: Element) -> tuple[ReadCount, ...]:
        """Read 510: votes together and by polling station; what does not add up is refused."""
        total = _child(contest, "TotalVotes")
        if total is None:
            self.stop("Contest", "holds no TotalVotes")
        whole = self.count(total, "TotalVotes", unit="", name="")
        units = []
        for row in _all(contest, "ReportingUnitVotes"):
            head = _child(row, "ReportingUnitIdentifier")
            unit = (head.get("Id") or "") if head is not None else ""
            where = f"reporting unit {unit[:40] or '?'}"
            if not unit:
                self.refuse(where, "has no identifier")
            named = _plain(head.text)[:200] if head is not None else ""
            units.append(self.count(row, where, unit=unit[:40], name=named))
        self.adds_up(whole, units)
        return (whole, *units)

    def count(self, row: Element, where: str, *, unit: str, name: str) -> ReadCount:
        """Read one set of votes and add the candidates up to their list, the lists to the whole."""
        lists: dict[str, dict[str, Any]] = {}
        current: dict[str, Any] | None = None
        for selection in _all(row, "Selection"):
            votes = self.number(_text(selection, "ValidVotes"), f"{where}, ValidVotes", least=0)
            party = _child(selection, "AffiliationIdentifier")
            if party is not None:
                current = {"votes": votes or 0, "candidates": {}}
                lists[party.get("Id") or ""] = current
            elif current is not None:
                mark = _attribute(selection, "Candidate/CandidateIdentifier", "Id")
                current["candidates"][mark] = votes or 0
        for number, held in lists.items():
            added = sum(held["candidates"].values())
            if held["candidates"] and added != held["votes"]:
                reason = f"has {held['votes']} votes, its candidates together {added}"
                self.refuse(f"{where}, list {number}", reason)
        counted = self.number(_text(row, "TotalCounted"), f"{where}, TotalCounted", least=0)
        added = sum(held["votes"] for held in lists.values())
        if counted is not None and added != counted:
            self.refuse(where, f"counts {counted} votes, its lists together {added}")
        return ReadCount(
            unit=unit,
            name=name,
            cast=self.number(_text(row, "Cast"), f"{where}, Cast", least=0),
            counted=counted if counted is not None else added,
            lists=lists,
            rejected=self.reasons(row, "RejectedVotes", where),
            uncounted=self.reasons(row, "UncountedVotes", where),
        )

    def reasons(self, row: Element, name: str, where: str) -> dict[str, int]:
        """Read votes that do not count for a list, by reason."""
        found: dict[str, int] = {}
        for one in _all(row, name):
            code = (one.get("ReasonCode") or "")[:60]
            number = self.number(_plain(one.text), f"{where}, {name} {code}", least=0)
            if number is not None:
                found[code] = number
        return found

    def adds_up(self, whole: ReadCount, units: Iterable[ReadCount]) -> None:
        """Refuse a whole that is not the sum of its polling stations."""
        rows = list(units)
        if not rows or self.problems:
            return
        for number, held in whole.lists.items():
            added = sum(row.lists.get(number, {}).get("votes", 0) for row in rows)
            if added != held["votes"]:
                reason = f"has {held['votes']} votes, the reporting units together {added}"
                self.refuse(f"TotalVotes, list {number}", reason)

    def number(self, text: str, where: str, *, least: int = 0) -> int | None:
        """Read a whole number; none at all is None, nonsense is a reason to refuse."""
        if not text:
            if least:
                self.refuse(where, "has no number")
            return None
        if re.fullmatch(r"\d{1,9}", text) and int(text) >= least:
            return int(text)
        self.refuse(where, f"expected a number from {least} up, got {text[:20]!r}")
        return None


def _local(element: Element) -> str:
    """Name an element without its namespace: the standard uses each name for one thing."""
    return str(element.tag).rpartition("}")[2]


def _all(element: Element | None, *paths: str) -> Iterator[Element]:
    """Walk the children at these paths of local names."""
    if element is None:
        return
    for path in paths:
        found = [element]
        for name in path.split("/"):
            found = [child for row in found for child in row if _local(child) == name]
        yield from found


def _child(element: Element | None, path: str) -> Element | None:
    return next(_all(element, path), None)


def _text(element: Element | None, path: str) -> str:
    found = _child(element, path)
    return _plain(found.text) if found is not None else ""


def _attribute(element: Element, path: str, name: str) -> str:
    found = _child(element, path)
    return _plain(found.get(name)) if found is not None else ""


def _plain(text: str | None) -> str:
    """Write a text on one line, without what does not print."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _region(row: Element) -> tuple[str | None, str | None]:
    return row.get("RegionCategory"), row.get("RegionNumber")
