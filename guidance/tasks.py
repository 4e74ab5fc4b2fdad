"""What runs by itself: pages that begin or end, requests that end or are forgotten."""

from typing import Any

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from guidance.services import taking_over, tending


@shared_task
def publish_scheduled(**_: Any) -> None:
    """Publish pages whose moment has come, take down those whose time is over."""
    call_command("publish_scheduled", verbosity=0)


@shared_task
def tend_requests(**_: Any) -> None:
    """End official accounts whose time is over; erase what is no longer needed."""
    tending.tend(at=timezone.now())


@shared_task
def work_on_files(**_: Any) -> None:
    """Compare official files that were handed in, and take over those that were confirmed."""
    taking_over.work_on_files(clock=timezone.now)
