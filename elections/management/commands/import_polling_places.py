"""`manage.py import_polling_places ELECTION FILE`: take over polling places from a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.models import Election
from elections.ods_files import UnreadableFile, read_records
from elections.services import ImportReport, import_polling_places


class Command(BaseCommand):
    """Imports the Stembureaus Open Data Standaard, 1.0 to 1.7, from xlsx, CSV or CKAN's JSON."""

    help = "Import polling places; the same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the election, the file and what to do."""
        parser.add_argument("election", help="the election's slug, such as nl-gr2026")
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="who published the file")
        parser.add_argument("--add-places", action="store_true", help="take over municipalities")
        parser.add_argument("--dry-run", action="store_true", help="show the difference only")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *, election: str, file: Path, **options: Any) -> None:
        """Import in one transaction; rows that stayed out end in a non-zero status."""
        found = Election.objects.filter(slug=election).first()
        if found is None:
            raise CommandError(f"There is no election {election!r}; load its pack first.")
        try:
            records = read_records(file)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        report = import_polling_places(
            election=found,
            records=records,
            source_name=options["source"] or file.name,
            by=None,
            at=timezone.now(),
            add_places=options["add_places"],
            dry_run=options["dry_run"],
        )
        self._tell(report, rows=len(records), dry_run=options["dry_run"], as_json=options["json"])
        if report.lost:
            raise CommandError(f"{report.lost} of {len(records)} rows were left out.")

    def _tell(self, report: ImportReport, *, rows: int, dry_run: bool, as_json: bool) -> None:
        """Print the difference and every problem."""
        if as_json:
            body = {
                "rows": rows,
                "new": report.new,
                "changed": report.changed,
                "withdrawn": report.withdrawn,
                "same": report.same,
                "problems": [problem.as_dict() for problem in report.problems],
                "dry_run": dry_run,
            }
            self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))
            return
        for sign, lines in (("~", report.changed), ("-", report.withdrawn)):
            for line in lines:
                self.stdout.write(f"{sign} {line}")
        if dry_run:
            for line in report.new:
                self.stdout.write(f"+ {line}")
        for problem in report.problems:
            self.stderr.write(str(problem))
        self.stdout.write(
            f"{rows} rows: {len(report.new)} new, {len(report.changed)} differences, "
            f"{len(report.withdrawn)} withdrawn, {report.same} the same, {report.lost} left out"
            f"{' (dry run: nothing written)' if dry_run else ''}"
        )
