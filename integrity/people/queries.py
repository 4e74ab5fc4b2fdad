"""What the settings pages read about keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrity.people.choices import Scope
from integrity.people.models import ApiKey

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as the list shows it."""

    key: ApiKey
    scopes: Sequence[Promise | str]
    state: Promise | str
    tone: str
    works: bool


def key_rows(*, at: datetime) -> list[KeyRow]:
    """Return the keys, those that work first, the newest first among them."""
    keys = ApiKey.objects.select_related("created_by").order_by("-created_at", "-pk")[:_SHOWN]
    return sorted((_row(key, at=at) for key in keys), key=lambda row: not row.works)


def _row(key: ApiKey, *, at: datetime) -> KeyRow:
    expired = key.expires_at is not None and key.expires_at <= at
    works = key.revoked_at is None and not expired
    state = _("works") if works else _("expired") if key.revoked_at is None else _("revoked")
    known = {scope.value: scope.label for scope in Scope}
    scopes = [known.get(scope, scope) for scope in key.scopes]
    return KeyRow(key, scopes, state, "done" if works else "", works)
