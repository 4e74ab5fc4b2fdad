"""What is claimed and what is official is told in the reader's words, never as the machine has it."""

import dataclasses

import pytest
from django.urls import reverse
from django.utils import timezone

from elections import services
from elections.choices import IncidentKind
from elections.facts import Fact
from elections.models import Election
from elections.queries import fact_sheet
from elections.wording import KEYS, official_for_reader
from moderation import saying
from moderation.choices import Action
from moderation.models import Signal
from moderation.services import assessing, reviewing, statements
from tests.factories import BEFORE_THE_ELECTION, make_election, make_item, make_signal
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db

OFFICIAL = {
    "polls_close": "21:00",
    "voting_methods": ["in_person", "proxy"],
    "id_required": True,
    "proxy_max": 2,
    "ballot_marking": {"boxes": 1, "colour": "red"},
}
# What is posted, what the desk says of it beside what is official: in Dutch, in English.
TOLD = [
    (
        "Let op, stemmen voor de gemeenteraad kan pas op donderdag 19 maart.",
        ("donderdag 19 maart", "woensdag 18 maart 2026"),
        ("Thursday 19 March", "Wednesday 18 March 2026"),
    ),
    (
        "De stembureaus sluiten bij de gemeenteraadsverkiezing al om 18.00 uur.",
        ("open tot 18.00", "de stembureaus sluiten om 21.00"),
        ("open until 18:00", "polling stations close at 21:00"),
    ),
    (
        "Je kunt voor de gemeenteraad gewoon online stemmen.",
        ("online stemmen kan", "stemmen kan alleen zelf in het stembureau, per volmacht"),
        ("one can vote online", "one can vote only in person at a polling station, by proxy"),
    ),
    (
        "Voor de gemeenteraadsverkiezing heb je geen identiteitsbewijs nodig om te stemmen.",
        ("een identiteitsbewijs is niet nodig", "identiteitsbewijs verplicht: ja"),
        ("no identity document is needed", "identity document required: yes"),
    ),
]


@pytest.fixture
def election():
    """Municipal elections with a few facts more."""
    found = make_election()
    sheet = fact_sheet(found)
    more = tuple(Fact(key=k, value=v, source_name="Kiesraad") for k, v in OFFICIAL.items())
    services.load_pack(
        pack=dataclasses.replace(sheet, facts=(*sheet.facts, *more)),
        by=None,
        at=BEFORE_THE_ELECTION,
    )
    return Election.objects.get(pk=found.pk)


def read(text: str) -> Signal:
    """Post and read one text; return what was found."""
    make_item("post-1", text=text, election="nl-gr2026")
    assessing.assess_owed(now=timezone.now)
    return Signal.objects.get(verdict="contradicts")


@pytest.mark.parametrize(("text", "dutch", "english"), TOLD, ids=[t[0][:24] for t in TOLD])
def test_each_is_told_in_the_reader_s_language(election, text, dutch, english):
    signal = read(text)

    assert (saying.claimed(signal, "nl"), saying.official(signal, "nl")) == dutch
    assert (saying.claimed(signal, "en"), saying.official(signal, "en")) == english


def test_the_desk_and_the_letter_show_no_machine_s_date(election, moderator):
    signal = read(TOLD[0][0])
    job = signal.item.jobs.get()
    reviewing.take_job(job=job, by=moderator, at=timezone.now())
    client = client_of(moderator)

    queue = client.get(reverse("queue", args=[job.queue.slug])).content.decode()
    page = client.get(reverse("job", args=[job.public_id])).content.decode()

    letter = statements.letter_to_poster(
        item=job.item, version=job.item_version, action=Action.LABEL, policy=None,
        reasoning="", signal=signal,
    )  # fmt: skip
    assert "Officieel is: woensdag 18 maart 2026 (bron: Kiesraad)" in letter.body
    for seen in (queue, page):
        assert "donderdag 19 maart" in seen
        assert "2026-03-1" not in seen.replace('datetime="2026-03-1', "")


def test_a_notice_is_told_as_it_was_published(election):
    services.publish_incident(
        election=election, kind=IncidentKind.CLOSED, polling_place="Buurthuis De Kring",
        place=election.places.get(code="GM0344"), starts_at=BEFORE_THE_ELECTION,
        message={"nl": "Het stembureau is dicht.", "en": "The polling place is closed."},
        source_name="Gemeente Utrecht", source_url="", by=None, at=BEFORE_THE_ELECTION,
    )  # fmt: skip
    signal = make_signal(make_item(election="nl-gr2026"), official="whatever")
    signal.incident = election.incidents.get()

    assert saying.official(signal, "en") == "The polling place is closed."
    assert saying.official(signal, "nl") == "Het stembureau is dicht."


@pytest.mark.parametrize("frame", [{}, {"key": "voting_day"}, {"claim": 7}, {"value": None}])
def test_what_an_earlier_version_stored_otherwise_is_told_as_it_was_stored(election, frame):
    signal = make_signal(make_item(election="nl-gr2026"), claimed="2026-03-19", official="anders")
    signal.proposition.frame = frame

    assert saying.claimed(signal, "nl") == "2026-03-19"
    assert saying.official(signal, "nl") == "anders"


@pytest.mark.parametrize("key", sorted(KEYS))
@pytest.mark.parametrize("value", [True, 3, "2026-03-18", "2026-03-17T12:00", ["NL", "EU"], None])
def test_every_key_can_be_told_whatever_its_value(key, value):
    for language in ("nl", "en"):
        assert official_for_reader(key, value, language)
