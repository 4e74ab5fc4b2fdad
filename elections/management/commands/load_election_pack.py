"""`manage.py load_election_pack FILE [--dry-run]`: write an election pack to the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from elections.packs import PackError, decode, parse_good_rows
from elections.services import LoadReport, load_pack


class Command(BaseCommand):
    """Loads packs; good rows go in, what is wrong is named and ends in a non-zero status."""

    help = "Load election packs (docs/election-packs.md). Loading the same pack twice is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the files and the dry run."""
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, only")

    def handle(self, *, files: list[Path], dry_run: bool, **options: Any) -> None:
        """Load each file in one transaction per election."""
        problems = 0
        for file in files:
            try:
                sheets, wrong = parse_good_rows(decode(file), name=file.name)
            except PackError as error:
                sheets, wrong = (), error.problems
            for sheet in sheets:
                with transaction.atomic():
                    report = load_pack(pack=sheet, by=None, at=timezone.now())
                    self._tell(report, dry_run=dry_run)
                    transaction.set_rollback(dry_run)
                wrong += report.problems
            for line in wrong:
                self.stderr.write(line)
            problems += len(wrong)
        if problems:
            raise CommandError(f"{problems} problems; every other row was read.")

    def _tell(self, report: LoadReport, *, dry_run: bool) -> None:
        """Print what was done, one line per change."""
        for verb, names in (("publish", report.published), ("correct", report.corrected)):
            for name in names:
                self.stdout.write(f"{report.election}: {verb} {name}")
        for name in report.not_in_pack:
            self.stdout.write(f"{report.election}: {name} is not in the pack and stays as it is")
        self.stdout.write(
            f"{report.election}: {len(report.published)} published, "
            f"{len(report.corrected)} corrected, {report.unchanged} unchanged, "
            f"{report.incidents} incidents{' (dry run: nothing written)' if dry_run else ''}"
        )
