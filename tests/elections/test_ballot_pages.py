"""Lists and candidates, counts, and telling real from fake: the pages and the JSON."""

import re

import pytest
from django.utils import timezone

from elections.models import Contest
from tests.elections.test_import_eml import COUNTED, TWO_LISTS, take_over
from tests.factories import NOW, make_election

pytestmark = [pytest.mark.django_db, pytest.mark.urls("elections.urls")]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def gr2026():
    election = make_election()
    take_over(TWO_LISTS, election=election)
    return election


def text_of(response):
    assert response.status_code == 200, response
    body = re.sub(r"(?s)<svg.*?</svg>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_lists_of_a_municipality_stand_in_official_order_with_their_source(client, gr2026):
    text = text_of(client.get("/nl-gr2026/candidates/?place=GM0344&lang=en"))

    assert text.index("1. Lijst Een") < text.index("7. List without a name")
    assert "A. (Anna) van der Dijk (f), Utrecht" in text
    assert "A. (Anna) van der Bos, Utrecht" in text  # this list does not publish gender
    assert "Source: file. Last changed: 20 February 2026 ." in text


def test_a_municipality_without_lists_says_so(client, gr2026):
    text = text_of(client.get("/nl-gr2026/candidates/?place=GM0268&lang=en"))

    assert "Nothing has been published here for this municipality yet." in text


def test_ballots_without_known_municipalities_are_chosen_by_name(client, gr2026):
    Contest.objects.create(
        election=gr2026, mark="6", name="Nijmegen", source_name="x", changed_at=NOW
    ).lists.create(number=1, name="Lijst", source_name="x", source_at="list 1", changed_at=NOW)

    chooser = client.get("/nl-gr2026/candidates/").content.decode()

    assert 'href="?contest=6"' in chooser
    assert "1. Lijst" in text_of(client.get("/nl-gr2026/candidates/?contest=6"))
    assert client.get("/nl-gr2026/candidates/?contest=99").status_code == 404


def test_a_typed_municipality_leads_to_its_lists(client, gr2026):
    answer = client.get("/nl-gr2026/candidates/?where=utrecht")

    assert answer["Location"] == "/nl-gr2026/candidates/?place=GM0344"


def test_the_count_stands_by_list_together_and_by_polling_station(client, gr2026):
    take_over(COUNTED, election=gr2026)

    text = text_of(client.get("/nl-gr2026/results/?place=GM0344&lang=en"))

    assert "All together" in text
    assert "1. Lijst Een 30" in text
    assert "Invalid 2" in text
    assert "Blank 1" in text
    assert "Stembureau 0344::SB2" in text


def test_links_to_lists_and_counts_appear_once_there_are_any(client):
    election = make_election()
    before = client.get("/nl-gr2026/").content.decode()
    take_over(TWO_LISTS, election=election)
    take_over(COUNTED, election=election)

    after = client.get("/nl-gr2026/?place=GM0344").content.decode()

    assert "/nl-gr2026/candidates/" not in before
    assert 'href="/nl-gr2026/candidates/?place=GM0344"' in after
    assert 'href="/nl-gr2026/results/?place=GM0344"' in after


def test_machines_read_the_same_lists(client, gr2026):
    told = client.get("/api/v1/elections/nl-gr2026/candidates/?place=gm0344")

    assert told["Access-Control-Allow-Origin"] == "*"
    assert told.json()["contests"] == [{"contest": "GM0344", "name": "Utrecht"}]
    first = told.json()["ballot"]["lists"][0]
    assert first["candidates"][0] == {
        "position": 1,
        "name": "A. (Anna) van der Dijk",
        "town": "Utrecht",
    }


def test_the_page_on_real_and_fake_is_dated_and_points_to_the_facts(client, gr2026):
    text = text_of(client.get("/nl-gr2026/real-or-fake/"))
    html = client.get("/nl-gr2026/real-or-fake/").content.decode()

    assert "Gemaakt door een computer" in text
    assert "Bron: ons eigen advies. Laatst gewijzigd: 25 november 2026" in text
    assert 'href="/nl-gr2026/facts/"' in html


def test_a_shared_answer_repeats_nothing_of_one_readers_address(client, gr2026):
    html = client.get("/nl-gr2026/candidates/?where=utr&next=kwaad").content.decode()

    assert "kwaad" not in html
