"""Rows of a queue: everything a template asks for, already decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.models import Jurisdiction
from integrity.people.models import User
from integrity.refusals import Refusal
from moderation import rules, saying
from moderation.choices import ItemKind
from moderation.forecasting import Point
from moderation.models import Job, Signal
from moderation.presenting import curves, words
from moderation.presenting.words import Due
from moderation.queries.desk import QueueRow


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a queue, in words."""

    job: Job
    url: str
    title: str
    claimed: str
    official: str
    words: str
    meta: tuple[str, ...]
    reasons: tuple[str, ...]
    spark: curves.Spark | None
    views: str
    to_come: str
    due: Due | None
    harm: str
    share: int
    is_urgent: bool
    is_mine: bool
    refusal: Refusal | None
    tags: tuple[tuple[str, str], ...]


def headline(signal: Signal | None, reasons: list[dict[str, Any]]) -> str:
    """Say in one line why an item is here."""
    if signal is not None and signal.verdict == "contradicts":
        return words.says_wrong(signal.topic)
    undecidable = next((r for r in reasons if r.get("kind") == "undecidable"), None)
    if undecidable:
        topic = words.topic_words(str(undecidable.get("value")))
        return _("Cannot be settled from its text: %(topic)s") % {"topic": topic}
    reports = next((r for r in reasons if r.get("kind") == "reports"), None)
    if reports:
        n = int(reports.get("value") or 1)
        return ngettext("Reported once", "Reported %(n)d times", n) % {"n": n}
    return _("To be looked at")


def place_words(place: Jurisdiction | None) -> str:
    """Name a place, or the whole country."""
    return place.name if place else _("nationwide")


def queue_rows(found: Iterable[QueueRow], *, by: User, at: datetime) -> list[Row]:
    """Turn jobs into rows; what a person may not take is in the list with its reason."""
    found = list(found)
    top = max((row.job.harm for row in found), default=1.0) or 1.0
    return [_row(row, by=by, at=at, top=top) for row in found]


def _row(row: QueueRow, *, by: User, at: datetime, top: float) -> Row:
    job, item, signal = row.job, row.job.item, row.signal
    first = signal if signal is not None and signal.verdict == "contradicts" else None
    points = [Point(*sample) for sample in row.points]
    who = item.actor.handle or item.actor.external_id
    reader = words.reader()
    return Row(
        job=job,
        url=reverse("job", args=[job.public_id]),
        title=headline(signal, job.reasons),
        claimed=saying.claimed(first, reader) if first else "",
        official=saying.official(first, reader) if first else "",
        words=row.excerpt[:90],
        meta=(str(ItemKind(item.kind).label), who, place_words(item.place)),
        reasons=tuple(words.reasons_in_words(job.reasons)),
        spark=curves.spark(points, item.views_to_come),
        views=words.number(item.views),
        to_come=words.number(item.views_to_come),
        due=words.due(job.due_at, at=at),
        harm=words.number(job.harm),
        share=min(100, round(100 * job.harm / top)),
        is_urgent=row.urgent,
        is_mine=job.taken_by_id == by.pk,
        refusal=rules.may_take(job, by=by),
        tags=tuple(_row_tags(row)),
    )


def _row_tags(row: QueueRow) -> Iterable[tuple[str, str]]:
    if row.job.item.actor.protection:
        yield str(row.job.item.actor.get_protection_display()), "act"
    if row.job.item.decision_in_force_id:
        yield _("decided before"), ""
