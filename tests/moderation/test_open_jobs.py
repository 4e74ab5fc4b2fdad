"""Opening, re-ordering and closing jobs as signals, reports and view counts change."""

from datetime import timedelta

import pytest

from moderation.choices import Action, JobState
from moderation.models import Item, Job, Queue, Report
from moderation.services import carrying_out, intake, opening, reviewing
from moderation.services.intake import ReportIn, TractionIn
from tests.factories import (
    NOW,
    PLATFORM,
    decide,
    item_in,
    make_election,
    make_item,
    make_job,
    make_report,
    make_signal,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def watch(item, *counts, every=10, until=NOW):
    """Send cumulative view counts, the last of them at `until`."""
    rows = [
        (
            n,
            TractionIn(
                item.external_id, until - timedelta(minutes=every * (len(counts) - 1 - n)), c
            ),
        )
        for n, c in enumerate(counts)
    ]
    return intake.record_traction(rows, at=until)


def test_a_contradiction_opens_one_job_with_its_reasons():
    make_election()
    item = make_item()
    make_signal(item)

    job = opening.open_or_update_job(item=item, at=NOW)
    again = opening.open_or_update_job(item=item, at=LATER)

    assert job == again
    assert Job.objects.count() == 1
    assert job.queue.slug == "voting-procedure"
    assert job.routed_by.state == "live"
    assert job.inputs["signals"] == [
        {"verdict": "contradicts", "score": 0.93, "topic": "date", "source": "voting_procedure"}
    ]


def test_nothing_found_opens_nothing():
    assert opening.open_or_update_job(item=make_item(), at=NOW) is None


def test_a_report_opens_a_job_and_a_second_report_joins_it():
    item = make_item()

    make_report(item, "report-1")
    make_report(item, "report-2", source="trusted_flagger")

    job = Job.objects.get()
    assert job.queue.slug == "reports"
    assert job.due_at == NOW + timedelta(hours=4)
    assert job.urgent_at == NOW + timedelta(hours=2)
    assert {"kind": "reports", "value": 2} in job.reasons


def test_the_same_report_twice_is_kept_once_and_with_other_words_refused():
    item = make_item()
    first = ReportIn("report-1", item.external_id, "user", "wrong_date", NOW)
    other = ReportIn("report-1", item.external_id, "user", "fraud", NOW)

    results = intake.accept_reports([(0, first), (1, first), (2, other)], by=PLATFORM, at=NOW)

    assert [r.status for r in results] == ["created", "unchanged", "error"]
    assert results[2].field == "external_id"
    assert Report.objects.count() == 1


def test_a_report_points_to_the_words_that_stood_when_it_was_made():
    row = item_in("post-1", text="Stem donderdag")
    intake.accept_items([(0, row)], by=PLATFORM, at=NOW)
    edited = item_in("post-1", actor=row.actor, version=2, text="Stem woensdag")
    intake.accept_items([(0, edited)], by=PLATFORM, at=NOW + timedelta(hours=1))

    report = make_report(
        Item.objects.get(), at=NOW + timedelta(hours=2), reported_at=NOW + timedelta(minutes=30)
    )

    assert report.item_version.text == "Stem donderdag"


def test_a_report_on_an_unknown_item_is_refused_by_row():
    row = ReportIn("report-1", "no-such-item", "user", "wrong_date", NOW)

    (result,) = intake.accept_reports([(3, row)], by=PLATFORM, at=NOW)

    assert (result.row, result.status, result.field) == (3, "error", "item")


def test_growth_raises_a_waiting_job_and_a_small_change_leaves_its_key():
    job = make_job()
    before = job.harm

    watch(job.item, 1_000, 5_000, 12_000)
    job.refresh_from_db()
    raised = job.harm
    watch(job.item, 12_000, 12_800, until=NOW + timedelta(minutes=1))
    job.refresh_from_db()

    assert raised > before * 10
    assert job.harm == raised


def test_a_claim_that_text_cannot_settle_waits_for_a_person_once_it_travels():
    item = make_item(text="Ze gooien dozen met stembiljetten weg in Utrecht")
    make_signal(item, verdict="unverifiable", topic="fraud", key="")
    assert opening.open_or_update_job(item=item, at=NOW) is None

    watch(item, 100, 2_000, 9_000)

    assert Job.objects.get().queue.slug == "undecidable"


def test_traction_of_many_items_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    items = [make_job().item for _ in range(12)]
    rows = [(n, TractionIn(i.external_id, NOW, 1000 * n)) for n, i in enumerate(items)]

    with django_assert_max_num_queries(30):
        intake.record_traction(rows, at=NOW)


@pytest.mark.parametrize("moment", [NOW - timedelta(days=365 * 57), NOW + timedelta(days=9000)])
def test_a_view_count_from_an_impossible_moment_is_refused(moment):
    item = make_item()

    (result,) = intake.record_traction([(0, TractionIn(item.external_id, moment, 5))], at=NOW)

    assert (result.status, result.field) == ("error", "at")


def test_the_same_view_count_twice_counts_once():
    item = make_item()

    watch(item, 100, 300)
    watch(item, 100, 300)

    item.refresh_from_db()
    assert item.traction.count() == 2
    assert item.views == 300


def test_a_job_in_hand_stays_where_it_is_when_more_is_found(moderator):
    item = make_item()
    make_report(item)
    job = reviewing.take_job(job=Job.objects.get(), by=moderator, at=NOW)
    make_signal(item)

    opening.open_or_update_job(item=item, at=LATER)

    job.refresh_from_db()
    assert (job.state, job.taken_by, job.queue.slug) == (JobState.TAKEN, moderator, "reports")
    assert any(r["kind"] == "probability" for r in job.reasons)


def test_a_waiting_job_goes_to_the_queue_that_fits_what_is_known_now():
    item = make_item()
    make_report(item)
    make_signal(item)

    opening.open_or_update_job(item=item, at=LATER)

    assert Job.objects.get().queue.slug == "voting-procedure"


def test_a_job_that_a_person_moved_stays_in_the_queue_they_chose(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    undecidable = Queue.objects.get(slug="undecidable")
    reviewing.move_job(job=job, to=undecidable, reason="Vraagt onderzoek", by=moderator, at=NOW)

    opening.open_or_update_job(item=job.item, at=LATER)

    job.refresh_from_db()
    assert job.queue == undecidable


def test_a_waiting_job_closes_when_its_reason_has_gone():
    job = make_job()
    job.item.signals.update(superseded_at=NOW)

    opening.open_or_update_job(item=job.item, at=LATER)

    job.refresh_from_db()
    assert job.state == JobState.RESOLVED


def test_a_finding_that_was_answered_opens_no_second_job(moderator):
    job = make_job()
    decide(job, by=moderator, action=Action.NO_ACTION)
    carrying_out.carry_out_due(at=LATER)

    opening.open_or_update_job(item=job.item, at=LATER)

    assert not Job.objects.open().exists()


def test_a_new_finding_after_a_decision_opens_a_new_job(moderator):
    job = make_job()
    decide(job, by=moderator, action=Action.NO_ACTION)
    carrying_out.carry_out_due(at=LATER)
    make_signal(job.item, at=LATER)

    opening.open_or_update_job(item=job.item, at=LATER)

    assert Job.objects.open().count() == 1


def test_an_edit_while_a_decision_can_be_undone_is_looked_at_afterwards(moderator):
    job = make_job(external_id="post-1")
    decision = decide(job, by=moderator, action=Action.NO_ACTION)
    row = item_in(
        "post-1",
        actor=intake.ActorIn(job.item.actor.external_id),
        version=2,
        text="Stem pas op vrijdag 20 maart",
    )
    intake.accept_items([(0, row)], by=PLATFORM, at=NOW + timedelta(seconds=5))
    make_signal(Item.objects.get(), at=NOW + timedelta(seconds=6))
    opening.open_or_update_job(item=job.item, at=NOW + timedelta(seconds=6))
    job.refresh_from_db()
    assert job.item_version == decision.item_version

    carrying_out.carry_out_due(at=LATER)

    fresh = Job.objects.open().get()
    assert fresh.item_version.text == "Stem pas op vrijdag 20 maart"


def test_views_that_fade_let_a_job_sink():
    job = make_job()
    watch(job.item, 1_000, 5_000, 12_000)
    job.refresh_from_db()
    high = job.harm

    opening.refresh_waiting(at=NOW + timedelta(hours=12))

    job.refresh_from_db()
    assert job.harm < high / 4
