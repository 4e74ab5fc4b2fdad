"""The Election Center as data: guards of day and place."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from elections import center
from elections.center import Phase
from elections.facts import Incident
from elections.packs import read_election_packs

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"
GR2026 = read_election_packs(PACKS / "nl-gr2026.json")[0]
ISLANDS = read_election_packs(PACKS / "xv-eilanden2027.json")[0]
BORNE, UTRECHT, HILVERSUM = "GM0147", "GM0344", "GM0402"


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def build(sheet=GR2026, place=None, at="2026-03-17 20:15"):
    with translation.override("en"):
        return center.build(sheet, place=place, at=moment(at))


@pytest.mark.parametrize(
    ("sheet", "at", "phase"),
    [
        (GR2026, "2026-03-17 22:59", Phase.BEFORE),
        (GR2026, "2026-03-17 23:01", Phase.VOTING),  # past midnight in Amsterdam
        (GR2026, "2026-03-18 19:59", Phase.VOTING),
        (GR2026, "2026-03-18 20:00", Phase.OVER),  # 21:00 in Amsterdam
        (ISLANDS, "2027-06-04 23:30", Phase.BEFORE),  # still the 4th on the islands
        (ISLANDS, "2027-06-05 22:00", Phase.VOTING),  # the night between two voting days
        (ISLANDS, "2027-06-06 20:01", Phase.OVER),
    ],
)
def test_the_election_is_where_its_own_clock_says(sheet, at, phase):
    assert center.phase_at(sheet, place=None, at=moment(at)) == phase


def test_polls_that_close_earlier_in_one_place_end_the_election_there():
    at = moment("2027-06-06 18:30")

    assert center.phase_at(ISLANDS, place="XV-03", at=at) == Phase.OVER
    assert center.phase_at(ISLANDS, place="XV-01", at=at) == Phase.VOTING


def test_time_left_names_its_day_and_ends_with_the_day_of_voting():
    assert build().countdown == "On Tuesday 17 March 2026 there is 1 day left."
    assert build(at="2026-03-18 08:00").countdown == ""


def test_the_past_is_told_in_the_past():
    page = build(at="2026-03-20 08:00")

    assert "The vote was on" in page.lead
    assert page.in_short == []
    assert page.voting_day.words.text == "The vote was on Wednesday 18 March 2026."


def find(page, key):
    return next(s for x in page.sections for s in (*x.first, *x.more) if s.key == key)


def test_a_municipal_rule_is_shown_where_it_holds_and_only_named_elsewhere():
    in_borne = find(build(place=BORNE), "ballot_marking")
    in_utrecht = find(build(place=UTRECHT), "ballot_marking")
    anywhere = find(build(), "ballot_marking")

    assert "number of your candidate" in in_borne.words.text
    assert in_borne.place.name == "Borne"
    assert in_utrecht.words.text == anywhere.words.text == "Colour one circle red."
    assert in_utrecht.elsewhere == ()
    assert "Borne" in {place.name for place in anywhere.elsewhere}


def test_a_municipality_that_does_not_vote_gets_no_voting_rules():
    page = build(place=HILVERSUM)

    assert not page.takes_part
    assert (page.sections, page.leaf, page.deadlines) == ([], None, [])
    assert page.voting_day.words.text == "This municipality does not vote in this election."


def notice(place=UTRECHT, **changes):
    given = {
        "id": "brug",
        "kind": "closed",
        "place": place,
        "polling_place": "De Brug",
        "message": {"nl": "Dicht door brand."},
        "starts_at": moment("2026-03-18 09:00"),
        "source_url": "https://www.utrecht.nl/",
        **changes,
    }
    return Incident(**given)


def test_a_notice_is_shown_in_its_place_until_it_ends():
    sheet = replace(GR2026, incidents=(notice(ends_at=moment("2026-03-18 10:30")),))

    assert len(build(sheet, UTRECHT, "2026-03-18 09:30").notices) == 1
    assert build(sheet, BORNE, "2026-03-18 09:30").notices == []
    assert build(sheet, UTRECHT, "2026-03-18 10:30").notices == []


def test_many_notices_without_a_place_are_counted_not_piled_up():
    sheet = replace(GR2026, incidents=tuple(notice(id=str(n)) for n in range(9)))

    page = build(sheet, None, "2026-03-18 09:30")

    assert (len(page.notices), page.more_notices) == (5, 4)
    assert len(build(sheet, UTRECHT, "2026-03-18 09:30").notices) == 9


def test_days_come_in_order_and_say_which_are_over():
    days = build(at="2026-03-17 10:59").deadlines

    assert [d.day for d in days] == sorted(d.day for d in days)
    desk = next(d for d in days if d.key == "voter_pass_replacement_deadline")
    assert (desk.shown_time, desk.past) == ("12:00", False)
    later = build(at="2026-03-17 11:00").deadlines
    assert next(d for d in later if d.key == "voter_pass_replacement_deadline").past
    written = next(d for d in days if d.key == "proxy_written_deadline")
    assert written.past


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-03-07 11:00", "10 days left"),
        ("2026-03-16 11:00", "1 day left"),
        ("2026-03-16 12:00", "23 hours left"),
        ("2026-03-17 09:30", "1 hour left"),
        ("2026-03-17 10:30", "less than an hour left"),
        ("2026-03-17 11:00", ""),
    ],
)
def test_each_deadline_says_how_much_time_is_left(at, left):
    (desk,) = [d for d in build(at=at).deadlines if d.key == "voter_pass_replacement_deadline"]
    assert desk.left == left


def test_having_to_sign_up_is_said_outright_where_it_is_so():
    islands, here = build(ISLANDS, at="2027-03-01 09:00"), build(at="2026-03-01 09:00")

    def outright(page):
        (who,) = [section for section in page.sections if section.topic.slug == "who"]
        return {said.key for said in who.first}

    assert {"registration_required", "registration_deadline"} <= outright(islands)
    assert not {"registration_required", "registration_deadline", "compulsory"} & outright(here)
    assert any("sign up" in words.text for words in islands.in_short)
    assert not any("sign up" in words.text for words in here.in_short)


def test_a_deadline_without_an_hour_lasts_its_whole_day():
    days = build(at="2026-03-13 22:30").deadlines

    (written,) = [d for d in days if d.key == "proxy_written_deadline"]
    assert (written.past, written.left) == (False, "until the end of this day")


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("den haag", {"GM0518"}),
        ("'s-gravenhage", {"GM0518"}),
        ("s Gravenhage", {"GM0518"}),
        ("sudwest fryslan", {"GM1900"}),
        ("gm0344", {"GM0344"}),
        ("Bergen", {"GM0373", "GM0893", "GM0748"}),
        ("Utrecht", {"GM0344"}),  # whole name before "Utrechtse Heuvelrug"
        ("utrechts", {"GM1581"}),
        ("Bielefeld", set()),
        ("   ", set()),
    ],
)
def test_a_municipality_is_found_as_people_type_it(typed, codes):
    assert {place.code for place in center.find_places(GR2026, typed)} == codes
