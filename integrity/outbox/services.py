"""Owing: events to machines, messages to people, each in the transaction that causes it."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from integrity.nudging import nudge
from integrity.outbox.choices import EventType
from integrity.outbox.models import Delivery, Event, FeedReader, Notification, WebhookEndpoint

# Known to us by external id only: the platform passes their messages on.
ON_THE_PLATFORM = frozenset({"actor", "reporter"})
# Somebody from outside who left an e-mail address: the id is the address.
BY_ADDRESS = "address"
FORGOTTEN = "forgotten"
_FEED_LOCK = 7_301_002  # any number; names the advisory lock of whoever gives out positions


@transaction.atomic
def publish(
    *,
    type: str,
    subject_type: str,
    subject_id: str,
    payload: dict[str, Any],
    at: datetime,
    audience: str = "",
) -> Event:
    """Write that something happened, and owe it to every endpoint that asked for such events.

    `audience`: whose event it is; the platform's when empty.
    Stands or falls with the caller's transaction; the sender is nudged once that commits.
    """
    event = Event.objects.create(
        type=type,
        subject_type=subject_type,
        subject_id=subject_id,
        payload=payload,
        audience=audience,
        at=at,
    )
    _owe_deliveries(event, at=at)
    return event


@transaction.atomic
def owe_notification(
    *,
    kind: str,
    role: str,
    recipient_type: str,
    recipient_id: str,
    language: str,
    subject_type: str,
    subject_id: str,
    subject: str,
    body: str,
    at: datetime,
) -> Notification:
    """Owe a message to a person: through the platform to its users, by mail to colleagues."""
    notification = Notification(
        kind=kind,
        role=role,
        recipient_type=recipient_type,
        recipient_id=recipient_id,
        language=language,
        subject_type=subject_type,
        subject_id=subject_id,
        subject=subject,
        body=body,
        owed_at=at,
    )
    if recipient_type not in ON_THE_PLATFORM:
        notification.next_try_at = at
        notification.save(force_insert=True)
        nudge_sender()
        return notification
    event = Event.objects.create(
        type=EventType.NOTIFICATION_OWED,
        subject_type=subject_type,
        subject_id=subject_id,
        payload={
            "notification": str(notification.public_id),
            "kind": kind,
            "role": role,
            "recipient": {"type": recipient_type, "id": recipient_id},
            "language": language,
            "subject": {"type": subject_type, "id": subject_id},
        },
        at=at,
    )
    notification.event = event
    notification.save(force_insert=True)
    _owe_deliveries(event, at=at)
    return notification


@transaction.atomic
def place_events(*, limit: int = 5000) -> int:
    """Give committed events their places in the feed; returns how many.

    One writer at a time, and only what is already committed: whoever has read up to a place
    has read all that will ever come before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FEED_LOCK])
        last = Event.objects.aggregate(last=Max("position"))["last"] or 0
        cursor.execute(
            """
            UPDATE outbox_event SET position = %s + place.number
            FROM (
              SELECT id, row_number() OVER (ORDER BY id) AS number
              FROM (SELECT id FROM outbox_event WHERE position IS NULL ORDER BY id LIMIT %s) late
            ) place
            WHERE outbox_event.id = place.id
            """,
            [last, limit],
        )
        return cursor.rowcount


@transaction.atomic
def confirm_read(*, reader: str, position: int, at: datetime) -> None:
    """Note that a reader of the feed has all up to a position, messages to people included."""
    before = FeedReader.objects.select_for_update().filter(reader=reader).first()
    start = before.position if before else 0
    last = Event.objects.aggregate(last=Max("position"))["last"] or 0
    position = min(position, last)
    if position <= start:
        return
    FeedReader.objects.update_or_create(reader=reader, defaults={"position": position, "at": at})
    Notification.objects.filter(
        event__position__gt=start, event__position__lte=position, sent_at=None, dead_at=None
    ).update(sent_at=at)


def forget_addresses(*, before: datetime) -> int:
    """Erase the addresses of people from outside whose mail left, or failed, before a moment."""
    old = Notification.objects.filter(
        recipient_type=BY_ADDRESS, owed_at__lt=before, next_try_at=None
    )
    return old.exclude(recipient_id=FORGOTTEN).update(recipient_id=FORGOTTEN)


def _owe_deliveries(event: Event, *, at: datetime) -> None:
    theirs = WebhookEndpoint.objects.active().filter(audience=event.audience)
    wanting = [endpoint for endpoint in theirs if endpoint.wants(event.type)]
    Delivery.objects.bulk_create(
        Delivery(event=event, endpoint=endpoint, owed_at=at, next_try_at=at) for endpoint in wanting
    )
    if wanting:
        nudge_sender()


def nudge_sender() -> None:
    """Have the sender look now instead of at its next sweep."""
    from integrity.outbox import tasks

    nudge(tasks.deliver_owed)
