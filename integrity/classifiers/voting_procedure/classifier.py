"""The gate as a classifier of its own: does a text concern voting in a public election?"""

from collections.abc import Sequence

from integrity.classifiers.base import Finding
from integrity.classifiers.voting_procedure.gate import may_concern_voting
from integrity.classifiers.voting_procedure.opinions import model_version, opinions

ABOUT_VOTING = "about_voting"
OTHER = "other"


class VotingProcedureClassifier:
    """Says whether a text concerns voting, and its likeliest subject. It judges no truth."""

    name = "voting_procedure"

    def find(self, texts: Sequence[str]) -> list[Finding]:
        """Give one finding for each text."""
        version = model_version("gate")
        found = []
        gates = may_concern_voting(texts)
        for gate, opinion in zip(gates, opinions(list(texts)), strict=True):
            label = ABOUT_VOTING if gate.passed else OTHER
            details = {"topic": opinion.likely_topic()} if gate.passed else {}
            found.append(Finding(label, gate.score, {}, version, None, details))
        return found


def load() -> VotingProcedureClassifier:
    """Make the classifier; its weights are loaded on first use."""
    return VotingProcedureClassifier()
