"""What is owed to the outside: messages to people, signed deliveries to machines."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The outbox app."""

    name = "integrity.outbox"
    label = "outbox"
