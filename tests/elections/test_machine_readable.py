"""The same facts for machines: JSON for every site, calendar, feed, schema.org, card."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from elections import services
from elections.choices import IncidentKind
from elections.models import Election, Jurisdiction
from elections.packs import read_election_packs
from elections.services import load_pack
from tests.elections.test_center_views import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("elections.urls")]

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"
EVENING_BEFORE = datetime(2026, 3, 17, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def gr2026(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: EVENING_BEFORE)
    pack = read_election_packs(PACKS / "nl-gr2026.json")[0]
    load_pack(pack=pack, by=None, at=EVENING_BEFORE - timedelta(days=30))
    return Election.objects.get(slug="nl-gr2026")


def test_the_api_gives_the_facts_that_hold_in_a_place_to_every_site(client):
    response = client.get("/api/v1/elections/nl-gr2026/facts/?place=gm0147&lang=en")

    body = response.json()
    marking = next(f for f in body["facts"] if f["key"] == "ballot_marking")
    assert marking["value"]["boxes"] == 2
    assert marking["place_name"] == "Borne"
    assert marking["text"].startswith("Colour the party red")
    assert marking["source"]["url"].startswith("https://")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"].startswith("public")
    assert response.cookies == {}


def test_the_api_without_a_place_gives_every_fact_with_its_place(client):
    body = client.get("/api/v1/elections/nl-gr2026/facts/").json()

    places = {f["place"] for f in body["facts"] if f["key"] == "ballot_marking"}
    assert None in places
    assert "GM0147" in places
    assert {e["id"] for e in client.get("/api/v1/elections/").json()["elections"]} == {"nl-gr2026"}


@pytest.mark.parametrize("path", ["nl-niets/facts/", "nl-gr2026/facts/?place=GM9999"])
def test_the_api_says_what_is_not_there(client, path):
    response = client.get(f"/api/v1/elections/{path}")

    assert response.status_code == 404
    assert "There is no such" in response.json()["detail"]


def test_the_calendar_has_whole_days_and_moments_in_universal_time(client):
    response = client.get("/nl-gr2026/days.ics?lang=en")
    lines = response.content.decode().split("\r\n")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20260318" in lines
    assert "DTSTART:20260317T110000Z" in lines  # noon in Amsterdam, in winter
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") >= 5
    assert all(len(line.encode()) <= 75 for line in lines)


def test_the_calendar_of_the_islands_uses_their_own_time(client):
    load_pack(
        pack=read_election_packs(PACKS / "xv-eilanden2027.json")[0], by=None, at=EVENING_BEFORE
    )

    lines = client.get("/xv-eilanden2027/days.ics?lang=en").content.decode().split("\r\n")

    assert "DTSTART:20270515T180000Z" in lines  # 18:00 on the Azores in summer, which is UTC
    assert "DTSTART;VALUE=DATE:20270606" in lines


def test_the_feed_tells_what_changed_newest_first(client, gr2026):
    services.publish_incident(
        election=gr2026,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="De Brug",
        message={"en": "Closed because of a fire & smoke."},
        source_name="Gemeente Utrecht",
        starts_at=EVENING_BEFORE,
        by=None,
        at=EVENING_BEFORE,
    )

    feed = ElementTree.fromstring(client.get("/nl-gr2026/changes.xml?lang=en").content)

    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert (
        entries[0].findtext(f"{atom}title")
        == "incident: Closed because of a fire & smoke. (Utrecht)"
    )
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries) == 50


def test_the_same_changes_are_an_rss_feed(client, gr2026):
    response = client.get("/nl-gr2026/changes.rss?lang=en")

    channel = ElementTree.fromstring(response.content).find("channel")
    items = channel.findall("item")
    assert response["Content-Type"].startswith("application/rss+xml")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert channel.findtext("title") == "Municipal elections 2026: what changed"
    assert len({item.findtext("guid") for item in items}) == len(items) == 50
    assert all(item.find("guid").get("isPermaLink") == "false" for item in items)


def graph_of(client, address):
    html = client.get(address).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return json.loads(found.group(1))["@graph"]


def test_search_engines_read_the_same_facts(client):
    event, questions = graph_of(client, "/nl-gr2026/?lang=en")

    assert event["startDate"] == "2026-03-18T07:30:00+01:00"
    assert event["endDate"] == "2026-03-18T21:00:00+01:00"
    answers = {q["name"]: q["acceptedAnswer"] for q in questions["mainEntity"]}
    assert "Colour one circle red." in answers["How do I fill in the ballot?"]["text"]
    assert answers["Until what time can I vote?"]["citation"].startswith("https://")


def test_no_fact_can_close_the_script_element(client, gr2026):
    fact = gr2026.facts.current().get(key="ballot_writing")
    services.correct_fact(
        fact=fact,
        statement=services.Statement(
            value={"en": "</script><script>alert(1)</script>"}, source_name="Kiesraad"
        ),
        by=None,
        at=EVENING_BEFORE,
    )

    html = client.get("/nl-gr2026/how/").content.decode()

    assert "<script>alert" not in html
    assert html.count("</script>") == 1


def test_the_truth_stands_before_the_rumour(client):
    text = text_of(client.get("/nl-gr2026/facts/?lang=en&place=GM0344"))

    assert text.index("Colour one circle red.") < text.index("that you must colour two circles")
    assert "Goes around, is not true:" in text


def test_what_is_true_in_a_place_is_not_called_a_rumour_there(client):
    text = text_of(client.get("/nl-gr2026/facts/?lang=en&place=GM0147"))

    assert "two circles" not in text
    assert "Colour the party red" in text


def test_the_card_may_be_embedded_and_the_page_may_not(client):
    card = client.get("/nl-gr2026/card/?topic=ballot_marking&place=GM0147&lang=en")
    page = client.get("/nl-gr2026/")

    assert "Colour the party red" in text_of(card)
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
