"""Telling a CDN what it must forget: owed in the transaction of the change, sent soon after.

Pages grow old by themselves within a minute; a purge makes a change visible sooner, and a CDN that
is told nothing for that minute is right again without us. So a purge is tried for a minute only.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from integrity.outbox.models import Purge
from integrity.outbox.sending import send

# A page that this house made just before the change lives on in its own memory for some seconds:
# a CDN that asks again at once would only fetch that one, and keep it.
SETTLES_WITHIN = timedelta(seconds=11)
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20))
MOST_TRIES = len(BACKOFF) + 1
LEASE = timedelta(seconds=30)
KEPT = timedelta(days=7)


def owe_purge(*, keys: Iterable[str], at: datetime) -> Purge | None:
    """Owe a purge of everything that carries one of these surrogate keys; nothing without a CDN.

    Changes of one moment, such as a whole election pack, are one purge.
    """
    wanted = sorted(set(keys))
    if not settings.CDN_PURGE_URL or not wanted:
        return None
    row, _made = Purge.objects.get_or_create(
        keys=wanted, owed_at=at, defaults={"next_try_at": at + SETTLES_WITHIN}
    )
    return row


def purge_owed(*, clock: Callable[[], datetime], limit: int = 50) -> int:
    """Send the purges that are due; returns how many were tried."""
    tried = 0
    while tried < limit and (row := _take(at=clock())):
        _send(row, clock=clock)
        tried += 1
    Purge.objects.filter(owed_at__lt=clock() - KEPT, next_try_at=None).delete()
    return tried


@transaction.atomic
def _take(*, at: datetime) -> Purge | None:
    """Take one that is due; a sender killed meanwhile leaves it to the next sweep."""
    row = (
        Purge.objects.filter(next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
    if row is not None:
        row.tries += 1
        row.next_try_at = at + LEASE
        row.save(update_fields=["tries", "next_try_at"])
    return row


def _send(row: Purge, *, clock: Callable[[], datetime]) -> None:
    name, _colon, value = settings.CDN_PURGE_HEADER.partition(":")
    headers = {"Surrogate-Key": " ".join(row.keys), "User-Agent": "Waarborg", "Content-Length": "0"}
    if value:
        headers[name.strip()] = value.strip()
    answer = send(url=settings.CDN_PURGE_URL, headers=headers, body="")
    row.last_error = "" if answer.arrived else str(answer.status or answer.error)
    if answer.arrived or row.tries >= MOST_TRIES:
        row.next_try_at, row.ended_at = None, clock()
    else:
        row.next_try_at = clock() + BACKOFF[row.tries - 1]
    row.save(update_fields=["next_try_at", "ended_at", "last_error"])
