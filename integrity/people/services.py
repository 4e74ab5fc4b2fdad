"""Issuing and revoking keys, opening accounts."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from integrity.audit import services as audit
from integrity.people.choices import Role, Scope
from integrity.people.keys import hash_key
from integrity.people.models import ApiKey, User
from integrity.people.rules import may
from integrity.refusals import require


@transaction.atomic
def issue_key(
    *,
    name: str,
    scopes: Iterable[Scope],
    by: User | None,
    at: datetime,
    expires_at: datetime | None = None,
    key: str | None = None,
) -> tuple[ApiKey, str]:
    """Make an API key and return it with its only readable copy. `by` None: the command line."""
    if by is not None:
        require(may(by, "people.add_apikey"))
    key = key or f"wb_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        name=name,
        prefix=key[:8],
        hashed=hash_key(key),
        scopes=[str(scope) for scope in scopes],
        created_at=at,
        created_by=by,
        expires_at=expires_at,
    )
    audit.record(
        verb="key.issued",
        subject_type="api_key",
        subject_id=row.public_id,
        by=actor_of(by),
        at=at,
        data={"name": name, "scopes": row.scopes},
    )
    return row, key


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User | None, at: datetime) -> ApiKey:
    """Stop a key from working at once; a key revoked before stays as it was."""
    if by is not None:
        require(may(by, "people.change_apikey"))
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        audit.record(
            verb="key.revoked",
            subject_type="api_key",
            subject_id=key.public_id,
            by=actor_of(by),
            at=at,
        )
    key.refresh_from_db()
    return key


@transaction.atomic
def open_account(
    *,
    email: str,
    alias: str,
    roles: Iterable[Role],
    language: str = "nl",
    password: str | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> User:
    """Make a user with roles, or give an existing one these roles (a password stays theirs)."""
    names = sorted({str(role) for role in roles})
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, alias=alias, language=language)
    user.groups.set(Group.objects.filter(name__in=names))
    vars(user).pop("_roles", None)
    audit.record(
        verb="account.opened",
        subject_type="user",
        subject_id=user.public_id,
        by=actor_of(by),
        at=at or timezone.now(),
        data={"roles": names},
    )
    return user


def actor_of(user: User | ApiKey | None) -> audit.Actor:
    """Name who does something for the audit log: a user, a client's key, or the system."""
    if user is None:
        return audit.SYSTEM
    kind = "user" if isinstance(user, User) else "client"
    return audit.Actor(kind, str(user.public_id))
