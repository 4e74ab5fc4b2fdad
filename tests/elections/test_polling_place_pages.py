"""Finding a polling place on the page: near, accessible, open, and what is not known."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from elections import services
from elections.choices import IncidentKind
from elections.models import Jurisdiction, PollingPlace
from tests.elections.test_center_views import text_of
from tests.factories import make_election

pytestmark = [pytest.mark.django_db, pytest.mark.urls("elections.urls")]

MORNING = datetime(2026, 3, 18, 8, 15, tzinfo=UTC)


def cells(number, name, **changes):
    return {
        "cbs gemeentecode": "GM0344",
        "nummer stembureau": number,
        "naam stembureau": name,
        "type stembureau": "regulier",
        "straatnaam": "Kadeweg",
        "huisnummer": number,
        "postcode": "3511 KK",
        "plaats": "Utrecht",
        "latitude": "52.0900",
        "longitude": "5.1200",
        "openingstijd": "2026-03-18T07:30:00",
        "sluitingstijd": "2026-03-18T21:00:00",
        **changes,
    }


ACCESSIBLE = "toegankelijk voor mensen met een lichamelijke beperking"
ROWS = [
    cells(1, "De Brug", **{ACCESSIBLE: "ja", "braille": ""}),
    cells(2, "De Sluis", postcode="3512 AB", latitude="52.0945", **{ACCESSIBLE: "nee"}),
    cells(
        3,
        "Avondschool",
        openingstijd="2026-03-18T12:00:00",
        latitude="52.0990",
        postcode="3513 CD",
    ),
    cells(4, "Ver weg", postcode="6511 AA", latitude="51.8400", longitude="5.8600"),
    cells(5, "Zonder tijden", openingstijd="", sluitingstijd="", postcode="3514 EF"),
    cells(1, "Dorpshuis", **{"cbs gemeentecode": "GM0147", "plaats": "Hertme", "postcode": ""}),
]


@pytest.fixture(autouse=True)
def election(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    election = make_election()
    services.import_polling_places(
        election=election,
        records=list(enumerate(ROWS, start=2)),
        source_name="waarismijnstemlokaal.nl",
        by=None,
        at=MORNING,
    )
    return election


def search(client, **asked):
    return text_of(client.get("/nl-gr2026/polling-places/", {"lang": "en", **asked}))


def test_a_postcode_gives_the_nearest_first_and_nothing_far_away(client):
    text = search(client, where="3511kk")

    order = [text.index(name) for name in ("De Brug", "De Sluis", "Avondschool")]
    assert order == sorted(order)
    assert "500 m" in text
    assert "Ver weg" not in text


def test_a_municipality_lists_its_own(client):
    text = search(client, place="GM0147")

    assert "1 polling station" in text
    assert "Dorpshuis" in text
    assert "De Brug" not in text


def test_a_town_or_a_name_is_found_too(client):
    assert "Dorpshuis" in search(client, where="hertme")
    assert "De Sluis" in search(client, where="sluis")


def test_accessible_means_said_to_be_accessible(client):
    text = search(client, place="GM0344", accessible="1")

    assert "De Brug" in text
    assert "De Sluis" not in text
    assert "Avondschool" not in text  # not known is not yes


@pytest.mark.parametrize(
    ("need", "names"),
    [
        ("braille", {"De Sluis"}),
        ("sign_interpreter", {"Avondschool"}),
        ("toilet", set()),
        ("nonsense", {"De Brug", "De Sluis", "Avondschool", "Ver weg", "Zonder tijden"}),
    ],
)
def test_what_somebody_needs_is_what_the_place_says_it_has(client, need, names):
    facilities = {
        "De Brug": {"braille": "no"},
        "De Sluis": {"braille": "yes"},
        "Avondschool": {"sign_interpreter": "remote"},
    }
    for name, has in facilities.items():
        PollingPlace.objects.filter(name=name).update(facilities=has)

    page = search(client, place="GM0344", need=need)
    body = client.get(
        "/api/v1/elections/nl-gr2026/polling-places/", {"place": "GM0344", "need": need}
    )

    assert {row["name"] for row in body.json()["polling_places"]} == names
    assert all(name in page for name in names)
    assert ("Sign language interpreter: yes, at a distance" in page) is (need == "sign_interpreter")
    assert ("No polling station fits" in page) is (not names)


def test_open_at_this_time_is_asked_with_its_day_and_hour(client):
    text = search(client, place="GM0344", open="1")

    assert "De Brug" in text
    assert "Avondschool" not in text
    assert "Zonder tijden" not in text
    assert "Open on Wednesday 18 March at 09:15" in text


def test_unknown_hours_are_not_closed(client):
    assert "hours not known" in search(client, where="zonder")


def test_a_place_says_yes_no_or_not_known(client):
    place = PollingPlace.objects.get(name="De Sluis")

    text = text_of(client.get(f"/nl-gr2026/polling-places/{place.public_id}/?lang=en"))

    assert "Accessible for people with a physical disability no" in text
    assert "List of candidates in braille not known" in text
    assert "Source: waarismijnstemlokaal.nl." in text


def test_a_closed_place_is_marked_in_the_list(client, election):
    services.publish_incident(
        election=election,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="De Brug",
        message={"en": "Closed because of a fire."},
        source_name="Gemeente Utrecht",
        starts_at=MORNING,
        by=None,
        at=MORNING,
    )

    text = search(client, where="de brug")

    assert "Polling place closed" in text[text.index("1 polling station") :]


@pytest.mark.parametrize(
    "asked",
    [
        {"where": "%"},
        {"where": "9999ZZ"},
        {"where": "\x00"},
        {"where": "' OR 1=1 --"},
        {"page": "99999999999999999999"},
        {"page": "-1", "place": "GM0344"},
    ],
)
def test_odd_questions_get_an_answer(client, asked):
    assert client.get("/nl-gr2026/polling-places/", asked).status_code == 200


def test_nothing_found_says_what_to_do(client):
    assert "We found no polling station for “9999ZZ”" in search(client, where="9999ZZ")
