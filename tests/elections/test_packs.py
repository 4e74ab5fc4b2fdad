"""Election packs are read in both shapes, and every problem names its row and field."""

import json
from datetime import date
from pathlib import Path

import pytest

from elections.packs import PackError, parse_election_packs, read_election_packs

PACK = Path(__file__).parent.parent / "data" / "screening_facts.json"


def plain_election(**changes: object) -> dict[str, object]:
    """Return the plain shape of an election with one fact."""
    fact = {"key": "voting_day", "value": "2026-03-18", "applies": "one day"}
    row = {"id": "nl-gr2026", "name": "Gemeenteraad 2026", "country": "NL", "facts": [fact]}
    return row | changes


def test_the_plain_shape_has_a_zone_by_its_country() -> None:
    (sheet,) = parse_election_packs([plain_election()], name="plain.json")

    assert sheet.voting_days == (date(2026, 3, 18),)
    assert sheet.time_zone == "Europe/Amsterdam"
    assert sheet.name == {"en": "Gemeenteraad 2026"}


def test_the_full_shape_keeps_place_source_and_several_days() -> None:
    sheets = {sheet.election: sheet for sheet in read_election_packs(PACK)}

    boekel = sheets["nl-gr2026"].fact("ballot_marking", place="GM0755")
    amsterdam = sheets["nl-gr2026"].fact("ballot_marking", place="GM0363")
    assert boekel is not None and boekel.value["boxes"] == 2
    assert amsterdam is not None and amsterdam.value["boxes"] == 1
    assert boekel.source_url.startswith("https://")
    assert len(sheets["xx-meerdorp2028"].voting_days) == 2


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ({"key": "polls_open", "value": "7.30"}, "facts[1] (polls_open): value: expected a time"),
        ({"key": "cost"}, "facts[1] (cost): value: is missing"),
        ({"key": "cost", "value": 0, "place": "GM9999"}, "facts[1] (cost): place: 'GM9999'"),
        ({"key": "cost", "value": 0, "status": "sure"}, "status: expected one of confirmed"),
        (
            {"key": "cost", "value": 0, "valid_from": "2026-03-18"},
            "valid_from: expected a moment with its offset",
        ),
        ({"key": "voting_day", "value": "2026-03-18"}, "voting_day: stands there twice"),
        ("polls_open", "facts[1]: expected an object with key and value"),
    ],
)
def test_a_wrong_fact_is_named_with_its_field(fact: object, expected: str) -> None:
    row = plain_election()
    row["facts"] = [*row["facts"], fact]  # type: ignore[misc]

    with pytest.raises(PackError) as error:
        parse_election_packs([row], name="pack.json")

    assert expected in str(error.value)
    assert str(error.value).startswith("pack.json: nl-gr2026")


@pytest.mark.parametrize("content", ["", "{", '"text"', "[]", "[1]", '{"id": "A b"}'])
def test_a_file_that_is_no_pack_is_refused_with_its_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(PackError, match=r"broken\.json"):
        read_election_packs(path)


def test_an_election_without_a_voting_day_is_refused() -> None:
    with pytest.raises(PackError, match="voting_day is missing"):
        parse_election_packs([plain_election(facts=[])], name="pack.json")


def test_every_problem_is_told_at_once() -> None:
    facts = [{"key": "polls_open", "value": 7}, {"key": "min_age", "value": "18"}]

    with pytest.raises(PackError) as error:
        parse_election_packs([plain_election(facts=facts)], name="pack.json")

    assert len(error.value.problems) == 3
    assert json.dumps(error.value.problems)
