"""Deliveries arrive signed, at least once, and end as dead letters after days, never silently."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from integrity.outbox import delivering, endpoints, sending, services
from integrity.outbox.choices import AttemptError, DeliveryState
from integrity.outbox.models import Delivery, WebhookEndpoint
from tests.outbox import receiver as receivers
from tests.outbox.test_owing import owe, publish

pytestmark = pytest.mark.django_db


def deliver(clock) -> Delivery:
    delivering.deliver_owed(clock=clock)
    return Delivery.objects.get()


def errors(delivery: Delivery) -> list[str]:
    return list(delivery.attempts.order_by("pk").values_list("error", flat=True))


def test_a_decision_arrives_signed_and_says_what_the_feed_says(registered, receiver, clock):
    event = publish()

    delivery = deliver(clock)

    ((headers, sent),) = receiver.calls
    body = Webhook(registered[1]).verify(sent, headers)
    assert delivery.state == DeliveryState.DELIVERED
    assert body["id"] == event.message_id == receiver.ids[0]
    assert body["type"] == "decision.carried_out"
    assert body["data"] == {"action": "label", "item": "post-88"}


def test_a_changed_byte_or_a_changed_id_fails_the_check(registered, receiver, clock):
    publish()
    deliver(clock)
    headers, body = receiver.calls[0]

    for changed in (
        (body.replace(b"label", b"remove"), headers),
        (body, {**headers, "webhook-id": "evt_other"}),
        (body, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 3600)}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(registered[1]).verify(*changed)


def test_a_message_for_a_poster_arrives_with_its_words_and_counts_as_sent(
    registered, receiver, clock
):
    notification = owe()

    deliver(clock)

    notification.refresh_from_db()
    (body,) = receiver.verified(registered[1])
    assert body["data"]["recipient"] == {"type": "actor", "id": "u-4"}
    assert body["data"]["body"] == notification.body
    assert notification.sent_at == clock()


def test_what_has_arrived_is_not_sent_again(registered, receiver, clock):
    publish()
    deliver(clock)
    clock.forward(days=4)

    deliver(clock)

    assert len(receiver.calls) == 1


def test_a_receiver_that_is_down_hears_it_once_it_is_back_under_the_same_id(
    registered, receiver, clock
):
    publish()
    receiver.answer = 500
    deliver(clock)
    clock.forward(seconds=10)
    receiver.answer = 204

    delivery = deliver(clock)

    assert delivery.state == DeliveryState.DELIVERED
    assert len(set(receiver.ids)) == 1
    assert list(delivery.attempts.order_by("pk").values_list("status_code", flat=True)) == [
        500,
        204,
    ]


def test_eleven_tries_over_about_three_days_then_a_dead_letter(registered, receiver, clock):
    publish()
    receiver.answer = 503
    began = clock()
    while (delivery := deliver(clock)).state == DeliveryState.OWED:
        clock.now = max(delivery.next_try_at, WebhookEndpoint.objects.get().resting_until)

    assert delivery.state == DeliveryState.DEAD
    assert delivery.attempts.count() == len(receiver.calls) == 11
    # 71.6 hours, a fifth more or less.
    assert timedelta(hours=57) < clock() - began < timedelta(hours=87)


def test_the_wait_between_tries_differs_from_one_delivery_to_the_next(registered, receiver, clock):
    receiver.answer = 400
    for n in range(5):
        publish(f"post-{n}")

    delivering.deliver_owed(clock=clock)

    waits = {d.next_try_at - clock() for d in Delivery.objects.all()}
    assert len(waits) == 5
    assert all(timedelta(seconds=4) <= wait <= timedelta(seconds=6) for wait in waits)


def test_410_disables_the_endpoint_and_sends_it_nothing_more(registered, receiver, clock):
    publish()
    receiver.answer = 410
    delivery = deliver(clock)
    publish("post-89")
    clock.forward(days=1)
    delivering.deliver_owed(clock=clock)

    endpoint = WebhookEndpoint.objects.get()
    assert delivery.state == DeliveryState.DEAD
    assert endpoint.disabled_reason == "410 Gone"
    assert len(receiver.calls) == 1


def test_a_redirect_is_not_followed(registered, receiver, clock):
    elsewhere = receivers.start()

    def redirect(handler) -> None:
        handler.send_response(307)
        handler.send_header("Location", elsewhere.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.answer = redirect
    publish()
    delivery = deliver(clock)
    elsewhere.server.shutdown()
    elsewhere.server.server_close()

    assert delivery.state == DeliveryState.OWED
    assert elsewhere.calls == []


@pytest.mark.slow
def test_an_answer_that_drips_ends_at_the_deadline(registered, receiver, clock, monkeypatch):
    monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.4)
    receiver.answer = receivers.drip
    publish()

    delivery = deliver(clock)

    assert errors(delivery) == [AttemptError.TIMEOUT]
    assert delivery.state == DeliveryState.OWED


def test_an_endless_answer_is_a_yes_of_which_little_is_read(registered, receiver, clock):
    receiver.answer = receivers.flood
    publish()

    delivery = deliver(clock)

    assert delivery.state == DeliveryState.DELIVERED


@pytest.mark.parametrize("misbehave", [receivers.hang_up, receivers.talk_nonsense])
def test_a_broken_answer_is_tried_again(registered, receiver, clock, misbehave):
    receiver.answer = misbehave
    publish()

    delivery = deliver(clock)

    assert errors(delivery) == [AttemptError.BROKEN]
    assert delivery.state == DeliveryState.OWED


def test_nobody_listening_is_no_connection(registered, receiver, clock):
    receiver.server.shutdown()
    receiver.server.server_close()
    publish()

    assert errors(deliver(clock)) == [AttemptError.CONNECT]


@pytest.mark.parametrize("sealed", ["", "gAAAAABnot-a-sealed-secret"])
def test_without_a_readable_secret_nothing_is_sent(registered, receiver, clock, sealed):
    WebhookEndpoint.objects.update(sealed_secret=sealed)
    publish()

    delivery = deliver(clock)

    assert receiver.calls == []
    assert errors(delivery) == [AttemptError.NO_SECRET]
    assert delivery.state == DeliveryState.OWED


def test_after_a_rotation_both_secrets_verify_for_a_day_and_then_only_the_new_one(
    registered, receiver, clock
):
    endpoint, old = registered
    _, new = endpoints.rotate_secret(endpoint=endpoint, by=None, at=clock())
    publish("post-1")
    delivering.deliver_owed(clock=clock)
    receiver.verified(old)
    receiver.verified(new)
    receiver.calls.clear()

    WebhookEndpoint.objects.update(previous_until=clock())
    publish("post-2")
    delivering.deliver_owed(clock=clock)

    receiver.verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.verified(old)


def test_an_unwell_receiver_rests_and_does_not_hold_up_the_others(registered, receiver, clock):
    well = receivers.start()
    endpoints.register_endpoint(name="Archive", url=well.url, by=None, at=clock())
    receiver.answer = 500
    for n in range(20):
        publish(f"post-{n}")

    delivering.deliver_owed(clock=clock)
    well.server.shutdown()
    well.server.server_close()

    assert len(receiver.calls) == 1
    assert len(well.calls) == 20


def test_one_refused_message_does_not_stop_the_next(registered, receiver, clock):
    receiver.answer = 400
    publish("post-1")
    publish("post-2")

    delivering.deliver_owed(clock=clock)

    assert len(receiver.calls) == 2


def test_a_receiver_that_asks_for_time_gets_it_within_bounds(registered, receiver, clock):
    def busy(handler) -> None:
        handler.send_response(429)
        handler.send_header("Retry-After", "900")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.answer = busy
    publish()

    assert deliver(clock).next_try_at == clock() + timedelta(seconds=900)


def test_a_replay_is_a_new_try_under_the_same_id(registered, receiver, clock):
    publish()
    delivery = deliver(clock)

    endpoints.replay(delivery=delivery, by=None, at=clock())
    delivery = deliver(clock)

    assert delivery.attempts.count() == 2
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1


def test_a_dead_letter_is_resent_with_a_fresh_count_of_tries(registered, receiver, clock):
    publish()
    delivery = deliver(clock)
    Delivery.objects.update(state=DeliveryState.DEAD, tries=11)

    endpoints.replay(delivery=delivery, by=None, at=clock())
    delivery = deliver(clock)

    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 1)


def test_a_period_is_replayed_with_what_the_endpoint_had_missed(receiver, clock):
    publish("before-it-was-there")
    endpoint, _ = endpoints.register_endpoint(
        name="Platform", url=receiver.url, by=None, at=clock()
    )
    publish("after")
    delivering.deliver_owed(clock=clock)

    count = endpoints.replay_range(
        endpoint=endpoint,
        since=clock() - timedelta(days=3000),
        until=clock() + timedelta(days=3000),
        by=None,
        at=clock(),
    )
    delivering.deliver_owed(clock=clock)

    assert count == 2
    assert len(receiver.ids) == 3
    assert len(set(receiver.ids)) == 2


def test_replaying_what_is_owed_anyway_keeps_its_lease(registered, receiver, clock):
    publish()
    taken = delivering.take(at=clock())

    endpoints.replay(delivery=taken, by=None, at=clock())

    assert delivering.take(at=clock()) is None


def test_what_waits_for_a_disabled_endpoint_goes_out_once_it_is_enabled(
    registered, receiver, clock
):
    endpoint, _ = registered
    publish()
    endpoints.disable_endpoint(endpoint=endpoint, reason="moving house", by=None, at=clock())
    delivering.deliver_owed(clock=clock)
    assert receiver.calls == []

    endpoints.enable_endpoint(endpoint=endpoint, by=None, at=clock())
    delivering.deliver_owed(clock=clock)

    assert len(receiver.calls) == 1


def test_a_test_event_goes_to_one_endpoint_and_is_no_part_of_a_replay(registered, receiver, clock):
    endpoint, _ = registered
    endpoints.try_endpoint(endpoint=endpoint, by=None, at=clock())
    delivering.deliver_owed(clock=clock)

    count = endpoints.replay_range(
        endpoint=endpoint,
        since=clock() - timedelta(hours=1),
        until=clock() + timedelta(hours=1),
        by=None,
        at=clock(),
    )

    assert len(receiver.calls) == 1
    assert count == 0


def test_a_sender_whose_lease_ran_out_tells_what_it_saw_and_a_success_counts(
    registered, receiver, clock
):
    publish()
    slow = delivering.take(at=clock())
    clock.forward(seconds=61)
    quick = delivering.take(at=clock())
    delivering.record(delivery=slow, answer=sending.Answer(status=500), at=clock())

    owed = Delivery.objects.get()
    assert (owed.state, owed.lease_until) == (DeliveryState.OWED, clock() + delivering.LEASE)

    delivering.record(delivery=slow, answer=sending.Answer(status=200), at=clock())
    delivering.record(delivery=quick, answer=sending.Answer(status=500), at=clock())

    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert errors(owed).count(AttemptError.INTERRUPTED) == 1


def test_a_delivery_that_kills_its_sender_every_time_is_buried_in_the_end(
    registered, receiver, clock
):
    publish()
    for _ in range(delivering.MOST_TRIES):
        assert delivering.take(at=clock()).state == DeliveryState.OWED
        clock.forward(seconds=61)

    delivering.deliver_owed(clock=clock)

    assert Delivery.objects.get().state == DeliveryState.DEAD
    assert receiver.calls == []


def test_the_task_gives_places_and_delivers(registered, receiver):
    from integrity.outbox.tasks import deliver_owed

    event = publish()
    deliver_owed()

    event.refresh_from_db()
    assert event.position == 1
    assert len(receiver.calls) == 1
    assert services.place_events() == 0
