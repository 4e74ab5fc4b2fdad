"""The sealer."""

from celery import shared_task

from integrity.audit import services


@shared_task
def seal_events() -> int:
    """Chain what has been written since the last time."""
    return services.seal_events()
