"""The sender."""

from celery import shared_task

from integrity.outbox import services


@shared_task(queue="delivery")
def deliver_owed() -> int:
    """Give events their place in the feed, then send what is due."""
    return services.place_events()
