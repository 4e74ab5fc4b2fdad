"""`manage.py fit_screening`: fit how far rules and encoder are trusted, on labelled posts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elections.evaluating import row_from
from elections.fitting import fit, numbers_of
from elections.jsonl import read_lines
from elections.packs import PackError, read_election_packs
from elections.weighing import WEIGHTS


class Command(BaseCommand):
    """Writes the weights that elections.weighing reads."""

    help = "Fit the weighing of rules against encoder on the project's own labelled posts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the files."""
        parser.add_argument("posts", nargs="+", help="labelled posts, JSON lines")
        parser.add_argument("--facts", default="tests/data/screening_facts.json")
        parser.add_argument("--into", default=str(WEIGHTS))

    def handle(self, **options: Any) -> None:
        """Fit and write."""
        try:
            facts = {sheet.election: sheet for sheet in read_election_packs(options["facts"])}
        except PackError as error:
            raise CommandError(str(error)) from error
        rows = [row_from(raw, facts) for path in options["posts"] for _, raw in read_lines(path)]
        table = fit(numbers_of(rows, facts), [row.label for row in rows])
        Path(options["into"]).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(rows)} posts")
