"""Pages of guidance: plain, in two languages, live facts, the same for everybody."""

from datetime import date

import pytest
from django.test import Client
from wagtail.models import Page, Site

from elections import services as elections
from elections.facts import Fact
from guidance.models import GuidancePage, RuleChange
from guidance.services import delivering
from tests.factories import NOW, make_election

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
