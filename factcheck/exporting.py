"""A partner's own work as a table: for a spreadsheet, as CSV or XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from factcheck import presenting, queries
from factcheck.models import Partner

ROWS_AT_MOST = 10_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A cell that begins like this would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Table = tuple[list[str], list[list[Any]]]


def assignments(partner: Partner) -> Table:
    """Return what the organisation was asked, the latest first."""
    found = queries.inbox_of_partner(partner).order_by("-offered_at")[:ROWS_AT_MOST]
    head = [
        _("Claim"), _("Language"), _("About"), _("Place"), _("State"), _("Harm"), _("Offered"),
        _("Due"), _("Closed"), _("Who"), _("Items"), _("Views"),
    ]  # fmt: skip
    return head, [
        [
            row.claim.text, row.claim.language, row.claim.get_topic_display(),
            str(row.claim.place or ""), row.get_state_display(), row.get_harm_display(),
            row.offered_at, row.due_at, row.closed_at,
            row.assignee.user.alias if row.assignee else "", row.items, row.views or 0,  # type: ignore[attr-defined]
        ]
        for row in found
    ]  # fmt: skip


def checks(partner: Partner) -> Table:
    """Return what the organisation published, the latest first, with what became of it."""
    found = queries.checks_of(partner).prefetch_related("evidence")[:ROWS_AT_MOST]
    head = [
        _("Claim"), _("Verdict"), _("What is true"), _("Language"), _("Published"), _("Version"),
        _("Article"), _("Sources"), _("What became of it"),
    ]  # fmt: skip
    return head, [
        [
            row.claim_text, row.rating_words, row.truth, row.language, row.published_at,
            row.version, row.article_url, " ".join(one.url for one in row.evidence.all()),
            "; ".join(
                f"{line['count']}× {line['consumer']}: {line['words']}"
                for line in presenting.outcome_of(row)
            ),
        ]
        for row in found
    ]  # fmt: skip


TABLES = {"assignments": assignments, "checks": checks}


def as_csv(table: Table) -> bytes:
    """Write a table as CSV in UTF-8 that spreadsheets recognise."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table[0])
    writer.writerows([_harmless(_plain(cell)) for cell in row] for row in table[1])
    return "\ufeff".encode() + out.getvalue().encode()


def as_xlsx(table: Table, *, title: str) -> bytes:
    """Write a table as a sheet; moments stand in the house's own time."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in _sheet_rows(table):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_rows(table: Table) -> Iterable[Sequence[Any]]:
    yield table[0]
    for row in table[1]:
        yield [
            timezone.localtime(cell).replace(tzinfo=None)
            if isinstance(cell, datetime)
            else _harmless(cell)
            for cell in row
        ]


def _plain(cell: Any) -> Any:
    return (
        timezone.localtime(cell).isoformat(" ", "minutes") if isinstance(cell, datetime) else cell
    )


def _harmless(cell: Any) -> Any:
    """Keep a text from being run: no formula begins with an apostrophe, nor holds control signs."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = "".join(sign for sign in cell if sign.isprintable() or sign in "\n\t")
    return f"'{text}" if text.startswith(_FORMULA) else text
