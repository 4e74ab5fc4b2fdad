"""A platform with its keys."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrity.people import services as people
from integrity.people.choices import Scope


class Platform:
    """Calls the API as a platform's engineer does."""

    def __init__(self, *scopes: Scope) -> None:
        _, self.key = people.issue_key(name="Plein", scopes=scopes, by=None, at=timezone.now())
        self.client = Client(raise_request_exception=False)

    def send(self, path: str, body: Any, *, kind: str = "application/json", method: str = "POST"):
        """Send a body; anything but text or bytes goes as JSON."""
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1/{path}", data, content_type=kind, headers=self.headers
        )

    def get(self, path: str):
        """Ask."""
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """The key as the API wants it."""
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture
def platform(db) -> Platform:
    """May do everything that a platform does."""
    return Platform(*Scope)


def row(external_id: str = "post-1", **more: Any) -> dict[str, Any]:
    """One item as it goes over the wire."""
    return {
        "external_id": external_id,
        "actor": {"external_id": "account-1", "handle": "@stemwijzer"},
        "posted_at": "2026-03-10T09:00:00+01:00",
        "text": "Let op: je kunt pas donderdag 19 maart stemmen!",
        "language": "nl",
    } | more
