"""How gunicorn serves the house: `gunicorn -c python:integrity.serving integrity.wsgi`."""

import contextlib
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from integrity import env

_here = env.load()

bind = _here.web_bind
workers = _here.web_workers
worker_class = "gthread"
threads = _here.web_threads
timeout = 60
graceful_timeout = 10
keepalive = 5
# Requests are logged by the house itself, with ids and without the text of an item.
accesslog = None
errorlog = "-"
loglevel = "warning"
# Each worker starts afresh now and then, so that no leak grows for weeks; rarely enough that
# election morning (thousands of voters a second) does not see it happen.
max_requests = 1_000_000
max_requests_jitter = 100_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat only


def on_starting(server: Any) -> None:
    """Forget the numbers of processes that ran before."""
    if _here.metrics_dir:
        _here.metrics_dir.mkdir(parents=True, exist_ok=True)
        for left in _here.metrics_dir.glob("*.db"):
            with contextlib.suppress(FileNotFoundError):
                left.unlink()


def child_exit(server: Any, worker: Any) -> None:
    """Drop the live gauges of a worker that ended."""
    if _here.metrics_dir:
        multiprocess.mark_process_dead(worker.pid)


def post_worker_init(worker: Any) -> None:
    """Let a worker start with the public pages made, before it takes its first request."""
    from elections import warming

    warming.warm(worker.app.wsgi())
