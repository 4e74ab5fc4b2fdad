"""How deliveries, endpoints and messages are said on the screen; templates compute nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrity.outbox.choices import AttemptError, DeliveryState, EventType
from integrity.outbox.models import Delivery, Notification, WebhookEndpoint

Words = str | Promise

TONES = {DeliveryState.OWED: "time", DeliveryState.DELIVERED: "done", DeliveryState.DEAD: "harm"}
_TABS: tuple[tuple[str, Words], ...] = (
    (DeliveryState.OWED, gettext_lazy("Owed")),
    (DeliveryState.DEAD, gettext_lazy("Given up")),
    (DeliveryState.DELIVERED, gettext_lazy("Delivered")),
    ("", gettext_lazy("All")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A thing with its state in words and in colour."""

    of: Any
    kind: str
    state: str
    tone: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One way of looking at the deliveries."""

    word: Words
    url: str
    count: int | None
    is_here: bool


def tabs(here: str, counts: dict[str, int]) -> list[Tab]:
    """Return the states to look at, with how many there are of those that ask for attention."""
    base = reverse("delivery_desk")
    return [
        Tab(word, f"{base}?{urlencode({'state': state})}", counts.get(state), state == here)
        for state, word in _TABS
    ]


def delivery_row(delivery: Delivery) -> Row:
    """Say where a delivery stands and what its last try brought."""
    state = DeliveryState(delivery.state)
    status = getattr(delivery, "last_status", None)
    error = getattr(delivery, "last_error", None) or ""
    return Row(
        delivery,
        event_words(delivery.event.type),
        str(state.label),
        TONES[state],
        outcome_words(status, error),
    )


def outcome_words(status: int | None, error: str) -> str:
    """Say what a try brought: the receiver's answer, or why there is none."""
    if status is not None:
        return _("answered %(status)s") % {"status": status}
    if error in AttemptError.values:
        return str(AttemptError(error).label)
    return error or _("not tried yet")


def event_words(type_: str) -> str:
    """Say an event's type in words; one that we do not know keeps its name."""
    return str(EventType(type_).label) if type_ in EventType.values else type_


def endpoint_row(endpoint: WebhookEndpoint, *, at: datetime) -> Row:
    """Say how an endpoint is doing."""
    kinds = ", ".join(event_words(type_) for type_ in endpoint.event_types) or _("everything")
    if endpoint.disabled_at is not None:
        return Row(endpoint, kinds, _("switched off"), "", endpoint.disabled_reason)
    if not endpoint.sealed_secret:
        return Row(endpoint, kinds, _("no secret: nothing is sent"), "harm")
    if endpoint.resting_until is not None and endpoint.resting_until > at:
        words = _("%(n)s failures in a row; the next try follows soon")
        return Row(
            endpoint, kinds, _("in trouble"), "time", words % {"n": endpoint.failures_in_a_row}
        )
    return Row(endpoint, kinds, _("well"), "done")


def message_row(message: Notification) -> Row:
    """Say where a message to a person stands."""
    kind = message.subject or f"{message.kind}, {message.role}"
    if message.sent_at is not None:
        return Row(message, kind, _("handed over"), "done")
    if message.dead_at is not None:
        return Row(message, kind, _("given up"), "harm", message.last_error)
    return Row(message, kind, _("owed"), "time", message.last_error)
