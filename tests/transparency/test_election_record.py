"""The public record of an election: counted rows, rounded, dated, for people and for programs."""

import re
from datetime import timedelta
from pathlib import Path

import polib
import pytest
from django.utils import timezone, translation

from elections import caching
from elections.caching import Memory
from moderation.choices import Action
from moderation.models import Item, TractionSample
from moderation.services import carrying_out, opening
from tests.elections.test_dutch import said_in
from tests.factories import NOW, decide, make_election, make_item, make_job, make_report
from transparency import queries, record
from transparency.disclosing import told, whole
from transparency.queries import Counted, Span, count, counted

REPOSITORY = Path(__file__).resolve().parents[2]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def election(db):
    return make_election()


@pytest.fixture
def decided(election, moderator):
    """Six posts no longer recommended and two left alone, each ten minutes after it waited."""
    found = []
    for action in [Action.INELIGIBLE] * 6 + [Action.NO_ACTION] * 2:
        job = make_job(make_item(election=election.slug))
        found.append(decide(job, by=moderator, action=action, at=NOW + timedelta(minutes=10)))
    for decision in found:
        carrying_out.carry_out(decision=decision, at=LATER)
    return found


@pytest.mark.parametrize(
    ("n", "says"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (1243, 1245)]
)
def test_a_few_are_not_told_and_the_rest_is_rounded(n, says):
    assert told(n) == says


@pytest.mark.parametrize(
    ("took", "says"),
    [
        (timedelta(milliseconds=10), "1 second"),
        (timedelta(seconds=59.6), "60 seconds"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(hours=3, minutes=20), "3 hours"),
        (timedelta(days=4, hours=2), "4 days"),
    ],
)
def test_a_length_of_time_is_said_as_people_do(took, says):
    with translation.override("en"):
        assert record.length(took) == says
    assert whole(took) > timedelta(0)


def test_each_post_counts_once_by_what_was_done(election, decided):
    numbers = count(election, at=LATER).numbers

    assert (numbers["items"], numbers["decided"], numbers["by_people"]) == (8, 8, 8)
    assert (numbers["ineligible"], numbers["no_action"], numbers["remove"]) == (6, 2, 0)
    assert (numbers["restricted"], numbers["waiting"]) == (6, 0)


def test_before_any_view_counts_only_where_views_are_known(election, decided):
    one, two, three = (decision.item for decision in decided[:3])
    TractionSample.objects.create(item=one, at=NOW, views=0)
    TractionSample.objects.create(item=one, at=LATER + timedelta(hours=1), views=90)
    TractionSample.objects.create(item=two, at=NOW, views=40)
    TractionSample.objects.create(item=three, at=LATER + timedelta(minutes=1), views=12)

    numbers = count(election, at=LATER).numbers

    assert (numbers["restricted"], numbers["views_known"], numbers["before_any_view"]) == (6, 3, 2)


def test_what_was_taken_back_before_it_was_done_does_not_count(election, moderator):
    decide(make_job(make_item(election=election.slug)), by=moderator, at=NOW)

    assert count(election, at=LATER).numbers["decided"] == 0


def test_another_elections_work_does_not_count(election, decided):
    other = make_election("nl-tk2025", first_day="2025-10-29")

    numbers = count(other, at=LATER).numbers

    assert {key: n for key, n in numbers.items() if n and key not in {"facts", "changes"}} == {}


def test_how_long_it_took_is_told_of_ten_and_more():
    few = {"to_decide": Span(9, timedelta(minutes=4), timedelta(hours=1))}
    enough = {"to_decide": Span(10, timedelta(minutes=4), timedelta(hours=1))}

    assert record.times(Counted(NOW, {}, few)) == []
    with translation.override("nl"):
        assert [row[1:] for row in record.times(Counted(NOW, {}, enough))] == [
            ("4 minuten", "60 minuten")
        ]


def test_half_and_nine_of_ten_are_of_the_rows(election, decided):
    span = count(election, at=LATER).spans["to_decide"]

    assert (span.n, span.half, span.most) == (8, timedelta(minutes=10), timedelta(minutes=10))


