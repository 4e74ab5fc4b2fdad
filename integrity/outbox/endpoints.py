"""Keeping endpoints: registering, rotating secrets, disabling; resending and replaying."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity.audit import services as audit
from integrity.encryption import encrypt
from integrity.outbox import addresses, services
from integrity.outbox.choices import DeliveryState, EventType
from integrity.outbox.models import Delivery, Event, WebhookEndpoint
from integrity.outbox.rules import Person, actor_of, may_manage
from integrity.refusals import Refusal, require

# After a rotation both secrets sign for a day, so that a receiver can change in peace.
PREVIOUS_SECRET_LASTS = timedelta(hours=24)
MOST_REPLAYED = 10_000


@transaction.atomic
def register_endpoint(
    *,
    name: str,
    url: str,
    event_types: Iterable[str] = (),
    by: Person | None,
    at: datetime,
    secret: str | None = None,
    audience: str = "",
    known: Iterable[str] = EventType.values,
) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint and return it with the only readable copy of its secret.

    `by` None: the command line, or an audience that keeps its own. `known`: its events.
    """
    if by is not None:
        require(may_manage(by))
    require(addresses.why_not(url))
    types = sorted(set(event_types))
    if not set(types) <= set(known):
        require(Refusal(_("We have no such events."), code="unknown_event_type"))
    secret = secret or new_secret()
    endpoint = WebhookEndpoint.objects.create(
        name=name,
        url=url,
        event_types=types,
        sealed_secret=encrypt(secret),
        audience=audience,
        created_at=at,
    )
    _record("endpoint.registered", endpoint, by, at, url=url, event_types=types)
    return endpoint, secret


@transaction.atomic
def rotate_secret(
    *, endpoint: WebhookEndpoint, by: Person | None, at: datetime
) -> tuple[WebhookEndpoint, str]:
    """Make a new secret and return its only readable copy; the old one signs along for a day."""
    if by is not None:
        require(may_manage(by))
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    secret = new_secret()
    if endpoint.sealed_secret:
        endpoint.sealed_previous_secret = endpoint.sealed_secret
        endpoint.previous_until = at + PREVIOUS_SECRET_LASTS
    endpoint.sealed_secret = encrypt(secret)
    endpoint.save(update_fields=["sealed_secret", "sealed_previous_secret", "previous_until"])
    _record("endpoint.secret_rotated", endpoint, by, at)
    return endpoint, secret


@transaction.atomic
def disable_endpoint(
    *, endpoint: WebhookEndpoint, reason: str, by: Person | None, at: datetime
) -> None:
    """Stop sending to an endpoint; what is owed to it waits."""
    if by is not None:
        require(may_manage(by))
    if not reason.strip():
        require(Refusal(_("Say why: your colleagues read it."), code="reason_missing"))
    changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(
        disabled_at=at, disabled_reason=reason.strip()[:200]
    )
    if changed:
        _record("endpoint.disabled", endpoint, by, at, reason=reason.strip()[:200])


@transaction.atomic
def enable_endpoint(*, endpoint: WebhookEndpoint, by: Person | None, at: datetime) -> None:
    """Send to an endpoint again, what waited first."""
    if by is not None:
        require(may_manage(by))
    changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=False).update(
        disabled_at=None, disabled_reason="", failures_in_a_row=0, resting_until=None
    )
    if changed:
        _record("endpoint.enabled", endpoint, by, at)
        services.nudge_sender()


@transaction.atomic
def try_endpoint(*, endpoint: WebhookEndpoint, by: Person | None, at: datetime) -> Delivery:
    """Owe a test event to this endpoint alone."""
    if by is not None:
        require(may_manage(by))
    event = Event.objects.create(
        type=EventType.TEST,
        subject_type="endpoint",
        subject_id=str(endpoint.public_id),
        payload={"endpoint": str(endpoint.public_id)},
        audience=endpoint.audience,
        at=at,
    )
    services.nudge_sender()
    return Delivery.objects.create(event=event, endpoint=endpoint, owed_at=at, next_try_at=at)


@transaction.atomic
def replay(*, delivery: Delivery, by: Person | None, at: datetime) -> Delivery:
    """Owe a delivery again, dead or delivered: the same message id, a fresh count of tries."""
    if by is not None:
        require(may_manage(by))
    owed = _owe_again(Delivery.objects.filter(pk=delivery.pk), at=at)
    if owed:
        audit.record(
            verb="delivery.replayed",
            subject_type="delivery",
            subject_id=delivery.public_id,
            by=actor_of(by),
            at=at,
        )
        services.nudge_sender()
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def replay_range(
    *,
    endpoint: WebhookEndpoint,
    since: datetime,
    until: datetime,
    by: Person | None,
    at: datetime,
    only_dead: bool = False,
) -> int:
    """Owe an endpoint everything of a period again, also what happened before it was there.

    Returns how many deliveries are owed by this.
    """
    if by is not None:
        require(may_manage(by))
    if since >= until:
        require(Refusal(_("The period ends before it begins."), code="bad_period"))
    events = Event.objects.filter(at__gte=since, at__lt=until, audience=endpoint.audience)
    events = events.exclude(type=EventType.TEST)
    if endpoint.event_types:
        events = events.filter(type__in=endpoint.event_types)
    if events.count() > MOST_REPLAYED:
        require(Refusal(_("Choose a shorter period: this is too much at once."), code="too_many"))
    missing = events.exclude(deliveries__endpoint=endpoint)
    made = (
        []
        if only_dead
        else Delivery.objects.bulk_create(
            (
                Delivery(event=event, endpoint=endpoint, owed_at=at, next_try_at=at)
                for event in missing.order_by("pk")
            ),
            ignore_conflicts=True,
        )
    )
    again = Delivery.objects.filter(endpoint=endpoint, event__in=events)
    count = len(made) + _owe_again(again.dead() if only_dead else again, at=at)
    _record(
        "endpoint.replayed",
        endpoint,
        by,
        at,
        since=since.isoformat(),
        until=until.isoformat(),
        only_dead=only_dead,
        count=count,
    )
    services.nudge_sender()
    return count


def new_secret() -> str:
    """Make a signing secret as Standard Webhooks spells it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _owe_again(deliveries: Any, *, at: datetime) -> int:
    # One that is owed anyway keeps its lease: it may be on its way this moment.
    return int(
        deliveries.filter(~Q(state=DeliveryState.OWED)).update(
            state=DeliveryState.OWED,
            owed_at=at,
            next_try_at=at,
            tries=0,
            ended_at=None,
        )
    )


def _record(
    verb: str, endpoint: WebhookEndpoint, by: Person | None, at: datetime, **data: Any
) -> None:
    audit.record(
        verb=verb,
        subject_type="endpoint",
        subject_id=endpoint.public_id,
        by=actor_of(by),
        at=at,
        data={"name": endpoint.name, **data},
    )
