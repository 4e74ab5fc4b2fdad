"""Each program that a container would start is started here, with the same words."""

import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrity import entrypoint, env

REPOSITORY = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(*words: str, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "integrity.entrypoint", *words],
        cwd=REPOSITORY, env=env.for_child(**settings), capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextmanager
def started(*words: str, **settings: str):
    process = subprocess.Popen(
        [sys.executable, "-m", "integrity.entrypoint", *words],
        cwd=REPOSITORY, env=env.for_child(**settings),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def becomes_healthy(process: subprocess.Popen, *what: str, **settings: str) -> bool:
    for _ in range(40):
        assert process.poll() is None, "it ended"
        if call("healthy", *what, **settings).returncode == 0:
            return True
        time.sleep(0.5)
    return False


def test_an_unknown_program_is_explained():
    done = call("webb")

    assert done.returncode == 2
    assert "web | worker QUEUE" in done.stderr


def test_an_unknown_queue_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="no queue infernce: default, inference, delivery"):
        entrypoint.worker("infernce")


@pytest.mark.slow
def test_web_serves_health_readiness_and_ends_when_asked(tmp_path):
    port = free_port()
    settings = {
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }

    with started("web", **settings) as web:
        assert becomes_healthy(web, "web", **settings)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.read() == b"ok"

    assert web.returncode == 0
    assert call("healthy", "web", **settings).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("queue", entrypoint.QUEUES)
def test_a_worker_answers_over_the_broker_and_ends_when_asked(queue):
    settings = {"WORKER_HOST": f"tests-{free_port()}", "WORKER_PROCESSES": "1"}

    with started("worker", queue, **settings) as worker:
        assert becomes_healthy(worker, "worker", queue, **settings)

    assert worker.returncode == 0


@pytest.mark.slow
def test_the_clock_keeps_running_and_ends_when_asked():
    schedule = env.load().var / "beat-schedule"
    schedule.unlink(missing_ok=True)

    with started("beat") as beat:
        deadline = time.monotonic() + 30
        while not schedule.exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(1)
        assert beat.poll() is None

    assert beat.returncode == 0


@pytest.mark.slow
def test_a_missing_setting_teaches_how_to_make_it():
    done = call("web", DATABASE_URL="postgresql://nobody@nowhere/none", BROKER_URL="")

    assert done.returncode == 2
    assert "BROKER_URL" in done.stderr
