"""What a text states about voting, as typed propositions that can be compared with facts later."""

from dataclasses import dataclass, field, replace
from typing import Any

FRAME_VERSION = 1

TOPICS = (
    "date", "hours", "place", "method", "eligibility", "id", "pass", "proxy", "ballot",
    "registration", "result", "fraud", "intimidation", "cost", "health", "none",
)  # fmt: skip
STANCES = ("asserts", "debunks", "quotes", "asks", "jokes", "instructs")


@dataclass(frozen=True, slots=True)
class Proposition:
    """One statement about voting.

    `key` is the fact that can decide it, "" where no fact can. `claim` says what kind of statement
    it is and `value` holds its parts in JSON form; `span` lies in the original text.
    """

    key: str
    claim: str
    topic: str
    value: dict[str, Any] = field(default_factory=dict)
    polarity: bool = True
    stance: str = "asserts"
    modality: str = "stated"
    group: str = ""
    place: str = ""
    election_ref: str = ""
    posted_at: str = ""
    language: str = ""
    opinion: dict[str, Any] = field(default_factory=dict)
    context: int = 3
    span: tuple[int, int] = (0, 0)
    strength: float = 1.0
    rule: str = ""

    def frame(self) -> dict[str, Any]:
        """Give the JSON form that is stored, so that it is compared again without the text."""
        return {
            "version": FRAME_VERSION,
            "key": self.key,
            "claim": self.claim,
            "topic": self.topic,
            "value": self.value,
            "polarity": self.polarity,
            "stance": self.stance,
            "modality": self.modality,
            "group": self.group,
            "place": self.place,
            "election_ref": self.election_ref,
            "posted_at": self.posted_at,
            "language": self.language,
            "opinion": self.opinion,
            "context": self.context,
            "span": list(self.span),
            "strength": self.strength,
            "rule": self.rule,
        }

    def with_(self, **changes: Any) -> "Proposition":
        """Return the same statement with some parts changed."""
        return replace(self, **changes)


def from_frame(frame: dict[str, Any]) -> Proposition:
    """Read a stored proposition back; unknown parts of later versions are left out."""
    known = Proposition.__dataclass_fields__
    parts = {name: part for name, part in frame.items() if name in known}
    parts["span"] = tuple(parts.get("span", (0, 0)))
    return Proposition(**parts)
