"""Thresholds: what each means on what people decided, who sets them, and how the queues follow."""

import math
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from moderation import routing
from moderation.choices import Action
from moderation.models import Job, Policy, Threshold
from moderation.presenting import thresholds as presenting
from moderation.proportions import Share
from moderation.queries import labelled
from moderation.services import carrying_out, opening, thresholds
from moderation.sweeping import SETTLES
from tests.factories import NOW, decide, make_election, make_item, make_report, make_signal
from tests.moderation.desk_client import client_of, sure_client_of
from tests.moderation.test_assess_items import Clock
from tests.signing_in import step_up

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SETTLED = LATER + SETTLES
CARRIED_OUT = NOW + timedelta(seconds=31)


@pytest.fixture
def election():
    return make_election()


def found(name, score, *, election=None, at=NOW):
    """An item in which a contradiction was found."""
    slug = election.slug if election else None
    item = make_item(name, election=slug, posted_at=at, at=at)
    make_signal(item, score=score, at=at)
    opening.open_or_update_job(item=item, at=at)
    return item


def set_to(value, by, *, election=None, at=NOW, reason="Te veel werk voor wie er is"):
    return thresholds.set_threshold(value=value, reason=reason, by=by, at=at, election=election)


def open_names():
    return set(Job.objects.open().values_list("item__external_id", flat=True))


# --- setting -------------------------------------------------------------------------------


def test_a_threshold_is_set_with_a_reason_and_the_old_one_stays_to_be_read(election_lead):
    first = set_to(0.6, election_lead)
    second = set_to(0.8, election_lead, at=LATER)

    first.refresh_from_db()
    assert first.superseded_at == LATER
    assert Threshold.objects.get(superseded_at=None) == second
    event = AuditEvent.objects.filter(verb="threshold.set").order_by("pk").last()
    assert (event.data["value"], event.data["before"]) == (0.8, 0.6)
    assert event.actor_id == str(election_lead.public_id)


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_threshold_is_a_probability(value, election_lead):
    with pytest.raises(Refused):
        set_to(value, election_lead)


def test_a_threshold_needs_the_right_and_a_reason(moderator, policy_lead, election_lead):
    for person in (moderator, policy_lead):
        with pytest.raises(Refused):
            set_to(0.7, person)
    with pytest.raises(Refused):
        set_to(0.7, election_lead, reason=" ")
    assert not Threshold.objects.exists()


def test_the_database_keeps_one_in_force_for_each_election_and_one_for_all_others(election):
    given = {"value": 0.5, "reason": "x", "set_at": NOW}
    Threshold.objects.create(**given)
    Threshold.objects.create(**given, election=election)

    for others in ({}, {"election": election}):
        with pytest.raises(IntegrityError, match="one_in_force"), transaction.atomic():
            Threshold.objects.create(**given, **others)
    with pytest.raises(IntegrityError, match="probability"), transaction.atomic():
        Threshold.objects.create(**{**given, "value": 1.5}, superseded_at=NOW)
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        Threshold.objects.create(**{**given, "reason": ""}, superseded_at=NOW)


# --- routing reads it ----------------------------------------------------------------------


def test_routing_asks_nobody_about_a_contradiction_below_the_threshold():
    inputs = routing.Inputs(signals=[routing.SignalSeen("contradicts", 0.7, "date")])
    below = routing.Inputs(signals=inputs.signals, threshold=0.71)
    at = routing.Inputs(signals=inputs.signals, threshold=0.7)

    assert routing.route(inputs) is not None
    assert routing.route(below) is None
    assert routing.route(at) is not None


def test_a_reported_post_is_looked_at_whatever_the_threshold():
    inputs = routing.Inputs(
        signals=[routing.SignalSeen("contradicts", 0.7, "date")],
        reports=[routing.ReportSeen("user", NOW)],
        threshold=0.9,
    )

    assert routing.route(inputs).queue == "reports"


