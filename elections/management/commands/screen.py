"""Screen texts from a file against an election pack, without a database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elections.jsonl import read_lines
from elections.packs import PackError, read_election_packs
from elections.screening import Text, screen

BATCH = 500


class Command(BaseCommand):
    """Write one outcome a line for each text a line."""

    help = "Screen a file of texts against an election pack. Writes nothing to the database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the files."""
        parser.add_argument("input", help="JSON lines: id, election, text, lang?, posted_at?")
        parser.add_argument("--facts", required=True, help="an election pack")
        parser.add_argument("--output", help="where the outcomes go; without it, to the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Screen in batches, so that a large file needs little memory."""
        try:
            facts = {sheet.election: sheet for sheet in read_election_packs(options["facts"])}
        except PackError as error:
            raise CommandError(str(error)) from error
        path = options["output"]
        rows = self._texts(options["input"], set(facts))
        with Path(path).open("w", encoding="utf-8") if path else nullcontext(sys.stdout) as out:
            while batch := list(islice(rows, BATCH)):
                for text, outcome in zip(batch, screen(batch, facts), strict=True):
                    row = {"id": text.id, **outcome.as_row()}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _texts(self, path: str, elections: set[str]) -> Iterator[Text]:
        """Read the rows, naming line and field of what is wrong."""
        for number, row in read_lines(path):
            where = f"{path}: line {number}"
            if not isinstance(row.get("text"), str):
                raise CommandError(f"{where}: text: expected a text")
            election = row.get("election") or ""
            if election and election not in elections:
                known = ", ".join(sorted(elections))
                raise CommandError(f"{where}: election: {election!r} is not in the pack ({known})")
            yield Text(
                text=row["text"],
                posted_at=_posted(row.get("posted_at"), where),
                lang=str(row.get("lang") or ""),
                place=row.get("place"),
                election=election,
                id=str(row.get("id", number)),
            )


def _posted(value: Any, where: str) -> datetime | None:
    """Read the posting time."""
    if value in (None, ""):
        return None
    try:
        return datetime.fromisoformat(value)
    except (ValueError, TypeError) as error:
        message = f"{where}: posted_at: expected a moment such as 2026-03-17T20:00:00+01:00"
        raise CommandError(f"{message}, got {value!r}") from error
