"""A partner's system hears of its own events, by webhook and by feed, and of nobody else's."""

import pytest
from django.urls import reverse
from django.utils import timezone

from factcheck.services import assigning, claims, corrections, webhooks
from integrity.outbox import endpoints as outbox_endpoints
from integrity.outbox import queries as outbox
from integrity.outbox import services as outbox_services
from integrity.outbox.models import Delivery, Event, WebhookEndpoint
from integrity.refusals import Refused
from tests.factcheck import makers
from tests.factcheck.makers import NOW
from tests.factcheck.test_api import System
from tests.factcheck.test_portal import at_the_portal

pytestmark = pytest.mark.django_db
ADDRESS = "https://hooks.delens.example/waarborg"


@pytest.fixture(autouse=True)
def _names_resolve(monkeypatch):
    """Take any address for one that may be called: looking up names is tested elsewhere."""
    monkeypatch.setattr("integrity.outbox.addresses.why_not", lambda url: None)


@pytest.fixture
def hook(joost):
    made, _secret = webhooks.add_webhook(url=ADDRESS, member=joost, at=NOW)
    return made


def owed(endpoint):
    return list(
        Delivery.objects.filter(endpoint=endpoint).order_by("pk").values_list(
            "event__type", flat=True
        )
    )  # fmt: skip


def test_each_step_is_owed_to_the_partners_own_webhook(hook, joost, lens, claim, moderator):
    assignment = makers.make_assignment(claim, lens)
    assigning.ask_back(assignment=assignment, question="Welke app?", member=joost, at=NOW)
    assigning.answer_question(assignment=assignment, answer="Deze.", by=moderator, at=NOW)
    proposal = claims.propose_claim(
        claim=claims.ClaimIn("In Borne is de telling over.", "nl"), reason="x", member=joost, at=NOW
    )
    claims.dismiss_claim(claim=proposal, reason="Een mening.", by=moderator, at=NOW)
    assigning.withdraw_assignment(assignment=assignment, reason="Niet nodig.", by=moderator, at=NOW)

    assert owed(hook) == [
        "assignment.offered", "assignment.answered", "claim.dismissed", "assignment.withdrawn",
    ]  # fmt: skip
    first = Event.objects.get(type="assignment.offered")
    assert first.payload["assignment"] == str(assignment.public_id)
    assert first.audience == str(lens.public_id)


def test_a_request_to_correct_tells_no_address(hook, assignment, joost, hanna):
    check = makers.publish(assignment, joost, hanna)
    corrections.request_correction(
        check=check, text="Klopt niet.", requester="lezer@krant.example", at=NOW
    )

    event = Event.objects.get(type="correction.requested")
    assert "lezer" not in str(event.payload)
    assert "correction.requested" in owed(hook)


def test_neither_the_platform_nor_another_partner_hears_of_it(hook, ilse, claim, lens):
    platform, _secret = outbox_endpoints.register_endpoint(
        name="Plein", url="https://plein.example/hook", by=None, at=NOW
    )
    other, _secret = webhooks.add_webhook(
        url="https://hooks.despiegel.example/", member=ilse, at=NOW
    )

    makers.make_assignment(claim, lens)

    assert (owed(platform), owed(other)) == ([], [])
    assert owed(hook) == ["assignment.offered"]
    outbox_services.place_events()
    assert outbox.events_after(0) == []
    n = outbox_endpoints.replay_range(
        endpoint=platform, since=NOW, until=NOW.replace(year=2027), by=None, at=NOW
    )
    assert n == 0


def test_a_verdict_is_the_platforms_event_not_the_partners(hook, assignment, joost, hanna):
    makers.publish(assignment, joost, hanna)

    assert "verdict.published" not in owed(hook)


def test_the_feed_has_the_same_events_for_its_own_partner_only(joost, ilse, claim, lens):
    makers.make_assignment(claim, lens, at=timezone.now())
    ours, theirs = System(joost), System(ilse)

    page = ours.get("feed").json()

    assert [event["type"] for event in page["events"]] == ["assignment.offered"]
    assert ours.get(f"feed?after={page['next']}").json()["events"] == []
    assert theirs.get("feed").json()["events"] == []
    assert ours.get("feed?after=x").status_code == 400


def test_webhooks_are_kept_by_the_api(joost, hanna, ilse):
    system = System(joost)

    made = system.post("webhooks", joost, url=ADDRESS).json()
    assert made["secret"].startswith("whsec_")
    (listed,) = system.get("webhooks").json()["results"]
    assert "secret" not in listed
    path = f"webhooks/{made['id']}"
    assert system.post(path, joost).status_code == 200
    assert Delivery.objects.get().event.type == "endpoint.test"
    renewed = system.call("PUT", path, {"by": joost.user.email}).json()
    assert renewed["secret"] != made["secret"]
    assert system.call("DELETE", path, {"by": hanna.user.email}).status_code == 409
    assert System(ilse).post(path, ilse).status_code == 404
    assert system.call("DELETE", path, {"by": joost.user.email}).status_code == 200
    assert system.get("webhooks").json()["results"] == []


def test_webhooks_are_kept_in_the_portal(joost, hanna):
    client = at_the_portal(joost)

    page = client.post(reverse("partner_add_webhook"), {"url": ADDRESS}).content.decode()
    assert "whsec_" in page
    assert ADDRESS in page
    made = WebhookEndpoint.objects.get()
    for how, status in (("test", 302), ("renew", 200), ("stop", 302)):
        address = reverse(f"partner_{how}_webhook", args=[made.public_id])
        assert client.post(address).status_code == status, how
    assert client.post(address).status_code == 404
    checker = at_the_portal(hanna)
    assert checker.post(reverse("partner_add_webhook"), {"url": ADDRESS}).status_code == 409


def test_there_are_not_many(joost):
    for n in range(webhooks.AT_MOST):
        webhooks.add_webhook(url=f"{ADDRESS}/{n}", member=joost, at=NOW)

    with pytest.raises(Refused):
        webhooks.add_webhook(url=ADDRESS, member=joost, at=NOW)
