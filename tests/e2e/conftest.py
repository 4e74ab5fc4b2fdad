"""A headless browser against a live server, with people who sign in through the real form."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from integrity.people.demo import unused_code
from integrity.people.models import User
from tests.e2e.scene import Scene, make_scene
from tests.signing_in import PASSWORD, make_second_factor

CHROMIUM = "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser: Debian's package, installed here by root when it is absent."""
    found = shutil.which("chromium") or (CHROMIUM if Path(CHROMIUM).exists() else None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        done = subprocess.run(command, check=False, capture_output=True, timeout=600)
        found = CHROMIUM if done.returncode == 0 and Path(CHROMIUM).exists() else None
    if found is None:
        pytest.skip("no chromium here: install it with `apt-get install chromium`")
    return found


@pytest.fixture(scope="session")
def _browser(chromium):
    # Playwright keeps an event loop running in this thread, at which Django's ORM takes fright.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def scene(transactional_db) -> Scene:
    """The evening that the screens are shown with."""
    return make_scene()


@pytest.fixture
def open_page(_browser, live_server) -> Iterator[Callable]:
    """Open a page of a fresh browser; an error on its console fails the test."""
    contexts, errors = [], []

    def opener(
        *, language: str = "nl", scheme: str = "light", width: int = 1440, height: int = 1000
    ):
        context = _browser.new_context(
            base_url=live_server.url,
            locale=language,
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        cookie = {"name": "waarborg_language", "value": language, "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opener
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state("networkidle")
        context.close()
    # A refused form is answered with 409 or 422, and a request that a new page overtakes is
    # dropped: the browser reports both.
    unexpected = [e for e in errors if "status of 4" not in e and not e.startswith("htmx:")]
    assert unexpected == []


@pytest.fixture
def sign_in(open_page) -> Callable:
    """Sign a person in through the form, second factor included; returns their page."""

    def signer(user: User, **how):
        factor = user.authenticator_set.first() or make_second_factor(user)
        page = open_page(**how)
        page.goto("/accounts/login/?next=/desk/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.fill("input[name=code]", unused_code(factor))
        page.press("input[name=code]", "Enter")
        # The door's own address names the desk too, as where to go on to.
        page.wait_for_url(lambda url: urlsplit(url).path.startswith("/desk/"))
        return page

    return signer
