"""A nudge makes work start now instead of at the next sweep. Losing one loses nothing."""

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def nudge(task: Task, **kwargs: Any) -> None:
    """Send the task after this transaction commits; a broker that is down is only logged."""

    def send() -> None:
        try:
            task.apply_async(kwargs=kwargs, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("nudge lost", task=task.name, error=type(error).__name__)

    transaction.on_commit(send, robust=True)
