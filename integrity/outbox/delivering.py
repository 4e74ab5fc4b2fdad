"""The sender: takes what is due under a lease, sends it, records what came of it.

At least once: the try is counted when it begins and the answer is recorded after it, so a sender
killed at any point leaves a row that the next one finds. Receivers tell repeats by the id.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from integrity.audit import services as audit
from integrity.encryption import UnreadableError, decrypt
from integrity.outbox import mailing, telling
from integrity.outbox.choices import AttemptError, DeliveryState
from integrity.outbox.models import Delivery, DeliveryAttempt, Notification, WebhookEndpoint
from integrity.outbox.sending import Answer, send, signed_headers

log = structlog.get_logger(__name__)

# Waits between tries: eleven tries within about three days, then it is a dead letter.
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000)
)
MOST_TRIES = len(BACKOFF) + 1
LEASE = timedelta(seconds=60)  # longer than the longest try
LONGEST_REST = timedelta(minutes=5)
LONGEST_RETRY_AFTER = 3_600
_GONE = 410

_TAKE = """
WITH due AS (
  SELECT d.id, d.lease_until IS NOT NULL AS interrupted
  FROM outbox_delivery d
  JOIN outbox_webhookendpoint e ON e.id = d.endpoint_id
  WHERE d.state = 'owed' AND d.next_try_at <= %(at)s
    AND (d.lease_until IS NULL OR d.lease_until <= %(at)s)
    AND e.disabled_at IS NULL AND (e.resting_until IS NULL OR e.resting_until <= %(at)s)
  ORDER BY d.next_try_at, d.id
  FOR UPDATE OF d SKIP LOCKED
  LIMIT 1
)
UPDATE outbox_delivery SET tries = tries + 1, lease_until = %(until)s
FROM due WHERE outbox_delivery.id = due.id
RETURNING outbox_delivery.id, due.interrupted
"""


def deliver_owed(*, clock: Callable[[], datetime], limit: int = 200) -> int:
    """Send what is due, one after the other, mail to colleagues too; returns how many tries."""
    tries = 0
    while tries < limit:
        delivery = take(at=clock())
        if delivery is None:
            break
        tries += 1
        if delivery.state == DeliveryState.OWED:
            answer = try_once(delivery, at=clock())
            record(delivery=delivery, answer=answer, at=clock())
    return tries + mailing.mail_owed(clock=clock, limit=limit)


@transaction.atomic
def take(*, at: datetime) -> Delivery | None:
    """Take the delivery that is due first, under a lease; None when nothing is due.

    One that was interrupted on its last try comes back already buried.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"at": at, "until": at + LEASE})
        row = cursor.fetchone()
    if row is None:
        return None
    delivery = Delivery.objects.select_related("endpoint", "event__notification").get(pk=row[0])
    if row[1]:
        DeliveryAttempt.objects.create(delivery=delivery, at=at, error=AttemptError.INTERRUPTED)
        if delivery.tries > MOST_TRIES:
            _end(delivery, DeliveryState.DEAD, at=at)
    return delivery


def try_once(delivery: Delivery, *, at: datetime) -> Answer:
    """Sign and send one delivery. Without a readable secret nothing leaves the house."""
    try:
        secrets = secrets_of(delivery.endpoint, at=at)
    except UnreadableError:
        secrets = []
    if not secrets:
        return Answer(error=AttemptError.NO_SECRET)
    message = telling.body(delivery.event)
    headers = signed_headers(
        message_id=delivery.event.message_id, body=message, secrets=secrets, at=at
    )
    return send(url=delivery.endpoint.url, headers=headers, body=message)


def secrets_of(endpoint: WebhookEndpoint, *, at: datetime) -> list[str]:
    """Return the secrets in force: the present one, and the one before while it is valid."""
    secrets = [decrypt(endpoint.sealed_secret)] if endpoint.sealed_secret else []
    if secrets and endpoint.previous_until is not None and at < endpoint.previous_until:
        secrets.append(decrypt(endpoint.sealed_previous_secret))
    return secrets


@transaction.atomic
def record(*, delivery: Delivery, answer: Answer, at: datetime) -> None:
    """Write a try into the history and draw the consequence.

    A sender whose lease ran out meanwhile still tells what it saw, but only a success counts.
    """
    now = Delivery.objects.select_for_update().get(pk=delivery.pk)
    DeliveryAttempt.objects.create(
        delivery=delivery,
        at=at,
        status_code=answer.status,
        error=answer.error,
        milliseconds=answer.milliseconds,
    )
    log.info("delivery tried", delivery=str(delivery.public_id), status=answer.status)
    if now.state != DeliveryState.OWED:
        return
    if answer.arrived:
        _end(now, DeliveryState.DELIVERED, at=at)
        _receiver_is_well(delivery)
        Notification.objects.filter(event=delivery.event_id, sent_at=None, dead_at=None).update(
            sent_at=at
        )
    elif now.tries == delivery.tries:
        _failed(now, answer, at=at)


def _failed(delivery: Delivery, answer: Answer, *, at: datetime) -> None:
    if answer.status == _GONE:
        _receiver_is_gone(delivery, at=at)
    elif answer.status is None or answer.status >= 500 or answer.status == 429:
        _receiver_rests(delivery, at=at)
    if answer.status == _GONE or delivery.tries >= MOST_TRIES:
        _end(delivery, DeliveryState.DEAD, at=at)
        return
    wait = BACKOFF[delivery.tries - 1] * random.uniform(0.8, 1.2)  # noqa: S311  (jitter)
    asked = timedelta(seconds=min(answer.retry_after or 0, LONGEST_RETRY_AFTER))
    delivery.next_try_at, delivery.lease_until = at + max(wait, asked), None
    delivery.save(update_fields=["next_try_at", "lease_until"])


def _end(delivery: Delivery, state: DeliveryState, *, at: datetime) -> None:
    delivery.state, delivery.ended_at = state, at
    delivery.next_try_at = delivery.lease_until = None
    delivery.save(update_fields=["state", "ended_at", "next_try_at", "lease_until"])


def _receiver_is_well(delivery: Delivery) -> None:
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).exclude(failures_in_a_row=0).update(
        failures_in_a_row=0, resting_until=None
    )


def _receiver_rests(delivery: Delivery, *, at: datetime) -> None:
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    rest = min(timedelta(seconds=2) * 2 ** min(endpoint.failures_in_a_row, 10), LONGEST_REST)
    endpoint.failures_in_a_row += 1
    endpoint.resting_until = at + rest
    endpoint.save(update_fields=["failures_in_a_row", "resting_until"])


def _receiver_is_gone(delivery: Delivery, *, at: datetime) -> None:
    changed = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, disabled_at=None).update(
        disabled_at=at, disabled_reason="410 Gone"
    )
    if changed:
        audit.record(
            verb="endpoint.disabled",
            subject_type="endpoint",
            subject_id=delivery.endpoint.public_id,
            by=audit.SYSTEM,
            at=at,
            data={"reason": "410 Gone"},
        )
