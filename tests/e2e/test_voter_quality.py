"""What a page costs a cheap phone, and whether it can be found, enlarged and read from the right."""

import pytest

from tests.e2e.test_accessible import problems
from tests.e2e.test_voter_pages import PAGES, load_elections

# Answers to what somebody typed, and a page that is not translated: left out on purpose.
NOT_TO_BE_FOUND = {"which place", "no such place", "polling places", "right to left"}
MEASURED = ("over", "to come", "facts", "real or fake", "topic", "polling places", "candidates")


@pytest.fixture
def elections(transactional_db):
    load_elections()


def wire_of(page, address: str) -> dict[str, int]:
    """Open a page with an empty cache; returns the bytes that came over the wire by address."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names, sizes = {}, {}
    client.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )
    client.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(address, wait_until="networkidle")
    return {names[key]: size for key, size in sizes.items() if key in names}


@pytest.mark.parametrize("name", MEASURED)
def test_a_voters_page_is_few_requests_and_at_most_60_kb_of_html_and_css(
    open_page, elections, name
):
    sizes = wire_of(open_page(width=390, height=844), PAGES[name].format(lang="nl"))
    text = sum(size for url, size in sizes.items() if not url.endswith((".woff2", ".svg")))

    assert len(sizes) <= 7, sizes
    assert 5_000 < text <= 60_000, sizes
    assert not [url for url in sizes if url.endswith(".js")]


def findable(page) -> dict[str, bool]:
    """Ask a page what a search engine would."""
    facts = page.evaluate(
        """() => ({
            title: document.title, lang: document.documentElement.lang,
            description: document.querySelector("meta[name=description]")?.content || "",
            headings: document.querySelectorAll("h1").length,
            viewport: !!document.querySelector("meta[name=viewport]"),
            canonical: document.querySelector("link[rel=canonical]")?.href || "",
            hidden: !!document.querySelector("meta[name=robots][content*=noindex]"),
            bare: [...document.querySelectorAll("main a")]
                .filter((a) => /^(hier|klik hier|lees meer|meer|here|more)$/i
                    .test(a.innerText.trim())).length,
            unnamed: [...document.querySelectorAll("img:not([alt])")].length,
        })"""
    )
    return {
        "title": 10 <= len(facts["title"]) <= 110,
        "language": facts["lang"] != "",
        "description": 40 <= len(facts["description"]) <= 200,
        "one heading": facts["headings"] == 1,
        "viewport": facts["viewport"],
        "own address": facts["canonical"].startswith("http"),
        "may be found": not facts["hidden"],
        "links that say where": facts["bare"] == 0,
        "pictures named": facts["unnamed"] == 0,
    }


def test_voters_pages_can_be_found(open_page, elections):
    page = open_page()
    wrong = {}
    for name, address in PAGES.items():
        if name == "card":
            continue
        answer = page.goto(address.format(lang="nl"))
        allowed = {"own address"} if name == "elections" else set()
        allowed |= {"may be found"} if name in NOT_TO_BE_FOUND else set()
        failed = {check for check, good in findable(page).items() if not good} - allowed
        if answer.status != 200 or failed:
            wrong[name] = (answer.status, failed)

    assert wrong == {}


@pytest.mark.parametrize("zoom", [200, 400])
def test_at_this_zoom_nothing_is_cut_off_or_beside_the_screen(open_page, elections, zoom):
    # A browser at 200 % shows 1280 pixels as 640 CSS pixels of double size (WCAG 1.4.4, 1.4.10).
    page = open_page(width=1280 * 100 // zoom, height=1024 * 100 // zoom)
    too_wide = {}
    for name, address in PAGES.items():
        page.goto(address.format(lang="nl"))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide[name] = page.evaluate("document.documentElement.scrollWidth")

    assert too_wide == {}


def test_text_alone_twice_as_large_still_fits(open_page, elections):
    page = open_page(width=1280, height=900)
    too_wide = {}
    for name, address in PAGES.items():
        page.goto(address.format(lang="nl"))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter((el) => {
                const style = getComputedStyle(el);
                return style.overflow === "hidden" && el.scrollWidth > el.clientWidth + 1
                    && el.clientWidth > 1;
            }).length"""
        )
        if cut or page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide[name] = (cut, page.evaluate("document.documentElement.scrollWidth"))

    assert too_wide == {}


def test_a_right_to_left_page_begins_at_the_right(open_page, elections):
    page = open_page(width=1280, height=900)
    page.goto("/xv-eilanden2027/?lang=ar")

    brand = page.locator(".brand").bounding_box()
    languages = page.locator(".languages").bounding_box()
    body = page.evaluate("getComputedStyle(document.body).direction")

    assert body == "rtl"
    assert brand["x"] > languages["x"]
    assert problems(page) == []
