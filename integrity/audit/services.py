"""Writing, sealing and verifying the audit log."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from integrity.audit.models import AuditEvent, PersonalText, Seal

GENESIS = "0" * 64
READ_AGAIN_AFTER = timedelta(hours=1)
_LOCK = 7_301_001  # any number; names the sealer's advisory lock


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a user, a platform's key, or the house itself."""

    type: str
    id: str = ""


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where the chain does not hold."""

    seq: int
    event: str
    what: str

    def __str__(self) -> str:
        return f"seal {self.seq}, event {self.event}: {self.what}"


def record(
    *,
    verb: str,
    subject_type: str,
    subject_id: object,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    personal_text: str = "",
) -> AuditEvent:
    """Write one event in the caller's transaction, so that it stands or falls with the change."""
    event = AuditEvent.objects.create(
        verb=verb,
        subject_type=subject_type,
        subject_id=str(subject_id),
        actor_type=by.type,
        actor_id=by.id,
        at=at,
        data=data or {},
        personal_hash=hashlib.sha256(personal_text.encode()).hexdigest() if personal_text else "",
    )
    if personal_text:
        PersonalText.objects.create(event=event, text=personal_text)
    return event


def record_many(
    *, verb: str, subject_type: str, by: Actor, at: datetime, subjects: Mapping[str, dict[str, Any]]
) -> None:
    """Write one event for each of many subjects, with its own data, in the caller's transaction."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            verb=verb,
            subject_type=subject_type,
            subject_id=subject,
            actor_type=by.type,
            actor_id=by.id,
            at=at,
            data=data,
        )
        for subject, data in subjects.items()
    )


def record_read(
    *,
    subject_type: str,
    subject_id: object,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> AuditEvent | None:
    """Record that somebody looked at something sensitive; once an hour for the same person."""
    lately = AuditEvent.objects.filter(
        subject_type=subject_type,
        subject_id=str(subject_id),
        at__gt=at - READ_AGAIN_AFTER,
        verb=f"{subject_type}.read",
        actor_type=by.type,
        actor_id=by.id,
    )
    if lately.exists():
        return None
    return record(
        verb=f"{subject_type}.read",
        subject_type=subject_type,
        subject_id=subject_id,
        by=by,
        at=at,
        data=data,
    )


@transaction.atomic
def seal_events(*, limit: int = 5000) -> int:
    """Chain the events that are certain to have no earlier sibling; returns how many.

    An event is sealed once every transaction that began before its own has ended, so a late
    commit can never slip in behind a seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
    last = Seal.objects.select_related("event").order_by("-seq").first()
    seq, prev, after = (last.seq, last.hash, last.event.transaction) if last else (0, GENESIS, -1)
    if after >= horizon:
        # Restored into a server whose transactions count from lower: look at every event once.
        after = -1
    events = AuditEvent.objects.filter(
        transaction__gte=after, transaction__lt=horizon, seal=None
    ).order_by("transaction", "id")[:limit]
    seals = []
    for event in events:
        seq += 1
        digest = _hash(event, prev)
        seals.append(Seal(event=event, seq=seq, prev_hash=prev, hash=digest))
        prev = digest
    Seal.objects.bulk_create(seals)
    return len(seals)


def verify() -> tuple[int, BrokenLink | None]:
    """Walk the whole chain; return how many links hold and the first that does not."""
    expected, prev = 1, GENESIS
    for seal in _seals():
        event = seal.event
        name = str(event.public_id)
        if seal.seq != expected:
            return expected - 1, BrokenLink(expected, "unknown", "this link is missing")
        if seal.prev_hash != prev:
            return expected - 1, BrokenLink(seal.seq, name, "it does not follow its predecessor")
        if seal.hash != _hash(event, prev):
            return expected - 1, BrokenLink(seal.seq, name, f"'{event.verb}' has been altered")
        personal = getattr(event, "personal", None)
        if personal is not None:
            found = hashlib.sha256(personal.text.encode()).hexdigest()
            if found != event.personal_hash:
                return expected - 1, BrokenLink(seal.seq, name, "its personal text was altered")
        expected, prev = expected + 1, seal.hash
    return expected - 1, None


@transaction.atomic
def erase_personal_text(*, event: AuditEvent, by: Actor, at: datetime) -> None:
    """Erase the personal words of an event; the chain stays whole."""
    deleted, _ = PersonalText.objects.filter(event=event).delete()
    if deleted:
        record(
            verb="personal_text.erased",
            subject_type="audit_event",
            subject_id=event.public_id,
            by=by,
            at=at,
        )


def _seals() -> Iterator[Seal]:
    return (
        Seal.objects.select_related("event", "event__personal")
        .order_by("seq")
        .iterator(chunk_size=2000)
    )


def _hash(event: AuditEvent, prev: str) -> str:
    content = {
        "prev": prev,
        "id": str(event.public_id),
        "verb": event.verb,
        "subject": [event.subject_type, event.subject_id],
        "actor": [event.actor_type, event.actor_id],
        "at": event.at.astimezone(UTC).isoformat(),
        "data": event.data,
        "personal": event.personal_hash,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
