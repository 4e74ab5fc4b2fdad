"""Colleagues get what is owed to them by mail."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from integrity.outbox import delivering, mailing
from tests.outbox.test_owing import owe

pytestmark = pytest.mark.django_db


def test_a_colleague_gets_the_mail_once(moderator, clock):
    notification = owe("user", str(moderator.public_id))

    delivering.deliver_owed(clock=clock)
    clock.forward(days=1)
    delivering.deliver_owed(clock=clock)

    (message,) = mail.outbox
    notification.refresh_from_db()
    assert message.to == ["mila@waarborg.example"]
    assert message.extra_headers["Message-ID"] == f"<{notification.public_id}@waarborg>"
    assert notification.sent_at is not None


def test_a_subject_cannot_carry_another_header(moderator, clock):
    notification = owe("user", str(moderator.public_id))
    notification.subject = "Held\r\nBcc: everybody@example.org"
    notification.save()

    delivering.deliver_owed(clock=clock)

    assert mail.outbox[0].subject == "Held Bcc: everybody@example.org"
    assert mail.outbox[0].bcc == []


def test_a_mail_server_that_is_down_is_tried_again(moderator, clock, monkeypatch):
    notification = owe("user", str(moderator.public_id))
    with monkeypatch.context() as down:
        down.setattr(mailing.EmailMessage, "send", _fail)
        delivering.deliver_owed(clock=clock)
    notification.refresh_from_db()
    assert (notification.sent_at, notification.last_error) == (None, "SMTPServerDisconnected")
    clock.forward(minutes=2)

    delivering.deliver_owed(clock=clock)

    notification.refresh_from_db()
    assert notification.sent_at == clock()


def test_a_mail_server_that_stays_down_ends_in_a_dead_letter(moderator, clock, monkeypatch):
    notification = owe("user", str(moderator.public_id))
    monkeypatch.setattr(mailing.EmailMessage, "send", _fail)
    for _ in range(10):
        delivering.deliver_owed(clock=clock)
        clock.forward(days=2)

    notification.refresh_from_db()
    assert notification.dead_at is not None
    assert notification.tries == len(mailing.BACKOFF) + 1


@pytest.mark.parametrize("nobody", ["nobody", "7d1c3b8e-2f4a-4e0f-9a55-0c6a51f3d2b7"])
def test_mail_for_nobody_is_given_up_and_says_so(clock, nobody):
    notification = owe("user", nobody)

    delivering.deliver_owed(clock=clock)

    notification.refresh_from_db()
    assert notification.dead_at == clock()
    assert notification.last_error


def _fail(self, *args, **kwargs):
    raise SMTPServerDisconnected
