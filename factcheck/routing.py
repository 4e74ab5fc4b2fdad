"""Which partner is asked: by language, topic, place and free hands. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PartnerSeen:
    """What the choice needs to know of a partner. Empty topics or places mean: all."""

    id: int
    languages: frozenset[str]
    topics: frozenset[str] = field(default=frozenset())
    places: frozenset[str] = field(default=frozenset())
    capacity: int = 10
    load: int = 0


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """What the choice needs to know of a claim. `places`: its place and what that lies in."""

    language: str
    topic: str
    places: frozenset[str] = field(default=frozenset())


def fitting(claim: ClaimSeen, partners: Iterable[PartnerSeen]) -> list[PartnerSeen]:
    """Return the partners who can check a claim, the most fitting first.

    Who knows the place comes first, then who has the most free hands for their size.
    """
    able = [
        p
        for p in partners
        if claim.language in p.languages
        and (not p.topics or claim.topic in p.topics)
        and (not p.places or p.places & claim.places)
        and p.load < p.capacity
    ]
    return sorted(able, key=lambda p: (not p.places, p.load / p.capacity, p.id))
