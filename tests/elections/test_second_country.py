"""Another country is a file: far from here by the clock, three voting days, sign-up and post.

Nothing in the house knows this election. It is loaded by the command, read on the pages, in the
calendar and through the API, and posts about it are screened, all from its pack.
"""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from elections.choices import IncidentKind
from elections.models import Election, Jurisdiction
from elections.services import publish_incident
from moderation.models import Job, Signal
from moderation.services import assessing
from tests.factories import make_item

pytestmark = pytest.mark.django_db

SOURCE = {"name": "Electoral Office of Tuamo (made up)", "url": "https://vote.tuamo.example/"}
FACTS = {
    "voting_day": ["2027-05-07", "2027-05-08", "2027-05-09"],
    "polls_open": "09:00",
    "polls_close": "19:00",
    "voting_methods": ["in_person", "early", "post"],
    "early_voting": True,
    "early_voting_days": ["2027-04-24"],
    "post_voting_deadline": "2027-05-06T12:00",
    "registration_required": True,
    "registration_deadline": "2027-04-09T17:00",
    "polling_place_scope": "any_in_country",
    "min_age": 18,
    "eligible_nationality": ["any"],
    "id_required": False,
    "voter_pass_required": False,
    "proxy_max": 0,
    "ballot_marking": {"boxes": 1, "colour": "any"},
    "compulsory": True,
    "official_result_date": "2027-05-21",
    "inside_at_closing": {"en": "Whoever stands in the line at closing time may still vote."},
}
PACK = {
    "id": "xt-assembly2027",
    "name": {"en": "Tuamo Assembly election 2027 (made up)"},
    "country": "XT",
    "time_zone": "Pacific/Auckland",  # twelve hours before UTC in May
    "places": [{"code": "XT-N", "name": "North Reef"}, {"code": "XT-S", "name": "South Reef"}],
    "facts": [
        *({"key": key, "value": value, "source": SOURCE} for key, value in FACTS.items()),
        {"key": "polls_close", "value": "16:00", "place": "XT-S", "source": SOURCE},
    ],
}
LOADED = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    def to(*moment: int) -> datetime:
        at = datetime(2027, *moment, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: at)
        return at

    return to


@pytest.fixture
def tuamo(tmp_path, clock):
    clock(3, 1, 0, 0)
    file = tmp_path / "xt-assembly2027.json"
    file.write_text(json.dumps(PACK))
    call_command("load_election_pack", file)
    return Election.objects.get(slug="xt-assembly2027")


def text_at(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    body = re.sub(r"(?s)<(script|svg).*?</\1>", "", response.content.decode())
    return re.sub(r" ([.,])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", body).split()))


def test_the_page_tells_its_days_its_hours_and_its_ways_to_vote(client, tuamo, clock):
    clock(4, 1, 0, 0)

    page = text_at(client, "/xt-assembly2027/")

    assert "Tuamo Assembly election 2027" in page
    assert (
        "You vote on Friday 7 May 2027, Saturday 8 May 2027 and Sunday 9 May 2027, "
        "from 09:00 to 19:00." in page
    )
    assert "Source: Electoral Office of Tuamo" in page
    assert "by post" in page
    assert "stempas" not in page


def test_the_same_page_in_dutch_needs_no_word_from_the_pack(client, tuamo, clock):
    clock(4, 1, 0, 0)

    page = text_at(client, "/xt-assembly2027/?lang=nl")

    assert "vrijdag 7 mei 2027" in page
    assert "19.00 uur" in page


def test_what_the_pack_says_in_one_language_is_marked_in_another(client, tuamo, clock):
    clock(4, 1, 0, 0)
    words = "Whoever stands in the line at closing time may still vote."

    dutch = client.get("/xt-assembly2027/inside_at_closing/?lang=nl").content.decode()
    english = client.get("/xt-assembly2027/inside_at_closing/?lang=en").content.decode()

    assert f'<p class="answer" lang="en">{words}</p>' in dutch
    assert "Nog niet vertaald." in dutch
    assert f'<p class="answer">{words}</p>' in english
    assert "Not yet translated." not in english


@pytest.mark.parametrize(
    ("moment", "over"), [((4, 9, 4, 59), False), ((4, 9, 5, 0), True), ((4, 9, 20, 0), True)]
)
def test_signing_up_ends_by_its_own_clock(client, tuamo, clock, moment, over):
    clock(*moment)

    html = client.get("/xt-assembly2027/").content.decode()
    row = re.search(r"(?s)<li[^>]*><time datetime=\"2027-04-09T17:00\">.*?</li>", html)

    assert row is not None
    assert ("This is over." in row.group()) is over


