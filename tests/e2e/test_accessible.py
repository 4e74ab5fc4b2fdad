"""axe finds nothing on any page, in both languages, light and dark; nothing runs off the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from moderation.services import reviewing

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def addresses(scene) -> dict[str, str]:
    """Every page and state of the desk that a moderator sees."""
    jobs = scene.jobs
    return {
        "queue": reverse("queue", args=["voting-procedure"]),
        "empty queue": reverse("queue", args=["undecidable"]),
        "nothing fits": reverse("queue", args=["voting-procedure"]) + "?topic=proxy",
        "job in hand": reverse("job", args=[jobs["day"].public_id]),
        "job waiting": reverse("job", args=[jobs["phone"].public_id]),
        "job of a colleague": reverse("job", args=[jobs["hours"].public_id]),
        "job held": reverse("job", args=[jobs["party"].public_id]),
        "job reported": reverse("job", args=[jobs["report"].public_id]),
        "found": reverse("find") + "?q=7K2Q-M41",
        "nothing found": reverse("find") + "?q=x",
        "held": reverse("held"),
        "my work": reverse("my_jobs"),
        "actor": reverse("actor", args=[jobs["day"].item.actor.public_id]),
        "keys": reverse("keys"),
        "not found": "/desk/jobs/00000000-0000-4000-8000-000000000000/",
        "forbidden": reverse("new_queue"),
    }


def problems(page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page(sign_in, scene, language, scheme):
    page = sign_in(scene.moderator, language=language, scheme=scheme)
    reviewing.take_job(job=scene.jobs["day"], by=scene.moderator, at=timezone.now())

    found = {}
    for name, address in addresses(scene).items():
        page.goto(address)
        if name == "job in hand":
            page.keyboard.press("2")
            page.wait_for_selector("#letter .sheet")
            page.keyboard.press("v")
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize(("language", "scheme"), [("nl", "dark"), ("en", "light")])
def test_axe_finds_nothing_at_the_door(open_page, live_server, db, language, scheme):
    page = open_page(language=language, scheme=scheme)
    page.goto("/accounts/login/")

    assert problems(page) == []


@pytest.mark.parametrize("width", [390, 768, 1280, 2560])
def test_no_page_is_wider_than_the_screen(sign_in, scene, width):
    page = sign_in(scene.moderator, width=width, height=900)
    reviewing.take_job(job=scene.jobs["day"], by=scene.moderator, at=timezone.now())

    too_wide = {}
    for name, address in addresses(scene).items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


def test_every_target_is_large_enough(sign_in, scene):
    page = sign_in(scene.moderator, width=390, height=844)
    reviewing.take_job(job=scene.jobs["day"], by=scene.moderator, at=timezone.now())
    page.goto(reverse("job", args=[scene.jobs["day"].public_id]))

    # WCAG 2.5.8: 24 CSS pixels, except links inside a sentence.
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, select, .act, .choice, .btn")]
            .filter((el) => el.offsetParent && Math.min(el.offsetHeight, el.offsetWidth) < 24)
            .map((el) => el.outerHTML.slice(0, 120))"""
    )

    assert small == []
