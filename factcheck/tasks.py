"""Sweeps over what partners owe and are owed; each calls one service."""

from celery import shared_task
from django.utils import timezone


@shared_task
def watch_deadlines() -> int:
    """Remind partners, note breaches, escalate."""
    from factcheck.services import assigning

    return assigning.watch_deadlines(at=timezone.now())
