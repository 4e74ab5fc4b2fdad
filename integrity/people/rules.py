"""May this person do that? One question each; None means yes."""

from django.utils.translation import gettext_lazy as _

from integrity.people.models import User
from integrity.refusals import Refusal


def may(user: User, permission: str) -> Refusal | None:
    """Refuse when the user's roles do not carry the permission (`app.verb_noun`)."""
    if user.is_active and user.has_perm(permission):
        return None
    return Refusal(_("Your role does not allow this."), code="forbidden")


def needs_second_factor(user: User) -> bool:
    """Say whether this user must have a second factor: everybody with a role or staff rights."""
    return user.is_staff or user.is_superuser or bool(user.roles)
