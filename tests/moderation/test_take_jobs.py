"""Taking, keeping, releasing, skipping, moving and handing over jobs."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from moderation import rules
from moderation.choices import Action, JobState
from moderation.models import Draft, HandOver, Job, JobMove, Presence, Queue, Skip
from moderation.queries import desk, job_page
from moderation.services import reviewing
from tests.factories import NOW, decide, make_item, make_job, make_policy, make_report

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def queue():
    return Queue.objects.get(slug="voting-procedure")


def set_key(job, *, harm=0.0, due_in=None):
    job.harm = harm
    if due_in is not None:
        job.due_at = NOW + due_in
        job.urgent_at = job.due_at - job.queue.lead_time
    job.save()
    return job


def test_what_prevents_most_harm_comes_first(queue, moderator):
    jobs = [set_key(make_job(), harm=harm) for harm in (10, 900, 50)]

    taken = [reviewing.take_next(queue=queue, by=moderator, at=NOW) for _ in range(4)]

    assert taken == [jobs[1], jobs[2], jobs[0], None]


def test_what_is_due_within_the_lead_time_comes_before_all_else(queue, moderator):
    harmful = set_key(make_job(), harm=9_000)
    later = set_key(make_job(), harm=1, due_in=timedelta(minutes=100))
    sooner = set_key(make_job(), harm=1, due_in=timedelta(minutes=20))
    not_yet = set_key(make_job(), harm=2, due_in=timedelta(hours=9))

    taken = [reviewing.take_next(queue=queue, by=moderator, at=NOW) for _ in range(4)]

    assert taken == [sooner, later, harmful, not_yet]


def test_the_queue_page_shows_the_order_in_which_jobs_are_taken(queue, moderator):
    for harm, due in [(5, None), (70, None), (1, 30), (2, 90), (3, 700), (70, None), (9, None)]:
        set_key(make_job(), harm=harm, due_in=timedelta(minutes=due) if due else None)

    shown, after = [], ""
    for _ in range(4):
        page = desk.waiting_page(queue, at=NOW, after=after, size=2)
        shown += [row.job for row in page.rows]
        after = page.after
    taken = [reviewing.take_next(queue=queue, by=moderator, at=NOW) for _ in range(7)]

    assert shown == taken
    assert after == ""


@pytest.mark.parametrize(
    "cursor", ["nonsense", "u|x|y|z", "h|2026-03-10|1.0|5", "h||nan|", "u|" * 9]
)
def test_a_cursor_that_nobody_gave_starts_at_the_top(queue, cursor):
    job = make_job()

    assert [r.job for r in desk.waiting_page(queue, at=NOW, after=cursor).rows] == [job]


def test_a_named_job_goes_to_whoever_is_quicker(moderator, colleague):
    job = make_job()
    reviewing.take_job(job=job, by=moderator, at=NOW)

    with pytest.raises(Refused, match="Mila"):
        reviewing.take_job(job=job, by=colleague, at=NOW)

    job.refresh_from_db()
    assert job.taken_by == moderator


@pytest.mark.parametrize("who", ["auditor", "election_lead", "partner_member"])
def test_those_who_do_not_decide_take_nothing(request, who, queue):
    person = request.getfixturevalue(who)
    job = make_job()

    with pytest.raises(Refused):
        reviewing.take_next(queue=queue, by=person, at=NOW)
    with pytest.raises(Refused):
        reviewing.take_job(job=job, by=person, at=NOW)


def test_a_queue_for_other_roles_stays_closed(moderator, senior):
    closed = Queue.objects.get(slug="authority")
    job = make_job()
    Job.objects.filter(pk=job.pk).update(queue=closed)

    with pytest.raises(Refused):
        reviewing.take_next(queue=closed, by=moderator, at=NOW)
    assert job_page.find_job(moderator, job.public_id) is None
    assert closed not in desk.visible_queues(moderator)
    assert reviewing.take_next(queue=closed, by=senior, at=NOW) == job


def test_a_lapsed_lease_puts_the_job_back_and_a_heartbeat_keeps_it(moderator, colleague):
    kept = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    lost = reviewing.take_job(job=make_job(), by=colleague, at=NOW)
    reviewing.extend_lease(job=kept, by=moderator, at=NOW + timedelta(minutes=9))

    released = reviewing.release_lapsed(at=NOW + timedelta(minutes=11))

    kept.refresh_from_db()
    lost.refresh_from_db()
    assert released == 1
    assert (kept.state, lost.state) == (JobState.TAKEN, JobState.WAITING)
    assert lost.taken_by is None


def test_a_job_that_went_back_cannot_be_kept(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    reviewing.release_lapsed(at=NOW + timedelta(hours=1))

    with pytest.raises(Refused):
        reviewing.extend_lease(job=job, by=moderator, at=NOW + timedelta(hours=1))


def test_a_colleague_cannot_release_keep_skip_or_move_my_job(moderator, colleague):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    to = Queue.objects.get(slug="reports")

    for verb in (
        lambda: reviewing.release_job(job=job, by=colleague, at=NOW),
        lambda: reviewing.extend_lease(job=job, by=colleague, at=NOW),
        lambda: reviewing.skip_job(job=job, reason="Moe", by=colleague, at=NOW),
        lambda: reviewing.move_job(job=job, to=to, reason="Hoort daar", by=colleague, at=NOW),
        lambda: reviewing.hand_over(job=job, to=colleague, note="Geef", by=colleague, at=NOW),
        lambda: reviewing.save_draft(job=job, by=colleague, at=NOW, reasoning="x"),
    ):
        with pytest.raises(Refused):
            verb()


def test_a_move_says_where_and_why_and_the_job_stays_open(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    to = Queue.objects.get(slug="reports")

    reviewing.move_job(job=job, to=to, reason="Hoort bij meldingen", by=moderator, at=NOW)

    job.refresh_from_db()
    move = JobMove.objects.get()
    assert (job.state, job.queue) == (JobState.WAITING, to)
    assert (move.from_queue.slug, move.reason) == ("voting-procedure", "Hoort bij meldingen")
    assert job.due_at == NOW + timedelta(days=1)
    assert desk.moved_by(moderator) == [move]


@pytest.mark.parametrize("reason", ["", "   ", "\x00"])
def test_a_move_and_a_skip_need_a_reason(moderator, reason):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    to = Queue.objects.get(slug="reports")

    with pytest.raises(Refused):
        reviewing.move_job(job=job, to=to, reason=reason, by=moderator, at=NOW)
    with pytest.raises(Refused):
        reviewing.skip_job(job=job, reason=reason, by=moderator, at=NOW)


def test_a_skipped_job_goes_to_others_but_not_to_me_again(queue, moderator, colleague):
    job = reviewing.take_next(queue=make_job().queue, by=moderator, at=NOW)

    reviewing.skip_job(job=job, reason="Ik ken de plaatser", by=moderator, at=NOW)

    assert reviewing.take_next(queue=queue, by=moderator, at=LATER) is None
    assert reviewing.take_next(queue=queue, by=colleague, at=LATER) == job
    assert Skip.objects.get().reason == "Ik ken de plaatser"
    assert AuditEvent.objects.filter(verb="job.skipped").exists()


def test_a_job_handed_over_waits_for_that_person_alone(queue, moderator, colleague, senior):
    set_key(make_job(), harm=9_000)
    job = reviewing.take_job(job=set_key(make_job(), harm=1), by=moderator, at=NOW)

    reviewing.hand_over(job=job, to=colleague, note="Jij kent Borne", by=moderator, at=NOW)

    assert HandOver.objects.get().note == "Jij kent Borne"
    with pytest.raises(Refused, match="Bram"):
        reviewing.take_job(job=job, by=senior, at=NOW)
    assert reviewing.take_next(queue=queue, by=senior, at=NOW) != job
    assert reviewing.take_next(queue=queue, by=colleague, at=NOW) == job
    job.refresh_from_db()
    assert job.assigned_to is None


def test_a_job_is_handed_only_to_somebody_who_may_decide_it(moderator, auditor):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)

    with pytest.raises(Refused):
        reviewing.hand_over(job=job, to=auditor, note="Kijk jij?", by=moderator, at=NOW)
    with pytest.raises(Refused):
        reviewing.hand_over(job=job, to=moderator, note="Aan mij", by=moderator, at=NOW)


def test_a_senior_gives_waiting_work_to_a_person_and_takes_it_back(moderator, colleague, senior):
    job = make_job()

    with pytest.raises(Refused):
        reviewing.assign_job(job=job, to=colleague, by=moderator, at=NOW)
    reviewing.assign_job(job=job, to=colleague, by=senior, at=NOW)
    with pytest.raises(Refused):
        reviewing.take_job(job=Job.objects.get(), by=moderator, at=NOW)
    reviewing.assign_job(job=job, to=None, by=senior, at=NOW)

    assert reviewing.take_job(job=Job.objects.get(), by=moderator, at=NOW) == job


def test_presence_shows_colleagues_for_a_while_and_keeps_my_lease(moderator, colleague):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    reviewing.note_presence(job=job, by=moderator, at=NOW + timedelta(minutes=8))
    reviewing.note_presence(job=job, by=colleague, at=NOW)
    reviewing.note_presence(job=job, by=colleague, at=NOW + timedelta(minutes=8))

    seen = job_page.looking_along(job, user=moderator, at=NOW + timedelta(minutes=8))
    gone = job_page.looking_along(job, user=moderator, at=NOW + timedelta(minutes=10))

    job.refresh_from_db()
    assert [p.person for p in seen] == [colleague]
    assert gone == []
    assert job.lease_until == NOW + timedelta(minutes=8) + rules.LEASE
    reviewing.leave(job=job, by=colleague)
    assert Presence.objects.count() == 1


def test_a_draft_is_kept_until_the_decision(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    reviewing.save_draft(job=job, by=moderator, at=NOW, reasoning="De dag klop")
    reviewing.save_draft(
        job=job, by=moderator, at=NOW, action=Action.REMOVE, policy=make_policy(), reasoning="Nee"
    )
    assert Draft.objects.get().reasoning == "Nee"

    decide(job, by=moderator)

    assert not Draft.objects.exists()


def test_taking_a_job_one_has_renews_the_lease(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)

    again = reviewing.take_job(job=job, by=moderator, at=LATER)

    assert again.lease_until == LATER + rules.LEASE


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "taken"},
        {"state": "waiting", "taken_at": NOW},
        {"state": "waiting", "lease_until": NOW},
        {"state": "resolved"},
        {"resolved_at": NOW},
        {"due_at": NOW},
        {"urgent_at": NOW},
    ],
)
def test_the_database_refuses_a_job_in_an_impossible_state(fields):
    job = make_job()

    with pytest.raises(DatabaseError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**fields)


def test_the_database_refuses_a_second_open_job_on_an_item():
    job = make_job()

    with pytest.raises(DatabaseError), transaction.atomic():
        Job.objects.create(
            item=job.item, item_version=job.item_version, queue=job.queue, opened_at=NOW
        )


def test_the_database_refuses_a_move_to_the_same_queue_and_a_changed_move(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    reviewing.move_job(
        job=job, to=Queue.objects.get(slug="reports"), reason="Melding", by=moderator, at=NOW
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        JobMove.objects.update(reason="anders")
    with pytest.raises(DatabaseError), transaction.atomic():
        JobMove.objects.create(
            job=job, from_queue=job.queue, to_queue=job.queue, moved_by=moderator, moved_at=NOW
        )


def test_the_queue_rows_take_a_fixed_number_of_queries(queue, django_assert_num_queries):
    for _ in range(3):
        make_report(make_job().item)
    with django_assert_num_queries(5):
        few = desk.waiting_page(queue, at=NOW)
    for _ in range(9):
        make_job()
    with django_assert_num_queries(5):
        many = desk.waiting_page(queue, at=NOW)

    assert (len(few.rows), len(many.rows)) == (3, 12)
    row = few.rows[0]
    assert row.signal.claimed == "donderdag 19 maart"
    assert row.reports == 1
    assert row.excerpt.startswith("Let op: je kunt pas donderdag")


def test_the_queue_list_counts_what_waits(moderator, queue, django_assert_max_num_queries):
    set_key(make_job(), due_in=timedelta(minutes=-1))
    reviewing.take_job(job=make_job(), by=moderator, at=NOW)

    with django_assert_max_num_queries(3):
        found = {s.queue.slug: s for s in desk.queue_summaries(moderator, at=NOW)}

    summary = found["voting-procedure"]
    assert (summary.waiting, summary.urgent, summary.overdue, summary.in_hand) == (1, 1, 1, 1)
    assert found["reports"].waiting == 0
    assert "second-opinion" not in found


def test_the_job_page_takes_a_fixed_number_of_queries(moderator, django_assert_num_queries):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    for _ in range(3):
        make_report(job.item)
    job = job_page.find_job(moderator, job.public_id)

    with django_assert_num_queries(30):
        page = job_page.job_page(job, user=moderator, at=NOW)

    assert page.top.official == "woensdag 18 maart 2026"
    assert len(page.reports) == 3
    assert page.policies[0].slug == "voting-dates-and-places"
    assert page.version.text.startswith("Let op")
    assert not page.edited_since_seen


def test_jobs_are_found_by_the_platforms_own_ids(moderator):
    job = make_job(make_item("post-abc"))

    assert [r.job for r in desk.find_jobs(moderator, " post-abc ", at=NOW)] == [job]
    assert desk.find_jobs(moderator, "\x00", at=NOW) == []
