"""How an event reads outside: one message, the same in webhook and feed."""

import json
from typing import Any

from integrity.outbox.models import Event


def message(event: Event) -> dict[str, Any]:
    """Return what a receiver reads about an event."""
    return {
        "id": event.message_id,
        "type": event.type,
        "timestamp": event.at.isoformat(),
        "data": _data(event),
    }


def body(event: Event) -> str:
    """Return the bytes' text that is signed and sent."""
    return json.dumps(message(event), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def pretty(event: Event) -> str:
    """Return the message for people's eyes, line by line."""
    return json.dumps(message(event), sort_keys=True, ensure_ascii=False, indent=2)


def _data(event: Event) -> dict[str, Any]:
    # The words of a letter stay in its own row, where they can be erased; the event only names it.
    notification = getattr(event, "notification", None)
    if notification is None:
        return event.payload
    return {**event.payload, "title": notification.subject, "body": notification.body}
