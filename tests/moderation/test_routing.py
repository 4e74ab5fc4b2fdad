"""Routing is pure: the same inputs and rules give the same place, priority and reasons."""

import json
from datetime import timedelta

import pytest
from django.utils import translation

from moderation import routing, routing_checks
from moderation.routing import FIRST_RULES, Inputs, ReportSeen, SignalSeen, route
from tests.factories import NOW

CONTRADICTION = SignalSeen("contradicts", 0.9, "date", "voting_procedure")
FRAUD = SignalSeen("unverifiable", 0.4, "fraud")
QUEUES = frozenset({"voting-procedure", "undecidable", "reports"})


@pytest.mark.parametrize(
    ("inputs", "queue"),
    [
        (Inputs(signals=[CONTRADICTION]), "voting-procedure"),
        (Inputs(signals=[SignalSeen("contradicts", 0.49, "date")]), None),
        (Inputs(signals=[SignalSeen("consistent", 0.9, "date")]), None),
        (Inputs(signals=[FRAUD], views_to_come=499), None),
        (Inputs(signals=[FRAUD], views_to_come=500), "undecidable"),
        (Inputs(signals=[SignalSeen("unverifiable", 0.4, "date")], views_to_come=9000), None),
        (Inputs(reports=[ReportSeen("user", NOW)]), "reports"),
        (Inputs(signals=[CONTRADICTION], reports=[ReportSeen("user", NOW)]), "voting-procedure"),
        (Inputs(views_to_come=1_000_000), None),
    ],
)
def test_the_first_rule_that_holds_names_the_queue(inputs, queue):
    found = route(inputs)

    assert (found.queue if found else None) == queue


def test_harm_is_probability_times_severity_times_views_to_come():
    inputs = Inputs(signals=[CONTRADICTION], views_to_come=10_000, severities={"date": 5})

    assert route(inputs).harm == pytest.approx(0.9 * 1 * 10_000)


def test_an_item_without_a_curve_still_counts_for_a_hundred_views():
    assert route(Inputs(signals=[CONTRADICTION])).harm == pytest.approx(0.9 * 3 / 5 * 100)


def test_what_the_law_wants_answered_first_is_due_first():
    inputs = Inputs(
        reports=[
            ReportSeen("article_16", NOW),
            ReportSeen("trusted_flagger", NOW + timedelta(hours=1)),
            ReportSeen("user", NOW),
        ]
    )

    found = route(inputs)

    assert found.due_at == NOW + timedelta(hours=5)
    assert found.reasons[0]["kind"] == "legal"


def test_reasons_name_the_rule_and_what_it_saw():
    kinds = [r["kind"] for r in route(Inputs(signals=[CONTRADICTION])).reasons]

    assert kinds == ["rule", "views", "probability", "topic", "severity"]


def test_a_rule_can_look_at_every_field_it_may_name():
    inputs = Inputs(
        signals=[CONTRADICTION, FRAUD],
        reports=[ReportSeen("partner", NOW)],
        views=10,
        views_to_come=20,
        views_per_minute=3.5,
        language="nl-NL",
        election="nl-gr2026",
        place="GM0344",
        protection="candidate",
        strikes=2,
        misuse="warn",
        followers=1000,
        account_days=12,
        days_to_election=3,
        ground_gone=True,
        policies={"date": "voting-dates-and-places"},
    )
    when = [
        ["contradiction", "at_least", 0.9],
        ["topic", "is", "date"],
        ["undecidable", "is", "fraud"],
        ["severity", "at_most", 3],
        ["reports", "at_least", 1],
        ["report_source", "in", ["partner", "authority"]],
        ["views", "at_least", 10],
        ["views_to_come", "at_most", 20],
        ["views_per_minute", "at_least", 3],
        ["kind", "not_in", ["video", "audio"]],
        ["language", "is", "nl"],
        ["election", "is", "nl-gr2026"],
        ["place", "is_not", "GM0268"],
        ["protection", "in", ["candidate", "party"]],
        ["strikes", "at_least", 2],
        ["misuse", "in", ["warn", "pause"]],
        ["followers", "at_least", 1000],
        ["account_days", "at_most", 30],
        ["policy", "is", "voting-dates-and-places"],
        ["found_by", "in", ["voting_procedure"]],
        ["days_to_election", "at_most", 3],
        ["ground_gone", "is", "yes"],
    ]
    rules = [{"name": "Everything", "when": when, "queue": "reports"}]

    assert {name for name, _, _ in when} == set(routing.FIELDS)
    assert [p for p in map(routing_checks.condition_problem, when) if p] == []
    assert route(inputs, rules=rules).queue == "reports"


def test_an_unknown_number_satisfies_no_comparison():
    rules = [{"name": "Big", "when": [["followers", "at_least", 0]], "queue": "reports"}]

    assert route(Inputs(), rules=rules) is None


