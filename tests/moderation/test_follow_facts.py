"""Following the facts: a changed statement judges anew what was said about it."""

from datetime import UTC, datetime, timedelta

import pytest

from elections.choices import IncidentKind
from elections.models import FactChange, Jurisdiction
from elections.services import publishing
from elections.services.publishing import Statement
from integrity.audit.models import AuditEvent
from moderation.choices import Action, JobState
from moderation.models import Following, Job, Proposition, Signal
from moderation.services import assessing, carrying_out, following
from tests.factories import NOW, decide, make_election, make_item
from tests.moderation.test_assess_items import RIGHT_DAY, WRONG_DAY, Clock

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def election():
    election = make_election()
    FactChange.objects.update(followed_at=NOW)
    return election


def assess(at=NOW):
    return assessing.assess_owed(now=Clock(at))


def follow(at=LATER, **options):
    return following.follow_fact_changes(now=Clock(at), **options)


def correct_day(election, day, at=LATER, source="Kiesraad"):
    fact = election.facts.current().get(key="voting_day")
    statement = Statement(value=day, source_name=source, source_url="https://www.kiesraad.nl/")
    return publishing.correct_fact(fact=fact, statement=statement, by=None, at=at)


def test_a_corrected_day_turns_what_was_right_into_a_job_and_closes_what_was_wrong(election):
    make_item("right", text=RIGHT_DAY)
    make_item("wrong", text=WRONG_DAY)
    assess()
    newer = correct_day(election, "2026-03-19")

    assert follow() == 2

    right = Signal.objects.get(item__external_id="right", superseded_at=None)
    wrong = Signal.objects.get(item__external_id="wrong", superseded_at=None)
    assert (right.verdict, right.fact) == ("contradicts", newer)
    assert right.because == "fact changed: voting_day corrected"
    assert wrong.verdict == "consistent"
    assert Job.objects.open().get().item.external_id == "right"
    assert Job.objects.get(item__external_id="wrong").state == JobState.RESOLVED


def test_a_change_is_followed_once_and_its_progress_is_on_record(election):
    for n in range(5):
        make_item(f"post-{n}", text=RIGHT_DAY)
    assess()
    correct_day(election, "2026-03-19")

    assert follow(batch=2) == 5
    assert follow() == 0

    progress = Following.objects.get()
    assert (progress.total, progress.compared, progress.altered) == (5, 5, 5)
    assert progress.change.followed_at == progress.ended_at == LATER
    assert AuditEvent.objects.get(verb="fact_change.followed").data["altered"] == 5
    assert Signal.objects.filter(superseded_at=None).count() == 5


def test_a_crash_in_the_middle_goes_on_where_it_stopped(election, monkeypatch):
    for n in range(5):
        make_item(f"post-{n}", text=RIGHT_DAY)
    assess()
    correct_day(election, "2026-03-19")
    assert following.follow_one_batch(at=LATER, batch=2) == 2

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(following.opening, "open_or_update_jobs", crash)
        with pytest.raises(KeyboardInterrupt):
            follow(batch=2)
    assert Following.objects.get().compared == 2
    assert Job.objects.count() == 2

    follow(batch=2)
    assert Following.objects.get().compared == 5
    assert Job.objects.count() == 5
    assert Signal.objects.filter(superseded_at=None, verdict="contradicts").count() == 5


def test_no_text_is_read_again(election, monkeypatch):
    make_item(text=RIGHT_DAY)
    assess()
    propositions = Proposition.objects.count()
    correct_day(election, "2026-03-19")
    monkeypatch.setattr(following.screening, "screen", None)

    follow()

    assert Proposition.objects.count() == propositions


def test_a_new_version_with_the_same_value_cites_it_and_reopens_nothing(election, moderator):
    make_item(text=WRONG_DAY)
    assess()
    decide(Job.objects.get(), by=moderator)
    carrying_out.carry_out_due(at=NOW + timedelta(seconds=31))
    newer = correct_day(election, "2026-03-18", source="Kiesraad, herzien")

    follow()

    signal = Signal.objects.get(superseded_at=None)
    assert (signal.verdict, signal.fact) == ("contradicts", newer)
    assert not Job.objects.open().exists()
    assert Following.objects.get().altered == 0


def test_a_restriction_whose_ground_has_gone_is_looked_at_again(election, moderator):
    make_item(text=WRONG_DAY)
    assess()
    decide(Job.objects.get(), by=moderator, action=Action.LABEL)
    carrying_out.carry_out_due(at=NOW + timedelta(seconds=31))
    correct_day(election, "2026-03-19")

    follow()

    job = Job.objects.open().get()
    assert {"kind": "ground_gone", "value": True} in job.reasons
    decide(job, by=moderator, action=Action.NO_ACTION, at=LATER)
    carrying_out.carry_out_due(at=LATER + timedelta(seconds=31))
    assert not Job.objects.open().exists()


def test_a_withdrawn_fact_leaves_nothing_to_contradict(election):
    make_item(text=WRONG_DAY)
    assess()
    fact = election.facts.current().get()

    publishing.withdraw_fact(fact=fact, reason="Onjuist", by=None, at=LATER)
    follow()

    assert not Signal.objects.filter(superseded_at=None, verdict="contradicts").exists()
    assert Job.objects.get().state == JobState.RESOLVED