def test_a_count_is_kept_for_five_minutes(election, decided, monkeypatch):
    first = counted(election, at=LATER)
    make_item(election=election.slug)
    same = counted(election, at=LATER + timedelta(minutes=4))
    anew = counted(election, at=LATER + timedelta(minutes=6))

    assert (first.numbers["items"], same) == (8, first)
    assert (anew.numbers["items"], anew.at) == (9, LATER + timedelta(minutes=6))


def test_while_somebody_counts_others_get_the_last_count(election, monkeypatch):
    first = counted(election, at=LATER)
    queries.cache.add(f"election-record-1-{election.pk}-counting", 1, 60)

    assert counted(election, at=LATER + timedelta(hours=1)) == first


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_tells_it_dated_and_rounded(client, election, decided, monkeypatch, language):
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    html = client.get(f"/nl-gr2026/what-we-do/?lang={language}").content.decode()
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="number">([^<]+)</td>', html))

    few, day = {
        "nl": ("minder dan 5", "Geteld op dinsdag 10 maart 2026 om 14.00 uur"),
        "en": ("fewer than 5", "Counted on Tuesday 10 March 2026 at 14:00"),
    }[language]
    asked = {
        "nl": ("Niet meer aanbevolen", "Niets mis mee", "Verwijderd"),
        "en": ("No longer recommended", "Nothing wrong", "Removed"),
    }[language]
    assert [rows[name] for name in asked] == ["5", few, "0"]
    assert day in html


def test_no_name_of_anybody_is_on_the_page(client, election, decided, moderator):
    html = client.get("/nl-gr2026/what-we-do/").content.decode()

    assert moderator.alias not in html
    assert "@stemwijzer" not in html
    assert Item.objects.first().external_id not in html


def test_programs_get_the_same_figures_from_every_origin(client, election, decided):
    response = client.get("/api/v1/elections/nl-gr2026/record/")

    body = response.json()
    assert body["numbers"]["ineligible"] == 5
    assert body["numbers"]["no_action"] is None
    assert (body["few_below"], body["rounded_to"]) == (5, 5)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert set(body["numbers"]) == {key for part in record.PARTS for key in part.rows}


@pytest.mark.parametrize("path", ["/nl-niets/what-we-do/", "/api/v1/elections/nl-niets/record/"])
def test_an_election_that_is_not_there_is_not_found(client, db, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/nl-gr2026/what-we-do/", "/api/v1/elections/nl-gr2026/record/"])
def test_it_may_be_kept_by_a_cdn_and_sets_no_cookie(client, election, monkeypatch, path):
    monkeypatch.setattr(caching, "memory", Memory())

    response = client.get(path)

    assert response["Cache-Control"].startswith("public")
    assert response["ETag"]
    assert "election-nl-gr2026" in response["Surrogate-Key"]
    assert response.cookies == {}


def test_the_election_center_leads_to_it(client, election):
    assert "/nl-gr2026/what-we-do/" in client.get("/nl-gr2026/").content.decode()
    assert "/nl-gr2026/what-we-do/" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *(REPOSITORY / "transparency").glob("*.py"),
        *(REPOSITORY / "templates" / "transparency").glob("*.html"),
    ],
    ids=lambda path: path.name,
)
def test_every_sentence_of_it_is_there_in_dutch(path):
    catalogues = [
        REPOSITORY / folder / "nl" / "LC_MESSAGES" / "django.po"
        for folder in ("locale", "elections/locale", "transparency/locale")
    ]
    dutch = {e.msgid for each in catalogues for e in polib.pofile(str(each)) if e.translated()}

    assert [words for words in said_in(path) if words not in dutch] == []


def test_a_decision_that_was_changed_later_is_counted(election, decided, senior):
    item = decided[0].item
    make_report(item, at=LATER + timedelta(minutes=1))
    job = opening.open_or_update_job(item=item, at=LATER + timedelta(minutes=2))
    at = LATER + timedelta(minutes=3)
    changed = decide(job, by=senior, action=Action.NO_ACTION, at=at)

    before = count(election, at=at).numbers["changed_later"]
    carrying_out.carry_out(decision=changed, at=at + timedelta(minutes=5))

    assert (before, count(election, at=at).numbers["changed_later"]) == (0, 1)
