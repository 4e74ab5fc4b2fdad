"""`manage.py import_eml ELECTION FILE…`: take over official EML_NL files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.eml import Document, RefusedFile, read_eml
from elections.models import Election
from elections.services import ImportReport, import_eml
from integrity.refusals import Refused


class Command(BaseCommand):
    """Imports EML_NL 110a (definition), 110b (polling stations), 230b (lists) and 510 (counts)."""

    help = "Import official EML_NL files; the same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the election, the files and what to do."""
        parser.add_argument("election", help="the election's slug, such as nl-gr2026")
        parser.add_argument("files", type=Path, nargs="+")
        parser.add_argument("--source", default="", help="who published the files")
        parser.add_argument("--dry-run", action="store_true", help="show the difference only")
        parser.add_argument("--json", action="store_true", help="report as JSON, a line a file")

    def handle(self, *, election: str, files: list[Path], **options: Any) -> None:
        """Import each file in its own transaction; a refused one ends in a non-zero status."""
        found = Election.objects.filter(slug=election).first()
        if found is None:
            raise CommandError(f"There is no election {election!r}; load its pack first.")
        refused = [file for file in files if not self._take_over(found, file, options)]
        if refused:
            raise CommandError(f"{len(refused)} of {len(files)} files were refused.")

    def _take_over(self, election: Election, file: Path, options: dict[str, Any]) -> bool:
        try:
            document = read_eml(file.read_bytes(), name=file.name)
            report = import_eml(
                election=election,
                document=document,
                source_name=options["source"] or file.name,
                by=None,
                at=timezone.now(),
                dry_run=options["dry_run"],
            )
        except OSError as error:
            return self._refuse(file, [f"cannot be read: {error.strerror}"], options)
        except RefusedFile as error:
            return self._refuse(file, [str(problem) for problem in error.problems], options)
        except Refused as error:
            return self._refuse(file, [str(error)], options)
        self._tell(file, document, report, options)
        return True

    def _refuse(self, file: Path, reasons: list[str], options: dict[str, Any]) -> bool:
        """Say why a file stays out; nothing of it was written."""
        if options["json"]:
            body = {"file": file.name, "refused": reasons}
            self.stdout.write(json.dumps(body, ensure_ascii=False))
        for reason in reasons:
            self.stderr.write(f"{file.name}: {reason}")
        return False

    def _tell(
        self, file: Path, document: Document, report: ImportReport, options: dict[str, Any]
    ) -> None:
        """Print the difference, what was skipped and what was odd."""
        if options["json"]:
            body = {
                "file": file.name,
                "kind": document.kind,
                "election": document.identity.id,
                "contest": document.contest,
                "new": report.new,
                "changed": report.changed,
                "withdrawn": report.withdrawn,
                "same": report.same,
                "problems": [str(problem) for problem in report.problems],
                "elements_skipped": dict(document.unknown),
                "dry_run": options["dry_run"],
            }
            self.stdout.write(json.dumps(body, ensure_ascii=False))
            return
        for sign, lines in (("~", report.changed), ("-", report.withdrawn)):
            for line in lines:
                self.stdout.write(f"{sign} {line}")
        if options["dry_run"]:
            for line in report.new:
                self.stdout.write(f"+ {line}")
        for problem in report.problems:
            self.stderr.write(f"{file.name}: {problem}")
        for name, times in document.unknown.items():
            self.stderr.write(f"{file.name}: {name} is not known here and was skipped ({times} ×)")
        self.stdout.write(
            f"{file.name} ({document.kind}, {document.identity.id}): {len(report.new)} new, "
            f"{len(report.changed)} differences, {len(report.withdrawn)} withdrawn, "
            f"{report.same} the same{' (dry run: nothing written)' if options['dry_run'] else ''}"
        )
