"""What the API's own description covers: our API, not that of the page editor."""

from typing import Any

OURS = "/api/v1/"


def only_ours(endpoints: list[tuple[str, str, str, Any]], **_: Any) -> list[Any]:
    """Return the endpoints that a platform calls."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(OURS)]
