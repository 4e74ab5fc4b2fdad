"""Takes the pictures in docs/screens: `make screens`. Not a test; nothing collects it by itself."""

from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from integrity.people.choices import Role
from moderation.models import Job
from tests.e2e.test_account_pages import deliveries
from tests.e2e.test_media_pages import furnished
from tests.factories import make_user

__all__ = ["deliveries", "furnished"]
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
# name: page, width, height, scheme, language, keys to press first
SHOTS = {
    "queue": ("queue", 1280, 800, "light", "nl", ""),
    "queue-390-dark": ("queue", 390, 844, "dark", "nl", ""),
    "job": ("job", 1440, 1000, "light", "nl", "2"),
    "job-dark": ("job", 1280, 900, "dark", "en", "b5"),
    "job-390": ("job", 390, 844, "light", "nl", ""),
    "second-person": ("held job", 1280, 900, "light", "nl", ""),
    "ask-a-fact-checker": ("job", 1280, 900, "light", "nl", "f"),
    "keys": ("job", 1280, 900, "light", "nl", "?"),
    "routing": ("routing", 1280, 900, "light", "nl", ""),
    "routing-editor": ("new_routing", 1280, 900, "dark", "en", ""),
    "deliveries": ("delivery_desk", 1280, 800, "light", "nl", ""),
}


def address(page: str, jobs: dict[str, Job]) -> str:
    """Say where a page of this evening stands."""
    found = {
        "queue": ("queue", ["voting-procedure"]),
        "job": ("job", [jobs["day"].public_id]),
        "held job": ("job", [jobs["party"].public_id]),
    }
    name, args = found.get(page, (page, []))
    return reverse(name, args=args)


@pytest.mark.parametrize("name", SHOTS)
def test_take(name, sign_in, furnished, deliveries):
    page_name, width, height, scheme, language, keys = SHOTS[name]
    lead = make_user("noor@waarborg.example", alias="Noor Dekker", roles=[Role.POLICY_LEAD])
    who = {"held job": furnished.senior, "queue": furnished.moderator, "job": furnished.moderator}
    page = sign_in(
        who.get(page_name, lead), width=width, height=height, scheme=scheme, language=language
    )
    page.goto(address(page_name, furnished.jobs))
    for key in keys:
        page.keyboard.press(key)
    if keys[-1:].isdigit():
        page.wait_for_selector("#letter .sheet")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
