"""Comparing what is claimed about voting with the official facts in force: pure and symbolic."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: PLR0911

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

from elections.comparisons import COMPARISONS, Question
from elections.facts import Fact, FactSheet, Incident
from elections.wording import claimed_in_words, official_in_words, reasons_for
from integrity.classifiers.voting_procedure.propositions import Proposition


class Relation(StrEnum):
    """What the facts say of one statement."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_COVERED = "not_covered"
    AMBIGUOUS = "ambiguous"
    # The statement says nothing about this election: another one, or a wrong day only denied.
    NOT_ABOUT_IT = "not_about_it"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome for one statement, with the fact it rests on and the words to explain it."""

    relation: Relation
    key: str = ""
    fact: Fact | None = None
    incident: Incident | None = None
    claimed: str = ""
    official: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


# Statements that are answered by yes or no: to reject the wrong one is to state the right one.
YES_OR_NO = {
    "id_required", "voter_pass_required", "registration_required", "compulsory", "cost",
    "health_requirement", "proxy_id_copy", "voting_methods", "ballot_selfie", "ballot_marking",
    "polling_place_scope",
}  # fmt: skip
# Words in names of polling places that do not tell one from another.
COMMON_IN_NAMES = {"stembureau", "stemlokaal", "de", "het", "in", "op", "the", "polling", "station"}
OTHER_VOTES = {"show", "mood", "foreign", "other_election"}


def compare(statement: Proposition, facts: FactSheet, *, place: str | None = None) -> Comparison:
    """Compare one statement with the facts in force where and when it was made."""
    if not _about(statement, facts):
        return Comparison(Relation.NOT_ABOUT_IT)
    at = posted_moment(statement)
    place = place_code(statement.place, facts) or place
    incident = _incident(statement, facts, place, at)
    if incident is not None:
        return _by_incident(statement, incident, facts)
    compare_one = COMPARISONS.get(statement.key)
    if not statement.key or compare_one is None:
        return Comparison(
            Relation.NOT_COVERED, reasons=reasons_for("silent", statement, None, facts)
        )
    fact = facts.fact(statement.key, place=place, at=at)
    question = Question(statement, facts, fact, place, at)
    answer = compare_one(question)
    fact = facts.fact(answer.key, place=place, at=at) if answer.key else fact
    if answer.true is None:
        void = answer.void
        relation = Relation.NOT_ABOUT_IT if void else Relation.NOT_COVERED
        return Comparison(relation, reasons=reasons_for("silent", statement, None, facts))
    elsewhere = _true_elsewhere(question, place) if not answer.true else ()
    if elsewhere:
        names = tuple(facts.places.get(f.place or "", f.place or "") for f in elsewhere)
        reasons = reasons_for("depends", statement, elsewhere[0], facts, places=names)
        return Comparison(Relation.AMBIGUOUS, statement.key, fact, reasons=reasons)
    true, instead = _with_rejection(statement, answer.true)
    if instead is not None:
        return Comparison(instead)
    return Comparison(
        Relation.SUPPORTED if true else Relation.CONTRADICTED,
        fact.key if fact else statement.key,
        fact,
        claimed=claimed_in_words(statement),
        official=official_in_words(fact),
        reasons=reasons_for("supported" if true else "contradicted", statement, fact, facts),
    )


def _with_rejection(statement: Proposition, true: bool) -> tuple[bool, Relation | None]:
    """Turn the answer round where the writer rejects the statement."""
    rejected = statement.value.get("rejected")
    if not rejected:
        return true, None
    if rejected == "that":
        if true:
            return False, None
        return True, None if statement.key in YES_OR_NO else Relation.NOT_ABOUT_IT
    return true, None if true else Relation.NOT_ABOUT_IT


def posted_moment(statement: Proposition) -> datetime | None:
    """Return when the statement was made."""
    return datetime.fromisoformat(statement.posted_at) if statement.posted_at else None


def place_code(name: str, facts: FactSheet) -> str | None:
    """Find the code of a place that the text names."""
    if not name:
        return None
    wanted = _plain(name)
    return next((code for code, known in facts.places.items() if _plain(known) == wanted), None)


def _plain(name: str) -> str:
    return name.casefold().replace("-", " ").replace("'", "").strip()


def election_kinds(facts: FactSheet) -> set[str]:
    """Tell from its names what kind of election this is."""
    return set(_kinds(facts.election, tuple(facts.name.values())))


@cache
def _kinds(slug: str, names: tuple[str, ...]) -> frozenset[str]:
    """Read the kind from the names once."""
    words = " ".join([slug, *names]).casefold()
    signs = {
        "gr": ("gemeenteraad", "municipal", "raadsverkiezing", "-gr"),
        "tk": ("tweede kamer", "parliament", "kamerverkiezing", "-tk"),
        "ref": ("referendum", "-ref"),
        "ps": ("provinciale staten", "provincial", "-ps"),
        "ws": ("waterschap", "water board", "-ws"),
        "ep": ("europees parlement", "european parliament", "-ep"),
    }
    return frozenset(kind for kind, marks in signs.items() if any(mark in words for mark in marks))


def _about(statement: Proposition, facts: FactSheet) -> bool:
    """Say whether the statement can be about this election."""
    named = set(statement.election_ref.split("+")) - {""}
    if named & OTHER_VOTES:
        return False
    kinds = election_kinds(facts)
    return not named or not kinds or bool(named & kinds)


def _true_elsewhere(question: Question, place: str | None) -> tuple[Fact, ...]:
    """Find places where the statement would be right, when we do not know where it was made."""
    if place is not None:
        return ()
    if question.statement.place and question.facts.country == "NL":
        return ()  # A place is named and it is not one with rules of its own.
    compare_one = COMPARISONS[question.statement.key]
    return tuple(
        fact
        for fact in question.facts.local_facts(question.statement.key, at=question.at)
        if compare_one(question.with_fact(fact)).true
    )


def _incident(
    statement: Proposition, facts: FactSheet, place: str | None, at: datetime | None
) -> Incident | None:
    """Find the official notice that a statement on a closed or moved place speaks of."""
    if not facts.incidents or statement.claim not in {"closed", "moved", "at", "from_now"}:
        return None
    kinds = {"closed": {"closed", "moved"}, "moved": {"moved", "closed"}}.get(
        statement.claim, {"hours_changed"}
    )
    near = [i for i in facts.incidents_at(place, at=at) if i.kind in kinds]
    if statement.claim in {"closed", "moved"}:
        about = set(_plain(str(statement.value.get("about", ""))).split())
        return next((i for i in near if _names(about, i)), None)
    return near[0] if near and place else None


def _names(about: set[str], incident: Incident) -> bool:
    """Say whether a statement names the polling place of a notice: all its telling words."""
    words = set(_plain(incident.polling_place).split()) - COMMON_IN_NAMES
    return bool(words) and words <= about


def _by_incident(statement: Proposition, incident: Incident, facts: FactSheet) -> Comparison:
    """Answer by an official notice: what it announces is right while it holds."""
    reasons = reasons_for("incident", statement, None, facts, incident=incident)
    claimed = claimed_in_words(statement)
    if statement.key in {"polls_open", "polls_close"}:
        return Comparison(
            Relation.AMBIGUOUS, statement.key, None, incident, claimed, reasons=reasons
        )
    relation = Relation.SUPPORTED if statement.polarity else Relation.CONTRADICTED
    official = incident.message.get("en") or next(iter(incident.message.values()), "")
    return Comparison(relation, "polling_place", None, incident, claimed, official, reasons)
