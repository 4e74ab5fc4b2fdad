"""The delivery desk: everything owed is seen there, and a lead can send it again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity.audit.models import AuditEvent
from integrity.encryption import decrypt
from integrity.outbox import delivering, endpoints, queries
from integrity.outbox.choices import DeliveryState
from integrity.outbox.models import Delivery, WebhookEndpoint
from tests.outbox.test_owing import owe, publish
from tests.signing_in import sign_in, step_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(db):
    return endpoints.register_endpoint(
        name="Platform", url="https://platform.example/hook", by=None, at=timezone.now()
    )[0]


@pytest.fixture
def dead(endpoint):
    delivery = publish("post-88").deliveries.get()
    now = timezone.now()
    Delivery.objects.update(state=DeliveryState.DEAD, next_try_at=None, ended_at=now, tries=11)
    return delivery


def pages(endpoint, delivery) -> dict[str, tuple[str, str]]:
    there, it = [endpoint.public_id], [delivery.public_id]
    return {
        "desk": ("get", reverse("delivery_desk")),
        "messages": ("get", reverse("owed_messages")),
        "endpoints": ("get", reverse("webhook_endpoints")),
        "endpoint": ("get", reverse("webhook_endpoint", args=there)),
        "delivery": ("get", reverse("delivery", args=it)),
        "keys": ("get", reverse("api_keys")),
        "new": ("get", reverse("new_endpoint")),
        "new key": ("get", reverse("new_api_key")),
        "resend": ("post", reverse("resend_delivery", args=it)),
        "rotate": ("post", reverse("rotate_secret", args=there)),
        "try": ("post", reverse("try_endpoint", args=there)),
        "disable": ("post", reverse("disable_endpoint", args=there)),
        "enable": ("post", reverse("enable_endpoint", args=there)),
        "replay": ("post", reverse("replay_period", args=there)),
    }


READS = ["desk", "messages", "endpoints", "endpoint", "delivery", "keys"]
WRITES = ["new", "new key", "resend", "rotate", "try", "disable", "enable", "replay"]
TABLE = [
    ("policy_lead", READS + WRITES, []),
    ("auditor", READS, WRITES),
    ("moderator", [], READS + WRITES),
    ("senior", [], READS + WRITES),
    ("election_lead", [], READS + WRITES),
    ("partner_member", [], READS + WRITES),
]


@pytest.mark.parametrize(("who", "may", "may_not"), TABLE)
def test_who_may_do_what(request, client, dead, endpoint, who, may, may_not):
    sign_in(client, request.getfixturevalue(who))
    step_up(client)
    answers = {
        name: getattr(client, method)(url).status_code
        for name, (method, url) in pages(endpoint, dead).items()
    }

    assert {name for name, status in answers.items() if status == 403} == set(may_not)
    assert {name for name, status in answers.items() if status in (200, 302, 422)} == set(may)


def test_nobody_who_is_not_signed_in_sees_anything(client, dead, endpoint):
    for method, url in pages(endpoint, dead).values():
        answer = getattr(client, method)(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_desk_shows_a_dead_letter_with_its_last_try(client, policy_lead, dead, language):
    dead.attempts.create(at=timezone.now(), status_code=503, milliseconds=41)
    sign_in(client, policy_lead)

    page = client.get(
        reverse("delivery_desk"), {"state": "dead"}, headers={"accept-language": language}
    ).content.decode()

    assert "post-88" in page
    assert "503" in page


def test_a_dead_letter_is_sent_again_from_the_screen(client, policy_lead, dead):
    sign_in(client, policy_lead)

    client.post(reverse("resend_delivery", args=[dead.public_id]))

    dead.refresh_from_db()
    assert (dead.state, dead.tries) == (DeliveryState.OWED, 0)
    assert AuditEvent.objects.filter(verb="delivery.replayed").exists()


def test_the_words_of_a_letter_are_shown_on_its_page_only_and_the_look_is_recorded(
    client, auditor, endpoint
):
    notification = owe()
    delivery = notification.event.deliveries.get()
    sign_in(client, auditor)

    assert notification.body not in client.get(reverse("owed_messages")).content.decode()
    assert not AuditEvent.objects.filter(verb="delivery.read").exists()
    page = client.get(reverse("delivery", args=[delivery.public_id])).content.decode()

    assert "om 20.00 uur sluiten" in page
    event = AuditEvent.objects.get(verb="delivery.read")
    assert (event.subject_id, event.actor_id) == (str(delivery.public_id), str(auditor.public_id))


def test_markup_in_what_was_owed_is_shown_as_text(client, policy_lead, endpoint):
    delivery = publish("<script>alert(1)</script>").deliveries.get()
    WebhookEndpoint.objects.update(name="<b>x</b>")
    sign_in(client, policy_lead)

    for url in (reverse("delivery_desk"), reverse("delivery", args=[delivery.public_id])):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_adding_an_endpoint_asks_once_more_who_it_is_and_shows_the_secret_once(client, policy_lead):
    sign_in(client, policy_lead)
    fields = {"name": "Platform", "url": "https://platform.example/hook", "event_types": []}
    url = reverse("new_endpoint")

    before = client.post(url, fields)
    assert before.status_code == 302
    assert "reauthenticate" in before["Location"]
    assert not WebhookEndpoint.objects.exists()
    step_up(client)
    shown = client.post(url, fields)

    endpoint = WebhookEndpoint.objects.get()
    secret = decrypt(endpoint.sealed_secret)
    assert secret in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert secret not in endpoint.sealed_secret
    again = client.get(reverse("webhook_endpoint", args=[endpoint.public_id])).content.decode()
    assert secret not in again


@pytest.mark.parametrize(
    "url",
    ["http://platform.example/", "https://10.0.0.1/", "https://localhost.\n/", "ftp://x.example/"],
)
def test_an_unsafe_address_is_refused_at_its_field(client, policy_lead, url):
    sign_in(client, policy_lead)
    step_up(client)

    answer = client.post(reverse("new_endpoint"), {"name": "Platform", "url": url})

    assert answer.status_code == 422
    assert answer.context["form"].errors["url"]
    assert not WebhookEndpoint.objects.exists()


def test_rotating_shows_a_new_secret_and_keeps_the_old_one_for_a_day(client, policy_lead, endpoint):
    old = decrypt(endpoint.sealed_secret)
    sign_in(client, policy_lead)
    step_up(client)

    page = client.post(reverse("rotate_secret", args=[endpoint.public_id])).content.decode()

    endpoint.refresh_from_db()
    new, previous = delivering.secrets_of(endpoint, at=timezone.now())
    assert new in page
    assert previous == old
    assert old not in page
    assert delivering.secrets_of(endpoint, at=timezone.now() + timedelta(hours=25)) == [new]


def test_switching_off_asks_why(client, policy_lead, endpoint):
    sign_in(client, policy_lead)
    url = reverse("disable_endpoint", args=[endpoint.public_id])

    assert client.post(url, {"reason": " "}).status_code == 422
    client.post(url, {"reason": "moving house"})

    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == "moving house"


def test_replaying_a_period_owes_what_happened_in_it(client, policy_lead, dead, endpoint):
    sign_in(client, policy_lead)
    url = reverse("replay_period", args=[endpoint.public_id])

    wrong = client.post(url, {"since": "2026-03-18T00:00", "until": "2026-03-17T00:00"})
    client.post(url, {"since": "2026-03-17T00:00", "until": "2026-03-18T00:00"})

    dead.refresh_from_db()
    assert wrong.status_code == 422
    assert dead.state == DeliveryState.OWED


def test_a_long_list_is_paged_and_loses_nothing(
    client, policy_lead, endpoint, django_assert_max_num_queries
):
    for n in range(120):
        publish(f"post-{n}")
    sign_in(client, policy_lead)
    seen, url = [], reverse("delivery_desk") + "?state=owed"
    while url:
        with django_assert_max_num_queries(14):
            answer = client.get(url)
        seen += [row.of.event.subject_id for row in answer.context["rows"]]
        older = answer.context["older"]
        url = f"{reverse('delivery_desk')}?{older}" if older else ""

    assert sorted(seen) == sorted(f"post-{n}" for n in range(120))


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-1", "?endpoint=nonsense", "?state=nonsense", "?subject=%00"]
)
def test_nonsense_in_the_address_is_no_error(client, policy_lead, endpoint, query):
    sign_in(client, policy_lead)

    assert client.get(reverse("delivery_desk") + query).status_code == 200


def test_who_reads_the_feed_and_how_far_behind_they_are_is_seen(client, policy_lead, endpoint):
    from integrity.outbox import services

    publish("post-1")
    publish("post-2")
    services.place_events()
    services.confirm_read(reader="platform", position=1, at=timezone.now())
    sign_in(client, policy_lead)

    assert [(r.reader, behind) for r, behind in queries.feed_readers()] == [("platform", 1)]
    assert "platform" in client.get(reverse("delivery_desk")).content.decode()
