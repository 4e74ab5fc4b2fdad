"""What a voter reads is never untrue: not by its place, not by its day, not by being a minute old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from elections import caching
from elections.caching import FRESH, Memory
from elections.choices import IncidentKind
from elections.models import Election, Jurisdiction, PollingPlace
from elections.packs import read_election_packs
from elections.services import import_polling_places, load_pack, publish_incident
from moderation.services.informing import link_to
from tests.elections.test_center_views import text_of
from tests.elections.test_polling_place_pages import cells

pytestmark = pytest.mark.django_db

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"
ELECTION_DAY = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)
AFTER_CLOSING = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)
DOES_NOT_VOTE = "GM0402"


class Clock:
    """Seconds for the memory of pages."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def gr2026(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: ELECTION_DAY)
    pack = read_election_packs(PACKS / "nl-gr2026.json")[0]
    load_pack(pack=pack, by=None, at=ELECTION_DAY - timedelta(days=30))
    return Election.objects.get(slug="nl-gr2026")


@pytest.fixture
def with_places(gr2026):
    rows = [cells(1, "Buurthuis De Brug"), cells(2, "De Kargadoor", postcode="3512 AB")]
    import_polling_places(
        election=gr2026,
        records=list(enumerate(rows, start=2)),
        source_name="waarismijnstemlokaal.nl",
        by=None,
        at=ELECTION_DAY - timedelta(days=1),
    )
    return gr2026


def close(election, *, at=ELECTION_DAY):
    return publish_incident(
        election=election,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="Buurthuis De Brug",
        message={"nl": "Gesloten door brand. Ga naar De Kargadoor."},
        source_name="Gemeente Utrecht",
        starts_at=at,
        by=None,
        at=at,
    )


@pytest.fixture
def kept_pages(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(caching, "memory", Memory(clock=clock))
    return clock


def where_it_shows(election) -> dict[str, str]:
    """Every address where somebody in Utrecht may look, the link under a labelled post first."""
    link = link_to(election, "where", language="nl")
    place = PollingPlace.objects.get(name="Buurthuis De Brug")
    return {
        "the label's link": link[link.index("/nl-gr2026") :],
        "first page": "/nl-gr2026/",
        "first page of the place": "/nl-gr2026/?place=GM0344",
        "a topic": "/nl-gr2026/waar/?place=GM0344",
        "a statement": "/nl-gr2026/polling_place_scope/?place=GM0344",
        "facts and rumours": "/nl-gr2026/facts/?place=GM0344",
        "polling places": "/nl-gr2026/polling-places/?place=GM0344",
        "its own page": f"/nl-gr2026/polling-places/{place.public_id}/",
        "card": "/nl-gr2026/card/?topic=polling_place_scope&place=GM0344",
        "feed": "/nl-gr2026/changes.xml",
        "api": "/api/v1/elections/nl-gr2026/facts/?place=GM0344",
    }


def test_a_closed_station_is_everywhere_within_a_minute(client, with_places, kept_pages):
    addresses = where_it_shows(with_places)
    for address in addresses.values():
        assert "De Kargadoor." not in client.get(address).content.decode()

    close(with_places)
    kept_pages.now += FRESH + 0.1

    missing = [
        name
        for name, address in addresses.items()
        if "Ga naar De Kargadoor." not in client.get(address).content.decode()
    ]
    assert missing == []


def test_a_closed_station_is_marked_for_programs_and_is_not_open(client, with_places):
    notice = close(with_places)

    rows = client.get("/api/v1/elections/nl-gr2026/polling-places/?place=GM0344").json()
    found = text_of(client.get("/nl-gr2026/polling-places/?place=GM0344&open=1"))

    marked = {row["name"]: row["incidents"] for row in rows["polling_places"]}
    assert marked == {"Buurthuis De Brug": [str(notice.public_id)], "De Kargadoor": []}
    assert "1 stembureau " in found


def test_a_notice_in_one_language_is_shown_in_it_to_all(client, with_places):
    close(with_places)
    place = PollingPlace.objects.get(name="Buurthuis De Brug")

    html = client.get(f"/nl-gr2026/polling-places/{place.public_id}/?lang=en").content.decode()

    assert '<p lang="nl">Gesloten door brand. Ga naar De Kargadoor.</p>' in html
    assert "Gemeente Utrecht" in html


@pytest.mark.parametrize(
    "address",
    [
        "/nl-gr2026/",
        "/nl-gr2026/wanneer/",
        "/nl-gr2026/ballot_marking/",
        "/nl-gr2026/facts/",
        "/nl-gr2026/card/",
        "/nl-gr2026/card/?topic=ballot_marking",
        "/api/v1/elections/nl-gr2026/facts/",
    ],
)
def test_nothing_is_told_where_nobody_votes(client, gr2026, address):
    mark = "&" if "?" in address else "?"
    told = client.get(f"{address}{mark}place={DOES_NOT_VOTE}").content.decode()

    assert "Hilversum" in told
    for holds in ("07.30", "07:30", "rood potlood", "bolletje", '"key":"voting_day"'):
        assert holds not in told, holds


def test_programs_hear_that_a_place_does_not_vote(client, gr2026):
    body = client.get(f"/api/v1/elections/nl-gr2026/facts/?place={DOES_NOT_VOTE}").json()

    assert body["takes_part"] is False
    assert [fact["key"] for fact in body["facts"]] == ["takes_part"]


def test_no_deadline_is_in_the_calendar_of_a_place_that_does_not_vote(client, gr2026):
    body = client.get(f"/nl-gr2026/days.ics?place={DOES_NOT_VOTE}").content.decode()

    assert "BEGIN:VCALENDAR" in body
    assert "BEGIN:VEVENT" not in body


@pytest.mark.parametrize(
    "address",
    [
        "/nl-gr2026/",
        "/nl-gr2026/wanneer/",
        "/nl-gr2026/ballot_marking/",
        "/nl-gr2026/facts/",
        "/nl-gr2026/polling-places/?place=GM0344",
        "/nl-gr2026/card/",
    ],
)
def test_every_page_says_that_it_is_over(client, with_places, monkeypatch, address):
    before = client.get(address).content.decode()
    monkeypatch.setattr(timezone, "now", lambda: AFTER_CLOSING)
    monkeypatch.setattr(caching, "memory", Memory())

    after = client.get(address).content.decode()

    assert "Deze verkiezing is voorbij" not in before
    assert "Deze verkiezing is voorbij" in after


def test_programs_hear_that_it_is_over(client, gr2026, monkeypatch):
    phases = []
    for at in (ELECTION_DAY - timedelta(days=2), ELECTION_DAY, AFTER_CLOSING):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        monkeypatch.setattr(caching, "memory", Memory())
        phases.append(client.get("/api/v1/elections/nl-gr2026/facts/").json()["phase"])

    assert phases == ["before", "voting", "over"]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "page", ["", "wanneer/", "waar/", "hoe/", "facts/", "card/", "polling-places/?place=GM0344"]
)
@pytest.mark.parametrize("at", [ELECTION_DAY - timedelta(days=1), ELECTION_DAY, AFTER_CLOSING])
def test_no_page_says_today_or_tomorrow_on_any_day(
    client, with_places, monkeypatch, page, language, at
):
    monkeypatch.setattr(timezone, "now", lambda: at)
    mark = "&" if "?" in page else "?"

    words = set(text_of(client.get(f"/nl-gr2026/{page}{mark}lang={language}")).lower().split())

    assert not words & {"today", "tomorrow", "yesterday", "vandaag", "morgen", "gisteren"}
