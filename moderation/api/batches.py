"""From bytes to rows: JSON or NDJSON, good rows beside what is wrong with the others."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import RequestDataTooBig
from rest_framework import exceptions, parsers, status

from moderation.api.schemas import ROWS_AT_MOST, RowSchema
from moderation.services.intake import ActorIn, ItemIn, ReportIn, TractionIn

Row = TypeVar("Row")

# More than a thousand captions fit; whoever sends long transcripts sends fewer rows a call.
BODY_AT_MOST = 20 * 1024 * 1024
DEPTH_AT_MOST = 20


class TooLarge(exceptions.APIException):
    """The body holds more bytes than one call may."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"Send at most {BODY_AT_MOST // 1024 // 1024} MB a call."
    default_code = "too_large"


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row: its number from 0, the field, and what would be right."""

    row: int
    field: str | None
    message: str
    external_id: str = ""


@dataclass(slots=True)
class Batch(Generic[Row]):
    """The rows that can be handed to a service, and the faults of the others."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Raw:
    """Parsed values by row number; a line that is no JSON is a fault of its own."""

    values: list[tuple[int, Any]]
    faults: list[RowFault]


class JsonRows(parsers.BaseParser):
    """Reads a JSON array of rows, or one row."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the rows; a body that is no JSON is refused as a whole."""
        text = _text(stream)
        try:
            value = loads(text)
        except ValueError as error:
            raise exceptions.ParseError(f"This is not JSON: {error}.") from error
        rows = value if isinstance(value, list) else [value]
        return Raw(list(enumerate(rows)), [])


class NdjsonRows(parsers.BaseParser):
    """Reads one row a line."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the rows; a line that is no JSON is a fault of that row alone."""
        values, faults = [], []
        lines = [line for line in _text(stream).split("\n") if line.strip()]
        for row, line in enumerate(lines):
            try:
                values.append((row, loads(line)))
            except ValueError as error:
                faults.append(RowFault(row, None, f"This line is not JSON: {error}."))
        return Raw(values, faults)


def read_items(raw: object, schema: RowSchema) -> Batch[ItemIn]:
    """Turn raw rows into items."""
    return _read(raw, schema, _item)


def read_traction(raw: object, schema: RowSchema) -> Batch[TractionIn]:
    """Turn raw rows into view counts."""
    return _read(raw, schema, _traction)


def read_reports(raw: object, schema: RowSchema) -> Batch[ReportIn]:
    """Turn raw rows into reports."""
    return _read(raw, schema, _report)


def _read(raw: object, schema: RowSchema, build: Callable[[dict[str, Any]], Row]) -> Batch[Row]:
    # DRF parses no empty body and hands on an empty mapping instead.
    count = len(raw.values) + len(raw.faults) if isinstance(raw, Raw) else 0
    if not isinstance(raw, Raw) or count == 0:
        raise exceptions.ParseError("Send at least one row.")
    if count > ROWS_AT_MOST:
        raise TooLarge(f"Send at most {ROWS_AT_MOST} rows a call; here are {count}.")
    batch: Batch[Row] = Batch(faults=list(raw.faults))
    clean: list[tuple[int, Any]] = []
    for row, value in raw.values:
        where = _unkeepable(value)
        if where is None:
            clean.append((row, value))
        else:
            batch.faults.append(
                RowFault(row, where or None, "This holds a character that no text may hold.")
            )
    faults = schema.faults([value for _, value in clean])
    for index, (row, value) in enumerate(clean):
        named = str(value.get("external_id", ""))[:128] if isinstance(value, dict) else ""
        if index in faults:
            batch.faults += [RowFault(row, f, m, named) for f, m in faults[index]]
            continue
        try:
            batch.rows.append((row, build(value)))
        except _BadMoment as bad:
            batch.faults.append(RowFault(row, bad.field, bad.message, named))
    return batch


class _BadMoment(ValueError):
    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = name, message


def _moment(value: str, name: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _BadMoment(name, "There is no such moment.") from None


def _day(value: str | None, name: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _BadMoment(name, "There is no such day.") from None


def _item(row: dict[str, Any]) -> ItemIn:
    actor = row["actor"]
    deleted_at = row.get("deleted_at")
    return ItemIn(
        **{
            **row,
            "actor": ActorIn(
                **{
                    **actor,
                    "registered_on": _day(actor.get("registered_on"), "actor.registered_on"),
                }
            ),
            "posted_at": _moment(row["posted_at"], "posted_at"),
            "deleted_at": _moment(deleted_at, "deleted_at") if deleted_at else None,
        }
    )


def _traction(row: dict[str, Any]) -> TractionIn:
    return TractionIn(**{**row, "at": _moment(row["at"], "at")})


def _report(row: dict[str, Any]) -> ReportIn:
    row = {**row, "language": row.get("language", "nl")[:2].lower() or "nl"}
    return ReportIn(**{**row, "reported_at": _moment(row["reported_at"], "reported_at")})


def _text(stream: Any) -> str:
    try:
        # A request's own `body` is bounded by DATA_UPLOAD_MAX_MEMORY_SIZE.
        body = stream.body if hasattr(stream, "body") else stream.read(BODY_AT_MOST + 1)
    except RequestDataTooBig as error:
        raise TooLarge from error
    if len(body) > BODY_AT_MOST:
        raise TooLarge
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise exceptions.ParseError(f"This is not UTF-8, at byte {error.start}.") from error


def loads(text: str) -> Any:
    """Read JSON as the standard has it: no NaN, no numbers beyond measure, no endless nesting."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg}, line {error.lineno} column {error.colno}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def keepable(text: str) -> bool:
    """Say whether UTF-8 and the database can keep a text: no null, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _unkeepable(value: Any, path: str = "", depth: int = 0) -> str | None:
    """Return where a value holds what nobody can keep, "" for the row itself; None when nowhere."""
    bad_text = isinstance(value, str) and not keepable(value)
    bad_number = isinstance(value, float) and not math.isfinite(value)
    if bad_text or bad_number or depth > DEPTH_AT_MOST:
        return path
    children: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        if not all(keepable(key) for key in value):
            return path
        children = [(f"{path}.{key}".strip("."), child) for key, child in value.items()]
    elif isinstance(value, list):
        children = [(f"{path}.{n}".strip("."), child) for n, child in enumerate(value)]
    found = (_unkeepable(child, where, depth + 1) for where, child in children)
    return next((where for where in found if where is not None), None)
