"""Which page of the Election Center a text belongs with, whatever it says about it. Pure."""

from elections.checking import OTHER_VOTES, election_kinds
from elections.facts import FactSheet
from elections.screening import Outcome
from elections.topics import TOPICS
from integrity.classifiers.voting_procedure.propositions import Proposition

# The gate reads generously so that nothing is missed; a label asks for more than an even chance.
LABEL_FROM = 0.5
READ_FROM = 0.5
# Of a topic that has no page of its own, and of a text that is about the election as a whole.
GENERAL = "election"
PAGES = {
    "date": "when",
    "hours": "when",
    "place": "where",
    "method": "where",
    "id": "bring",
    "pass": "bring",
    "ballot": "how",
    "proxy": "proxy",
    "eligibility": "who",
    "registration": "who",
    "cost": "who",
    "health": "who",
    "result": "result",
}
LABEL_TOPICS = (GENERAL, *(topic.slug for topic in TOPICS))


def label_topic(outcome: Outcome, facts: FactSheet | None) -> str:
    """Name the page; empty where the text is not about this election, or nobody can tell."""
    if facts is None or not outcome.passed:
        return ""
    kinds = election_kinds(facts)
    said = [each.statement for each in outcome.propositions if _ours(each.statement, kinds)]
    read = [each for each in said if each.key and each.strength >= READ_FROM and each.context > 0]
    sure = outcome.gate >= LABEL_FROM and any(each.opinion for each in said)
    if not read and not sure:
        return ""
    topic = max(read, key=lambda each: each.strength).topic if read else ""
    page = PAGES.get(topic or outcome.topic, GENERAL)
    return page if _answered(page, facts) else GENERAL


def _ours(statement: Proposition, kinds: set[str]) -> bool:
    """Say whether a statement can be about this election and not about another vote."""
    named = set(statement.election_ref.split("+")) - {""}
    return not named & OTHER_VOTES and (not named or not kinds or bool(named & kinds))


def _answered(page: str, facts: FactSheet) -> bool:
    """Say whether the page has anything to say for this election."""
    keys = next((topic.keys for topic in TOPICS if topic.slug == page), ())
    return any(facts.covers(key) for key in keys)
