"""Marking whose account it is: only a person who has checked it, or the platform, says so."""

from datetime import datetime

from django.db import transaction

from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from moderation.choices import Protection
from moderation.models import Actor


@transaction.atomic
def protect(
    *, account_id: str, handle: str, protection: Protection, by: AuditActor, at: datetime
) -> Actor:
    """Mark the account that the platform knows by this id; one not seen yet is written down."""
    actor, _created = Actor.objects.select_for_update().get_or_create(
        external_id=account_id, defaults={"handle": handle, "first_seen_at": at}
    )
    return _mark(actor, protection, by=by, at=at)


@transaction.atomic
def end_protection(*, account_id: str, was: Protection, by: AuditActor, at: datetime) -> None:
    """Take the mark away where it is still the one that was given."""
    actor = Actor.objects.select_for_update().filter(external_id=account_id).first()
    if actor is not None and actor.protection == was:
        _mark(actor, Protection.NONE, by=by, at=at)


def _mark(actor: Actor, protection: Protection, *, by: AuditActor, at: datetime) -> Actor:
    if actor.protection != protection:
        actor.protection = protection
        actor.save(update_fields=["protection"])
        audit.record(
            verb="actor.protected",
            subject_type="actor",
            subject_id=actor.public_id,
            by=by,
            at=at,
            data={"protection": str(protection)},
        )
    return actor
