"""Pages of guidance: plain, in two languages, live facts, the same for everybody."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from PIL import Image as PictureFile
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from elections import services as elections
from elections.facts import Fact
from elections.readability import score, text_of, words
from guidance.blocks import PictureBlock
from guidance.models import GuidancePage, RuleChange
from guidance.services import delivering
from tests.factories import NOW, make_election
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_subject_is_there_in_both_languages(pages):
    assert pages.new == 12
    dutch, english = read("/guidance/"), read("/guidance/?lang=en")

    for title in ("Houd je account veilig", "De regels", "Labels en weghalen", "De kalender"):
        assert title in dutch
    for title in ("Keep your account safe", "The rules", "Labels and removals", "Whom do you call"):
        assert title in english


def test_loading_twice_changes_nothing(pages):
    page = GuidancePage.objects.get(slug="regels")
    GuidancePage.objects.filter(pk=page.pk).update(title="Onze regels")

    again = delivering.deliver_pages(at=NOW)

    assert (again.new, again.known) == (0, 12)
    assert GuidancePage.objects.get(pk=page.pk).title == "Onze regels"


def test_wagtails_welcome_makes_place(pages):
    assert Site.objects.get().root_page.slug == "guidance-nl"
    assert not Page.objects.filter(slug="home").exists()


def test_a_page_is_the_same_for_everybody_and_sets_no_cookie(pages):
    client = Client(enforce_csrf_checks=True)
    answer = client.get("/guidance/regels/")

    assert answer.cookies == {}
    assert answer["Cache-Control"].startswith("public")
    assert "guidance" in answer["Surrogate-Key"].split()
    assert "<script" not in answer.content.decode()
    assert "eigen regels" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/guidance/regels/", "Geen geld inzamelen"),
        ("/guidance/regels/?lang=en", "No fundraising"),
        ("/guidance/rules/", "No fundraising"),
        ("/guidance/rules/?lang=nl", "Geen geld inzamelen"),
        ("/guidance/regels/?lang=tr", "No fundraising"),
    ],
)
def test_a_page_comes_in_the_language_of_its_address(pages, path, words):
    assert words in read(path)


def test_a_fact_is_live(pages):
    before = read("/guidance/regels/")
    election = make_election()
    fact = election.facts.get(key="voting_day")
    other = Fact(key="voting_day", value="2026-03-25", source_name="Kiesraad")
    elections.correct_fact(
        fact=fact, statement=elections.Statement(value=other.value, source_name="Kiesraad"),
        by=None, at=NOW,
    )  # fmt: skip
    from elections.caching import memory

    memory.clear()

    assert "woensdag 18 maart 2026" in before
    assert "woensdag 25 maart 2026" in read("/guidance/regels/")


def test_what_is_not_official_is_not_said(pages):
    # No fact about the ballot is loaded here: the block says nothing instead of guessing.
    assert "ballot_marking" not in read("/guidance/regels/")


def test_the_calendar_has_the_days_of_the_election(pages):
    html = read("/guidance/kalender/")

    assert "De dag van de stemming." in html
    assert "/nl-gr2026/days.ics" in html


def test_what_changed_in_the_rules_is_told_by_day(pages):
    for path in ("/guidance/", "/guidance/changes/", "/guidance/regels/"):
        assert "ook een stem die met AI is gemaakt" in read(path)
    assert "<b>25</b> November <span>2026</span>" in read("/guidance/changes/?lang=en")


def test_readers_never_see_a_draft_nor_what_stands_in_the_row_alone(pages):
    page = GuidancePage.objects.get(slug="regels")
    page.title = "Nog niet gelezen"
    page.save_revision()
    GuidancePage.objects.filter(pk=page.pk).update(intro="Ook niet gelezen")

    html = read("/guidance/regels/")

    assert "De regels" in html
    assert "niet gelezen" not in html


@pytest.mark.parametrize("path", ["/guidance/bestaat-niet/", "/guidance/guidance-nl/x/"])
def test_what_is_not_there_is_not_found(pages, path):
    assert Client().get(path).status_code == 404


def test_before_anything_is_written_there_is_no_page():
    assert Client().get("/guidance/").status_code == 404
    assert "No rule has changed yet." in read("/guidance/changes/?lang=en")


def test_a_change_says_what(pages):
    page = GuidancePage.objects.get(slug="regels")
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="rule_change_says_what"):
        RuleChange.objects.create(page=page, day=date(2026, 3, 1), what="", locale=page.locale)


@pytest.mark.parametrize("name", ["", "veilig/", "regels/", "labels-en-weghalen/", "wie-bel-je/"])
def test_every_page_is_plain_dutch(pages, name):
    found = score(text_of(read(f"/guidance/{name}")))

    assert found.flesch_douma >= 60, found
    assert len(words(found.longest)) <= 30, found.longest


@pytest.fixture
def picture(settings, tmp_path, monkeypatch):
    """A picture that an editor has put in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "pictures", "base_url": "/pictures/"},
        },
    }
    kept = get_image_model().get_rendition_model()._meta.get_field("file")
    monkeypatch.setattr(kept, "storage", storages["pictures"])
    drawn = {}
    for kind in ("PNG", "WEBP"):
        PictureFile.new("RGB", (40, 30), "white").save(drawn.setdefault(kind, BytesIO()), kind)
    size = {"width": 40, "height": 30}
    file = ContentFile(drawn["PNG"].getvalue(), name="stemhokje.png")
    made = get_image_model().objects.create(title="Stemhokje", file=file, **size)
    made.renditions.create(
        filter_spec="max-1200x1200|format-webp",
        file=ContentFile(drawn["WEBP"].getvalue(), name="stemhokje.webp"),
        **size,
    )
    return made


def test_a_picture_needs_words_for_who_does_not_see_it(picture):
    block = PictureBlock()
    value = {"image": picture, "alternative": "", "caption": ""}

    with pytest.raises(ValidationError):
        block.clean(block.to_python({**value, "image": picture.pk}))
    block.clean(block.to_python({**value, "image": picture.pk, "alternative": "Een stemhokje."}))


def test_a_picture_is_shown_with_its_words_and_served_apart(pages, picture):
    page = GuidancePage.objects.get(slug="regels")
    shown = {"image": picture.pk, "alternative": "Een leeg stemhokje.", "caption": ""}
    section = {"title": "Beeld", "content": [{"type": "picture", "value": shown}]}
    page.body = json.dumps([{"type": "section", "value": section}])
    page.publish_as_delivered(page.save_revision())

    html = read("/guidance/regels/")
    address = re.search(r'src="(/pictures/[^"]+)"', html)[1]

    assert 'alt="Een leeg stemhokje."' in html
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content)
    outside = Client().get("/pictures/../media/original_images/stemhokje.png")
    assert outside.status_code == 400


def test_a_fact_knows_on_which_pages_it_stands(pages, election_lead):
    client = client_of(election_lead)
    url = reverse("pages_with_fact", args=["nl-gr2026", "voting_day"])

    html = client.get(url).content.decode()

    # In the rules by itself, and on the calendar in both languages.
    assert html.count("<li") == 4
    assert "/guidance/regels/" in html
