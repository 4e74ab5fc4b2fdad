"""What the feed and the delivery desk read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from integrity.outbox.choices import DeliveryState
from integrity.outbox.models import (
    Delivery,
    DeliveryAttempt,
    Event,
    FeedReader,
    Notification,
    WebhookEndpoint,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin."""

    rows: Sequence[Any]
    before: int | None


def events_after(position: int, *, limit: int = 100, audience: str = "") -> list[Event]:
    """Return the events of an audience that follow a position in the feed, oldest first."""
    return list(
        placed().filter(audience=audience, position__gt=position).order_by("position")[:limit]
    )


def placed() -> QuerySet[Event]:
    """Return the events that have their place in the feed, ready to be told."""
    return Event.objects.filter(position__isnull=False).select_related("notification")


def delivery_page(
    *,
    state: str = "",
    endpoint: uuid.UUID | None = None,
    subject: str = "",
    before: int | None = None,
) -> Page:
    """Return deliveries, the newest first, each with what its last try brought."""
    last = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    found = (
        Delivery.objects.select_related("event", "endpoint")
        .annotate(
            last_status=Subquery(last.values("status_code")[:1]),
            last_error=Subquery(last.values("error")[:1]),
            last_at=Subquery(last.values("at")[:1]),
        )
        .order_by("-pk")
    )
    if state in DeliveryState.values:
        found = found.filter(state=state)
    if endpoint is not None:
        found = found.filter(endpoint__public_id=endpoint)
    if subject:
        found = found.filter(event__subject_id=subject)
    return _page(found, before)


def message_page(*, before: int | None = None, subject: str = "") -> Page:
    """Return the messages owed to people, the newest first."""
    found = Notification.objects.select_related("event").order_by("-pk")
    if subject:
        found = found.filter(subject_id=subject)
    return _page(found, before)


def state_counts() -> dict[str, int]:
    """Count what is owed and what was given up; what arrived is past counting."""
    open_states = [DeliveryState.OWED, DeliveryState.DEAD]
    rows = Delivery.objects.filter(state__in=open_states).values_list("state")
    return {str(state): 0 for state in open_states} | dict(rows.annotate(n=Count("pk")))


def endpoint_rows() -> QuerySet[WebhookEndpoint]:
    """Return the endpoints with how much is owed to each and how much was given up."""
    return WebhookEndpoint.objects.annotate(
        owed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.OWED)),
        dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
    ).order_by("disabled_at", "name", "pk")


def feed_readers() -> list[tuple[FeedReader, int]]:
    """Return who follows the feed, and how many events they have not asked for yet."""
    last = Event.objects.filter(position__isnull=False).order_by("-position").first()
    end = last.position if last is not None and last.position is not None else 0
    return [(reader, end - reader.position) for reader in FeedReader.objects.order_by("reader")]


def oldest_owed_at() -> datetime | None:
    """Return since when the delivery that waits longest is owed."""
    oldest = Delivery.objects.owed().filter(endpoint__disabled_at=None).order_by("owed_at").first()
    return oldest.owed_at if oldest else None


def _page(found: Any, before: int | None) -> Page:
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    return Page(rows[:PAGE], rows[PAGE - 1].pk if more else None)
