"""Polling places as rows: spreadsheets, CSV and CKAN's JSON, in whatever shape they arrive."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES = 30 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 100_000

Record = tuple[int, dict[str, Any]]


class UnreadableFile(ValueError):
    """The file as a whole cannot be used; the text says why."""


def read_records(path: Path) -> list[Record]:
    """Read a file into rows: the number as a person sees it, and the cells by column name."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path.name}: cannot be read: {error.strerror}") from error
    return records_in(data, name=path.name)


def records_in(data: bytes, *, name: str) -> list[Record]:
    """Read the content of a file into rows."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"{name}: is larger than {MOST_BYTES // 1024 // 1024} MB")
    if data[:2] == b"PK":
        records = _spreadsheet(data, name)
    elif data.lstrip()[:1] in (b"{", b"["):
        records = _json(data, name)
    else:
        records = _csv(data, name)
    if not records:
        raise UnreadableFile(f"{name}: holds no polling places")
    return records


def _spreadsheet(data: bytes, name: str) -> list[Record]:
    """Read the first sheet with polling places: one a row or, in the fill-in form, one a column."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableFile(f"{name}: unpacks to too much")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book:
            rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS)
            first = next(rows, None)
            if first and str(first[0]).strip().lower() == "attributen":
                return _from_columns([first, *rows])
            if first and "naam stembureau" in {_plain(cell) for cell in first}:
                return list(_from_rows(first, rows))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(f"{name}: is not a spreadsheet that can be read") from error
    return []


def _from_rows(first: Iterable[Any], rows: Iterator[tuple[Any, ...]]) -> Iterator[Record]:
    columns = [_plain(cell) for cell in first]
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(columns, row, strict=False))
        if any(value not in (None, "") for value in cells.values()):
            yield number, cells


def _from_columns(rows: list[tuple[Any, ...]]) -> list[Record]:
    """Read the fill-in form: attributes down, polling places from the sixth column on."""
    records: list[Record] = []
    for at in range(5, max(len(row) for row in rows)):
        cells = {
            _plain(row[0]): row[at] for row in rows[1:] if row[0] is not None and at < len(row)
        }
        if any(value not in (None, "") for value in cells.values()):
            records.append((at + 1, cells))
    return records


def _csv(data: bytes, name: str) -> list[Record]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{name}: is not UTF-8 text at byte {error.start}") from error
    if "\0" in text:
        raise UnreadableFile(f"{name}: is not text")
    first = text.split("\n", 1)[0]
    rows = csv.reader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        head = next(rows, [])
        if "naam stembureau" not in {_plain(cell) for cell in head}:
            raise UnreadableFile(f"{name}: has no column ‘Naam stembureau’")
        found = []
        for _, row in zip(range(MOST_ROWS), rows, strict=False):
            cells = dict(zip((_plain(cell) for cell in head), row, strict=False))
            if any(cells.values()):
                found.append((rows.line_num, cells))
        return found
    except csv.Error as error:
        raise UnreadableFile(f"{name}: line {rows.line_num}: {error}") from error


def _json(data: bytes, name: str) -> list[Record]:
    """Read CKAN's answer, a plain list of rows, or the standard's nested form."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{name}: is not JSON: {error}") from error
    if isinstance(found, dict):
        result = found.get("result", found)
        found = result.get("records") if isinstance(result, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise UnreadableFile(f"{name}: holds no list of polling places")
    return [
        (number, {_plain(key): value for key, value in flat.items()})
        for number, row in enumerate(found[:MOST_ROWS], start=1)
        for flat in _flat(row)
    ]


def _flat(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Turn station → Locaties → Openingstijden into rows that repeat what stands above."""
    places = row.get("Locaties")
    for place in places if isinstance(places, list) and places else [{}]:
        slots = place.get("Openingstijden") if isinstance(place, dict) else None
        for slot in slots if isinstance(slots, list) and slots else [{}]:
            yield {**row, **place, **(slot if isinstance(slot, dict) else {})}


def _plain(column: Any) -> str:
    """Write a column's name in one way: capitals and spaces differ between versions."""
    return " ".join(str(column or "").split()).lower()
