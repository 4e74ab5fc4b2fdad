"""Search engines find every public page, and no room of those who work here."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from elections.packs import read_election_packs
from elections.services import load_pack

pytestmark = pytest.mark.django_db

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"


@pytest.fixture
def elections():
    for name in ("nl-gr2026", "xv-eilanden2027"):
        pack = read_election_packs(PACKS / f"{name}.json")[0]
        load_pack(pack=pack, by=None, at=timezone.now() - timedelta(days=1))


@pytest.mark.parametrize("room", ["desk", "partner", "admin", "cms", "accounts"])
def test_no_room_of_those_who_work_here_is_for_search_engines(client, room):
    answer = client.get("/robots.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert f"Disallow: /{room}/\n" in answer.content.decode()


def test_the_site_map_names_pages_that_are_there_in_both_languages(client, elections, settings):
    settings.BASE_URL = "https://stemmen.example"
    listed = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    paths = [row.removeprefix("https://stemmen.example") for row in listed]

    statuses = {path: client.get(path.replace("&amp;", "&")).status_code for path in paths}

    assert len(set(paths)) == len(paths) > 50
    assert {path: status for path, status in statuses.items() if status != 200} == {}
    assert {"/nl-gr2026/", "/nl-gr2026/?lang=en", "/nl-gr2026/facts/", "/nl-gr2026/checks/"} <= set(
        paths
    )


def test_a_page_says_which_address_it_goes_by_without_what_a_reader_added(
    client, elections, settings
):
    settings.BASE_URL = "https://stemmen.example"

    html = client.get("/nl-gr2026/?utm_source=flyer&place=GM0147&lang=nl").content.decode()

    address = "https://stemmen.example/nl-gr2026/?lang=nl&amp;place=GM0147"
    assert f'<link rel="canonical" href="{address}">' in html
    assert "flyer" not in html