@pytest.mark.parametrize(
    ("moment", "place", "counts_down", "over"),
    [
        ((5, 6, 11, 59), "", True, False),  # one minute to midnight there, still a day before
        ((5, 6, 12, 0), "", False, False),  # the first voting day has begun there, not here
        ((5, 9, 4, 0), "&place=XT-S", False, True),  # closed in the south at four
        ((5, 9, 4, 0), "&place=XT-N", False, False),  # and open in the north
        ((5, 9, 7, 0), "&place=XT-N", False, True),
    ],
)
def test_the_days_begin_and_end_where_the_election_is(
    client, tuamo, clock, moment, place, counts_down, over
):
    clock(*moment)

    page = text_at(client, f"/xt-assembly2027/?lang=en{place}")

    assert ("there is 1 day left" in page) is counts_down
    assert ("This election is over" in page) is over


def test_every_page_of_it_answers(client, tuamo, clock):
    clock(5, 1, 0, 0)
    seen, to_see = set(), {"/xt-assembly2027/", "/xt-assembly2027/?lang=nl&place=XT-S"}

    while to_see:
        address = to_see.pop()
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        if response["Content-Type"].startswith("text/html") and len(seen) < 60:
            links = re.findall(r'href="(/xt-assembly2027/[^"#]*)', response.content.decode())
            to_see |= {link.replace("&amp;", "&") for link in links} - seen

    assert len(seen) > 20


def test_the_calendar_has_each_day_and_each_deadline_in_universal_time(client, tuamo, clock):
    clock(4, 1, 0, 0)

    lines = client.get("/xt-assembly2027/days.ics?lang=en").content.decode().split("\r\n")

    assert "DTSTART:20270409T050000Z" in lines  # 17:00 there, in winter time
    assert "DTSTART:20270506T000000Z" in lines  # noon there: the last moment for post
    for day in ("20270507", "20270508", "20270509"):
        assert f"DTSTART;VALUE=DATE:{day}" in lines


def test_programs_get_its_facts_for_a_place(client, tuamo, clock):
    clock(4, 1, 0, 0)

    body = client.get("/api/v1/elections/xt-assembly2027/facts/?place=XT-S&lang=en").json()
    facts = {fact["key"]: fact for fact in body["facts"]}

    assert body["time_zone"] == "Pacific/Auckland"
    assert body["voting_days"] == ["2027-05-07", "2027-05-08", "2027-05-09"]
    assert (facts["polls_close"]["value"], facts["polls_close"]["place"]) == ("16:00", "XT-S")
    assert facts["post_voting_deadline"]["text"].endswith("Thursday 6 May 2027, 12:00.")
    assert facts["registration_deadline"]["source"]["name"] == SOURCE["name"]


def test_search_engines_get_its_days_with_its_own_offset(client, tuamo, clock):
    clock(4, 1, 0, 0)

    html = client.get("/xt-assembly2027/").content.decode()
    graph = json.loads(re.search(r'(?s)ld\+json">(.*?)</script>', html).group(1))["@graph"]
    event = next(each for each in graph if each["@type"] == "Event")

    assert event["startDate"] == "2027-05-07T09:00:00+12:00"
    assert event["endDate"] == "2027-05-09T19:00:00+12:00"


def test_a_notice_there_is_dated_by_its_own_clock(client, tuamo, clock):
    at = clock(5, 7, 22, 0)
    publish_incident(
        election=tuamo,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="XT-S"),
        polling_place="Reef Hall",
        message={"en": "Reef Hall is closed because of the storm."},
        source_name=SOURCE["name"],
        starts_at=at,
        by=None,
        at=at,
    )

    assert "Reef Hall is closed" in text_at(client, "/xt-assembly2027/?place=XT-S")
    assert "Saturday 8 May 2027" in text_at(client, "/xt-assembly2027/?place=XT-S")
    assert "Reef Hall is closed" not in text_at(client, "/xt-assembly2027/?place=XT-N")


@pytest.mark.parametrize(
    ("text", "place", "verdict", "key"),
    [
        ("You can vote on Monday 10 May", None, "contradicts", "voting_day"),
        ("Polling stations close at 9pm", None, "contradicts", "polls_close"),
        ("Polling stations close at 7pm", "XT-S", "contradicts", "polls_close"),
        (
            "You can still register to vote until 30 April",
            None,
            "contradicts",
            "registration_deadline",
        ),
        ("Voting by post is not possible", None, "contradicts", "voting_methods"),
        ("You can vote on Saturday 8 May or Sunday 9 May", None, "consistent", None),
        ("You can vote by post this year", None, "consistent", None),
    ],
)
def test_a_post_about_it_is_judged_by_its_own_facts(tuamo, clock, text, place, verdict, key):
    at = clock(5, 6, 0, 0)
    item = make_item(
        text=text,
        language="en",
        election=tuamo.slug,
        place=place,
        posted_at=at - timedelta(minutes=5),
        at=at,
    )

    assessing.assess_owed(now=lambda: at)

    signal = Signal.objects.filter(item=item, source="voting_procedure").first()
    assert (signal.verdict if signal else "consistent") == verdict
    assert (signal.fact.key if signal and signal.fact and key else None) == key
    assert Job.objects.filter(item=item).exists() is (verdict == "contradicts")
