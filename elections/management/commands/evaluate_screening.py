"""Measure the screening on a file of labelled posts, without a database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elections.evaluating import as_report, measure, row_from
from elections.jsonl import read_lines
from elections.packs import PackError, read_election_packs


class Command(BaseCommand):
    """Print the figures, and write them as JSON when asked."""

    help = "Measure the screening on labelled posts: per class, per language, per pair, the gate."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the files."""
        parser.add_argument("posts", help="JSON lines with a label, official days, or a gate label")
        parser.add_argument("--facts", required=True, help="an election pack")
        parser.add_argument("--json", help="where the figures go as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and report."""
        try:
            facts = {sheet.election: sheet for sheet in read_election_packs(options["facts"])}
        except PackError as error:
            raise CommandError(str(error)) from error
        rows = []
        for number, raw in read_lines(options["posts"]):
            try:
                rows.append(row_from(raw, facts))
            except (ValueError, TypeError, KeyError) as error:
                raise CommandError(f"{options['posts']}: line {number}: {error}") from error
        figures = measure(rows, facts)
        self.stdout.write(as_report(figures))
        if options["json"]:
            text = json.dumps(figures.as_json(), indent=1, ensure_ascii=False)
            Path(options["json"]).write_text(text + "\n", encoding="utf-8")
