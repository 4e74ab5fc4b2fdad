"""A nudge makes work start now instead of at the next sweep. Losing one loses nothing."""

import time
from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# A broker that is down is left alone for a while, so that no request waits for it twice.
_QUIET_SECONDS = 5.0


class _Broker:
    quiet_until = 0.0


def nudge(task: Task, **kwargs: Any) -> None:
    """Send the task after this transaction commits; a broker that is down is only logged."""

    def send() -> None:
        if time.monotonic() < _Broker.quiet_until:
            return
        try:
            task.apply_async(kwargs=kwargs, retry=False)
        except (OperationalError, OSError) as error:
            _Broker.quiet_until = time.monotonic() + _QUIET_SECONDS
            log.warning("nudge lost", task=task.name, error=type(error).__name__)

    transaction.on_commit(send, robust=True)
