"""Assessing what is owed: everything stored, one job, whatever is killed; poison stands alone."""

from datetime import timedelta

import pytest

from elections import screening
from moderation.choices import AssessmentState, JobState
from moderation.models import (
    Assessment,
    Fingerprint,
    Item,
    Job,
    Proposition,
    Signal,
)
from moderation.services import assessing, findings, intake
from tests.factories import NOW, PLATFORM, item_in, make_election, make_item

pytestmark = pytest.mark.django_db
WRONG_DAY = "Let op: je kunt pas donderdag 19 maart stemmen!"
RIGHT_DAY = "Stemmen kan op woensdag 18 maart."
HOLIDAY = "Heerlijk weer vandaag in het park."


class Clock:
    """A clock that a test moves."""

    def __init__(self, at=NOW):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def election():
    return make_election()


@pytest.fixture
def reader(monkeypatch):
    """Watches what is screened; `poison` in a text raises, `killer` ends the process."""
    seen = []
    screen = screening.screen

    def watched(texts, facts):
        seen.append([t.text for t in texts])
        if any("killer" in t.text for t in texts):
            raise KeyboardInterrupt
        if any("poison" in t.text for t in texts):
            raise ValueError("a text that cannot be read")
        return screen(texts, facts)

    monkeypatch.setattr(screening, "screen", watched)
    return seen


def assess(at=NOW, **options):
    return assessing.assess_owed(now=Clock(at), **options)


def test_a_wrong_day_becomes_a_signal_that_cites_the_fact_and_opens_a_job(election):
    item = make_item(text=WRONG_DAY)

    assert assess() == 1

    signal = Signal.objects.get()
    assert signal.verdict == "contradicts"
    assert signal.topic == "date"
    assert signal.fact.key == "voting_day"
    assert "19 maart" in WRONG_DAY[signal.proposition.span_start : signal.proposition.span_end]
    assert signal.reasons["nl"]
    assert signal.reasons["en"]
    job = Job.objects.get()
    assert (job.item, job.queue.slug, job.state) == (item, "voting-procedure", JobState.WAITING)
    assert Assessment.objects.get().state == AssessmentState.DONE
    assert Assessment.objects.get().model_version == signal.model_version != ""


def test_every_proposition_is_stored_whatever_came_out(election):
    make_item("right", text=RIGHT_DAY)
    make_item("holiday", text=HOLIDAY)

    assess()

    stored = Proposition.objects.get(item__external_id="right", key="voting_day")
    assert stored.election == election
    assert stored.frame["key"] == "voting_day"
    assert Signal.objects.get(item__external_id="right").verdict == "consistent"
    assert not Signal.objects.filter(item__external_id="holiday").exists()
    assert not Job.objects.exists()


def test_each_text_of_an_item_is_read_and_its_place_is_known(election):
    make_item(text=HOLIDAY, transcript=WRONG_DAY, on_screen=RIGHT_DAY)

    assess()

    assert set(Signal.objects.values_list("field", "verdict")) == {
        ("transcript", "contradicts"),
        ("on_screen", "consistent"),
    }


def test_the_language_that_was_read_is_kept_where_the_platform_named_none(election):
    item = make_item(text=WRONG_DAY, language="")

    assess()

    item.refresh_from_db()
    assert item.language == "nl"


def test_an_edit_is_judged_by_its_new_words_alone(election):
    row = item_in("post-1", text=WRONG_DAY)
    intake.accept_items([(0, row)], by=PLATFORM, at=NOW)
    assess()
    edited = item_in("post-1", actor=row.actor, version=2, text=RIGHT_DAY)
    intake.accept_items([(0, edited)], by=PLATFORM, at=NOW)

    assess()

    assert Signal.objects.get(superseded_at=None).verdict == "consistent"
    assert Signal.objects.filter(superseded_at__isnull=False).get().verdict == "contradicts"
    assert Job.objects.get().state == JobState.RESOLVED
    assert Proposition.objects.filter(superseded_at=None, key="voting_day").count() == 1


def test_an_old_version_read_late_leaves_evidence_only(election):
    row = item_in("post-1", text=WRONG_DAY)
    intake.accept_items([(0, row)], by=PLATFORM, at=NOW)
    edited = item_in("post-1", actor=row.actor, version=2, text=RIGHT_DAY)
    intake.accept_items([(0, edited)], by=PLATFORM, at=NOW)

    assess()

    assert Signal.objects.get().verdict == "consistent"
    assert Proposition.objects.filter(item_version__version=1, superseded_at=None).count() == 0
    assert Proposition.objects.filter(item_version__version=1).exists()


def test_an_item_that_gets_its_election_later_is_read_again(election):
    row = item_in("post-1", text=WRONG_DAY, posted_at=NOW - timedelta(days=300))
    intake.accept_items([(0, row)], by=PLATFORM, at=NOW)
    assess()
    assert Signal.objects.get().verdict == "unverifiable"

    named = item_in(
        "post-1", actor=row.actor, text=WRONG_DAY, posted_at=row.posted_at, election="nl-gr2026"
    )
    intake.accept_items([(0, named)], by=PLATFORM, at=NOW)
    assess()

    assert Signal.objects.get(superseded_at=None).verdict == "contradicts"


