"""What is official in the forms that machines read: JSON, iCalendar, Atom, schema.org."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.safestring import SafeString, mark_safe

from elections.center import CenterPage, Deadline, Said
from elections.facts import Fact, FactSheet, Incident
from elections.models import FactChange
from elections.polling_places import Found
from elections.sentences import sentence, steps

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def fact_as_json(sheet: FactSheet, fact: Fact) -> dict[str, Any]:
    """Give a fact with its sentence, place, period, source and version."""
    words = sentence(fact)
    return {
        "id": fact.version,
        "key": fact.key,
        "value": fact.value,
        "text": words.text if words else None,
        "steps": [row.text for row in steps(fact)],
        "explanation": dict(fact.applies),
        "place": fact.place,
        "place_name": sheet.places.get(fact.place) if fact.place else None,
        "valid_from": fact.valid_from,
        "valid_until": fact.valid_until,
        "source": {"name": fact.source_name, "url": fact.source_url or None},
        "status": fact.status,
        "changed_at": fact.changed_at,
    }


def incident_as_json(sheet: FactSheet, incident: Incident) -> dict[str, Any]:
    """Give a notice with its place and period."""
    return {
        "id": incident.id,
        "kind": incident.kind,
        "place": incident.place,
        "place_name": sheet.places.get(incident.place),
        "polling_place": incident.polling_place,
        "message": dict(incident.message),
        "starts_at": incident.starts_at,
        "ends_at": incident.ends_at,
        "source": {"name": incident.source_name, "url": incident.source_url or None},
        "changed_at": incident.changed_at,
    }


def election_as_json(sheet: FactSheet) -> dict[str, Any]:
    """Give an election with its days."""
    return {
        "id": sheet.election,
        "name": dict(sheet.name),
        "country": sheet.country,
        "time_zone": sheet.time_zone,
        "voting_days": list(sheet.voting_days),
    }


def polling_place_as_json(found: Found) -> dict[str, Any]:
    """Give a polling place; what is not known is null or absent."""
    row = found.row
    return {
        "id": str(row.public_id),
        "municipality": row.municipality.code,
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "address": found.address,
        "postcode": row.postcode or None,
        "town": row.town or None,
        "directions": row.directions or None,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "hours": row.hours or None,
        "accessible": row.accessible,
        "facilities": row.facilities,
        "incidents": [incident.id for incident in found.notices],
        "source": row.source_name,
        "changed_at": row.changed_at,
    }


def calendar(page: CenterPage, *, address: str, at: datetime) -> str:
    """Write the days that matter as an iCalendar file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Waarborg//Election Center//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{ical_text(page.name.text)}",
    ]
    for deadline in page.deadlines:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{page.sheet.election}-{page.place.code if page.place else 'all'}"
            f"-{deadline.key}-{deadline.day:%Y%m%d}@{page.sheet.election}",
            f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            *_when(page, deadline),
            f"SUMMARY:{ical_text(f'{deadline.text} ({page.name.text})')}",
            f"URL:{address}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{line}\r\n" for long in [*lines, "END:VCALENDAR"] for line in ical_lines(long))


def _when(page: CenterPage, deadline: Deadline) -> list[str]:
    """Write a whole day, or a moment in universal time so that no zone table is needed."""
    if deadline.time is None:
        following = deadline.day + timedelta(days=1)
        return [
            f"DTSTART;VALUE=DATE:{deadline.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{following:%Y%m%d}",
        ]
    local = datetime.combine(deadline.day, deadline.time, tzinfo=page.sheet.zone())
    return [f"DTSTART:{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"]


def ical_text(text: str) -> str:
    """Escape what means something in iCalendar."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def ical_lines(line: str) -> Iterable[str]:
    """Fold a line at 75 bytes, never inside a character (RFC 5545, 3.1)."""
    part, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + width
    yield part


FEEDS: dict[str, type[SyndicationFeed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}


def changes(
    rows: Iterable[FactChange], *, form: str, address: str, language: str, title: str
) -> str:
    """Write what changed as an Atom or an RSS feed, the newest first."""
    feed = FEEDS[form](title=title, link=address, description=title, language=language)
    for row in rows:
        fact, incident = row.fact, row.incident
        what = ""
        if fact is not None:
            words = sentence(Fact(key=fact.key, value=fact.value))
            what = words.text if words else fact.key
        elif incident is not None:
            what = incident.message.get(language) or next(iter(incident.message.values()), "")
        where = f" ({row.place.name})" if row.place else ""
        link = f"{address}{row.key}/" if fact is not None else address
        feed.add_item(
            title=f"{row.get_kind_display()}: {what}{where}",
            link=link,
            description=what,
            unique_id=f"{address}#change-{row.pk}",
            unique_id_is_permalink=False,
            pubdate=row.at,
            updateddate=row.at,
        )
    return feed.writeString("utf-8")


def schema_org(page: CenterPage, *, address: str) -> SafeString:
    """Write the page for search engines: the event and the questions with their answers."""
    said = [s for section in page.sections for s in (*section.first, *section.more)]
    graph: list[dict[str, Any]] = []
    if page.leaf:
        graph.append(
            {
                "@type": "Event",
                "name": page.name.text,
                "startDate": _start(page, page.sheet.voting_days[0].isoformat(), "polls_open"),
                "endDate": _start(page, page.sheet.voting_days[-1].isoformat(), "polls_close"),
                "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
                "eventStatus": "https://schema.org/EventScheduled",
                "location": {
                    "@type": "AdministrativeArea",
                    "name": page.place.name if page.place else page.sheet.country,
                },
                "url": address,
            }
        )
    graph.append(
        {"@type": "FAQPage", "url": address, "mainEntity": [_question(s) for s in said if s.words]}
    )
    body = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    # Safe: "<", ">" and "&" are written as escapes, so nothing can close the element.
    return mark_safe(body.translate(_ESCAPES))  # noqa: S308


def _start(page: CenterPage, day: str, key: str) -> str:
    at = page.sheet.value(key, place=page.place.code if page.place else None)
    if not at:
        return day
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=page.sheet.zone()).isoformat()


def _question(said: Said) -> dict[str, Any]:
    texts = [words.text for words in (said.words, said.explanation) if words]
    return {
        "@type": "Question",
        "name": str(said.question),
        "acceptedAnswer": {
            "@type": "Answer",
            "text": " ".join(texts),
            "citation": said.source_url or said.source_name,
            **({"dateModified": said.changed_at.isoformat()} if said.changed_at else {}),
        },
    }
