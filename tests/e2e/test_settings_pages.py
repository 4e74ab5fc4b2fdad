"""The desk's settings: axe finds nothing, nothing runs off the screen, the editor works by hand."""

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity.people.choices import Role
from moderation.models import RoutingVersion
from moderation.routing import FIRST_RULES
from moderation.services import opening, steering
from tests.e2e.test_accessible import problems
from tests.factories import make_user

RULES = [
    {
        "name": "Hard lopende film vlak voor de verkiezing",
        "when": [
            ["views_to_come", "at_least", 10000],
            ["kind", "in", ["video", "audio"]],
            ["days_to_election", "at_most", 3],
        ],
        "queue": "voting-procedure",
        "due_within_minutes": 60,
        "weight": 2,
    },
    {**FIRST_RULES[0], "when": [["contradiction", "at_least", 0.95]]},
    *FIRST_RULES[2:],
]


@pytest.fixture
def policy_lead(scene):
    return make_user("noor@waarborg.example", alias="Noor Dekker", roles=[Role.POLICY_LEAD])


@pytest.fixture
def version(scene, policy_lead):
    """A version that runs along while the evening's items are looked at again."""
    at = timezone.now()
    kept = steering.write_version(
        content=RULES, note="Filmpjes die hard gaan eerst; minder twijfelgevallen.",
        by=policy_lead, at=at,
    )  # fmt: skip
    steering.put_in_shadow(version=kept, by=policy_lead, at=at)
    for job in scene.jobs.values():
        opening.open_or_update_job(item=job.item, at=at)
    return kept


def addresses(version) -> dict[str, str]:
    """Every page of the settings that a policy lead sees."""
    of = {"args": [version.public_id]}
    live = RoutingVersion.objects.get(state="live")
    return {
        "settings": reverse("desk_settings"),
        "queues": reverse("queue_settings"),
        "queue": reverse("edit_queue", args=["second-opinion"]),
        "new queue": reverse("new_queue"),
        "replies": reverse("reply_settings"),
        "reply": reverse("edit_reply", args=["wrong-statement"]),
        "hosts": reverse("host_settings"),
        "routing": reverse("routing"),
        "editor": reverse("new_routing") + f"?from={version.public_id}",
        "version": reverse("routing_version", **of),
        "live version": reverse("routing_version", args=[live.public_id]),
        "backtest": reverse("routing_backtest", **of),
        "shadow": reverse("routing_shadow", **of),
        "empty shadow": reverse("routing_shadow", args=[live.public_id]),
    }


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_in_the_settings(sign_in, version, policy_lead, language, scheme):
    page = sign_in(policy_lead, language=language, scheme=scheme)

    found = {}
    for name, address in addresses(version).items():
        page.goto(address)
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [390, 1024, 1280, 2560])
def test_no_settings_page_is_wider_than_the_screen(sign_in, version, policy_lead, width):
    page = sign_in(policy_lead, width=width, height=900)

    too_wide = {}
    for name, address in addresses(version).items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


def test_a_rule_is_added_in_the_editor_and_kept(sign_in, policy_lead):
    page = sign_in(policy_lead)
    page.goto(reverse("new_routing"))
    n = page.locator(".rule-edit").count()

    page.locator("button[value=add-rule]").click()
    page.locator(f"[name=r{n}-name]").fill("Veel gemeld")
    page.locator(f"[name=r{n}-queue]").select_option("reports")
    page.locator(f"[name=r{n}-c0-field]").select_option("reports")
    page.locator(f"[name=r{n}-c0-op]").select_option("at_least")
    page.locator(f"[name=r{n}-c0-value]").fill("5")
    page.locator(f"button[value='up:{n}']").click()
    page.locator("[name=note]").fill("Veel meldingen gaan voor")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/settings/routing/*-*/")

    kept = RoutingVersion.objects.get(state="draft")
    assert kept.content[n - 1]["when"] == [["reports", "at_least", 5]]
    assert kept.content[n]["name"] == FIRST_RULES[-1]["name"]
