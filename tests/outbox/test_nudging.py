"""A nudge never costs the one who gives it: the broker may be down."""

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from integrity import nudging
from integrity.nudging import nudge

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(monkeypatch):
    monkeypatch.setattr(nudging._Broker, "quiet_until", 0.0)
    app = Celery("test", broker="redis+socket:///nowhere/redis.sock", set_as_current=False)

    @app.task(shared=False)
    def deliver_nothing() -> None:
        """Do nothing."""

    return deliver_nothing


def test_a_broker_that_is_down_is_asked_once_and_then_left_alone(
    task, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []

    def down(**kwargs):
        asked.append(kwargs)
        raise OperationalError

    monkeypatch.setattr(task, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        nudge(task)
        nudge(task)

    assert len(asked) == 1


def test_a_nudge_is_sent_only_after_commit(task, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(task, "apply_async", lambda **kwargs: sent.append(kwargs["kwargs"]))

    with django_capture_on_commit_callbacks(execute=True):
        nudge(task, batch=7)
        assert sent == []

    assert sent == [{"batch": 7}]


def test_every_sweep_goes_to_a_queue_that_a_worker_serves(settings):
    from integrity.celery import app

    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]

    queues = {app.amqp.router.route({}, name)["queue"].name for name in names}

    assert queues <= {"default", "inference", "delivery"}
    sender = app.amqp.router.route({}, "integrity.outbox.tasks.deliver_owed")
    assert sender["queue"].name == "delivery"
