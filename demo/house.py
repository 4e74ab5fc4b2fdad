"""Waarborg's public API as a platform's engineer would wrap it."""

from collections.abc import Sequence
from typing import Any

import requests

TIMEOUT = (3, 30)
SOME_REFUSED = 422
Rows = Sequence[dict[str, Any]]


class House:
    """Calls to Waarborg with one key; a refused call raises `requests.HTTPError`."""

    def __init__(self, address: str, api_key: str) -> None:
        self.api = address.rstrip("/") + "/api/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {api_key}"

    def post_items(self, items: Rows) -> list[str]:
        """Send items; return for each row why it was refused, or nothing."""
        return self._post("items", items)

    def post_traction(self, samples: Rows) -> list[str]:
        """Send view counts; return for each row why it was refused, or nothing."""
        return self._post("traction", samples)

    def post_reports(self, reports: Rows) -> list[str]:
        """Send reports; return for each row why it was refused, or nothing."""
        return self._post("reports", reports)

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

    def _post(self, what: str, rows: Rows) -> list[str]:
        answer = self.session.post(f"{self.api}/{what}", json=rows, timeout=TIMEOUT)
        if answer.status_code != SOME_REFUSED:
            answer.raise_for_status()
        refused = [""] * len(rows)
        for error in answer.json()["errors"]:
            if error["row"] is None:
                raise requests.HTTPError(error["message"], response=answer)
            refused[error["row"]] = f"{error['field']}: {error['message']}"
        return refused
