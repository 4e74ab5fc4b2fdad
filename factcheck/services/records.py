"""What every verb here does beside its change: the audit event, and messages to partners."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from factcheck.models import Assignment, Membership, Partner
from integrity.audit import services as audit
from integrity.outbox import services as outbox
from integrity.people.models import User
from integrity.people.services import actor_of


def record(
    verb: str,
    subject_type: str,
    subject_id: object,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Write the audit event of a change in its own transaction."""
    audit.record(
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        by=actor_of(by),
        at=at,
        data=data or {},
    )


def tell_partner(assignment: Assignment, event: str, *, at: datetime, note: str = "") -> None:
    """Owe a message about an assignment to whoever works on it, else to all of the partner.

    The partner's own system hears of it too.
    """
    tell_system(
        assignment.partner,
        f"assignment.{event}",
        subject=("assignment", assignment.public_id),
        payload={
            "assignment": str(assignment.public_id),
            "state": assignment.state,
            "claim": {"id": str(assignment.claim.public_id), "text": assignment.claim.text},
            "harm": assignment.harm,
            "question": assignment.question,
            "due_at": assignment.due_at.isoformat(),
            "note": note,
        },
        at=at,
    )
    if assignment.assignee is not None and assignment.assignee.ended_at is None:
        readers = [assignment.assignee]
    else:
        readers = list(
            Membership.objects.current()
            .filter(partner=assignment.partner_id)
            .select_related("user")
        )
    for member in readers:
        with translation.override(member.user.language):
            subject = _("%(event)s: %(claim)s") % {
                "event": _EVENTS[event](),
                "claim": assignment.claim.text[:120],
            }
            body = render_to_string(
                "notifications/assignment/partner.txt",
                {"assignment": assignment, "event": event, "note": note},
            )
        outbox.owe_notification(
            kind="assignment",
            role="partner",
            recipient_type="user",
            recipient_id=str(member.user.public_id),
            language=member.user.language,
            subject_type="assignment",
            subject_id=str(assignment.public_id),
            subject=subject,
            body=body.strip(),
            at=at,
        )


def tell_system(
    partner: Partner, type: str, *, subject: tuple[str, UUID], payload: dict[str, Any], at: datetime
) -> None:
    """Owe an event to the webhooks and the feed of one organisation, and to nobody else's."""
    outbox.publish(
        type=type,
        subject_type=subject[0],
        subject_id=str(subject[1]),
        payload=payload,
        audience=str(partner.public_id),
        at=at,
    )


_EVENTS = {
    "offered": lambda: _("New assignment"),
    "answered": lambda: _("Your question was answered"),
    "reminded": lambda: _("Due soon"),
    "breached": lambda: _("The deadline has passed"),
    "withdrawn": lambda: _("Assignment withdrawn"),
}