def test_a_rule_can_set_its_own_due_time_and_probability():
    rules = [
        {
            "name": "Near polling day",
            "when": [["days_to_election", "at_most", 1]],
            "queue": "reports",
            "due_within_minutes": 30,
            "probability": 1,
        }
    ]

    found = route(Inputs(days_to_election=0), rules=rules, at=NOW)

    assert found.due_at == NOW + timedelta(minutes=30)
    assert found.harm == pytest.approx(1 * 3 / 5 * 100)


def test_a_rule_can_count_for_more_than_its_views():
    rules = [{"name": "A", "when": [["topic", "is", "date"]], "queue": "reports", "weight": 2.5}]
    inputs = Inputs(signals=[CONTRADICTION], views_to_come=1000)

    heavier, plain = route(inputs, rules=rules), route(inputs)

    assert heavier.harm == pytest.approx(2.5 * plain.harm)
    assert {"kind": "weight", "value": 2.5} in heavier.reasons


def test_every_field_has_its_kind_and_its_words():
    from moderation.presenting import routes

    assert set(routing_checks.KINDS) == set(routing.FIELDS) == set(routes.FIELD_WORDS)
    assert set(routes.OPERATOR_WORDS) == set(routing.OPERATORS)


def test_the_routing_of_a_job_can_be_made_again_from_what_it_kept():
    inputs = Inputs(
        signals=[CONTRADICTION],
        reports=[ReportSeen("article_16", NOW)],
        views_to_come=1234,
        severities={"date": 5},
    )

    kept = json.loads(json.dumps(inputs.as_json()))

    assert route(Inputs.from_json(kept)) == route(inputs)


def test_the_digest_names_the_content_and_nothing_else():
    reordered = [dict(reversed(rule.items())) for rule in FIRST_RULES]
    changed = [{**FIRST_RULES[0], "when": [["contradiction", "at_least", 0.6]]}]

    assert routing.digest(reordered) == routing.digest(FIRST_RULES)
    assert routing.digest(changed) != routing.digest(FIRST_RULES[:1])


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], "at least one rule"),
        ("nonsense", "at least one rule"),
        ([7], "write an object"),
        ([{"name": "A", "when": [["topic", "is", "date"]], "queue": "nowhere"}], "no queue"),
        ([{"name": " ", "when": [["topic", "is", "date"]], "queue": "reports"}], "a name"),
        ([{"name": "A", "when": [], "queue": "reports"}], "at least one condition"),
        ([{"name": "A", "when": [["topic", "is"]], "queue": "reports"}], "[field, operator"),
        ([{"name": "A", "when": [["colour", "is", "x"]], "queue": "reports"}], "no field"),
        ([{"name": "A", "when": [["topic", "like", "x"]], "queue": "reports"}], "no comparison"),
        ([{"name": "A", "when": [["topic", "at_least", 1]], "queue": "reports"}], "is a word"),
        ([{"name": "A", "when": [["views", "at_least", "9"]], "queue": "reports"}], "a number"),
        ([{"name": "A", "when": [["topic", "in", "date"]], "queue": "reports"}], "a list"),
        ([{"name": "A", "when": [["topic", "is", {}]], "queue": "reports"}], "a word"),
        (
            [{"name": "A", "when": [["topic", "is", "x"]], "queue": "reports", "probability": 2}],
            "the sureness",
        ),
        (
            [
                {
                    "name": "A",
                    "when": [["topic", "is", "x"]],
                    "queue": "reports",
                    "due_within_minutes": True,
                }
            ],
            "time to answer",
        ),
        ([{"name": "A", "when": [["topic", "is", "x"]], "queue": "reports", "run": "rm"}], "run"),
        (
            [{"name": "A", "when": [["topic", "is", "x"]], "queue": "reports", "weight": 0}],
            "weight",
        ),
        ([{"name": "A", "when": [["views", "is", float("nan")]], "queue": "reports"}], "a number"),
        (
            [{"name": "A", "when": [["topic", "is", "a\x00b"]], "queue": "reports"}],
            "cannot be kept",
        ),
        ([{"name": "A", "when": [["topic", "in", []]], "queue": "reports"}], "a list"),
        ([{"name": "A", "when": [[["topic"], "is", "x"]], "queue": "reports"}], "no field"),
        ([{"name": "A", "when": [["topic", {}, "x"]], "queue": "reports"}], "no comparison"),
        ([{"name": "A", "when": [["topic", "is", "x"]], "queue": ["reports"]}], "no queue"),
        ([{"name": "A", "when": [["topic", "is", "x"]], "queue": "reports"}] * 2, "its own name"),
        ([{"name": "A", "when": [["topic", "is", "x"]], "queue": "reports"}] * 61, "at most"),
        ([{"name": "A", "when": [["topic", "is", "x"]] * 13, "queue": "reports"}], "at most 12"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_the_reason(rules, words):
    with translation.override("en"):
        problems = routing_checks.problems_of(rules, queues=QUEUES)

    assert any(words in problem for problem in problems), problems


def test_the_rules_a_house_begins_with_are_sound():
    assert routing_checks.problems_of(FIRST_RULES, queues=QUEUES) == []
