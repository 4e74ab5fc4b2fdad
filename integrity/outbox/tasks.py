"""The sender."""

from celery import shared_task
from django.utils import timezone


@shared_task
def deliver_owed() -> int:
    """Give events their place in the feed, then send what is due."""
    from integrity.outbox import delivering, services

    services.place_events()
    return delivering.deliver_owed(clock=timezone.now)


@shared_task
def purge_owed() -> int:
    """Tell the CDN what it must forget."""
    from integrity.outbox import purging

    return purging.purge_owed(clock=timezone.now)
