"""Sweeps of this app: each calls one service."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def tell_what_ended(**_: Any) -> int:
    """Tell the casework of statements and notices whose own end has come."""
    from elections.services import publishing

    return publishing.tell_what_ended(at=timezone.now())
