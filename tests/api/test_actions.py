"""The feed: everything once, in order, and nothing late."""

import pytest

from moderation.choices import Action
from moderation.services import carrying_out
from tests.factories import decide, make_job

pytestmark = pytest.mark.django_db


def decided(moderator, action=Action.INELIGIBLE):
    decision = decide(make_job(), by=moderator, action=action)
    carrying_out.carry_out(decision=decision, at=decision.decided_at)
    return decision


def test_a_decision_that_was_carried_out_is_in_the_feed_with_its_statement(platform, moderator):
    decision = decided(moderator)

    page = platform.get("actions").json()

    told = next(e for e in page["events"] if e["type"] == "decision.carried_out")
    assert told["data"]["item"] == decision.item.external_id
    assert told["data"]["statement"]["facts"] == decision.reasoning
    assert page["more"] is False


def test_the_feed_goes_on_where_it_was_left(platform, moderator):
    decided(moderator)
    first = platform.get("actions?limit=1").json()

    second = platform.get(f"actions?after={first['next']}").json()

    seen = [e["id"] for e in first["events"] + second["events"]]
    assert first["more"] is True
    assert len(seen) == len(set(seen)) > 1
    assert platform.get(f"actions?after={second['next']}").json()["events"] == []


@pytest.mark.parametrize("after", ["-1", "abc", "9" * 30, "1.5", "%00", "²"])
def test_a_cursor_that_is_none_is_refused(platform, after):
    answer = platform.get(f"actions?after={after}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "after"


def test_the_item_tells_what_was_decided(platform, moderator):
    decision = decided(moderator)

    answer = platform.get(f"items/{decision.item.external_id}").json()

    assert answer["action"] == "ineligible"
    assert answer["statement"]["facts"] == decision.reasoning
