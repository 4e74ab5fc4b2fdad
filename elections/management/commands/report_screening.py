"""`manage.py report_screening`: pairs, evasion, hard negatives and calibration, as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elections import quality
from elections.evaluating import Row, row_from
from elections.jsonl import read_lines
from elections.packs import PackError, read_election_packs

DATA = Path("tests/data")


class Command(BaseCommand):
    """Prints what the averages hide."""

    help = "Minimal pairs, evasion, hard negatives and calibration on labelled posts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the files."""
        parser.add_argument("posts", nargs="+", help="labelled posts, JSON lines")
        parser.add_argument("--facts", default=str(DATA / "screening_facts.json"))
        parser.add_argument("--pairs", default=str(DATA / "screening_pairs.txt"))

    def handle(self, **options: Any) -> None:
        """Measure and print."""
        try:
            facts = {sheet.election: sheet for sheet in read_election_packs(options["facts"])}
        except PackError as error:
            raise CommandError(str(error)) from error
        rows: list[Row] = [
            row_from(raw, facts) for path in options["posts"] for _, raw in read_lines(path)
        ]
        lines = Path(options["pairs"]).read_text(encoding="utf-8").splitlines()
        report = {
            "minimal_pairs": quality.flips(quality.read_pairs(lines), facts),
            "evasion": quality.evasion(rows, facts),
            "hard_negatives": quality.hard_negatives(rows, facts),
            "calibration_error": quality.calibration(rows, facts),
        }
        self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
