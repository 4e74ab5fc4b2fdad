"""Waarborg's public API as a platform's engineer would wrap it."""

from collections.abc import Sequence
from typing import Any

import requests

TIMEOUT = (3, 30)


class House:
    """Calls to Waarborg with one key; a refused call raises `requests.HTTPError`."""

    def __init__(self, address: str, api_key: str) -> None:
        self.api = address.rstrip("/") + "/api/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {api_key}"

    def post_items(self, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send items; return what became of each row."""
        return self._rows(self.session.post(f"{self.api}/items", json=items, timeout=TIMEOUT))

    def post_traction(self, samples: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send view counts; return what became of each row."""
        return self._rows(self.session.post(f"{self.api}/traction", json=samples, timeout=TIMEOUT))

    def post_reports(self, reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send reports; return what became of each row."""
        return self._rows(self.session.post(f"{self.api}/reports", json=reports, timeout=TIMEOUT))

    def put_media(self, external_id: str, n: int, content: bytes, content_type: str) -> None:
        """Send a picture's bytes."""
        self.session.put(
            f"{self.api}/items/{external_id}/media/{n}",
            data=content,
            headers={"Content-Type": content_type},
            timeout=TIMEOUT,
        ).raise_for_status()

    def item(self, external_id: str) -> dict[str, Any]:
        """Return how an item stands: labels, actions, statement."""
        answer = self.session.get(f"{self.api}/items/{external_id}", timeout=TIMEOUT)
        answer.raise_for_status()
        return dict(answer.json())

    def actions(self, after: str) -> dict[str, Any]:
        """Return the events that follow a place in the feed."""
        answer = self.session.get(
            f"{self.api}/actions", params={"after": after} if after else {}, timeout=TIMEOUT
        )
        answer.raise_for_status()
        return dict(answer.json())

    @staticmethod
    def _rows(answer: requests.Response) -> list[dict[str, Any]]:
        answer.raise_for_status()
        return list(answer.json()["results"])
