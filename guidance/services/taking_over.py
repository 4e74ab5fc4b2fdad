"""Official files from an editor's hand to the tables: compared, shown, confirmed, taken over.

The work is owed by a row; whoever is killed leaves it to the next sweep. What is taken over is what
was shown: where the difference has changed meanwhile, it is shown once more.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from elections import services as elections
from elections.eml import RefusedFile, read_eml
from elections.models import Election
from elections.ods_files import MOST_BYTES, UnreadableFile, records_in
from elections.services import ImportReport
from guidance import rules
from guidance.choices import FileKind, FileState
from guidance.models import OfficialFile
from guidance.models.files import UNDER_WAY
from integrity.audit import services as audit
from integrity.nudging import nudge
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, Refused, require

LEASE = timedelta(minutes=12)  # longer than a task may take
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class FileIn:
    """A file as it was handed in."""

    kind: FileKind
    name: str
    content: bytes
    source_name: str
    add_places: bool = False


@transaction.atomic
def hand_in(*, election: Election, said: FileIn, by: User, at: datetime) -> OfficialFile:
    """Keep a file and owe its comparison; nothing is written to what voters read."""
    require(rules.may_hand_in(by))
    if not said.content or len(said.content) > MOST_BYTES:
        require(Refusal(_("The file is empty, or larger than 30 MB."), code="size"))
    file = OfficialFile.objects.create(
        election=election,
        kind=said.kind,
        name=said.name[-200:],
        source_name=said.source_name,
        add_places=said.add_places,
        content=said.content,
        size=len(said.content),
        sha256=hashlib.sha256(said.content).hexdigest(),
        handed_in_by=by,
        handed_in_at=at,
    )
    _record("official_file.handed_in", file, by=by, at=at)
    _nudge()
    return file


@transaction.atomic
def confirm_file(*, file: OfficialFile, by: User, at: datetime) -> OfficialFile:
    """Have a file taken over that somebody else handed in."""
    file = _locked(file)
    require(rules.may_take_over(file, by=by))
    file.state, file.confirmed_by, file.confirmed_at = FileState.TAKING_OVER, by, at
    file.worked_at, file.step = None, ""
    file.save(update_fields=["state", "confirmed_by", "confirmed_at", "worked_at", "step"])
    _record("official_file.confirmed", file, by=by, at=at)
    _nudge()
    return file


@transaction.atomic
def lay_aside(*, file: OfficialFile, by: User, at: datetime) -> OfficialFile:
    """Do nothing with a file; its bytes go."""
    file = _locked(file)
    require(rules.may_lay_aside(file, by=by))
    file.state, file.content, file.done_at = FileState.ASIDE, None, at
    file.save(update_fields=["state", "content", "done_at"])
    _record("official_file.laid_aside", file, by=by, at=at)
    return file


def work_on_files(*, clock: Callable[[], datetime]) -> int:
    """Do what is owed, one file after another; returns how many."""
    done = 0
    while (file := _claim(at=clock())) is not None:
        _work_on(file, clock=clock)
        done += 1
    return done


def _claim(*, at: datetime) -> OfficialFile | None:
    """Take the oldest file that nobody works on."""
    with transaction.atomic():
        file = (
            OfficialFile.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(Q(worked_at=None) | Q(worked_at__lt=at - LEASE), state__in=UNDER_WAY)
            .order_by("handed_in_at", "pk")
            .first()
        )
        if file is not None:
            OfficialFile.objects.filter(pk=file.pk).update(worked_at=at)
        return file


def _work_on(file: OfficialFile, *, clock: Callable[[], datetime]) -> None:
    try:
        report = _import(file, dry_run=True, at=clock())
    except (UnreadableFile, Refused) as error:
        _refuse(file, error, at=clock())
        return
    if file.state == FileState.COMPARING:
        _finish(file, FileState.COMPARED, report)
    elif report != file.report:
        # What is official has changed since it was shown: a second person looks once more.
        again = {"confirmed_by": None, "confirmed_at": None}
        _finish(file, FileState.COMPARED, {**report, "changed_meanwhile": True}, **again)
    else:
        _take_over(file, at=clock())


@transaction.atomic
def _take_over(file: OfficialFile, *, at: datetime) -> None:
    """Write it and close the row in one transaction: killed in between, neither has happened."""
    report = _import(file, dry_run=False, at=at)
    _finish(file, FileState.TAKEN_OVER, report, content=None, done_at=at)
    assert file.confirmed_by is not None
    _record("official_file.taken_over", file, by=file.confirmed_by, at=at)


def _import(file: OfficialFile, *, dry_run: bool, at: datetime) -> dict[str, Any]:
    """Run the importer that reads this kind, as the person who answers for it."""
    by = file.confirmed_by or file.handed_in_by
    content = bytes(file.content or b"")
    source = f"{file.source_name} ({file.name})"[:200]
    if file.kind == FileKind.EML:
        document = read_eml(content, name=file.name)
        if dry_run:
            _step(file, "comparing", rows=None)
        found = elections.import_eml(
            election=file.election,
            document=document,
            source_name=source,
            by=by,
            at=at,
            dry_run=dry_run,
        )
        return _told(found)
    records = records_in(content, name=file.name)
    if dry_run:
        _step(file, "comparing", rows=len(records))
    found = elections.import_polling_places(
        election=file.election,
        records=records,
        source_name=source,
        by=by,
        at=at,
        add_places=file.add_places,
        dry_run=dry_run,
    )
    return _told(found)


def _told(report: ImportReport) -> dict[str, Any]:
    """Write a report down: the counts whole, of each list what a screen can show."""
    lists = {"new": report.new, "changed": report.changed, "withdrawn": report.withdrawn}
    return {
        "counts": {**{name: len(rows) for name, rows in lists.items()}, "same": report.same},
        **{name: rows[:MOST_SHOWN] for name, rows in lists.items()},
        "problems": [str(problem) for problem in report.problems[:MOST_SHOWN]],
        "problem_count": len(report.problems),
        "left_out": report.lost,
        "digest": hashlib.sha256(repr(sorted(lists.items())).encode()).hexdigest(),
    }


def _refuse(file: OfficialFile, error: Exception, *, at: datetime) -> None:
    reasons = [str(p) for p in error.problems] if isinstance(error, RefusedFile) else [str(error)]
    report = {"refused": reasons[:MOST_SHOWN]}
    _finish(file, FileState.REFUSED, report, content=None, done_at=at)


def _finish(file: OfficialFile, state: FileState, report: dict[str, Any], **more: Any) -> None:
    """Close this piece of work, unless somebody laid the file aside meanwhile."""
    still = OfficialFile.objects.filter(pk=file.pk, state=file.state)
    still.update(state=state, report=report, step="", worked_at=None, **more)


def _step(file: OfficialFile, step: str, *, rows: int | None) -> None:
    OfficialFile.objects.filter(pk=file.pk).update(step=step, rows=rows)


def _locked(file: OfficialFile) -> OfficialFile:
    return OfficialFile.objects.select_for_update(of=("self",)).get(pk=file.pk)


def _nudge() -> None:
    from guidance import tasks

    nudge(tasks.work_on_files)


def _record(verb: str, file: OfficialFile, *, by: User, at: datetime) -> None:
    audit.record(
        verb=verb,
        subject_type="official_file",
        subject_id=file.public_id,
        by=actor_of(by),
        at=at,
        data={"election": file.election.slug, "kind": file.kind, "sha256": file.sha256},
    )
