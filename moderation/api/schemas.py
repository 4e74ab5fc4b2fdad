"""What a row may look like: one compiled schema per kind of batch, errors that name the field."""

from typing import Any

import jsonschema_rs

from moderation.choices import ItemKind, Protection, ReportSource

# A caption is short, a transcript is long; what is longer is no caption and no transcript.
TEXT_AT_MOST = 50_000
TRANSCRIPT_AT_MOST = 300_000
ROWS_AT_MOST = 1_000

# An id may stand in an address: no blanks, no signs that mean something there, no dots alone.
ID_PATTERN = r"^(?!.*(^|/)\.+(/|$))[A-Za-z0-9._:~@=+/-]{1,128}$"
_ID = {"type": "string", "pattern": ID_PATTERN}
_MOMENT = {"type": "string", "format": "date-time", "maxLength": 40}
_LANGUAGE = {
    "type": "string",
    "pattern": r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$",
    "maxLength": 12,
}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 9_000_000_000_000_000}

ACTOR = {
    "type": "object",
    "additionalProperties": False,
    "required": ["external_id"],
    "properties": {
        "external_id": _ID,
        "handle": {"type": "string", "maxLength": 128},
        "protection": {"enum": [value for value in Protection.values if value] + ["", None]},
        "followers": {"anyOf": [_COUNT, {"type": "null"}]},
        "registered_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
    },
}
ITEM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["external_id", "actor", "posted_at"],
    "properties": {
        "external_id": _ID,
        "actor": ACTOR,
        "posted_at": _MOMENT,
        "version": {"type": "integer", "minimum": 1, "maximum": 2_000_000_000},
        "kind": {"enum": ItemKind.values},
        "text": {"type": "string", "maxLength": TEXT_AT_MOST},
        "transcript": {"type": "string", "maxLength": TRANSCRIPT_AT_MOST},
        "on_screen": {"type": "string", "maxLength": TEXT_AT_MOST},
        "language": _LANGUAGE,
        "url": {"type": "string", "maxLength": 2000, "pattern": r"^(https?://[^\s]+)?$"},
        "election": {"type": ["string", "null"], "minLength": 1, "maxLength": 40},
        "place": {"type": ["string", "null"], "minLength": 1, "maxLength": 20},
        "deleted_at": {"anyOf": [_MOMENT, {"type": "null"}]},
    },
}
TRACTION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["external_id", "at", "views"],
    "properties": {"external_id": _ID, "at": _MOMENT, "views": _COUNT, "shares": _COUNT},
}
REPORT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["external_id", "item", "source", "reason", "reported_at"],
    "properties": {
        "external_id": _ID,
        "item": _ID,
        "source": {"enum": ReportSource.values},
        "reason": {"type": "string", "minLength": 1, "maxLength": 60},
        "reported_at": _MOMENT,
        "text": {"type": "string", "maxLength": 5_000},
        "reporter": {"anyOf": [_ID, {"const": ""}]},
        "language": _LANGUAGE,
    },
}

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
    "array": "a list",
    "boolean": "true or false",
    "null": "null",
}
_FORMATS = {
    "date-time": "a moment with its time zone, such as 2026-03-18T07:30:00+01:00",
    "date": "a day, such as 2026-03-18",
}
_HINTS = {
    "external_id": "1 to 128 letters, digits or . _ : ~ @ = + / -",
    "item": "1 to 128 letters, digits or . _ : ~ @ = + / -",
    "reporter": "1 to 128 letters, digits or . _ : ~ @ = + / -",
    "language": "a language code, such as nl or en-GB",
    "url": "an address that begins with https:// or http://",
}


class RowSchema:
    """A compiled schema that judges a whole batch at once and names row and field of each fault."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self._schema = {"type": "array", "items": row}
        self._validator = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True)

    def faults(self, rows: list[Any]) -> dict[int, list[tuple[str | None, str]]]:
        """Return what is wrong by row index: (field, message) pairs; good rows are absent."""
        if self._validator.is_valid(rows):
            return {}
        found: dict[int, list[tuple[str | None, str]]] = {}
        for error in self._validator.iter_errors(rows):
            index, *path = error.instance_path
            faults = found.setdefault(int(index), [])
            fault = self._fault(error, path)
            if fault not in faults and len(faults) < 10:
                faults.append(fault)
        return found

    def _fault(self, error: Any, path: list[str | int]) -> tuple[str | None, str]:
        keyword = str(error.schema_path[-1])
        holder: Any = self._schema
        for step in error.schema_path[:-1]:
            holder = holder[step]
        if keyword == "required":
            missing = error.kind.property
            return ".".join([*map(str, path), missing]), "This field is required."
        if keyword == "additionalProperties":
            unknown = sorted(map(str, error.kind.unexpected))[0][:60]
            return ".".join([*map(str, path), unknown]), "There is no such field."
        field = ".".join(map(str, path)) or None
        return field, _words(keyword, holder, str(path[-1]) if path else "")


def _words(keyword: str, holder: dict[str, Any], field: str) -> str:
    """Say what would be right, without repeating what was sent."""
    wanted = holder.get(keyword)
    if keyword == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return f"Send {' or '.join(_TYPES[str(kind)] for kind in kinds)}."
    if keyword == "enum" and isinstance(wanted, list):
        return f"Send one of: {', '.join(str(v) for v in wanted if v)}."
    simple = {
        "maxLength": f"Send at most {wanted} characters.",
        "minLength": "Send at least one character, or leave the field out.",
        "minimum": f"Send {wanted} or more.",
        "maximum": f"Send {wanted} or less.",
        "format": f"Send {_FORMATS.get(str(wanted), 'another form')}.",
        "pattern": f"Send {_HINTS.get(field, 'another form')}.",
    }
    if keyword in simple:
        return simple[keyword]
    first: dict[str, Any] = next(iter(holder.get("anyOf", [{}])), {})
    if "format" in first:
        return f"Send {_FORMATS[first['format']]}, or null."
    if first.get("type") == "integer":
        return "Send a whole number of zero or more, or null."
    return f"Send {_HINTS.get(field, 'another value')}."


ITEMS = RowSchema(ITEM)
TRACTIONS = RowSchema(TRACTION)
REPORTS = RowSchema(REPORT)
