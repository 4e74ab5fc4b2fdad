"""Deadlines as a calendar that a partner's own agenda follows: iCalendar, by a secret address."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Assignment, Membership

_SALT = "factcheck.deadlines"
_LINE = 73


def address(member: Membership) -> str:
    """Return the secret address of a member's calendar; it ends when the membership does."""
    token = signing.dumps(str(member.public_id), salt=_SALT)
    return settings.BASE_URL.rstrip("/") + reverse("partner_calendar", args=[token])


def member_of(token: str, *, at: datetime) -> Membership | None:
    """Return whose calendar a secret address is; none for a false one, or after they left."""
    try:
        public_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    found = Membership.objects.current().filter(public_id=public_id)
    row = found.select_related("partner", "user").first()
    return row if row is not None and row.works_at(at) else None


def calendar(assignments: Iterable[Assignment], *, name: str, at: datetime) -> str:
    """Write open assignments as events with an alarm; a stopped clock has no moment yet."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waarborg//Deadlines//EN",
        "METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT15M", f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for row in assignments:
        if row.paused_at is None:
            lines += _event(row, at=at)
    return (
        "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in _folded(line)) + "\r\n"
    )


def _event(row: Any, *, at: datetime) -> list[str]:
    link = settings.BASE_URL.rstrip("/") + reverse("partner_assignment", args=[row.public_id])
    words = _("Due: ‘%(claim)s’") % {"claim": row.claim.text[:120]}
    return [
        "BEGIN:VEVENT",
        f"UID:{row.public_id}@waarborg",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART:{_moment(row.due_at)}",
        f"DTEND:{_moment(row.due_at)}",
        f"SUMMARY:{_text(words)}",
        f"DESCRIPTION:{_text(row.question or row.claim.text)}",
        f"URL:{link}",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H", f"DESCRIPTION:{_text(words)}",
        "END:VALARM",
        "END:VEVENT",
    ]  # fmt: skip


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """Write a text as iCalendar does; no line of it can begin a property of its own."""
    plain = "".join(sign for sign in value if sign.isprintable() or sign == "\n")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Fold a line at 75 bytes, never inside a letter."""
    parts, current = [], ""
    for sign in line:
        if len((current + sign).encode()) > _LINE:
            parts.append(current)
            current = " "
        current += sign
    return [*parts, current]
