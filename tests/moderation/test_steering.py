"""Routing rules are written, tried, compared and switched on; every routing can be made again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from integrity.audit.models import AuditEvent
from integrity.people.choices import Role
from integrity.refusals import Refused
from moderation import routing
from moderation.choices import Action, JobState, RoutingState
from moderation.models import Job, Queue, RoutingVersion, ShadowRouting
from moderation.queries.steering import shadow_comparison
from moderation.services import backtesting, carrying_out, opening, reviewing, steering
from tests.factories import (
    NOW,
    decide,
    make_election,
    make_item,
    make_job,
    make_report,
    make_signal,
    make_user,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
# Everything that contradicts a fact is for those who ask the authority, within an hour.
OTHERS = [
    {
        "name": "Ask the authority",
        "when": [["contradiction", "at_least", 0.9]],
        "queue": "authority",
        "due_within_minutes": 60,
        "weight": 2,
    },
    {"name": "Reported often", "when": [["reports", "at_least", 2]], "queue": "reports"},
]


@pytest.fixture
def deployer(db):
    """Somebody else who may switch rules on."""
    return make_user("ruud@waarborg.example", alias="Ruud", roles=[Role.ELECTION_LEAD])


@pytest.fixture
def draft(policy_lead):
    return steering.write_version(
        content=OTHERS, note="Drukte bij de gemeente", by=policy_lead, at=NOW
    )


def live() -> RoutingVersion:
    return RoutingVersion.objects.get(state=RoutingState.LIVE)


def switch_on(version, *, by, at=NOW) -> RoutingVersion:
    steering.put_in_shadow(version=version, by=by, at=at)
    return steering.deploy_version(version=version, by=by, at=at)


def test_a_version_is_known_by_its_content(draft):
    assert draft.digest == routing.digest(OTHERS)
    assert draft.state == RoutingState.DRAFT
    assert AuditEvent.objects.get(verb="routing.written").data == {"digest": draft.digest}


def test_the_same_rules_are_not_written_twice(draft, policy_lead):
    reordered = [dict(reversed(rule.items())) for rule in OTHERS]

    with pytest.raises(Refused) as refused:
        steering.write_version(content=reordered, note="Nog eens", by=policy_lead, at=LATER)

    assert refused.value.refusal.code == "known"


def test_rules_that_cannot_be_used_are_not_kept(policy_lead):
    with pytest.raises(Refused) as refused:
        steering.write_version(
            content=[{**OTHERS[0], "queue": "nowhere"}], note="x", by=policy_lead, at=NOW
        )

    assert refused.value.refusal.code == "invalid"
    assert RoutingVersion.objects.count() == 1


@pytest.mark.parametrize(
    "verb", ["write_version", "put_in_shadow", "deploy_version", "retire_version"]
)
def test_a_moderator_steers_nothing(verb, draft, moderator):
    arguments = (
        {"content": OTHERS[:1], "note": "x"} if verb == "write_version" else {"version": draft}
    )

    with pytest.raises(Refused) as refused:
        getattr(steering, verb)(**arguments, by=moderator, at=NOW)

    assert refused.value.refusal.code == "forbidden"


def test_whoever_writes_rules_does_not_switch_them_on(election_lead):
    own = steering.write_version(content=OTHERS, note="Van mij", by=election_lead, at=NOW)
    steering.put_in_shadow(version=own, by=election_lead, at=NOW)

    with pytest.raises(Refused) as refused:
        steering.deploy_version(version=own, by=election_lead, at=NOW)

    assert refused.value.refusal.code == "own"


def test_the_database_itself_refuses_an_author_who_deploys(draft, policy_lead):
    with pytest.raises(DatabaseError), transaction.atomic():
        RoutingVersion.objects.filter(pk=draft.pk).update(deployed_by=policy_lead)


def test_a_policy_lead_writes_and_compares_but_does_not_switch_on(draft, policy_lead):
    steering.put_in_shadow(version=draft, by=policy_lead, at=NOW)

    with pytest.raises(Refused) as refused:
        steering.deploy_version(version=draft, by=policy_lead, at=NOW)

    assert refused.value.refusal.code == "forbidden"


def test_a_draft_runs_along_before_it_routes(draft, election_lead):
    with pytest.raises(Refused) as refused:
        steering.deploy_version(version=draft, by=election_lead, at=NOW)

    assert refused.value.refusal.code == "not_shadowed"


def test_one_version_routes_and_one_runs_along(draft, policy_lead, election_lead):
    first = live()
    second = steering.write_version(content=OTHERS[:1], note="Korter", by=policy_lead, at=NOW)
    steering.put_in_shadow(version=draft, by=policy_lead, at=NOW)
    steering.put_in_shadow(version=second, by=policy_lead, at=NOW)
    steering.deploy_version(version=second, by=election_lead, at=LATER)

    states = dict(RoutingVersion.objects.values_list("pk", "state"))
    assert states == {first.pk: "retired", draft.pk: "retired", second.pk: "live"}
    assert [e.verb for e in AuditEvent.objects.filter(verb__startswith="routing.")][-2:] == [
        "routing.retired",
        "routing.deployed",
    ]


def test_going_back_is_switching_an_earlier_version_on(draft, election_lead, deployer):
    first = live()
    switch_on(draft, by=election_lead)

    steering.deploy_version(version=first, by=deployer, at=LATER)

    assert live() == first
    assert live().deployed_by == deployer


def test_the_live_version_is_not_put_aside(election_lead):
    with pytest.raises(Refused) as refused:
        steering.retire_version(version=live(), by=election_lead, at=NOW)

    assert refused.value.refusal.code == "live"


@pytest.mark.parametrize(
    "change",
    ["content = '[]'", "digest = 'x'", "authored_at = now()", "authored_by_id = NULL"],
)
def test_what_a_version_says_never_changes(change, draft):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE moderation_routingversion SET {change} WHERE id = %s", [draft.pk])

    with pytest.raises(DatabaseError), transaction.atomic():
        draft.delete()


def test_new_rules_reach_what_waits_and_what_was_found_before(draft, election_lead, moderator):
    make_election()
    waiting, in_hand = make_job(), make_job()
    reviewing.take_job(job=in_hand, by=moderator, at=NOW)
    reported = make_item()
    make_report(reported)
    quiet = make_item()
    make_signal(quiet, score=0.4)
    opening.open_or_update_job(item=reported, at=NOW)
    switch_on(draft, by=election_lead)

    looked = steering.apply_live(at=LATER)

    waiting.refresh_from_db()
    in_hand.refresh_from_db()
    assert looked == 4
    assert waiting.queue.slug == "authority"
    assert waiting.routed_by == draft
    assert waiting.due_at == LATER + timedelta(hours=1)
    assert (in_hand.queue.slug, in_hand.taken_by) == ("voting-procedure", moderator)
    assert reported.jobs.get().state == JobState.RESOLVED, "one report is not enough any more"
    assert live().applied_at == LATER
    assert steering.apply_live(at=LATER) == 0


def test_applying_goes_on_where_a_crash_left_it(draft, election_lead, monkeypatch):
    make_election()
    jobs = [make_job() for _ in range(5)]
    switch_on(draft, by=election_lead)
    monkeypatch.setattr(steering, "_AT_ONCE", 2)

    assert steering.apply_live(at=LATER, batches=1) == 2
    assert live().applied_after == jobs[1].item_id
    assert steering.apply_live(at=LATER) == 3
    assert {j.queue.slug for j in Job.objects.all()} == {"authority"}


def test_a_job_that_a_person_moved_stays_where_they_put_it(draft, election_lead, moderator):
    make_election()
    job = make_job()
    reviewing.take_job(job=job, by=moderator, at=NOW)
    elsewhere = Queue.objects.get(slug="undecidable")
    reviewing.move_job(job=job, to=elsewhere, reason="Gaat over fraude", by=moderator, at=NOW)
    switch_on(draft, by=election_lead)

    steering.apply_live(at=LATER)

    job.refresh_from_db()
    assert job.queue == elsewhere


def test_every_routing_can_be_made_again_from_version_and_inputs(
    draft, policy_lead, election_lead, moderator
):
    """Jobs and shadows over a change of rules: each row answers the same when routed again."""
    make_election()
    steering.put_in_shadow(version=draft, by=policy_lead, at=NOW)
    for n in range(3):
        item = make_item(text=f"Stemmen kan nog tot donderdag 19 maart, nummer {n}")
        make_signal(item, score=0.6 + n / 5)
        for report in range(n):
            make_report(item, f"report-{n}-{report}", source="trusted_flagger")
        opening.open_or_update_job(item=item, at=NOW + timedelta(minutes=n))
    before = list(Job.objects.all())
    steering.deploy_version(version=draft, by=election_lead, at=LATER)
    steering.apply_live(at=LATER)
    after = list(Job.objects.all())

    for job in [*before, *after]:
        version = RoutingVersion.objects.get(pk=job.routed_by_id)
        again = routing.route(
            routing.Inputs.from_json(job.inputs), rules=version.content, at=job.routed_at
        )
        assert (again is None) == (job.state == JobState.RESOLVED)
        if again is None:
            continue
        assert (again.queue, again.harm) == (job.queue.slug, job.harm)
        assert [dict(r) for r in again.reasons] == job.reasons
    for row in ShadowRouting.objects.all():
        inputs = routing.Inputs.from_json(row.inputs)
        for version, queue, harm in (
            (row.version, row.shadow_queue, row.shadow_harm),
            (row.live_version, row.live_queue, row.live_harm),
        ):
            again = routing.route(inputs, rules=version.content, at=row.at)
            assert ((again.queue, again.harm) if again else ("", 0.0)) == (queue, harm)
    assert {job.routed_by_id for job in after} == {draft.pk}
    assert {job.routed_by_id for job in before} != {draft.pk}


def test_a_backtest_counts_precision_overlap_and_jobs_a_day(draft, moderator):
    make_election()
    acted, cleared, open_still = make_job(), make_job(), make_job()
    decide(acted, by=moderator, action=Action.REMOVE)
    decide(cleared, by=moderator, action=Action.NO_ACTION)
    low = make_item()
    make_signal(low, score=0.6)
    missed = opening.open_or_update_job(item=low, at=NOW)
    decide(missed, by=moderator, action=Action.LABEL)
    unseen = make_item()
    make_report(unseen, "first")
    Job.objects.filter(item=unseen).delete()
    before = RoutingVersion.objects.values("pk", "state", "applied_at")
    was = list(before)

    result = backtesting.backtest(content=draft.content, against=live().content, at=LATER, days=7)

    assert (result.jobs, result.items) == (4, 1)
    assert (result.ours.matched, result.ours.decided, result.ours.acted) == (3, 2, 1)
    assert result.ours.precision == 0.5
    assert (result.theirs.matched, result.theirs.decided, result.theirs.acted) == (5, 3, 2)
    assert (result.both, result.elsewhere, result.missed) == (3, 3, 1)
    assert result.overlap == pytest.approx(3 / 5)
    assert result.per_day(result.ours.matched) == pytest.approx(3 / 7)
    assert result.rules["Ask the authority"].matched == 3
    assert result.rules["Reported often"].matched == 0
    assert result.queues == {
        "authority": (3, 0), "reports": (0, 1), "voting-procedure": (0, 4),
    }  # fmt: skip
    assert list(before) == was
    assert open_still.item.views_to_come == 0


def test_a_backtest_says_that_it_was_cut(draft, monkeypatch):
    make_election()
    for n in range(4):
        make_job(at=NOW + timedelta(hours=n))
    monkeypatch.setattr(backtesting, "JOBS_AT_MOST", 2)

    result = backtesting.backtest(
        content=draft.content, against=live().content, at=NOW + timedelta(hours=4), days=7
    )

    assert result.is_cut
    assert result.jobs == 2
    assert result.days == pytest.approx(2 / 24)


def test_the_shadow_is_compared_with_what_routed_and_with_what_people_decided(
    draft, policy_lead, moderator
):
    make_election()
    steering.put_in_shadow(version=draft, by=policy_lead, at=NOW)
    acted, cleared = make_job(), make_job()
    make_job(make_item())
    decided = decide(acted, by=moderator, action=Action.REMOVE, at=LATER)
    decide(cleared, by=moderator, action=Action.NO_ACTION, at=LATER)
    carrying_out.carry_out_due(at=LATER + timedelta(minutes=1))

    comparison = shadow_comparison(draft)

    (flow,) = comparison.flows
    assert (flow.live_queue, flow.shadow_queue) == ("voting-procedure", "authority")
    assert (flow.items, flow.decided, flow.acted) == (3, 2, 1)
    assert comparison.overlap() == (3, 3)
    assert len(comparison.differing) == 3
    assert decided.item in {row.item for row in comparison.differing}
