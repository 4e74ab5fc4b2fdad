"""Who may keep endpoints and look at deliveries. None means yes."""

import uuid
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from integrity.audit.services import Actor
from integrity.refusals import Refusal


class Person(Protocol):
    """A colleague, as far as the outbox needs to know: it lies below `people`."""

    public_id: uuid.UUID
    is_active: bool

    def has_perm(self, perm: str) -> bool:
        """Say whether the person's roles carry a permission."""
        ...


def may_manage(by: Person) -> Refusal | None:
    """Refuse whoever may not keep endpoints, resend and replay."""
    if by.is_active and by.has_perm("outbox.manage_deliveries"):
        return None
    return Refusal(_("Your role does not allow this."), code="forbidden")


def may_see(by: Person) -> Refusal | None:
    """Refuse whoever may not look at deliveries."""
    if by.is_active and (
        by.has_perm("outbox.see_deliveries") or by.has_perm("outbox.manage_deliveries")
    ):
        return None
    return Refusal(_("Your role does not allow this."), code="forbidden")


def actor_of(by: Person | None) -> Actor:
    """Name a colleague for the audit log; nobody is the command line."""
    return Actor("user", str(by.public_id)) if by is not None else Actor("system")
