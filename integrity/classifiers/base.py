"""What every classifier answers with, and what every classifier is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Finding:
    """What a classifier found in one text or picture; a score alone never decides."""

    label: str
    score: float
    reasons: Mapping[str, str] = field(default_factory=dict)
    model_version: str = ""
    span: tuple[int, int] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class TextClassifier(Protocol):
    """Reads a batch of texts; one finding for each, in their order."""

    name: str

    def find(self, texts: Sequence[str]) -> list[Finding]:
        """Give one finding for each text."""
        ...
