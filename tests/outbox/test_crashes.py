"""A sender killed at any point loses nothing: the next one finds what was owed."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from integrity.outbox import delivering, sending
from integrity.outbox.choices import DeliveryState
from integrity.outbox.models import Delivery, WebhookEndpoint
from tests.outbox.test_owing import publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Killed(BaseException):
    """The process ends here."""


def run_until_killed_at(step: int, clock) -> bool:
    """Run the sender and end it before its n-th database statement; False: it got through."""
    count = 0

    def ending(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == step:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(ending):
            delivering.deliver_owed(clock=clock)
    except Killed:
        connection.close()  # what a killed process leaves: an open transaction that is rolled back
        return True
    return False


def test_a_crash_before_any_statement_still_delivers_every_message(registered, receiver, clock):
    step = 0
    while True:
        step += 1
        Delivery.objects.filter(state=DeliveryState.OWED).update(tries=0)
        event = publish(f"post-{step}")
        crashed = run_until_killed_at(step, clock)
        clock.forward(seconds=61)
        delivering.deliver_owed(clock=clock)

        delivery = event.deliveries.get()
        assert delivery.state == DeliveryState.DELIVERED, f"lost at statement {step}"
        assert receiver.ids.count(event.message_id) >= 1
        if not crashed:
            break

    assert step > 8
    assert len(set(receiver.ids)) == step
    assert len(receiver.verified(registered[1])) >= step


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_the_call_itself_still_delivers(
    registered, receiver, clock, monkeypatch, moment
):
    publish()
    real = sending.send

    def ending(**kwargs):
        if moment == "after":
            real(**kwargs)
        raise Killed

    monkeypatch.setattr(delivering, "send", ending)
    with pytest.raises(Killed):
        delivering.deliver_owed(clock=clock)
    monkeypatch.setattr(delivering, "send", real)
    clock.forward(seconds=61)

    delivering.deliver_owed(clock=clock)

    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert len(receiver.ids) == (2 if moment == "after" else 1)
    assert len(set(receiver.ids)) == 1


def test_two_senders_at_once_send_each_message_once(registered, receiver, clock):
    for n in range(40):
        publish(f"post-{n}")

    def work() -> None:
        delivering.deliver_owed(clock=clock)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(receiver.ids) == len(set(receiver.ids)) == 40
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


def test_a_sender_killed_by_the_system_while_it_waits_loses_nothing(
    registered, receiver, clock, settings
):
    event = publish()
    waiting = threading.Event()

    def never_answer(handler) -> None:
        waiting.set()
        time.sleep(30)

    receiver.answer = never_answer
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.utils import timezone\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "from integrity.outbox import delivering\n"
        "delivering.deliver_owed(clock=timezone.now)\n"
    )
    sender = subprocess.Popen(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "integrity.settings",
            "WAARBORG_DEMO": "1",
        },
        cwd=settings.BASE_DIR,
    )
    try:
        assert waiting.wait(60)
    finally:
        sender.send_signal(signal.SIGKILL)
        sender.wait()
    receiver.answer = 204
    clock.forward(minutes=3)

    delivering.deliver_owed(clock=clock)

    assert event.deliveries.get().state == DeliveryState.DELIVERED
    assert receiver.ids == [event.message_id] * 2


def test_a_crash_in_the_deciding_transaction_owes_nothing(registered, receiver, clock):
    from django.db import transaction

    with pytest.raises(Killed), transaction.atomic():
        publish()
        raise Killed

    assert delivering.deliver_owed(clock=clock) == 0
    assert WebhookEndpoint.objects.count() == 1
