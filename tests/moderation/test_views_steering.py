"""The pages of the routing rules: the editor without a script, the versions, the comparisons."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.choices import Action, RoutingState
from moderation.models import RoutingVersion
from moderation.routing import FIRST_RULES
from moderation.services import steering
from tests.factories import decide, make_election, make_item, make_job
from tests.moderation.desk_client import client_of
from tests.signing_in import step_up

pytestmark = pytest.mark.django_db
NEW = "/desk/settings/routing/new/"
FORM = {
    "note": "Filmpjes die hard gaan eerst",
    "r0-name": "Hard lopende film",
    "r0-queue": "voting-procedure",
    "r0-due": "90",
    "r0-weight": "1,5",
    "r0-probability": "",
    "r0-c0-field": "views_to_come",
    "r0-c0-op": "at_least",
    "r0-c0-value": "10000",
    "r0-c1-field": "kind",
    "r0-c1-op": "in",
    "r0-c1-value": "video, audio",
    "r0-c2-field": "",
    "r0-c2-op": "is",
    "r0-c2-value": "",
}
RULE = {
    "name": "Hard lopende film",
    "when": [["views_to_come", "at_least", 10000], ["kind", "in", ["video", "audio"]]],
    "queue": "voting-procedure",
    "weight": 1.5,
    "due_within_minutes": 90,
}


@pytest.fixture
def draft(policy_lead):
    return steering.write_version(
        content=[RULE], note="Filmpjes eerst", by=policy_lead, at=timezone.now()
    )


def test_a_version_is_written_with_a_form_and_not_with_json(policy_lead):
    response = client_of(policy_lead).post(NEW, {**FORM, "do": "keep"})

    version = RoutingVersion.objects.get(state=RoutingState.DRAFT)
    assert response["Location"] == reverse("routing_version", args=[version.public_id])
    assert version.content == [RULE]
    assert version.authored_by == policy_lead


def test_the_editor_begins_with_the_live_rules(policy_lead):
    form = client_of(policy_lead).get(NEW).context["form"]

    assert form.content() == FIRST_RULES


@pytest.mark.parametrize(
    ("do", "names", "conditions"),
    [
        ("add-rule", ["A", "B", ""], [1, 1, 1]),
        ("add:0", ["A", "B"], [2, 1]),
        ("down:0", ["B", "A"], [1, 1]),
        ("up:1", ["B", "A"], [1, 1]),
        ("up:0", ["A", "B"], [1, 1]),
        ("drop:0", ["B"], [1]),
        ("drop:1.0", ["A", "B"], [1, 0]),
        ("drop:9", ["A", "B"], [1, 1]),
        ("drop:0.9", ["A", "B"], [1, 1]),
        ("nonsense:²", ["A", "B"], [1, 1]),
        ("", ["A", "B"], [1, 1]),
    ],
)
def test_each_button_changes_the_form_and_keeps_nothing(do, names, conditions, policy_lead):
    sent = {"note": "n", "do": do}
    for n, name in enumerate("AB"):
        sent |= {f"r{n}-name": name, f"r{n}-queue": "reports"}
        sent |= {f"r{n}-c0-field": "topic", f"r{n}-c0-op": "is", f"r{n}-c0-value": "date"}

    response = client_of(policy_lead).post(NEW, sent)

    form = response.context["form"]
    assert response.status_code == 200
    assert [rule.name for rule in form.rules] == names
    assert [len(rule.conditions) for rule in form.rules] == conditions
    assert RoutingVersion.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"r0-queue": ""},
        {"r0-name": ""},
        {"r0-due": "straks"},
        {"r0-weight": "1e9"},
        {"r0-c0-value": "veel"},
        {"r0-c0-op": "in", "r0-c0-field": "topic", "r0-c0-value": ""},
        {"r0-c0-field": "__class__"},
        {"r0-c1-value": "a\x00b"},
        {"note": " "},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_survives(wrong, policy_lead):
    response = client_of(policy_lead).post(NEW, {**FORM, **wrong, "do": "keep"})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert 'role="alert"' in response.content.decode()
    assert "Hard lopende film" in response.content.decode() or "r0-name" in wrong
    assert RoutingVersion.objects.count() == 1


def test_rules_as_text_fill_the_form(policy_lead):
    client = client_of(policy_lead)

    filled = client.post(NEW, {"do": "read-text", "text": json.dumps([RULE])})
    broken = [
        client.post(NEW, {"do": "read-text", "text": text})
        for text in ("", "{", "[7]", '[{"name": "x"}]', "[" * 5000, '[{"when": 3}]', "null")
    ]

    assert filled.context["form"].content() == [RULE]
    assert [r.status_code for r in broken] == [422] * len(broken)


def test_the_same_rules_again_are_refused_with_their_version(draft, policy_lead):
    response = client_of(policy_lead).post(NEW, {**FORM, "do": "keep"})

    assert response.status_code == 409
    assert draft.digest[:8] in response.content.decode()


def test_a_version_is_shown_beside_the_live_one(draft, policy_lead):
    response = client_of(policy_lead).get(reverse("routing_version", args=[draft.public_id]))

    kinds = {change.name: change.kind for change in response.context["changes"]}
    assert kinds["Hard lopende film"] == "added"
    assert kinds["Reported"] == "gone"
    assert len(kinds) == len(FIRST_RULES) + 1


def test_changed_and_moved_rules_are_told_apart(policy_lead):
    content = [FIRST_RULES[3], FIRST_RULES[0], {**FIRST_RULES[1], "due_within_minutes": 5}]
    version = steering.write_version(
        content=[*content, FIRST_RULES[2]], note="n", by=policy_lead, at=timezone.now()
    )

    page = client_of(policy_lead).get(reverse("routing_version", args=[version.public_id]))

    kinds = {change.name: change.kind for change in page.context["changes"]}
    assert kinds == {"Reported": "moved", "Cannot be settled by text, and travels": "changed"}


def test_switching_on_asks_first_who_you_are_and_then_does_it(draft, policy_lead, election_lead):
    steering.put_in_shadow(version=draft, by=policy_lead, at=timezone.now())
    client, url = client_of(election_lead), reverse("deploy_routing", args=[draft.public_id])

    asked = client.post(url)
    draft.refresh_from_db()
    assert draft.state == RoutingState.SHADOW
    assert "reauthenticate" in asked["Location"]

    step_up(client)
    client.post(url)
    draft.refresh_from_db()
    assert (draft.state, draft.deployed_by) == (RoutingState.LIVE, election_lead)


def test_who_wrote_it_reads_why_they_may_not_switch_it_on(draft, policy_lead):
    steering.put_in_shadow(version=draft, by=policy_lead, at=timezone.now())

    page = client_of(policy_lead).get(reverse("routing_version", args=[draft.public_id]))

    assert reverse("deploy_routing", args=[draft.public_id]) not in page.content.decode()
    assert page.context["may_deploy"] is not None


def test_running_along_and_putting_aside(draft, policy_lead):
    client = client_of(policy_lead)

    client.post(reverse("shadow_routing", args=[draft.public_id]))
    draft.refresh_from_db()
    assert draft.state == RoutingState.SHADOW
    client.post(reverse("retire_routing", args=[draft.public_id]))
    draft.refresh_from_db()
    assert draft.state == RoutingState.RETIRED
    assert client.post(reverse("retire_routing", args=[draft.public_id])).status_code == 409


@pytest.mark.parametrize("over", ["", "7", "0", "²", "9" * 5000, "-1", "x"])
def test_a_version_is_tried_on_stored_items(over, draft, policy_lead, moderator):
    make_election()
    decide(make_job(at=timezone.now()), by=moderator, action=Action.REMOVE, at=timezone.now())

    page = client_of(policy_lead).get(
        reverse("routing_backtest", args=[draft.public_id]), {"over": over}
    )

    assert page.context["days"] == (7 if over == "7" else 14)
    assert page.context["result"].theirs.matched == 1
    assert "100 %" in page.content.decode()


def test_the_comparison_shows_where_each_item_went(draft, policy_lead):
    make_election()
    steering.put_in_shadow(version=draft, by=policy_lead, at=timezone.now())
    make_job(make_item("shadow-item"))

    page = client_of(policy_lead).get(reverse("routing_shadow", args=[draft.public_id]))

    assert "shadow-item" in page.content.decode()
    assert page.context["comparison"].items == 1


def test_pages_without_anything_say_so(draft, policy_lead):
    client = client_of(policy_lead)

    for name in ("routing_backtest", "routing_shadow"):
        page = client.get(reverse(name, args=[draft.public_id])).content.decode()
        assert "state-wide" in page, name


HOSTILE = "<script>alert(1)</script>{{7*7}}\"'"


def test_nothing_in_a_rule_becomes_markup(policy_lead):
    rule = {**RULE, "name": HOSTILE, "when": [["place", "is", HOSTILE]]}
    version = steering.write_version(
        content=[rule], note=HOSTILE, by=policy_lead, at=timezone.now()
    )
    client = client_of(policy_lead)

    for address in (
        reverse("routing"),
        reverse("routing_version", args=[version.public_id]),
        f"{NEW}?from={version.public_id}",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert " style=" not in page
