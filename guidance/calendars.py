"""Briefings as an iCalendar file."""

from collections.abc import Iterable
from datetime import UTC, datetime

from elections.feeds import ical_lines, ical_text
from guidance.models import Briefing


def write(briefings: Iterable[Briefing], *, address: str) -> str:
    """Write the meetings; a changed or cancelled one replaces what a calendar has of it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waarborg//Guidance//EN"]
    for row in briefings:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{row.public_id}",
            f"DTSTAMP:{_utc(row.changed_at)}",
            f"LAST-MODIFIED:{_utc(row.changed_at)}",
            f"SEQUENCE:{int(row.changed_at.timestamp()) // 60 - _EPOCH}",
            f"DTSTART:{_utc(row.starts_at)}",
            f"DTEND:{_utc(row.ends_at)}",
            f"STATUS:{'CANCELLED' if row.cancelled else 'CONFIRMED'}",
            f"SUMMARY;LANGUAGE={row.language}:{ical_text(row.title)}",
            f"DESCRIPTION:{ical_text(row.about)}",
            f"LOCATION:{ical_text(row.where)}",
            f"URL:{row.url or address}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for long in lines for line in ical_lines(long))


# Minutes since 2026: a later change always has the higher number.
_EPOCH = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) // 60


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
