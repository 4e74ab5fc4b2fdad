"""What is official about voting: elections, places, facts, incidents, polling places, ballots."""

from elections.models.ballots import Candidate, CandidateList, Contest, Count
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
from elections.models.proposals import FactProposal, FactProposalQuerySet

__all__ = [
    "Candidate",
    "CandidateList",
    "Contest",
    "Count",
    "Election",
    "FactChange",
    "FactProposal",
    "FactProposalQuerySet",
    "IncidentNotice",
    "Jurisdiction",
    "PollingPlace",
    "PollingPlaceQuerySet",
    "VotingFact",
    "VotingFactQuerySet",
    "in_language",
]
