"""A worker starts warm, and a page that nobody has yet is made once, however many ask."""

import threading
import time
from datetime import UTC, datetime

import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from elections import caching, warming
from elections.caching import PublicPagesMiddleware, mark_public
from tests.factories import make_election

BEFORE = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def one_connection(monkeypatch):
    """Keep the test's own connection, which the end of a request and of warming would close."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    monkeypatch.setattr(warming, "connection", type("Kept", (), {"close": lambda: None}))
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_the_first_voter_after_a_start_needs_no_database(
    settings, monkeypatch, one_connection, django_assert_num_queries
):
    settings.BASE_URL = "http://testserver"
    monkeypatch.setattr(timezone, "now", lambda: BEFORE)
    make_election()

    made = warming.warm(WSGIHandler())

    assert made > 20
    with django_assert_num_queries(0):
        for address in ("/nl-gr2026/", "/nl-gr2026/?lang=en", "/nl-gr2026/hoe/", "/center/"):
            assert Client(headers={"host": "testserver"}).get(address).status_code == 200


@pytest.mark.django_db
def test_a_house_that_cannot_answer_yet_starts_all_the_same(one_connection):
    make_election()

    def broken(environ, start_response):
        raise RuntimeError("the database is not there")

    assert warming.warm(broken) == 0


@pytest.mark.django_db
def test_elections_that_are_over_are_not_warmed(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    make_election()

    assert list(warming.addresses()) == ["/center/", "/nl-gr2026/"]


class SlowHouse:
    """Takes a moment for each page, and counts."""

    def __init__(self):
        self.asked, self.fails = 0, False

    def __call__(self, request):
        self.asked += 1
        time.sleep(0.05)
        if self.fails:
            raise RuntimeError
        return mark_public(HttpResponse("antwoord"), election="nl-gr2026")


def ask_at_once(house, path, people=8):
    """Ask from several threads at the same moment; returns what they got."""
    middleware, got, ready = PublicPagesMiddleware(house), [], threading.Barrier(people)

    def one():
        ready.wait()
        try:
            got.append(middleware(RequestFactory().get(path)).content)
        except RuntimeError:
            got.append(None)

    threads = [threading.Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_a_page_that_nobody_has_yet_is_made_once_for_all_who_ask():
    house = SlowHouse()
    ask_at_once(house, "/nl-gr2026/", people=1)

    got = ask_at_once(house, "/nl-gr2026/?place=GM0344")

    assert (got, house.asked) == ([b"antwoord"] * 8, 2)


def test_whoever_waited_for_a_maker_that_failed_makes_it():
    house = SlowHouse()
    ask_at_once(house, "/nl-gr2026/", people=1)
    house.fails = True

    assert ask_at_once(house, "/nl-gr2026/?place=GM0344", people=3) == [None] * 3
    house.fails = False
    assert ask_at_once(house, "/nl-gr2026/?place=GM0344", people=1) == [b"antwoord"]


def test_pages_that_differ_by_reader_never_wait_for_each_other():
    house = SlowHouse()

    ask_at_once(house, "/desk/queues/reports/", people=4)

    assert house.asked == 4
    assert caching.memory.find("False testserver /desk/keys/ ") is None
