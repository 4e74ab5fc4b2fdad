"""Public pages from memory: for everybody the same, and never older than a minute."""

import gzip
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from elections import caching, services
from elections.caching import FRESH, STALE, Memory, PublicPagesMiddleware, mark_public
from elections.services import Statement
from tests.factories import make_election

AT = datetime(2026, 3, 17, 20, 15, tzinfo=UTC)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(caching, "memory", Memory(clock=clock))
    return clock


class House:
    """Counts how often it is asked, and says so."""

    def __init__(self, *, shared=True):
        self.asked, self.shared = 0, shared

    def __call__(self, request):
        self.asked += 1
        response = HttpResponse(f"antwoord {self.asked} " + "stemmen " * 200)
        response.set_cookie("waarborg_session", "geheim")
        response["Vary"] = "Cookie, Accept-Language"
        return mark_public(response, election="nl-gr2026") if self.shared else response


def ask(house, path="/nl-gr2026/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = AnonymousUser()
    return PublicPagesMiddleware(house)(request)


def test_a_public_answer_comes_from_memory_without_its_readers_cookies(clock):
    house = House()

    first, second = ask(house), ask(house, cookie="waarborg_session=van-een-ander")

    assert house.asked == 1
    assert first.content == second.content
    assert second.cookies == {}
    assert second["Vary"] == "Accept-Encoding"
    assert second["Cache-Control"].startswith("public, max-age=20")
    assert second["Surrogate-Key"] == "elections election-nl-gr2026"


def test_what_is_not_public_passes_by(clock):
    house = House(shared=False)

    ask(house)
    answer = ask(house)

    assert house.asked == 2
    assert "waarborg_session" in answer.cookies


def test_an_answer_is_made_anew_after_ten_seconds(clock):
    house = House()
    ask(house)

    clock.now = FRESH - 0.1
    ask(house)
    clock.now = FRESH
    ask(house)

    assert house.asked == 2


def test_others_get_the_last_answer_while_one_request_makes_a_new_one(clock):
    memory = caching.memory
    house = House()
    ask(house)
    clock.now = FRESH + 1

    key = next(iter(memory._kept))
    assert memory.find(key) is None  # the one that looks
    assert memory.find(key) is not None  # everybody else
    clock.now = FRESH + STALE
    assert memory.find(key) is None  # too old for anybody


def test_the_three_ages_together_stay_under_a_minute():
    assert FRESH + STALE + caching.SHARED < 60


def test_a_reader_who_has_it_gets_not_modified(clock):
    house = House()
    etag = ask(house)["ETag"]

    answer = ask(house, if_none_match=etag)

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == etag


def test_the_body_is_packed_for_those_who_can_unpack(clock):
    house = House()

    packed = ask(house, accept_encoding="gzip, br")
    plain = ask(house)

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content)


def test_made_up_questions_in_an_address_do_not_fill_the_memory(clock):
    house = House()
    for n in range(20):
        ask(house, f"/nl-gr2026/?utm_source={n}")

    assert house.asked == 1
    ask(house, "/nl-gr2026/?place=GM0344")
    assert house.asked == 2


def test_the_least_used_answers_are_forgotten(clock, monkeypatch):
    monkeypatch.setattr(caching, "MOST_ENTRIES", 3)
    house = House()
    for place in ("GM0344", "GM0268", "GM0147", "GM0363"):
        ask(house, f"/nl-gr2026/?place={place}")

    ask(house, "/nl-gr2026/?place=GM0344")

    assert house.asked == 5
    assert len(caching.memory._kept) == 3


def test_the_memory_counts_its_bytes(clock, monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES", 4000)
    house = House()
    for place in range(9):
        ask(house, f"/nl-gr2026/?place=GM{place:04}")

    assert caching.memory._bytes <= 4000
    assert caching.memory._kept


def test_a_failure_lets_the_next_request_look(clock):
    def broken(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(broken)

    assert ask(House()).status_code == 200


@pytest.mark.django_db
@pytest.mark.urls("elections.urls")
def test_a_warm_page_needs_no_database_and_shows_a_change_after_ten_seconds(
    client, clock, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(timezone, "now", lambda: AT)
    election = make_election()
    assert b"18 March 2026" in client.get("/nl-gr2026/?lang=en").content
    services.correct_fact(
        fact=election.facts.get(key="voting_day"),
        statement=Statement(value="2026-03-19", source_name="Kiesraad"),
        by=None,
        at=AT,
    )

    with django_assert_num_queries(0):
        client.get("/nl-gr2026/?lang=en")
    clock.now = FRESH

    assert b"19 March 2026" in client.get("/nl-gr2026/?lang=en").content


@pytest.mark.django_db
@pytest.mark.urls("elections.urls")
def test_signed_in_staff_and_voters_share_one_answer(client, clock, monkeypatch, election_lead):
    monkeypatch.setattr(timezone, "now", lambda: AT)
    make_election()
    for_voters = client.get("/nl-gr2026/")
    client.force_login(election_lead)

    for_staff = client.get("/nl-gr2026/")

    assert for_staff.content == for_voters.content
    assert for_staff.cookies == {}


def test_the_door_answers_from_memory_and_asks_the_house_for_the_rest(clock):
    house, asked, told = House(), [], []

    def application(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return [b"het huis"]

    door = caching.at_the_door(application)

    def knock(path, **environ):
        told.clear()
        request = RequestFactory().get(path)
        body = b"".join(
            door(
                {**request.META, **environ}, lambda status, headers: told.append((status, headers))
            )
        )
        return body

    assert knock("/nl-gr2026/") == b"het huis"
    kept = ask(house, "/nl-gr2026/")
    assert knock("/nl-gr2026/") == kept.content
    status, headers = told[0]
    assert status == "200 OK"
    assert dict(headers)["ETag"] == kept["ETag"]
    assert knock("/nl-gr2026/", HTTP_IF_NONE_MATCH=kept["ETag"]) == b""
    assert told[0][0] == "304 Not Modified"
    assert knock("/nl-gr2026/", REQUEST_METHOD="POST") == b"het huis"
    assert knock("/nl-gr2026/", HTTP_HOST="elders.example") == b"het huis"
    clock.now = FRESH
    assert knock("/nl-gr2026/") == b"het huis"  # and the house looks, since the door did not
    ask(house, "/nl-gr2026/")
    assert house.asked == 2
    assert asked == ["/nl-gr2026/"] * 4
