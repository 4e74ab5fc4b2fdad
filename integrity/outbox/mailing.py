"""Mail to colleagues: what is owed to a person who works here."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import override

from integrity.outbox.models import Notification
from integrity.outbox.services import BY_ADDRESS

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))


def mail_owed(*, clock: Callable[[], datetime], limit: int = 200) -> int:
    """Mail the messages that are due; returns how many were tried."""
    tried = 0
    while tried < limit and _mail_next(at=clock()):
        tried += 1
    return tried


@transaction.atomic
def _mail_next(*, at: datetime) -> bool:
    # The row stays locked while the mail leaves: a second sender passes it by, and a crash
    # gives it back unsent.
    notification = (
        Notification.objects.filter(next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
    if notification is None:
        return False
    notification.tries += 1
    address = _address_of(notification)
    if address is None:
        _give_up(notification, "nobody active has this id", at=at)
        return True
    try:
        _message(notification, address).send()
    except (SMTPException, OSError) as error:
        _later(notification, type(error).__name__, at=at)
    else:
        notification.sent_at, notification.next_try_at = at, None
        notification.save(update_fields=["tries", "sent_at", "next_try_at"])
    return True


def _message(notification: Notification, address: str) -> EmailMessage:
    with override(notification.language):
        return EmailMessage(
            subject=" ".join(notification.subject.split()),
            body=notification.body,
            to=[address],
            # The same id in every try lets a mail client drop the repeat.
            headers={"Message-ID": f"<{notification.public_id}@waarborg>"},
        )


def _address_of(notification: Notification) -> str | None:
    if notification.recipient_type == BY_ADDRESS:
        return notification.recipient_id or None
    try:
        public_id = uuid.UUID(notification.recipient_id)
    except ValueError:
        return None
    users = get_user_model().objects.filter(public_id=public_id, is_active=True)
    return users.values_list("email", flat=True).first()


def _later(notification: Notification, error: str, *, at: datetime) -> None:
    if notification.tries > len(BACKOFF):
        _give_up(notification, error, at=at)
        return
    notification.last_error = error
    notification.next_try_at = at + BACKOFF[notification.tries - 1]
    notification.save(update_fields=["tries", "last_error", "next_try_at"])


def _give_up(notification: Notification, error: str, *, at: datetime) -> None:
    notification.last_error, notification.dead_at, notification.next_try_at = error, at, None
    notification.save(update_fields=["tries", "last_error", "dead_at", "next_try_at"])
