"""Statements are compared with the facts in force where and when they are made."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from elections.checking import Relation, compare
from elections.facts import Fact, FactSheet, Incident
from elections.packs import read_election_packs
from integrity.classifiers.voting_procedure.propositions import Proposition, from_frame

PACK = Path(__file__).parent.parent / "data" / "screening_facts.json"
SHEETS = {sheet.election: sheet for sheet in read_election_packs(PACK)}
COUNCIL, PARLIAMENT = SHEETS["nl-gr2026"], SHEETS["nl-tk2025"]
HARBOUR = SHEETS["xx-meerdorp2028"]
THE_DAY_BEFORE = "2026-03-17T10:00:00+01:00"


def said(key: str, claim: str, **parts: object) -> Proposition:
    """Make a statement of the day before the vote."""
    values = {"topic": "date", "posted_at": THE_DAY_BEFORE} | parts
    return Proposition(key=key, claim=claim, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (said("voting_day", "on", value={"day": 18, "month": 3}), Relation.SUPPORTED),
        (said("voting_day", "on", value={"day": 19, "month": 3}), Relation.CONTRADICTED),
        (said("voting_day", "on", value={"weekday": 2}), Relation.SUPPORTED),
        (said("voting_day", "on", value={"weekday": 3}), Relation.CONTRADICTED),
        (said("voting_day", "on", value={"weekday": 3}, polarity=False), Relation.NOT_ABOUT_IT),
        (said("voting_day", "postponed"), Relation.CONTRADICTED),
        (said("voting_day", "extra_day", polarity=False), Relation.SUPPORTED),
        (said("polls_close", "at", value={"minutes": [540, 1260]}), Relation.SUPPORTED),
        (said("polls_close", "at", value={"minutes": [1080]}), Relation.CONTRADICTED),
        (said("polls_close", "queue_allowed"), Relation.SUPPORTED),
        (said("voting_methods", "online"), Relation.CONTRADICTED),
        (said("voting_methods", "not_online"), Relation.SUPPORTED),
        (said("polling_place_scope", "elsewhere"), Relation.CONTRADICTED),
        (said("id_expired_max_years", "years", value={"years": 4, "refused": False}), Relation.SUPPORTED),
        (said("id_expired_max_years", "years", value={"years": 6, "refused": False}), Relation.CONTRADICTED),
        (said("voter_pass_replacement_deadline", "possible"), Relation.SUPPORTED),
        (said("min_age", "age", value={"age": 16}), Relation.CONTRADICTED),
        (said("min_age", "age", value={"age": 16}, polarity=False), Relation.SUPPORTED),
        (said("eligible_nationality", "nl_only"), Relation.CONTRADICTED),
        (said("proxy_max", "count", value={"count": 2}), Relation.SUPPORTED),
        (said("proxy_max", "count", value={"count": 3}), Relation.CONTRADICTED),
        (said("compulsory", "yes"), Relation.CONTRADICTED),
        (said("health_requirement", "required"), Relation.CONTRADICTED),
        (said("official_result_date", "at", value={"day": 23, "month": 3}), Relation.SUPPORTED),
        (said("", "fraud"), Relation.NOT_COVERED),
        (said("voting_day", "on", value={"weekday": 3}, election_ref="foreign"), Relation.NOT_ABOUT_IT),
        (said("voting_day", "on", value={"weekday": 3}, election_ref="tk"), Relation.NOT_ABOUT_IT),
    ],
)  # fmt: skip
def test_a_statement_is_answered_by_the_council_facts(
    statement: Proposition, expected: Relation
) -> None:
    assert compare(statement, COUNCIL).relation is expected


@pytest.mark.parametrize(
    ("statement", "council", "harbour"),
    [
        (said("polling_place_scope", "assigned_only"), Relation.CONTRADICTED, Relation.SUPPORTED),
        (said("min_age", "age", value={"age": 16}), Relation.CONTRADICTED, Relation.SUPPORTED),
        (said("compulsory", "no"), Relation.SUPPORTED, Relation.CONTRADICTED),
        (said("registration_required", "required"), Relation.CONTRADICTED, Relation.SUPPORTED),
        (said("cost", "paid"), Relation.CONTRADICTED, Relation.NOT_COVERED),
        (said("ballot_selfie", "allowed"), Relation.SUPPORTED, Relation.CONTRADICTED),
    ],
)
def test_the_same_statement_follows_the_facts_given(
    statement: Proposition, council: Relation, harbour: Relation
) -> None:
    assert compare(statement, COUNCIL).relation is council
    assert compare(statement, HARBOUR).relation is harbour


def test_two_circles_are_right_where_the_small_ballot_is_tried() -> None:
    two = said("ballot_marking", "boxes", value={"boxes": 2})

    assert compare(two, COUNCIL, place="GM0755").relation is Relation.SUPPORTED
    assert compare(two, COUNCIL, place="GM0363").relation is Relation.CONTRADICTED
    assert compare(replace(two, place="boekel"), COUNCIL).relation is Relation.SUPPORTED


def test_two_circles_without_a_place_are_left_to_people_with_the_reason() -> None:
    found = compare(said("ballot_marking", "boxes", value={"boxes": 2}), COUNCIL)

    assert found.relation is Relation.AMBIGUOUS
    assert "Boekel" in found.reasons["nl"]


def test_a_contradiction_cites_the_fact_and_says_it_in_two_languages() -> None:
    found = compare(said("voting_day", "on", value={"day": 19, "month": 3}), COUNCIL)

    assert found.fact is not None and found.fact.key == "voting_day"
    assert "woensdag 18 maart 2026" in found.reasons["nl"]
    assert "Wednesday 18 March 2026" in found.reasons["en"]
    assert "Kieswet" in found.reasons["en"]


def test_rejecting_a_false_rule_states_the_right_one_and_rejecting_a_true_one_is_false() -> None:
    vaccination = said("health_requirement", "required", value={"rejected": "that"})
    document = said("id_required", "needed", value={"rejected": "that"})

    assert compare(vaccination, COUNCIL).relation is Relation.SUPPORTED
    assert compare(document, COUNCIL).relation is Relation.CONTRADICTED


def test_a_notice_makes_a_closed_polling_place_true_while_it_holds() -> None:
    start = datetime(2026, 3, 18, 9, tzinfo=UTC)
    fire = Incident(
        "i-1", "closed", "GM0363", "Buurthuis De Vonk", {"nl": "Gesloten door brand."}, start,
        start + timedelta(hours=8), "https://www.amsterdam.nl/verkiezingen",
    )  # fmt: skip
    sheet = replace(COUNCIL, incidents=(fire,))
    closed = said(
        "polling_place", "closed", value={"about": "stembureau in buurthuis de vonk is dicht"},
        posted_at="2026-03-18T12:00:00+01:00",
    )  # fmt: skip

    during = compare(closed, sheet, place="GM0363")
    before = compare(replace(closed, posted_at=THE_DAY_BEFORE), sheet, place="GM0363")
    other = replace(closed, value={"about": "stembureau de kerk is dicht"})

    assert during.relation is Relation.SUPPORTED
    assert during.incident is fire
    assert before.relation is Relation.NOT_COVERED
    assert compare(other, sheet, place="GM0363").relation is Relation.NOT_COVERED


def test_a_fact_counts_only_in_its_period() -> None:
    longer = Fact(
        "polls_close", "22:00", valid_from=datetime(2026, 3, 17, 12, tzinfo=UTC), version="v2"
    )
    sheet: FactSheet = replace(COUNCIL, facts=(*COUNCIL.facts, longer))
    ten = said("polls_close", "at", value={"minutes": [1320]})

    assert compare(ten, sheet).relation is Relation.CONTRADICTED
    later = replace(ten, posted_at="2026-03-17T20:00:00+01:00")
    assert compare(later, sheet).relation is Relation.SUPPORTED


def test_a_stored_statement_is_read_back_as_it_was() -> None:
    statement = said("proxy_max", "count", value={"count": 3}, span=(4, 9), strength=0.9)

    assert from_frame(statement.frame()) == statement
