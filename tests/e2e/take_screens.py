"""Takes the pictures in docs/screens: `make screens`. Not a test; nothing collects it by itself."""

from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from moderation.services import reviewing

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
# name: page, width, height, scheme, language, key to press first
SHOTS = {
    "queue": ("queue", 1280, 800, "light", "nl", ""),
    "queue-390-dark": ("queue", 390, 844, "dark", "nl", ""),
    "job": ("job", 1440, 1000, "light", "nl", "2"),
    "job-dark": ("job", 1280, 900, "dark", "en", "5"),
    "job-390": ("job", 390, 844, "light", "nl", ""),
    "second-person": ("held job", 1280, 900, "light", "nl", ""),
}


@pytest.mark.parametrize("name", SHOTS)
def test_take(name, sign_in, scene):
    page_name, width, height, scheme, language, key = SHOTS[name]
    who = scene.senior if page_name == "held job" else scene.moderator
    page = sign_in(who, width=width, height=height, scheme=scheme, language=language)
    if page_name == "job":
        reviewing.take_job(job=scene.jobs["day"], by=who, at=timezone.now())
    page.goto(
        {
            "queue": reverse("queue", args=["voting-procedure"]),
            "job": reverse("job", args=[scene.jobs["day"].public_id]),
            "held job": reverse("job", args=[scene.jobs["party"].public_id]),
        }[page_name]
    )
    if key:
        page.keyboard.press(key)
        page.wait_for_selector("#letter .sheet")
    page.wait_for_load_state("networkidle")
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
