"""Briefings and the page to print."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fontTools.ttLib import TTFont

from elections.caching import memory
from guidance.models import Briefing, GuidancePage
from guidance.printing import FONTS
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db


def make_briefing(**changes):
    now = timezone.now()
    row = {
        "title": "Veilig campagne voeren; zo doe je dat, met vragen",
        "where": "Online",
        "starts_at": now + timedelta(days=2),
        "ends_at": now + timedelta(days=2, hours=1),
        "url": "https://bijeenkomst.example/",
    }
    return Briefing.objects.create(**(row | changes))


def read(path: str):
    memory.clear()
    return Client().get(path)


def test_what_comes_is_listed_and_what_was_is_not():
    now = timezone.now()
    make_briefing()
    make_briefing(
        title="Voorbij", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1)
    )

    page = read("/guidance/briefings/")

    assert "Veilig campagne voeren" in page.content.decode()
    assert "Voorbij" not in page.content.decode()
    assert page["Cache-Control"].startswith("public")
    assert page.cookies == {}


def test_nothing_planned_is_said():
    assert "No briefing is planned now." in read("/guidance/briefings/?lang=en").content.decode()


def test_the_calendar_file_can_be_read_by_calendars():
    row = make_briefing()

    answer = read("/guidance/briefings.ics")
    text = answer.content.decode()
    lines = text.replace("\r\n ", "").split("\r\n")

    assert answer["Content-Type"].startswith("text/calendar")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"UID:{row.public_id}" in lines
    assert "SUMMARY;LANGUAGE=nl:Veilig campagne voeren\\; zo doe je dat\\, met vragen" in lines
    assert "STATUS:CONFIRMED" in lines


def test_a_cancelled_one_says_so_and_replaces_the_one_before():
    row = make_briefing()
    Briefing.objects.update(changed_at=timezone.now() + timedelta(minutes=5), cancelled=True)
    after = read("/guidance/briefings.ics").content.decode()

    assert "STATUS:CANCELLED" in after
    assert f"UID:{row.public_id}" in after
    assert "Dit gaat niet door." in read("/guidance/briefings/").content.decode()


def test_it_ends_after_it_begins():
    now = timezone.now()
    with pytest.raises(ValidationError):
        Briefing(title="x", where="y", starts_at=now, ends_at=now).full_clean()
    with pytest.raises(IntegrityError, match="briefing_in_order"), transaction.atomic():
        make_briefing(ends_at=now - timedelta(days=9))


def test_authors_plan_them_in_the_editor(author, moderator):
    url = reverse("wagtailsnippets_guidance_briefing:add")

    assert client_of(author).get(url).status_code == 200
    assert client_of(moderator).get(url).status_code == 302


@pytest.mark.parametrize(("lang", "title"), [("nl", "Voor partijen en kandidaten"), ("en", "For parties and candidates")])  # fmt: skip
def test_everything_in_short_fits_on_one_page_to_print(pages, lang, title):
    answer = read(f"/guidance/one-pager.pdf?lang={lang}")
    body = answer.content

    assert answer["Content-Type"] == "application/pdf"
    assert body.startswith(b"%PDF-")
    assert body.count(b"/Type /Page\n") == 1
    assert f"/Lang ({lang})".encode() in body
    assert b"/Marked true" in body
    assert b"/S /H1" in body
    assert b"/DisplayDocTitle true" in body
    assert title.encode("utf-16-be") in body or title.encode() in body


def test_many_words_still_fit_on_one_page(pages):
    page = GuidancePage.objects.get(slug="regels")
    page.in_short = "\n".join(["Een regel die nog wat langer is dan de andere regels. " * 2] * 12)
    page.publish_as_delivered(page.save_revision())

    assert read("/guidance/one-pager.pdf").content.count(b"/Type /Page\n") == 1


def test_without_pages_there_is_nothing_to_print():
    assert read("/guidance/one-pager.pdf").status_code == 404


def test_the_letters_of_dutch_names_are_all_there():
    known = set()
    for file in FONTS.glob("*regular.ttf"):
        known |= set(TTFont(BytesIO(file.read_bytes())).getBestCmap())

    assert {ord(sign) for sign in "ëïéèöüçÇşğłńœ–’‘“”€•"} <= known