def test_what_a_job_kept_before_there_were_thresholds_is_read_back():
    old = routing.Inputs(signals=[routing.SignalSeen("contradicts", 0.7, "date")]).as_json()
    del old["threshold"]

    assert routing.Inputs.from_json(old).threshold == 0.0


def test_a_new_item_meets_the_threshold_of_its_election_else_that_of_all(election, election_lead):
    other = make_election("nl-ws2027", first_day="2027-03-17")
    set_to(0.9, election_lead)
    set_to(0.6, election_lead, election=election)

    found("own", 0.7, election=election)
    found("other", 0.7, election=other)

    assert open_names() == {"own"}


def test_what_was_found_before_follows_a_new_threshold_in_both_directions(election, election_lead):
    found("sure", 0.95, election=election)
    found("less", 0.7, election=election)
    reported = found("reported", 0.7, election=election)
    make_report(reported)
    set_to(0.8, election_lead, election=election)

    assert thresholds.follow_thresholds(now=Clock(SETTLED), batch=2) == 3
    assert open_names() == {"sure", "reported"}
    first = Threshold.objects.get()
    assert (first.opened, first.closed, first.followed_at) == (0, 1, SETTLED)

    set_to(0.5, election_lead, election=election, at=LATER)
    thresholds.follow_thresholds(now=Clock(SETTLED))
    assert open_names() == {"sure", "less", "reported"}
    assert thresholds.follow_thresholds(now=Clock(SETTLED)) == 0


def test_a_threshold_waits_until_whoever_read_the_old_one_is_done(election, election_lead):
    found("less", 0.7, election=election)
    set_to(0.9, election_lead, at=LATER)

    assert thresholds.follow_thresholds(now=Clock(LATER)) == 0
    assert thresholds.follow_thresholds(now=Clock(SETTLED)) == 1


def test_the_threshold_of_all_leaves_elections_with_their_own_alone(election, election_lead):
    set_to(0.5, election_lead, election=election)
    found("own", 0.7, election=election)
    thresholds.follow_thresholds(now=Clock(SETTLED))

    set_to(0.9, election_lead)

    assert thresholds.follow_thresholds(now=Clock(SETTLED)) == 0
    assert open_names() == {"own"}


def test_a_threshold_that_was_replaced_before_it_was_followed_does_nothing(election, election_lead):
    found("less", 0.7, election=election)
    set_to(0.9, election_lead)
    set_to(0.5, election_lead, at=LATER)

    thresholds.follow_thresholds(now=Clock(SETTLED))

    assert open_names() == {"less"}
    assert not Threshold.objects.filter(followed_at=None).exists()


# --- what each means -----------------------------------------------------------------------


def test_wilsons_interval_is_wilsons():
    share = Share(8, 10)

    assert share.value == 0.8
    assert (round(share.low, 3), round(share.high, 3)) == (0.490, 0.943)
    assert (Share(0, 0).value, Share(0, 0).low, Share(0, 0).high) == (None, 0.0, 1.0)
    assert Share(5, 5).high == 1.0
    assert Share(0, 5).low == 0.0


@pytest.fixture
def decided(election, moderator):
    """Two found and wrong, one found and right, one that only people found, one of another kind."""
    rows = {
        "sure-wrong": (0.95, Action.REMOVE),
        "less-wrong": (0.7, Action.LABEL),
        "less-right": (0.7, Action.NO_ACTION),
    }
    for name, (score, action) in rows.items():
        item = found(name, score, election=election)
        decide(item.jobs.open().get(), by=moderator, action=action)
    for name, slug in (("people", "voting-method"), ("threat", "voter-intimidation")):
        item = make_item(name, election=election.slug)
        make_report(item)
        decide(
            item.jobs.open().get(),
            by=moderator,
            action=Action.REMOVE,
            policy=Policy.objects.get(slug=slug, retired_at=None),
        )
    carrying_out.carry_out_due(at=CARRIED_OUT)
    return election


