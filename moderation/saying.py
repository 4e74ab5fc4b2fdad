"""What a signal found, in the words of whoever reads it: stored short, told in their language."""

from elections.models import VotingFact, in_language
from elections.wording import (
    claimed_in_words,
    official_for_reader,
    plain,
    said_for_reader,
)
from integrity.classifiers.voting_procedure.propositions import from_frame
from moderation.models import Proposition, Signal


def claimed(signal: Signal, language: str) -> str:
    """Say what the item claims: donderdag 19 maart, and not 2026-03-19."""
    told = _statement_in_words(signal.proposition, signal.claimed, language)
    return told or signal.claimed


def official(signal: Signal, language: str) -> str:
    """Say what is official about it: the notice, or the fact with what it is about."""
    if signal.incident is not None:
        return in_language(signal.incident.message, language) or signal.official
    return _fact_in_words(signal.fact, signal.official, language) or signal.official


def _statement_in_words(said: Proposition | None, short: str, language: str) -> str:
    if said is None or not said.frame:
        return ""
    try:
        statement = from_frame(said.frame)
        # Only the short form of this very statement may be told in its words.
        same = claimed_in_words(statement)[:300] == short
        return said_for_reader(statement, language) if same else ""
    except (TypeError, ValueError, KeyError, LookupError):
        return ""  # stored by a version that wrote statements down in another way


def _fact_in_words(fact: VotingFact | None, short: str, language: str) -> str:
    if fact is None or plain(fact.value)[:300] != short:
        return ""
    return official_for_reader(fact.key, fact.value, language)
