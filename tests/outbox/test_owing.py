"""What is owed is a row in the causing transaction, and the feed shows it in an order that holds."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from integrity.outbox import queries, services
from integrity.outbox.choices import DeliveryState, EventType
from integrity.outbox.models import (
    Delivery,
    DeliveryAttempt,
    Event,
    FeedReader,
    Notification,
    WebhookEndpoint,
)

NOW = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)


def publish(subject: str = "post-88") -> Event:
    return services.publish(
        type=EventType.DECISION_CARRIED_OUT,
        subject_type="item",
        subject_id=subject,
        payload={"action": "label", "item": subject},
        at=NOW,
    )


def owe(recipient_type: str = "actor", recipient_id: str = "u-4") -> Notification:
    return services.owe_notification(
        kind="decision",
        role="affected",
        recipient_type=recipient_type,
        recipient_id=recipient_id,
        language="nl",
        subject_type="item",
        subject_id="post-88",
        subject="Een besluit over wat u plaatste",
        body="U schreef dat de stembureaus om 20.00 uur sluiten. Ze sluiten om 21.00 uur.",
        at=NOW,
    )


def endpoint(**fields: object) -> WebhookEndpoint:
    values = {"name": "Platform", "url": "https://platform.example/hook", "created_at": NOW}
    return WebhookEndpoint.objects.create(**{**values, **fields})


@pytest.mark.django_db
def test_an_event_is_owed_to_every_active_endpoint_that_asked_for_its_type():
    everything = endpoint()
    endpoint(event_types=[EventType.NOTIFICATION_OWED])
    endpoint(disabled_at=NOW, disabled_reason="gone")

    event = publish()

    assert [d.endpoint for d in event.deliveries.all()] == [everything]


@pytest.mark.django_db
def test_a_message_to_a_user_of_the_platform_goes_to_the_platform_as_an_event():
    notification = owe()
    services.place_events()

    (event,) = queries.events_after(0)

    assert event == notification.event
    assert event.type == "notification.owed"
    assert "body" not in event.payload


@pytest.mark.django_db
def test_a_message_to_a_colleague_waits_for_the_mail():
    notification = owe("user", "0d1c")

    assert notification.event is None
    assert notification.next_try_at == NOW


@pytest.mark.django_db
def test_reading_on_confirms_what_came_before_and_marks_its_messages_sent():
    first = owe()
    second = owe(recipient_id="u-5")
    services.place_events()

    services.confirm_read(reader="key-1", position=1, at=NOW)
    services.confirm_read(reader="key-1", position=0, at=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.sent_at == NOW
    assert second.sent_at is None
    assert FeedReader.objects.get().position == 1


@pytest.mark.django_db
def test_a_reader_who_claims_to_be_ahead_of_the_feed_confirms_nothing_that_is_still_to_come():
    owe()
    services.place_events()

    services.confirm_read(reader="key-1", position=10**9, at=NOW)
    late = owe(recipient_id="u-6")
    services.place_events()
    services.confirm_read(reader="key-1", position=2, at=NOW)

    late.refresh_from_db()
    assert late.sent_at == NOW


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_no_event_appears_late_before_a_place_already_read():
    slow_wrote, slow_may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            publish("slow")
            slow_wrote.set()
            slow_may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    slow_wrote.wait(10)
    publish("quick")
    services.place_events()
    seen = queries.events_after(0)
    slow_may_commit.set()
    thread.join()
    services.place_events()

    later = queries.events_after(seen[-1].position)

    assert [e.subject_id for e in seen] == ["quick"]
    assert [e.subject_id for e in later] == ["slow"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_many_writers_and_placers_at_once_leave_no_gap_and_no_double():
    def work(number: int) -> None:
        for n in range(10):
            publish(f"post-{number}-{n}")
            services.place_events()
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    places = sorted(Event.objects.values_list("position", flat=True))

    assert places == list(range(1, 61))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE outbox_event SET payload = '{}'",
        "UPDATE outbox_event SET position = position + 1",
        "DELETE FROM outbox_event",
        "UPDATE outbox_deliveryattempt SET status_code = 200",
        "DELETE FROM outbox_deliveryattempt",
    ],
)
def test_events_and_attempts_are_history(change):
    endpoint()
    event = publish()
    services.place_events()
    DeliveryAttempt.objects.create(delivery=event.deliveries.get(), at=NOW, status_code=500)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost"},
        {"next_try_at": None},
        {"state": DeliveryState.DELIVERED},
        {"ended_at": NOW},
        {"state": DeliveryState.DEAD, "next_try_at": None, "ended_at": NOW, "lease_until": NOW},
    ],
)
def test_the_database_refuses_a_delivery_that_is_neither_owed_nor_ended(fields):
    endpoint()
    delivery = publish().deliveries.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**fields)


@pytest.mark.django_db
def test_an_event_is_owed_once_per_endpoint():
    there = endpoint()
    event = publish()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(event=event, endpoint=there, owed_at=NOW, next_try_at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"sent_at": NOW, "dead_at": NOW},
        {"body": ""},
        {"recipient_id": ""},
        {"next_try_at": NOW + timedelta(hours=1)},
    ],
)
def test_the_database_refuses_a_message_without_a_way_to_its_reader(fields):
    notification = owe()

    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.filter(pk=notification.pk).update(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"disabled_at": NOW},
        {"disabled_reason": "gone"},
        {"sealed_previous_secret": "x"},
        {"previous_until": NOW},
    ],
)
def test_the_database_refuses_an_endpoint_half_disabled_or_half_rotated(fields):
    there = endpoint()

    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookEndpoint.objects.filter(pk=there.pk).update(**fields)
