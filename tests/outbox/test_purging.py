"""A CDN is told what changed: once, soon, with its key, and for no longer than it matters."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from elections import services
from elections.caching import FRESH, SHARED, STALE, surrogate_key
from elections.models import VotingFact
from elections.services import Statement
from integrity.outbox import purging
from integrity.outbox.models import Purge
from tests.factories import make_election
from tests.outbox.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cdn(receiver, settings):
    settings.CDN_PURGE_URL = receiver.url
    settings.CDN_PURGE_HEADER = "Fastly-Key: geheim"
    return receiver


@pytest.fixture
def clock():
    return Clock()


def test_a_changed_fact_is_told_once_its_old_page_has_left_our_own_memory(cdn, clock):
    election = make_election()
    Purge.objects.all().delete()
    services.correct_fact(
        fact=VotingFact.objects.get(election=election, key="voting_day"),
        statement=Statement(value="2026-03-19", source_name="Kiesraad"),
        by=None,
        at=clock.now,
    )

    assert purging.purge_owed(clock=clock) == 0
    clock.forward(seconds=FRESH + 1)
    assert purging.purge_owed(clock=clock) == 1

    (headers, body), *more = cdn.calls
    assert headers["surrogate-key"] == surrogate_key("nl-gr2026")
    assert headers["fastly-key"] == "geheim"
    assert (body, more) == (b"", [])
    assert purging.purge_owed(clock=clock) == 0


def test_a_whole_pack_is_one_purge(cdn):
    make_election()

    assert Purge.objects.count() == 1


def test_without_a_cdn_nothing_is_owed():
    make_election()

    assert not Purge.objects.exists()


def test_a_cdn_in_trouble_is_asked_again_until_pages_are_old_anyway(cdn, clock):
    cdn.answer = 503
    row = purging.owe_purge(keys=["election-nl-gr2026"], at=clock.now)
    for _ in range(60):
        clock.forward(seconds=2)
        purging.purge_owed(clock=clock)

    row.refresh_from_db()
    assert len(cdn.calls) == row.tries == purging.MOST_TRIES
    assert (row.next_try_at, row.last_error) == (None, "503")
    last = row.owed_at + purging.SETTLES_WITHIN + sum(purging.BACKOFF, timedelta())
    assert last - row.owed_at < timedelta(seconds=FRESH + STALE + SHARED)


def test_a_sender_killed_in_the_middle_leaves_it_to_the_next(cdn, clock, monkeypatch):
    purging.owe_purge(keys=["election-nl-gr2026"], at=clock.now)
    clock.forward(seconds=12)
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(purging, "send", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
        purging.purge_owed(clock=clock)

    clock.forward(seconds=31)
    assert purging.purge_owed(clock=clock) == 1
    assert len(cdn.calls) == 1


def test_old_rows_are_thrown_away(cdn, clock):
    purging.owe_purge(keys=["election-nl-gr2026"], at=clock.now)
    clock.forward(seconds=12)
    purging.purge_owed(clock=clock)

    clock.forward(days=8)
    purging.purge_owed(clock=clock)

    assert not Purge.objects.exists()


@pytest.mark.parametrize("columns", [{"next_try_at": None}, {"ended_at": timezone.now()}])
def test_the_database_keeps_a_purge_owed_or_ended(columns):
    at = timezone.now()
    row = {"keys": ["x"], "owed_at": at, "next_try_at": at, **columns}

    with pytest.raises(IntegrityError), transaction.atomic():
        Purge.objects.create(**row)
