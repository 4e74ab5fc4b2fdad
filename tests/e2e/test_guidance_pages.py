"""The guidance in a browser: axe, narrow screens, both languages."""

import pytest
from django.utils import timezone

from elections import services
from elections.packs import read_election_packs
from guidance.services import delivering
from tests.e2e.test_accessible import problems
from tests.e2e.test_voter_pages import PACKS

PAGES = {
    "front": "/guidance/",
    "safe": "/guidance/veilig/",
    "rules": "/guidance/regels/",
    "labels": "/guidance/labels-en-weghalen/",
    "calendar": "/guidance/kalender/",
    "contact": "/guidance/wie-bel-je/",
    "changes": "/guidance/changes/",
}


@pytest.fixture
def guidance(transactional_db):
    pack = read_election_packs(PACKS / "nl-gr2026.json")[0]
    services.load_pack(pack=pack, by=None, at=timezone.now())
    delivering.deliver_pages(at=timezone.now())


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_a_page_of_guidance(open_page, guidance, language, scheme):
    page = open_page(language=language, scheme=scheme)

    found = {}
    for name, address in PAGES.items():
        page.goto(f"{address}?lang={language}")
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_of_guidance_is_wider_than_the_screen(open_page, guidance, width):
    page = open_page(width=width, height=844)

    too_wide = {}
    for name, address in PAGES.items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}
