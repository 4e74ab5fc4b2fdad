"""What the feed and the delivery desk read."""

from django.db.models import QuerySet

from integrity.outbox.models import Event


def events_after(position: int, *, limit: int = 100) -> list[Event]:
    """Return the events that follow a position in the feed, oldest first."""
    return list(placed().filter(position__gt=position).order_by("position")[:limit])


def placed() -> QuerySet[Event]:
    """Return the events that have their place in the feed, ready to be told."""
    return Event.objects.filter(position__isnull=False).select_related("notification")
