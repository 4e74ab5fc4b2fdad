"""Taking in items: new ones, edits, deletions, repeats, and what cannot be right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from integrity.audit.models import AuditEvent
from moderation.choices import JobState
from moderation.models import Actor, Assessment, Item, ItemVersion
from moderation.services import intake, reviewing
from tests.factories import NOW, PLATFORM, item_in, make_election, make_item, make_job

pytestmark = pytest.mark.django_db


def accept(*items, at=NOW):
    return intake.accept_items(list(enumerate(items)), by=PLATFORM, at=at)


def test_a_new_item_is_kept_and_its_reading_is_owed():
    (result,) = accept(item_in("post-1", text="Stemmen kan tot 22.00 uur"))

    item = Item.objects.get(external_id="post-1")
    assert result.status == "created"
    assert item.versions.get().text == "Stemmen kan tot 22.00 uur"
    assert Assessment.objects.get().item_version == item.versions.get()


def test_the_same_items_again_change_nothing():
    items = [item_in("post-1"), item_in("post-2")]
    accept(*items)

    results = accept(*items, at=NOW + timedelta(minutes=1))

    assert [r.status for r in results] == ["unchanged", "unchanged"]
    assert (Item.objects.count(), ItemVersion.objects.count(), Assessment.objects.count()) == (
        2,
        2,
        2,
    )


def test_an_item_twice_in_one_batch_is_taken_once():
    row = item_in("post-1")

    results = accept(row, row)

    assert [r.status for r in results] == ["created", "unchanged"]


def test_a_known_version_with_other_words_is_refused_and_the_evidence_stays():
    row = item_in("post-1", text="Stem op woensdag 18 maart")
    accept(row)

    (result,) = accept(replace(row, text="Stem op donderdag 19 maart"))

    assert (result.status, result.field) == ("error", "version")
    assert ItemVersion.objects.get().text == "Stem op woensdag 18 maart"


def test_an_edit_is_read_anew_and_the_old_words_stay():
    row = item_in("post-1", text="Stem op woensdag 18 maart")
    accept(row)

    (result,) = accept(replace(row, version=2, text="Stem op donderdag 19 maart"))

    item = Item.objects.get()
    assert result.status == "updated"
    assert item.version == 2
    assert [v.text for v in item.versions.order_by("version")] == [
        "Stem op woensdag 18 maart",
        "Stem op donderdag 19 maart",
    ]
    assert Assessment.objects.filter(item_version__version=2).exists()


def test_versions_that_arrive_out_of_order_leave_the_newest_in_place():
    row = item_in("post-1", text="eerst")

    accept(replace(row, version=3, text="laatst"))
    accept(row)

    assert Item.objects.get().version == 3
    assert [a.item_version.version for a in Assessment.objects.all()] == [3]


def test_a_deleted_item_closes_its_job():
    job = make_job()
    item = job.item
    row = item_in(
        item.external_id,
        actor=intake.ActorIn(item.actor.external_id),
        deleted_at=NOW,
        posted_at=item.posted_at,
    )

    (result,) = accept(row)

    job.refresh_from_db()
    assert result.status == "deleted"
    assert job.state == JobState.RESOLVED


def test_a_deleted_item_takes_the_job_out_of_a_persons_hands(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    item = job.item
    row = item_in(item.external_id, actor=intake.ActorIn(item.actor.external_id), deleted_at=NOW)

    accept(row)

    job.refresh_from_db()
    assert (job.state, job.lease_until) == (JobState.RESOLVED, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("posted_at", datetime(1970, 1, 1, tzinfo=UTC)),
        ("posted_at", datetime(2090, 1, 1, tzinfo=UTC)),
        ("deleted_at", datetime(1970, 1, 1, tzinfo=UTC)),
        ("deleted_at", datetime(2090, 1, 1, tzinfo=UTC)),
        ("deleted_at", NOW - timedelta(days=30)),
        ("election", "nl-gr1850"),
        ("place", "GM9999"),
    ],
)
def test_what_cannot_be_right_is_refused_by_row_and_the_good_rows_are_kept(field, value):
    make_election()

    bad, good = accept(item_in("post-1", **{field: value}), item_in("post-2"))

    assert (bad.row, bad.status, bad.field) == (0, "error", field)
    assert bad.message
    assert good.status == "created"
    assert [i.external_id for i in Item.objects.all()] == ["post-2"]


def test_an_item_of_another_account_is_refused():
    accept(item_in("post-1", actor=intake.ActorIn("account-a")))

    (result,) = accept(item_in("post-1", actor=intake.ActorIn("account-b")))

    assert (result.status, result.field) == ("error", "actor.external_id")


def test_protection_stays_when_a_later_row_does_not_mention_it():
    accept(item_in("post-1", actor=intake.ActorIn("kandidaat-1", protection="candidate")))

    accept(item_in("post-2", actor=intake.ActorIn("kandidaat-1", handle="@kandidaat")))

    actor = Actor.objects.get()
    assert (actor.protection, actor.handle) == ("candidate", "@kandidaat")


def test_an_item_without_an_election_gets_the_only_one_that_people_talk_about():
    make_election("nl-gr2026", first_day="2026-03-18")

    item = make_item(posted_at=datetime(2026, 3, 9, tzinfo=UTC))

    assert item.election.slug == "nl-gr2026"


def test_an_item_far_from_any_election_has_none():
    make_election("nl-gr2026", first_day="2026-03-18")

    item = make_item(posted_at=datetime(2025, 3, 9, tzinfo=UTC))

    assert item.election is None


def test_one_event_is_recorded_per_batch():
    accept(item_in("post-1"), item_in("post-2"), item_in("post-3"))

    event = AuditEvent.objects.get(verb="items.accepted")
    assert event.data == {"rows": 3, "accepted": 3}


def test_a_large_batch_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    items = [item_in() for _ in range(300)]

    with django_assert_max_num_queries(30):
        accept(*items)


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_end_leaves_nothing_behind(monkeypatch):
    def crash(**_):
        raise RuntimeError("killed")

    monkeypatch.setattr(intake.audit, "record", crash)

    with pytest.raises(RuntimeError):
        accept(item_in("post-1"))

    assert not Item.objects.exists()
    assert not Actor.objects.exists()
    assert connection.in_atomic_block is False
