"""Reading files of one JSON object a line, with errors that name the line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

MAX_LINE = 4_000_000


def read_lines(path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each object with the number of its line."""
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _object(line, path, number)
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror}") from error


def _object(line: str, path: str, number: int) -> dict[str, Any]:
    """Decode one line."""
    if len(line) > MAX_LINE:
        raise CommandError(f"{path}: line {number}: is longer than {MAX_LINE} characters")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path}: line {number}: is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise CommandError(f"{path}: line {number}: expected an object with id and text")
    return row