def test_a_deleted_item_owes_nothing_and_opens_nothing(election):
    make_item(text=WRONG_DAY, deleted_at=NOW)

    assert assess() == 0
    assert not Job.objects.exists()


def test_a_batch_takes_a_fixed_number_of_queries(election, django_assert_max_num_queries):
    for _ in range(60):
        make_item(text=HOLIDAY)

    with django_assert_max_num_queries(60):
        assert assess() == 60


# --- Leases -------------------------------------------------------------------------------


def test_two_readers_never_lease_the_same_item(election):
    for _ in range(5):
        make_item()

    one = assessing.take_lease(at=NOW, batch=3)
    other = assessing.take_lease(at=NOW, batch=3)

    assert len(one.versions) == 3
    assert len(other.versions) == 2
    assert not set(one.versions) & set(other.versions)
    assert assessing.take_lease(at=NOW) is None


def test_a_reader_that_was_killed_is_replaced_within_a_minute(election):
    make_item(text=WRONG_DAY)
    assessing.take_lease(at=NOW)

    assert assess(NOW + timedelta(seconds=44)) == 0
    assert assess(NOW + timedelta(seconds=46)) == 1
    assert Job.objects.count() == 1


def test_a_reader_that_comes_back_late_stores_nothing_twice(election):
    make_item(text=WRONG_DAY)
    slow = assessing.take_lease(at=NOW)
    later = NOW + timedelta(seconds=50)
    assess(later)

    stored = assessing.assess(slow, now=Clock(later))

    assert stored == 0
    assert Signal.objects.count() == 1
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (findings, "write_signals"),
        (findings.opening, "open_or_update_jobs"),
        (findings.Fingerprint.objects, "bulk_create"),
    ],
)
def test_a_crash_between_statements_leaves_nothing_and_is_made_good(
    election, monkeypatch, module, name
):
    make_item(text=WRONG_DAY)

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, name, crash)
        with pytest.raises(KeyboardInterrupt):
            assess()
    assert not Signal.objects.exists()
    assert not Proposition.objects.exists()

    assert assess(NOW + timedelta(minutes=1)) == 1
    assert Job.objects.count() == 1


# --- Poison -------------------------------------------------------------------------------


def test_a_poison_item_fails_alone_and_says_why(election, reader):
    for n in range(6):
        make_item(f"post-{n}", text=WRONG_DAY)
    make_item("bad", text="poison")
    make_item("last", text=WRONG_DAY)

    assert assess() == 7
    for minutes in range(1, 30):
        assess(NOW + timedelta(minutes=minutes))

    bad = Assessment.objects.get(item_version__item__external_id="bad")
    assert (bad.state, bad.attempts) == (AssessmentState.FAILED, assessing.TRIES)
    assert "a text that cannot be read" in bad.failure
    assert Job.objects.count() == 7


def test_an_item_that_kills_its_reader_is_narrowed_down_while_the_others_go_on(election, reader):
    for n in range(40):
        make_item(f"post-{n}", text=WRONG_DAY)
    make_item("killer", text="killer")

    at = NOW
    for _ in range(80):
        try:
            assess(at)
        except KeyboardInterrupt:
            pass
        at += timedelta(seconds=15)

    killer = Assessment.objects.get(item_version__item__external_id="killer")
    assert killer.state == AssessmentState.FAILED
    assert "killed" in killer.failure
    assert Assessment.objects.filter(state=AssessmentState.DONE).count() == 40
    assert Job.objects.count() == 40


def test_what_failed_can_be_owed_again(election, reader, monkeypatch):
    item = make_item("bad", text="poison")
    for minutes in range(30):
        assess(NOW + timedelta(minutes=minutes))

    monkeypatch.undo()
    assessing.owe_again(versions=list(item.versions.all()), at=NOW + timedelta(hours=1))

    assert assess(NOW + timedelta(hours=1)) == 1
    assert Assessment.objects.get().state == AssessmentState.DONE


@pytest.mark.parametrize(
    "text",
    [
        "\u202egewoon\u202c stem donderdag",
        "st\u200bem donder\u200bdag 19 maart",
        "🗳️" * 5000,
        "<script>alert(1)</script> stem donderdag 19 maart",
        "a" * 50_000,
        " ",
        "１９ ｍａａｒｔ",
    ],
)
def test_strange_texts_are_read_like_any_other(election, text):
    make_item(text=text)

    assert assess() == 1


def test_words_are_remembered_for_finding_near_identical_items(election):
    item = make_item(text=WRONG_DAY)
    make_item(text="kort")

    assess()

    assert Fingerprint.objects.get().item_version.item == item
    assert Item.objects.count() == 2
