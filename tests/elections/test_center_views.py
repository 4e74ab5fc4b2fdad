"""The Election Center over HTTP: addresses, languages, places."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from elections import services
from elections.choices import IncidentKind
from elections.models import Election, Jurisdiction
from elections.packs import read_election_packs
from elections.services import Statement, load_pack

pytestmark = [pytest.mark.django_db, pytest.mark.urls("elections.urls")]

REPOSITORY = Path(__file__).resolve().parents[2]
PACKS = REPOSITORY / "elections" / "data" / "packs"
EVENING_BEFORE = datetime(2026, 3, 17, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: EVENING_BEFORE)


@pytest.fixture
def gr2026():
    pack = read_election_packs(PACKS / "nl-gr2026.json")[0]
    load_pack(pack=pack, by=None, at=EVENING_BEFORE - timedelta(days=30))
    return Election.objects.get(slug="nl-gr2026")


def text_of(response):
    assert response.status_code == 200, response
    body = re.sub(r"(?s)<svg.*?</svg>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_page_says_when_where_and_with_what_with_source_and_date(client, gr2026):
    text = text_of(client.get("/nl-gr2026/?lang=en"))

    assert "You vote on Wednesday 18 March 2026 , from 07:30 to 21:00" in text
    assert "You can vote at every polling station in your municipality." in text
    assert "Bring your voting pass." in text
    assert "Source: Gemeente Dinkelland . Last changed: 15 February 2026 ." in text
    assert "We are still checking this for this election." in text


def test_the_page_is_dutch_unless_asked_otherwise(client, gr2026):
    response = client.get("/nl-gr2026/", headers={"accept-language": "en"})

    assert '<html lang="nl" dir="ltr"' in response.content.decode()
    assert "woensdag 18 maart 2026" in text_of(response)


def test_no_page_speaks_of_today_or_tomorrow(client, gr2026):
    for address in ("/nl-gr2026/", "/nl-gr2026/wanneer/", "/nl-gr2026/voting_day/"):
        dutch = text_of(client.get(address)).lower()
        english = text_of(client.get(f"{address}?lang=en")).lower()
        assert not re.search(r"\b(vandaag|morgen|gisteren|overmorgen)\b", dutch)
        assert not re.search(r"\b(today|tomorrow|yesterday)\b", english)


def test_no_cookie_is_set_and_none_is_asked_for(client, gr2026):
    response = client.get("/nl-gr2026/")

    assert response.cookies == {}
    assert set(re.findall(r"<script[^>]*>", response.content.decode())) == {
        '<script type="application/ld+json">'  # data for search engines, never run
    }
    assert "<form" in response.content.decode()
    assert "csrf" not in response.content.decode().lower()


def test_a_label_points_to_the_statement_itself(client, gr2026):
    text = text_of(client.get("/nl-gr2026/ballot_marking/?lang=en&place=GM0147"))

    first = text.index("Colour the party red")
    assert first < text.index("What do I do in the polling station?")
    assert "Holds in Borne." in text


@pytest.mark.parametrize(
    ("address", "language"),
    [
        ("/nl-gr2026/wanneer/", "nl"),
        ("/nl-gr2026/when/", "en"),
        ("/nl-gr2026/when/?lang=nl", "nl"),
        ("/nl-gr2026/voting_day/", "nl"),
        ("/nl-gr2026/voting_day/?lang=en", "en"),
    ],
)
def test_a_topics_address_says_its_language(client, gr2026, address, language):
    assert f'<html lang="{language}"' in client.get(address).content.decode()


def test_a_typed_municipality_leads_to_its_page(client, gr2026):
    response = client.get("/nl-gr2026/?lang=en&where=Den+Haag")

    assert response.status_code == 302
    assert response["Location"] == "/nl-gr2026/?lang=en&place=GM0518"


def test_an_unknown_or_ambiguous_municipality_is_asked_again(client, gr2026):
    several = client.get("/nl-gr2026/?where=bergen")
    none = client.get("/nl-gr2026/", {"where": "<script>alert(1)</script>"})

    assert 'href="?place=GM0373"' in several.content.decode()
    assert "<script>alert" not in none.content.decode()
    assert "&lt;script&gt;" in none.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/nl-bestaatniet/",
        "/nl-gr2026/?place=GM9999",
        "/nl-gr2026/onzin/",
        "/nl-gr2026/?place=%00",
    ],
)
def test_what_does_not_exist_is_not_found(client, gr2026, address, settings):
    settings.ROOT_URLCONF = "integrity.urls"

    assert client.get(address).status_code == 404


def test_an_incident_and_a_correction_are_on_the_page_at_once(client, gr2026):
    services.publish_incident(
        election=gr2026,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="De Brug",
        message={"nl": "Dicht door brand.", "en": "Closed because of a fire."},
        source_name="Gemeente Utrecht",
        source_url="javascript:alert(1)",
        starts_at=EVENING_BEFORE,
        by=None,
        at=EVENING_BEFORE,
    )
    services.correct_fact(
        fact=gr2026.facts.current().get(key="polls_close", place=None),
        statement=Statement(value="20:00", source_name="Kiesraad"),
        by=None,
        at=EVENING_BEFORE,
    )

    response = client.get("/nl-gr2026/?lang=en&place=GM0344")
    text = text_of(response)

    assert "Closed because of a fire." in text
    assert "The polling stations close at 20:00." in text
    assert "Last changed: 17 March 2026" in text
    assert "javascript:" not in response.content.decode()


def test_after_closing_the_page_says_that_it_is_over(client, gr2026, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: EVENING_BEFORE + timedelta(days=1))

    text = text_of(client.get("/nl-gr2026/?lang=en"))

    assert "This election is over. Below you read what held then." in text
    assert "The vote was on Wednesday 18 March 2026" in text


def test_a_language_in_preparation_is_honest_and_right_to_left(client, gr2026):
    html = client.get("/nl-gr2026/?lang=ar").content.decode()

    assert '<html lang="ar" dir="rtl"' in html
    assert "This page has not been translated yet." in html
    assert 'name="robots" content="noindex"' in html


def test_the_list_puts_elections_to_come_before_those_that_are_over(client, gr2026):
    pack = read_election_packs(PACKS / "nl-tk2025.json")[0]
    load_pack(pack=pack, by=None, at=EVENING_BEFORE)

    text = text_of(client.get("/center/?lang=en"))

    assert text.index("Municipal elections 2026") < text.index("Parliamentary election 2025")


def test_every_address_on_the_page_leads_somewhere(client, gr2026):
    html = client.get("/nl-gr2026/?lang=en&place=GM0147").content.decode()

    for address in set(re.findall(r'href="(/nl-gr2026[^"#]*|/center/[^"]*)"', html)):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_a_page_with_its_styles_is_small_enough_for_a_cheap_phone(client, gr2026):
    page = client.get("/nl-gr2026/", headers={"accept-encoding": "gzip"})
    styles = re.findall(r'href="/static/([a-z]+\.css)"', gzip.decompress(page.content).decode())

    sizes = [(REPOSITORY / "static" / name).stat().st_size for name in styles]

    assert styles == ["tokens.css", "center.css"]
    assert len(page.content) + sum(sizes) <= 60_000


@pytest.mark.parametrize("address", ["/nl-gr2026/", "/nl-gr2026/waar/", "/nl-gr2026/facts/"])
def test_no_name_on_a_page_is_used_twice(client, gr2026, address):
    names = re.findall(r'\sid="([^"]+)"', client.get(address).content.decode())

    assert [name for name in set(names) if names.count(name) > 1] == []


def test_a_voter_who_mistypes_an_address_gets_no_cookie(client, db):
    answer = client.get("/nl-gr2026/waneer/")

    assert answer.status_code == 404
    assert answer.cookies == {}
