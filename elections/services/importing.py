"""Taking polling places over from a file of the municipalities: all or nothing, twice is once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from elections import ods, rules
from elections.caching import surrogate_key
from elections.choices import JurisdictionKind
from elections.eml import EmlProblem
from elections.models import Election, Jurisdiction, PollingPlace
from elections.ods import Expected, Problem, ReadPlace
from elections.ods_files import Record
from elections.queries import election_days
from integrity.audit import services as audit
from integrity.outbox import purging
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import require

COMPARED = (
    "number",
    "name",
    "kind",
    "street",
    "house_number",
    "postcode",
    "town",
    "directions",
    "latitude",
    "longitude",
    "hours",
    "accessible",
    "facilities",
    "details",
)
BATCH = 1000


@dataclass(slots=True)
class ImportReport:
    """What an import did or, in a dry run, would do."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    same: int = 0
    problems: list[Problem | EmlProblem] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many rows stayed out."""
        return sum(problem.lost for problem in self.problems)


@transaction.atomic
def import_polling_places(
    *,
    election: Election,
    records: Sequence[Record],
    source_name: str,
    by: User | None,
    at: datetime,
    add_places: bool = False,
    fill_in_only: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Make the polling places of every municipality in the file equal to the file.

    Municipalities that the file does not mention stay as they are. `add_places` takes over
    municipalities that the election does not have yet. `fill_in_only` is for a file that knows
    less than the voters' list (EML 110b): it adds what is not known and takes nothing away.
    """
    require(rules.may_publish(by))
    election = Election.objects.select_for_update().get(pk=election.pk)
    if add_places:
        _add_places(election, records)
    municipalities = {row.code: row for row in election.places.all()}
    days, closes = election_days(election)
    places, problems = ods.read_places(
        records, expected=Expected(days=days, closes=closes, places=municipalities.keys())
    )
    report = ImportReport(problems=list(problems))
    _write(
        places,
        election=election,
        municipalities=municipalities,
        source=source_name,
        at=at,
        report=report,
        fill_in_only=fill_in_only,
    )
    if not dry_run and (report.new or report.changed or report.withdrawn):
        purging.owe_purge(keys=[surrogate_key(election.slug)], at=at)
        audit.record(
            verb="polling_places.imported",
            subject_type="election",
            subject_id=election.slug,
            by=actor_of(by),
            at=at,
            data={
                "source": source_name,
                "new": len(report.new),
                "changed": len(report.changed),
                "withdrawn": len(report.withdrawn),
                "rows_left_out": report.lost,
            },
        )
    transaction.set_rollback(dry_run)
    return report


def _write(
    places: Sequence[ReadPlace],
    *,
    election: Election,
    municipalities: dict[str, Jurisdiction],
    source: str,
    at: datetime,
    report: ImportReport,
    fill_in_only: bool,
) -> None:
    """Add, change and withdraw rows, and say which."""
    codes = {place.municipality for place in places}
    current = PollingPlace.objects.current().filter(election=election, municipality__code__in=codes)
    known = {
        (row.municipality.code, row.mark): row for row in current.select_related("municipality")
    }
    new, changed = [], []
    for place in places:
        columns = _columns(place)
        row = known.pop((place.municipality, place.mark), None)
        if row is None:
            report.new.append(_name(place))
            new.append(
                PollingPlace(
                    election=election,
                    municipality=municipalities[place.municipality],
                    mark=place.mark,
                    source_name=source,
                    source_row=place.row,
                    changed_at=at,
                    **columns,
                )
            )
        elif differs := [
            name
            for name in COMPARED
            if getattr(row, name) != columns[name]
            and not (fill_in_only and (getattr(row, name) or not columns[name]))
        ]:
            report.changed += [
                f"{_name(place)}: {name}: {getattr(row, name)!r} → {columns[name]!r}"
                for name in differs
            ]
            for name in differs:
                setattr(row, name, columns[name])
            row.source_name, row.source_row, row.changed_at = source, place.row, at
            changed.append(row)
        else:
            report.same += 1
    gone = [] if fill_in_only else list(known.values())
    for row in gone:
        report.withdrawn.append(f"{row.municipality.code} {row.name}")
        row.withdrawn_at = at
    PollingPlace.objects.bulk_create(new, batch_size=BATCH)
    PollingPlace.objects.bulk_update(
        changed, [*COMPARED, "source_name", "source_row", "changed_at"], batch_size=BATCH
    )
    PollingPlace.objects.bulk_update(gone, ["withdrawn_at"], batch_size=BATCH)


def _columns(place: ReadPlace) -> dict[str, Any]:
    columns = {name: getattr(place, name) for name in COMPARED}
    return {**columns, "hours": [list(slot) for slot in place.hours], "kind": str(place.kind)}


def _name(place: ReadPlace) -> str:
    return f"{place.municipality} {place.name}"


def _add_places(election: Election, records: Sequence[Record]) -> None:
    """Take over the municipalities of the file by their official codes."""
    names: dict[str, str] = {}
    for _, cells in records:
        code = str(cells.get("cbs gemeentecode") or "").strip().upper()
        name = str(cells.get("gemeente") or "").strip()[:120]
        if ods.is_municipality(code) and name:
            names.setdefault(code, name)
    known = set(Jurisdiction.objects.filter(code__in=names).values_list("code", flat=True))
    Jurisdiction.objects.bulk_create(
        Jurisdiction(
            code=code, name=name, kind=JurisdictionKind.MUNICIPALITY, parent=election.country
        )
        for code, name in names.items()
        if code not in known
    )
    election.places.add(*Jurisdiction.objects.filter(code__in=names))
