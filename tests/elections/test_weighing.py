"""Two readers are weighed, but only the facts say what is right, and every verdict rests on one."""

from pathlib import Path

import pytest

from elections import weighing
from elections.checking import Comparison, Relation, compare
from elections.fusing import Checked, Verdict
from elections.packs import read_election_packs
from elections.weighing import Heard, best_grounded, evidence, hear
from integrity.classifiers.voting_procedure.opinions import Opinion
from integrity.classifiers.voting_procedure.propositions import Proposition

FACTS = Path(__file__).parents[1] / "data" / "screening_facts.json"
SHEETS = {sheet.election: sheet for sheet in read_election_packs(FACTS)}
ONLINE = {"p": 0.7, "key": "voting_methods", "claim": "online", "topic": "method"}
BY_POST = {"p": 0.2, "key": "voting_methods", "claim": "post", "topic": "method"}
SILENT = Proposition(key="", claim="unread", topic="none", modality="unread", strength=0.0)


def heard_in(election: str, *claims: dict[str, object]) -> list[Heard]:
    return hear(Opinion(True, heard=True, claims=claims), SILENT, SHEETS[election], place=None)


@pytest.mark.parametrize(
    ("election", "verdict"),
    [("nl-gr2026", Verdict.CONTRADICTS), ("xx-meerdorp2028", Verdict.CONSISTENT)],
)
def test_what_is_heard_is_compared_with_the_facts_of_its_own_election(
    election: str, verdict: Verdict
) -> None:
    found = evidence(heard_in(election, BY_POST))

    assert found[verdict] == pytest.approx(0.2)
    assert found[Verdict.NOT_PROCEDURAL] == pytest.approx(0.8)


def test_chances_of_several_statements_add_up() -> None:
    found = evidence(heard_in("nl-gr2026", ONLINE, BY_POST))

    assert found[Verdict.CONTRADICTS] == pytest.approx(0.9)


def test_a_verdict_that_nothing_supports_is_passed_over() -> None:
    checked = [Checked(SILENT, compare(SILENT, SHEETS["nl-gr2026"]))]
    chances = dict.fromkeys(Verdict, 0.0) | {Verdict.CONTRADICTS: 0.9, Verdict.UNVERIFIABLE: 0.1}

    verdict, ground = best_grounded(chances, checked, [])

    assert verdict is Verdict.UNVERIFIABLE
    assert ground is checked[0]


def test_what_the_rules_read_is_cited_before_what_is_heard() -> None:
    said = Proposition(key="voting_methods", claim="app", topic="method", strength=0.9)
    read = Checked(said, Comparison(Relation.CONTRADICTED, "voting_methods"))
    chances = dict.fromkeys(Verdict, 0.0) | {Verdict.CONTRADICTS: 1.0}

    assert best_grounded(chances, [read], heard_in("nl-gr2026", ONLINE))[1] is read


def test_the_fitted_weights_have_a_row_for_each_verdict_and_a_number_for_each_feature() -> None:
    table = weighing.weights()
    assert table is not None
    numbers = weighing.features([], Verdict.NOT_PROCEDURAL, None, Opinion(), [])

    assert len(table["rows"]) == len(table["bias"]) == len(weighing.VERDICTS)
    assert {len(row) for row in table["rows"]} == {len(numbers)}
    assert sum(weighing.chances(numbers, table).values()) == pytest.approx(1)


def read_as(key: str, claim: str, value: dict[str, object], strength: float = 1.0) -> Checked:
    said = Proposition(key=key, claim=claim, topic="date", value=value, strength=strength)
    return Checked(said, compare(said, SHEETS["nl-gr2026"]))


def test_where_both_readers_hear_the_same_claim_only_the_facts_decide() -> None:
    online = read_as("voting_methods", "online", {})

    assert weighing.agreed([online], heard_in("nl-gr2026", ONLINE)) == [online]
    assert weighing.agreed([online], heard_in("nl-gr2026", BY_POST)) == []


def test_a_whole_date_said_to_be_the_day_of_voting_stands_by_itself() -> None:
    assert weighing.is_whole_date(read_as("voting_day", "on", {"day": 21, "month": 3}))
    assert not weighing.is_whole_date(read_as("voting_day", "on", {"weekday": 4}))
    assert not weighing.is_whole_date(read_as("voting_day", "on", {"day": 21, "month": 3}, 0.4))


def test_a_plain_hour_stands_unless_nothing_seems_to_be_stated() -> None:
    hour = read_as("polls_close", "at", {"minutes": [1200]})

    assert weighing.is_plain_value(hour, Opinion(True, heard=True))
    assert not weighing.is_plain_value(hour, Opinion(True, heard=True, nothing={"joke": 0.8}))


def test_a_right_day_beside_something_else_settles_nothing() -> None:
    day = read_as("voting_day", "on", {"weekday": 2})

    assert day.verdict() is Verdict.CONSISTENT
    assert not weighing.is_plain_value(day, Opinion(True, heard=True))


def test_what_both_readers_hear_of_another_country_is_no_statement_here() -> None:
    said = Proposition(key="voting_methods", claim="online", topic="method", election_ref="foreign")
    abroad = Checked(said, compare(said, SHEETS["nl-gr2026"]))

    assert weighing.is_of_another_country([abroad], heard_in("nl-gr2026", ONLINE))
    assert not weighing.is_of_another_country([abroad], heard_in("nl-gr2026", BY_POST))


def test_a_contradiction_that_only_the_encoder_hears_needs_a_word_of_voting() -> None:
    around = SILENT.with_(context=0)
    opinion = Opinion(True, heard=True, claims=(ONLINE,))
    (heard,) = hear(opinion, around, SHEETS["nl-gr2026"], place=None)

    assert weighing.is_far_fetched(heard.checked, Opinion(True, procedural=0.1))
    assert not weighing.is_far_fetched(heard.checked, Opinion(True, procedural=0.6))