def test_a_closed_polling_place_makes_the_warning_about_it_true(election):
    at = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
    text = "Stembureau De Bron in Utrecht is gesloten door brand, ga ergens anders stemmen"
    item = make_item(text=text, place="GM0344", posted_at=at, at=at)
    assess(at)
    before = Signal.objects.filter(item=item, superseded_at=None).first()
    publishing.publish_incident(
        election=election,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="De Bron",
        message={"nl": "Gesloten door brand"},
        source_name="Gemeente Utrecht",
        starts_at=at - timedelta(hours=1),
        by=None,
        at=at,
    )

    follow(at + timedelta(minutes=1))

    after = Signal.objects.filter(item=item, superseded_at=None).first()
    assert before is None or before.verdict != "consistent"
    assert after.verdict == "consistent"
    assert after.incident.polling_place == "De Bron"


def test_another_elections_items_are_left_alone(election):
    other = make_election("nl-ws2027", first_day="2027-03-17")
    FactChange.objects.update(followed_at=NOW)
    make_item(text=RIGHT_DAY, election=election.slug)
    assess()
    correct_day(other, "2027-03-18")

    assert follow() == 0
    assert Signal.objects.get().superseded_at is None


# --- what a change reaches, and what merely ended ------------------------------------------

PROXIES = "Je mag met een volmacht voor maximaal drie anderen stemmen."


def test_only_what_a_change_can_reach_is_compared(election):
    make_item("day", text=RIGHT_DAY)
    make_item("proxies", text=PROXIES)
    assess()
    statement = Statement(value=2, source_name="Kiesraad")
    publishing.publish_fact(
        election=election, key="proxy_max", statement=statement, by=None, at=LATER
    )

    assert follow() == 1

    assert Following.objects.get().total == 1
    signal = Signal.objects.get(item__external_id="proxies", superseded_at=None)
    assert signal.verdict == "contradicts"


def test_a_rule_of_one_municipality_leaves_what_was_said_in_another(election):
    closing = {"election": election, "key": "polls_close", "by": None}
    everywhere = Statement(value="21:00", source_name="Kiesraad")
    publishing.publish_fact(statement=everywhere, at=NOW, **closing)
    FactChange.objects.update(followed_at=NOW)
    for code in ("GM0344", "GM0147", None):
        make_item(f"in-{code}", text="De stembureaus sluiten om 21.00 uur.", place=code)
    assess()
    borne = Jurisdiction.objects.get(code="GM0147")
    earlier = Statement(value="20:00", source_name="Gemeente Borne")
    publishing.publish_fact(statement=earlier, place=borne, at=LATER, **closing)

    # What names no place that we know may have been said there.
    assert follow() == 2

    there = Signal.objects.get(item__external_id="in-GM0147", superseded_at=None)
    elsewhere = Signal.objects.get(item__external_id="in-GM0344", superseded_at=None)
    assert (there.verdict, elsewhere.verdict) == ("contradicts", "consistent")


def test_progress_counts_jobs_opened_opened_again_and_closed(election, moderator):
    make_item("right", text=RIGHT_DAY)
    make_item("wrong", text=WRONG_DAY)
    assess()
    correct_day(election, "2026-03-19")
    follow()
    first = Following.objects.get()
    assert (first.opened, first.reopened, first.closed) == (1, 0, 1)

    correct_day(election, "2026-03-18", at=LATER + timedelta(hours=1))
    follow(LATER + timedelta(hours=1))

    second = Following.objects.exclude(pk=first.pk).get()
    assert (second.opened, second.reopened, second.closed) == (0, 1, 1)
    event = AuditEvent.objects.filter(verb="fact_change.followed").order_by("pk").last()
    assert event.data["reopened"] == 1


def end_of_the_day(election, *, until):
    """The voting day as a statement that ends."""
    fact = election.facts.current().get(key="voting_day")
    statement = Statement(value="2026-03-18", source_name="Kiesraad", valid_until=until)
    publishing.correct_fact(fact=fact, statement=statement, by=None, at=NOW - timedelta(hours=1))
    FactChange.objects.update(followed_at=NOW)


def test_a_statement_that_ended_lets_go_of_what_contradicted_it(election):
    end_of_the_day(election, until=LATER)
    make_item("right", text=RIGHT_DAY)
    make_item("wrong", text=WRONG_DAY)
    assess()
    assert Job.objects.open().get().item.external_id == "wrong"

    assert publishing.tell_what_ended(at=LATER) == 1
    assert follow() == 1

    assert not Job.objects.open().exists()
    right = Signal.objects.get(item__external_id="right", superseded_at=None)
    assert right.verdict == "consistent"
    assert not Signal.objects.filter(superseded_at=None, verdict="contradicts").exists()
    assert Following.objects.get().closed == 1


def test_what_was_right_is_not_called_wrong_because_something_else_holds_now(election):
    end_of_the_day(election, until=LATER)
    fact = Statement(value="2026-03-19", source_name="Kiesraad", valid_from=LATER)
    publishing.publish_fact(election=election, key="voting_day", statement=fact, by=None, at=NOW)
    FactChange.objects.update(followed_at=NOW)
    make_item(text=RIGHT_DAY)
    assess()

    publishing.tell_what_ended(at=LATER)
    follow()

    assert Signal.objects.get(superseded_at=None).verdict == "consistent"
    assert not Job.objects.exists()


def test_a_decision_stays_when_the_statement_it_rests_on_ends(election, moderator):
    end_of_the_day(election, until=LATER)
    make_item(text=WRONG_DAY)
    assess()
    decide(Job.objects.get(), by=moderator, action=Action.LABEL)
    carrying_out.carry_out_due(at=NOW + timedelta(seconds=31))

    publishing.tell_what_ended(at=LATER)

    assert follow() == 0
    assert not Job.objects.open().exists()
