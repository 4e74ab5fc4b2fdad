"""API keys at the door: who is calling, and what the key may do."""

import hashlib
from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from integrity.people.models import ApiKey

_USED_RESOLUTION = timedelta(minutes=1)


def hash_key(key: str) -> str:
    """Hash a key for storage; keys carry 256 bits of randomness, so a plain SHA-256 suffices."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """Reads `Authorization: Bearer wb_…`."""

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        """Return the key as user and as auth, or None when no bearer key came along."""
        header = authentication.get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed("Send one key: 'Authorization: Bearer <key>'.")
        now = timezone.now()
        hashed = hash_key(header[1].decode("latin-1"))
        key = ApiKey.objects.usable(at=now).filter(hashed=hashed).first()
        if key is None:
            raise exceptions.AuthenticationFailed("This key is unknown, expired or revoked.")
        if key.last_used_at is None or now - key.last_used_at > _USED_RESOLUTION:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        return key, key

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing key is a 401."""
        return "Bearer"


class HasScope(permissions.BasePermission):
    """Denies by default: a view says in `scopes = {"POST": …}` what each method needs."""

    message = "This key lacks the scope for this call."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether the key's scopes cover the method."""
        if not isinstance(request.auth, ApiKey):
            return False
        scopes = getattr(view, "scopes", {})
        needed = scopes.get("GET" if request.method == "HEAD" else request.method)
        if needed is None and scopes:
            raise exceptions.MethodNotAllowed(request.method or "")
        if needed is None or needed in request.auth.scopes:
            return needed is not None
        self.message = f"This key lacks the scope '{needed}'."
        return False


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """Describes the bearer key in the OpenAPI document."""

    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer"}
