"""The voter's pages in a browser: axe, narrow screens, keyboard, no script, print."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from elections import services
from elections.models import Election
from elections.packs import read_election_packs
from tests.e2e.test_accessible import problems
from tests.elections.test_import_eml import COUNTED, TWO_LISTS, take_over

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"
PAGES = {
    "elections": "/center/",
    "over": "/nl-gr2026/?lang={lang}",
    "to come": "/xv-eilanden2027/?lang={lang}&place=XV-03",
    "small ballot": "/nl-gr2026/ballot_marking/?lang={lang}&place=GM0147",
    "does not vote": "/nl-gr2026/?lang={lang}&place=GM0402",
    "which place": "/nl-gr2026/?lang={lang}&where=bergen",
    "no such place": "/nl-gr2026/?lang={lang}&where=xyz",
    "facts": "/nl-gr2026/facts/?lang={lang}",
    "right to left": "/xv-eilanden2027/?lang=ar",
    "card": "/nl-gr2026/card/?topic=ballot_marking&lang={lang}",
    "polling places": "/nl-gr2026/polling-places/?lang={lang}&where=3511",
    "topic": "/nl-gr2026/how/?lang={lang}",
    "candidates": "/nl-gr2026/candidates/?lang={lang}&place=GM0344",
    "no candidates": "/nl-gr2026/candidates/?lang={lang}&place=GM0147",
    "count": "/nl-gr2026/results/?lang={lang}&place=GM0344",
    "real or fake": "/nl-gr2026/real-or-fake/?lang={lang}",
    "record": "/nl-gr2026/what-we-do/?lang={lang}",
}


def load_elections() -> None:
    """One election that is over and one to come, with lists of candidates and a count."""
    for name in ("nl-gr2026", "xv-eilanden2027"):
        pack = read_election_packs(PACKS / f"{name}.json")[0]
        services.load_pack(pack=pack, by=None, at=timezone.now() - timedelta(days=1))
    election = Election.objects.get(slug="nl-gr2026")
    for file in (TWO_LISTS, COUNTED):
        take_over(file, election=election)


@pytest.fixture
def elections(transactional_db):
    load_elections()


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_a_voters_page(open_page, elections, language, scheme):
    page = open_page(language=language, scheme=scheme)

    found = {}
    for name, address in PAGES.items():
        page.goto(address.format(lang=language))
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_no_voters_page_is_wider_than_the_screen(open_page, elections, width):
    page = open_page(width=width, height=800)

    too_wide = {}
    for name, address in PAGES.items():
        page.goto(address.format(lang="nl"))
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


def test_a_municipality_is_chosen_by_keyboard(open_page, elections):
    page = open_page()
    page.goto("/nl-gr2026/?lang=nl")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    page.get_by_label("Wat is je gemeente?").focus()
    page.keyboard.type("Den Haag")
    page.keyboard.press("Enter")

    page.wait_for_url("**place=GM0518*")
    assert "'s-Gravenhage" in page.locator(".place").first.inner_text()


def test_no_voters_page_sets_a_cookie_or_asks_another_site(open_page, elections):
    page = open_page()
    page.context.clear_cookies()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    for address in PAGES.values():
        page.goto(address.format(lang="nl"))

    assert page.context.cookies() == []
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}
