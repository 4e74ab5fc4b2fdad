"""What a house begins with: queues, policies, labels and saved replies, from `moderation/data`.

The first migration writes it; from then on people change it as data, so it is written only where
it is absent.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from moderation import routing

DATA = Path(__file__).resolve().parent / "data"
IN_FORCE_FROM = datetime(2026, 1, 1, tzinfo=UTC)


def read(name: str) -> list[dict[str, Any]]:
    """Read one file of reference data."""
    rows: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return rows


def write_first_rows(model: Callable[[str], Any]) -> None:
    """Write what is absent; `model` finds a model by its name, in a migration as it was then."""
    for row in read("queues"):
        lead, due = row.pop("lead_time_minutes"), row.pop("due_within_minutes")
        times = {
            "lead_time": timedelta(minutes=lead),
            "due_within": timedelta(minutes=due) if due else None,
        }
        model("Queue").objects.get_or_create(slug=row.pop("slug"), defaults={**row, **times})
    for row in read("policies"):
        if not model("Policy").objects.filter(slug=row["slug"]).exists():
            model("Policy").objects.create(**row, in_force_from=IN_FORCE_FROM)
    for name, file in (("LabelKind", "labels"), ("SavedReply", "replies")):
        for row in read(file):
            model(name).objects.get_or_create(slug=row.pop("slug"), defaults=row)
    if not model("RoutingVersion").objects.exists():
        model("RoutingVersion").objects.create(
            content=routing.FIRST_RULES,
            digest=routing.digest(routing.FIRST_RULES),
            note="What a house begins with",
            state="live",
            authored_at=IN_FORCE_FROM,
            deployed_at=IN_FORCE_FROM,
        )


def write_misuse_limits(model: Callable[[str], Any]) -> None:
    """Write the limits of misuse that a house begins with, where they are absent."""
    for row in read("misuse"):
        model("MisuseLimit").objects.get_or_create(slug=row.pop("slug"), defaults=row)