def test_precision_and_recall_at_a_threshold_come_from_what_people_decided(decided):
    labels = labelled.decided(decided)

    assert len(labels) == 4
    low = presenting.row_at(0.5, labels=labels, scores=[])
    high = presenting.row_at(0.9, labels=labels, scores=[])
    assert (low.precision, low.recall) == (Share(2, 3), Share(2, 3))
    assert (high.precision, high.recall) == (Share(1, 1), Share(1, 3))


def test_an_overridden_decision_is_no_label(decided, moderator, senior):
    item = make_item("twice", election=decided.slug)
    make_report(item)
    decide(item.jobs.open().get(), by=moderator, action=Action.NO_ACTION)
    carrying_out.carry_out_due(at=CARRIED_OUT)
    make_report(item, at=LATER)
    decide(item.jobs.open().get(), by=senior, action=Action.REMOVE, at=LATER)
    carrying_out.carry_out_due(at=LATER + timedelta(seconds=31))

    labels = labelled.decided(decided)

    assert len(labels) == 5
    assert sum(label.wrong for label in labels) == 4


def test_jobs_a_day_count_items_once_and_no_changed_facts(election):
    found("one", 0.95, election=election)
    again = found("two", 0.6, election=election)
    make_signal(again, score=0.9)
    changed = make_signal(make_item("three", election=election.slug), score=0.9)
    type(changed).objects.filter(pk=changed.pk).update(because="fact changed: voting_day corrected")
    found("old", 0.95, election=election, at=NOW - timedelta(days=20))

    found_here = presenting.backtest(election=election, chosen=0.93, in_force=None, at=NOW)

    assert found_here.chosen.jobs_a_day == 1 / presenting.DAYS
    lowest = found_here.rows[0]
    assert lowest.jobs_a_day == 2 / presenting.DAYS


# --- the page ------------------------------------------------------------------------------


def test_an_election_lead_looks_at_a_threshold_and_sets_it(decided, election_lead):
    client = sure_client_of(election_lead)
    where = f"{reverse('screening_thresholds')}?election=nl-gr2026&threshold=0.8"

    page = client.get(where)
    assert page.context["backtest"].chosen.threshold == 0.8
    assert "n = 1" in page.content.decode()
    sent = {"value": "0.8", "reason": "Minder werk, zelfde vangst", "election": "nl-gr2026"}
    made = client.post(reverse("screening_thresholds"), sent)

    assert made["Location"] == f"{reverse('screening_thresholds')}?election=nl-gr2026"
    threshold = Threshold.objects.get()
    assert (threshold.election, threshold.value) == (decided, 0.8)
    assert "Minder werk" in client.get(where).content.decode()


def test_setting_one_asks_first_who_you_are_and_then_does_it(election, election_lead):
    client = client_of(election_lead)
    row = {"value": "0.9", "reason": "Minder werk", "election": election.slug}
    sent = client.post(reverse("screening_thresholds"), row)

    assert "reauthenticate" in sent["Location"]
    assert not Threshold.objects.exists()
    step_up(client, sent["Location"])
    assert Threshold.objects.get().election == election


def test_others_see_the_figures_and_the_reason_why_they_do_not_set_them(election, auditor, senior):
    for person in (auditor, senior):
        client = sure_client_of(person)
        assert 'name="value"' not in client.get(reverse("screening_thresholds")).content.decode()
        sent = client.post(reverse("screening_thresholds"), {"value": "0.9", "reason": "x"})
        assert sent.status_code == 409
    assert not Threshold.objects.exists()


@pytest.mark.parametrize(
    "query", ["threshold=nan", "threshold=x", "threshold=7", "election=nl-xx", "election=%00"]
)
def test_a_nonsensical_question_shows_the_page(query, election_lead):
    page = client_of(election_lead).get(f"{reverse('screening_thresholds')}?{query}")

    assert page.status_code == 200
    assert page.context["backtest"].chosen.threshold == 0.5


@pytest.mark.parametrize("value", ["nan", "inf", "2", "", "x"])
def test_a_value_that_is_none_is_named_at_the_field(value, election_lead):
    where = reverse("screening_thresholds")

    client = sure_client_of(election_lead)
    assert client.post(where, {"value": value, "reason": "x"}).status_code == 422
