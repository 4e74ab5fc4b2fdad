"""The informational label: what is about an election points to its page, until somebody says no."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from elections.labelling import LABEL_TOPICS
from elections.models import Jurisdiction
from integrity.audit.models import AuditEvent
from integrity.outbox.choices import EventType
from integrity.outbox.models import Event
from integrity.refusals import Refused
from moderation.choices import Action
from moderation.models import Decision, InformationLabel, LabelSwitch
from moderation.services import assessing, carrying_out, informing, intake
from moderation.sweeping import SETTLES
from tests.factories import NOW, PLATFORM, decide, item_in, make_election, make_item
from tests.moderation.desk_client import client_of, sure_client_of
from tests.moderation.test_assess_items import HOLIDAY, RIGHT_DAY, WRONG_DAY, Clock
from tests.signing_in import step_up

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SETTLED = LATER + SETTLES
ACCOUNT = intake.ActorIn("account-1")
WHY = "Deze pagina wordt herschreven"


@pytest.fixture
def election():
    return make_election()


def assess(at=NOW):
    return assessing.assess_owed(now=Clock(at))


def labelled(name, text, *, at=NOW, **fields):
    item = make_item(name, actor=ACCOUNT, text=text, at=at, **fields)
    assess(at)
    return item


def edit(name, text, *, at=LATER, **more):
    row = item_in(name, actor=ACCOUNT, text=text, version=2, **more)
    (result,) = intake.accept_items([(0, row)], by=PLATFORM, at=at)
    assert result.status in ("updated", "deleted"), result
    assess(at)


def told():
    """Every label that the platform heard of, in order."""
    events = Event.objects.filter(type=EventType.LABELS_INFORMATION).order_by("pk")
    return [row for event in events for row in event.payload["labels"]]


def standing_label(item):
    return InformationLabel.objects.filter(item=item, ended_at=None).first()


def switch(election, by, *, topic="when", is_on=False, at=LATER, reason=WHY):
    return informing.switch_label(
        election=election, topic=topic, is_on=is_on, reason=reason, by=by, at=at
    )


# --- getting one ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", [RIGHT_DAY, WRONG_DAY])
def test_what_says_when_one_votes_points_to_that_page_whether_right_or_wrong(text, election):
    item = labelled("post-1", text)

    label = standing_label(item)
    assert (label.topic, label.shown) == ("when", True)
    assert label.link.endswith("/nl-gr2026/wanneer/")
    assert "officieel" in label.text["nl"]
    (row,) = told()
    assert (row["item"], row["label"]["topic"]) == ("post-1", "when")


def test_what_is_about_something_else_gets_none(election):
    item = labelled("post-1", HOLIDAY)

    assert standing_label(item) is None
    assert told() == []


def test_a_label_is_no_decision_and_no_restriction(election):
    item = labelled("post-1", RIGHT_DAY)

    item.refresh_from_db()
    assert item.decision_in_force is None
    assert not Decision.objects.exists()
    assert not item.jobs.exists()
    assert not Event.objects.exclude(type=EventType.LABELS_INFORMATION).exists()


def test_the_page_in_the_language_of_the_post(election):
    item = labelled("post-1", "You can vote on Wednesday 18 March 2026.", language="en")

    assert standing_label(item).link.endswith("/nl-gr2026/when/")


def test_a_post_about_the_election_as_a_whole_points_to_its_first_page(election):
    link = informing.link_to(election, "election", language="en")

    assert link.endswith("/nl-gr2026/?lang=en")
    assert informing.link_to(election, "election", language="nl").endswith("/nl-gr2026/")


def test_the_page_about_the_place_of_the_post_where_that_takes_part(election):
    item = labelled("post-1", RIGHT_DAY, place="GM0344")
    election.places.remove(Jurisdiction.objects.get(code="GM0344"))
    other = labelled("post-2", RIGHT_DAY, place="GM0344")

    assert standing_label(item).link.endswith("/nl-gr2026/wanneer/?place=GM0344")
    assert standing_label(other).link.endswith("/nl-gr2026/wanneer/")


def test_reading_again_what_did_not_change_tells_nobody_again(election):
    labelled("post-1", RIGHT_DAY)
    edit("post-1", RIGHT_DAY + " Tot dan!")

    assert len(told()) == 1
    assert InformationLabel.objects.count() == 1


def test_an_edit_to_another_topic_replaces_it_and_one_to_nothing_takes_it_away(election):
    item = labelled("post-1", RIGHT_DAY)
    edit("post-1", HOLIDAY)

    assert standing_label(item) is None
    assert InformationLabel.objects.get().ended_because == "edited"
    assert [row["label"] is None for row in told()] == [False, True]


def test_a_deleted_post_carries_none(election):
    item = labelled("post-1", RIGHT_DAY)

    edit("post-1", RIGHT_DAY, deleted_at=LATER)

    assert standing_label(item) is None
    assert InformationLabel.objects.get().ended_because == "deleted"
    assert told()[-1]["label"] is None


def test_the_database_keeps_one_at_a_time_and_why_it_ended(election):
    label = standing_label(labelled("post-1", RIGHT_DAY))
    same = {"item": label.item, "item_version": label.item_version, "election": election}

    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        InformationLabel.objects.create(**same, topic="when", added_at=NOW)
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        InformationLabel.objects.create(**same, topic="when", added_at=NOW, ended_at=NOW)


# --- what the platform sees ----------------------------------------------------------------


def test_the_api_shows_it_as_information_until_a_decision_has_a_label(election, moderator, client):
    from integrity.people import services as people
    from integrity.people.choices import Scope

    _, key = people.issue_key(name="Plein", scopes=list(Scope), by=None, at=timezone.now())
    item = labelled("post-1", WRONG_DAY)
    ask = {"path": "/api/v1/items/post-1", "headers": {"Authorization": f"Bearer {key}"}}

    (before,) = client.get(**ask).json()["labels"]
    decide(item.jobs.open().get(), by=moderator, action=Action.LABEL)
    carrying_out.carry_out_due(at=NOW + timedelta(seconds=31))
    (after,) = client.get(**ask).json()["labels"]

    assert (before["kind"], before["not_recommended"]) == ("information", False)
    assert before["link"].endswith("/wanneer/")
    assert after["kind"] == "decision"


# --- switching -----------------------------------------------------------------------------


def test_an_election_lead_switches_a_topic_off_and_on_and_the_platform_hears(
    election, election_lead
):
    item = labelled("post-1", RIGHT_DAY)
    switch(election, election_lead)

    assert informing.follow_switches(now=Clock(SETTLED), batch=1) == 1
    assert standing_label(item).shown is False
    assert told()[-1]["label"] is None
    labelled("post-2", WRONG_DAY, at=LATER)
    assert len(told()) == 2

    switch(election, election_lead, is_on=True, at=LATER + timedelta(hours=1))
    informing.follow_switches(now=Clock(SETTLED + timedelta(hours=1)))
    assert {row["item"] for row in told()[2:]} == {"post-1", "post-2"}
    assert all(row["label"] for row in told()[2:])
    event = AuditEvent.objects.filter(verb="information_label.switched").order_by("pk").last()
    assert event.data == {"topic": "when", "is_on": True, "reason": WHY}


def test_the_switch_of_all_outweighs_those_of_topics_and_other_elections_stay(
    election, election_lead
):
    other = make_election("nl-ws2027", first_day="2027-03-17")
    item = labelled("post-1", RIGHT_DAY)
    switch(other, election_lead, topic="all")
    informing.follow_switches(now=Clock(SETTLED))
    assert standing_label(item).shown

    switch(election, election_lead, topic="all")
    switch(election, election_lead, topic="when", is_on=True)
    informing.follow_switches(now=Clock(SETTLED))
    assert not standing_label(item).shown


def test_only_an_election_lead_switches_with_a_reason_and_a_topic_that_exists(
    election, election_lead, policy_lead, moderator
):
    for person in (policy_lead, moderator):
        with pytest.raises(Refused):
            switch(election, person)
    for wrong in ({"topic": "nonsense"}, {"reason": "  "}, {"reason": "a\0b"}):
        with pytest.raises(Refused):
            switch(election, election_lead, **wrong)
    assert not LabelSwitch.objects.exists()


def test_every_topic_has_its_words_in_both_languages():
    assert set(informing.texts()) == set(LABEL_TOPICS)
    assert all(text["nl"] and text["en"] for text in informing.texts().values())


# --- the page ------------------------------------------------------------------------------


def test_the_page_counts_and_switches(election, election_lead):
    labelled("post-1", RIGHT_DAY)
    client = sure_client_of(election_lead)
    where = f"{reverse('information_labels')}?election=nl-gr2026"

    rows = {row.topic: row for row in client.get(where).context["rows"]}
    assert (rows["when"].count, rows["all"].count, rows["where"].count) == (1, 1, 0)
    row = {"election": election.slug, "topic": "when", "is_on": "off", "reason": WHY}
    sent = client.post(reverse("information_labels"), row)
    page = client.get(where)

    assert sent["Location"] == where
    assert {row.topic: row.is_on for row in page.context["rows"]}["when"] is False
    assert WHY in page.content.decode()


def test_switching_asks_first_who_you_are_and_then_does_it(election, election_lead):
    client = client_of(election_lead)
    row = {"election": election.slug, "topic": "when", "is_on": "off", "reason": WHY}
    sent = client.post(reverse("information_labels"), row)

    assert "reauthenticate" in sent["Location"]
    assert not LabelSwitch.objects.exists()
    step_up(client, sent["Location"])
    assert LabelSwitch.objects.get().topic == "when"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"topic": "when", "is_on": "off", "reason": ""}, 422),
        ({"topic": "when", "is_on": "perhaps", "reason": "x"}, 422),
        ({"topic": "nonsense", "is_on": "off", "reason": "x"}, 409),
        ({"election": "nl-xx"}, 422),
    ],
)
def test_nonsense_switches_nothing(sent, status, election, election_lead):
    client = sure_client_of(election_lead)
    sent = {"election": election.slug} | sent
    assert client.post(reverse("information_labels"), sent).status_code == status
    assert not LabelSwitch.objects.exists()


def test_who_may_not_switch_reads_why(election, auditor):
    client = sure_client_of(auditor)

    assert 'name="topic"' not in client.get(reverse("information_labels")).content.decode()
    row = {"election": election.slug, "topic": "when", "is_on": "off", "reason": "x"}
    sent = client.post(reverse("information_labels"), row)
    assert sent.status_code == 409


def test_a_house_without_elections_says_so(election_lead):
    assert client_of(election_lead).get(reverse("information_labels")).status_code == 200
