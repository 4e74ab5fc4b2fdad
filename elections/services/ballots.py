"""Taking contests, lists of candidates and counts over from EML files: all or nothing, twice once.

What a newer file no longer has is deleted: of candidates nothing is kept that is not published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from elections import import_rules, rules
from elections.caching import surrogate_key
from elections.eml import Document, ReadCandidate, ReadList
from elections.models import Candidate, CandidateList, Contest, Count, Election, Jurisdiction
from elections.queries import election_days
from elections.services.importing import ImportReport, import_polling_places
from integrity.audit import services as audit
from integrity.outbox import purging
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import require


@dataclass(frozen=True, slots=True)
class _Source:
    """Where rows come from: each written row says so."""

    name: str
    sha256: str
    at: datetime

    def columns(self, where: str = "") -> dict[str, Any]:
        """The columns that keep it."""
        kept = {
            "source_name": self.name,
            "source_sha256": self.sha256,
            "changed_at": self.at,
        }
        return {**kept, "source_at": where} if where else kept


@transaction.atomic
def import_eml(
    *,
    election: Election,
    document: Document,
    source_name: str,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
) -> ImportReport:
    """Make what this election has of one contest equal to the file; say every difference."""
    require(rules.may_publish(by))
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    days, _closes = election_days(election)
    require(import_rules.may_take_over(document, election=election, days=days))
    source = _Source(source_name, document.sha256, at)
    report = ImportReport(problems=list(document.notes))
    if document.kind == "110a":
        _write_definition(document, election, source, report)
    elif document.kind == "110b":
        found = import_polling_places(
            election=election,
            records=document.stations,
            source_name=source_name,
            by=by,
            at=at,
            fill_in_only=True,
        )
        found.problems += document.notes
        report = found
    elif document.kind == "230b":
        _write_lists(document, election, source, report)
    else:
        _write_counts(document, election, source, report)
    if not dry_run and (report.new or report.changed or report.withdrawn):
        purging.owe_purge(keys=[surrogate_key(election.slug)], at=at)
        audit.record(
            verb="eml.imported",
            subject_type="election",
            subject_id=election.slug,
            by=actor_of(by),
            at=at,
            data={
                "kind": document.kind,
                "file": source_name,
                "sha256": document.sha256,
                "new": len(report.new),
                "changed": len(report.changed),
                "withdrawn": len(report.withdrawn),
            },
        )
    transaction.set_rollback(dry_run)
    return report


def _write_definition(
    document: Document, election: Election, source: _Source, report: ImportReport
) -> None:
    """Write each contest with its seats, parties and municipalities."""
    for region in document.regions:
        contest = _contest(
            election,
            mark=region.mark,
            columns={
                "name": region.name,
                "seats": document.seats,
                "parties": list(document.parties),
            },
            source=source,
            report=report,
        )
        places = Jurisdiction.objects.filter(code__in=region.places, elections=election)
        before, after = set(contest.places.all()), set(places)
        if before != after:
            contest.places.set(after)
            what = ", ".join(sorted(place.code for place in after ^ before))
            report.changed.append(f"{contest}: places: {what}")


def _own_contest(
    document: Document, election: Election, source: _Source, report: ImportReport
) -> Contest:
    """Find the contest that a file is about, or write it: a municipality or a constituency."""
    about = document.identity
    mark = about.place or document.contest or about.id
    contest = Contest.objects.filter(election=election, mark=mark).first()
    if contest is None:
        name = about.domain_name or document.contest_name or about.name
        contest = _contest(
            election, mark=mark, columns={"name": name}, source=source, report=report
        )
        code = about.place
        contest.places.set(
            Jurisdiction.objects.filter(code=code, elections=election)
            if code
            else Jurisdiction.objects.filter(
                polling_places__election=election,
                polling_places__details__constituency__in=[mark, name],
            ).distinct()
        )
    return contest


def _contest(
    election: Election,
    *,
    mark: str,
    columns: dict[str, Any],
    source: _Source,
    report: ImportReport,
) -> Contest:
    contest = Contest.objects.filter(election=election, mark=mark).first()
    if contest is None:
        report.new.append(f"contest {mark} {columns['name']}")
        return Contest.objects.create(election=election, mark=mark, **columns, **source.columns())
    _update(contest, columns, f"contest {mark}", source=source, where="", report=report)
    return contest


def _update(
    row: Any,
    columns: Mapping[str, Any],
    name: str,
    *,
    source: _Source,
    where: str,
    report: ImportReport,
) -> None:
    """Write what differs and say so; a row that is the same keeps its source and its date."""
    differs = [key for key, value in columns.items() if getattr(row, key) != value]
    if not differs:
        report.same += 1
        return
    report.changed += [
        f"{name}: {key}: {getattr(row, key)!r} → {columns[key]!r}" for key in differs
    ]
    for key, value in {**columns, **source.columns(where)}.items():
        setattr(row, key, value)
    row.save()


def _write_lists(
    document: Document, election: Election, source: _Source, report: ImportReport
) -> None:
    """Write the lists of a contest with their candidates."""
    contest = _own_contest(document, election, source, report)
    known = {row.number: row for row in contest.lists.all()}
    for read in document.lists:
        where = f"list {read.number}"
        row = known.pop(read.number, None)
        if row is None:
            report.new.append(f"{where} {read.name}".strip())
            row = CandidateList.objects.create(
                contest=contest, number=read.number, name=read.name, **source.columns(where)
            )
        else:
            _update(row, {"name": read.name}, where, source=source, where=where, report=report)
        _write_candidates(row, read, source, report)
    _delete(known.values(), report)


def _write_candidates(
    row: CandidateList, read: ReadList, source: _Source, report: ImportReport
) -> None:
    known = {candidate.position: candidate for candidate in row.candidates.all()}
    new = []
    for candidate in read.candidates:
        where = f"list {read.number}, candidate {candidate.position}"
        columns = asdict(candidate)
        held = known.pop(candidate.position, None)
        if held is None:
            report.new.append(f"{where}: {_name(candidate)}")
            new.append(Candidate(list=row, **columns, **source.columns(where)))
        else:
            _update(held, columns, where, source=source, where=where, report=report)
    Candidate.objects.bulk_create(new)
    _delete(known.values(), report)


def _write_counts(
    document: Document, election: Election, source: _Source, report: ImportReport
) -> None:
    """Write the votes of a contest in one municipality, or together."""
    contest = _own_contest(document, election, source, report)
    code = f"GM{document.authority}" if document.authority.isdigit() else ""
    place = election.places.filter(code=code).first()
    known = {row.unit: row for row in Count.objects.filter(contest=contest, place=place)}
    for count in document.counts:
        where = f"unit {count.unit}" if count.unit else "together"
        columns = asdict(count)
        held = known.pop(count.unit, None)
        if held is None:
            report.new.append(f"{where}: {count.name}".rstrip(": "))
            Count.objects.create(contest=contest, place=place, **columns, **source.columns(where))
        else:
            _update(held, columns, where, source=source, where=where, report=report)
    _delete(known.values(), report)


def _delete(rows: Iterable[models.Model], report: ImportReport) -> None:
    for row in rows:
        report.withdrawn.append(str(row))
        row.delete()


def _name(candidate: ReadCandidate) -> str:
    parts = (candidate.initials, candidate.prefix, candidate.last_name)
    return " ".join(part for part in parts if part)
