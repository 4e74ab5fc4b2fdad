"""Pictures, film and what stands around a job, by keyboard and for every reader."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from factcheck.models import Partner
from integrity.audit.models import AuditEvent
from moderation.services import media as keeping
from moderation.services import reviewing
from tests.e2e.test_accessible import problems
from tests.factories import PLATFORM, make_report

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(4000)


def picture() -> bytes:
    """A picture with something on it."""
    drawn, out = Image.new("RGB", (640, 480), "#35506b"), BytesIO()
    ImageDraw.Draw(drawn).ellipse((120, 60, 520, 420), fill="#e8b04b")
    drawn.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def furnished(scene, settings, tmp_path):
    """The evening with a picture, a film, many reports and a partner to ask."""
    settings.MEDIA_ROOT = tmp_path
    for n, content in enumerate((picture(), FILM)):
        keeping.keep(
            item=scene.jobs["day"].item, n=n, sent=keeping.Sent(file=BytesIO(content)),
            by=PLATFORM, at=timezone.now(),
        )  # fmt: skip
    for n in range(23):
        make_report(scene.jobs["day"].item, f"r-{n}", text="Klopt niet.", reporter=f"melder-{n}")
    Partner.objects.create(
        name="De Nationale Factcheck", website="https://factcheck.example/", languages=["nl"],
        contract_from=timezone.localdate(), created_at=timezone.now(),
    )  # fmt: skip
    reviewing.take_job(job=scene.jobs["day"], by=scene.moderator, at=timezone.now())
    return scene


def job_page(scene) -> str:
    return reverse("job", args=[scene.jobs["day"].public_id])


def test_a_picture_is_fetched_at_a_key_and_hidden_at_the_same_key(sign_in, furnished):
    page = sign_in(furnished.moderator)
    page.goto(job_page(furnished))
    page.wait_for_load_state("networkidle")
    assert not AuditEvent.objects.filter(verb="media.read").exists()

    page.keyboard.press("b")
    page.wait_for_function("document.querySelector('.picture').naturalWidth > 0")
    assert page.locator(".picture").first.is_visible()
    assert AuditEvent.objects.filter(verb="media.read").count() == 1

    page.keyboard.press("b")
    assert not page.locator(".picture").first.is_visible()


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("nl", "light", 1280), ("nl", "dark", 390), ("en", "light", 2560)],
)
def test_what_stands_around_a_job_fits_every_reader(sign_in, furnished, language, scheme, width):
    page = sign_in(furnished.moderator, language=language, scheme=scheme, width=width, height=900)
    found = {}
    for name, address, keys in (
        ("job", job_page(furnished), ""),
        ("picture shown", job_page(furnished), "b"),
        ("a partner is asked", job_page(furnished), "f"),
        ("reports", reverse("job_reports", args=[furnished.jobs["day"].public_id]), ""),
        ("how media begin", reverse("media_defaults"), ""),
    ):
        page.goto(address)
        for key in keys:
            page.keyboard.press(key)
        if wrong := problems(page):
            found[name] = wrong
        if (has := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[f"{name} is too wide"] = has

    assert found == {}


def test_a_partner_is_asked_without_a_mouse(sign_in, furnished):
    page = sign_in(furnished.moderator)
    page.goto(job_page(furnished))

    page.keyboard.press("f")
    page.locator("#ask-question").focus()
    page.keyboard.type("Klopt deze dag?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".asked")

    assert "De Nationale Factcheck" in page.locator(".asked").inner_text()
