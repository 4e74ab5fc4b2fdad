"""How far a change reaches: nothing that is read is left out, and a period ends for all words."""

import re
from datetime import UTC, date, datetime, timedelta
from inspect import getsource

from elections import comparisons, reach
from elections.facts import Fact, FactSheet, Incident

AT = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
CALLED = re.compile(r"\b(_\w+)\(")


def reads_of(function, seen=frozenset()) -> set[str]:
    """What a comparison asks of other facts, by its source and that of what it calls."""
    source = getsource(function)
    found = set(re.findall(r'official\("(\w+)"\)', source))
    if "official(key)" in source:
        found |= {"preliminary_result_date", "official_result_date"}
    if "voting_days" in source:
        found.add("voting_day")
    for name in set(CALLED.findall(source)) - {function.__name__} - seen:
        if callee := getattr(comparisons, name, None):
            found |= reads_of(callee, seen | {function.__name__, name})
    return found


def test_every_fact_that_a_comparison_reads_reaches_its_statements():
    missing = {
        (key, read)
        for key, function in comparisons.COMPARISONS.items()
        for read in reads_of(function)
        if key not in reach.keys_reached(read)
    }

    assert missing == set()


def test_a_change_reaches_its_own_statements_and_no_strange_ones():
    assert reach.keys_reached("proxy_max") == {"proxy_max"}
    assert "polls_close" in reach.keys_reached("voting_day")
    assert reach.keys_reached("polls_open") == {"polls_open", "polls_close"}
    assert "polling_place" in reach.keys_reached(reach.INCIDENT)
    assert reach.keys_reached("seats") == frozenset()


def test_what_has_ended_is_gone_and_what_holds_now_counts_for_older_words():
    ended = Fact("polls_close", "20:00", valid_until=AT)
    begun = Fact("polls_close", "22:00", valid_from=AT)
    to_come = Fact("polls_open", "09:00", valid_from=AT + timedelta(hours=1))
    notice = Incident("1", "closed", "GM0344", "De Bron", {}, AT - timedelta(hours=1), AT)
    sheet = FactSheet(
        "nl-gr2026", {}, "NL", "", (date(2026, 3, 18),), (ended, begun, to_come), (notice,)
    )

    now = reach.as_of(sheet, AT)

    assert now.value("polls_close", at=AT - timedelta(days=9)) == "22:00"
    assert not now.covers("polls_open")
    assert now.incidents == ()
    before = reach.as_of(sheet, AT - timedelta(minutes=1))
    assert before.value("polls_close") == "20:00"
    assert before.incidents_at("GM0344", at=AT - timedelta(days=9))
