"""What is official about voting: elections and places, facts and incidents, polling places."""

from elections.models.official import (
    Election,
    FactChange,
    IncidentNotice,
    Jurisdiction,
    VotingFact,
    VotingFactQuerySet,
    in_language,
)
from elections.models.polling_places import PollingPlace, PollingPlaceQuerySet

__all__ = [
    "Election",
    "FactChange",
    "IncidentNotice",
    "Jurisdiction",
    "PollingPlace",
    "PollingPlaceQuerySet",
    "VotingFact",
    "VotingFactQuerySet",
    "in_language",
]
