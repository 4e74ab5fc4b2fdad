"""Deciding, undoing, holding, confirming, disagreeing; and what follows from a decision."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from integrity.outbox.models import Event, Notification
from integrity.refusals import Refused
from moderation import rules
from moderation.choices import Action, JobState
from moderation.models import (
    Confirmation,
    Decision,
    Item,
    Job,
    Label,
    LabelKind,
    Policy,
    Queue,
    StatementOfReasons,
    Strike,
    Undo,
)
from moderation.queries import casework, desk
from moderation.services import carrying_out, deciding, intake, previewing, reviewing
from tests.factories import (
    NOW,
    PLATFORM,
    decide,
    item_in,
    make_election,
    make_item,
    make_job,
    make_policy,
    make_report,
)

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=31)
CANDIDATE = intake.ActorIn("kandidaat-1", protection="candidate")


@pytest.fixture
def election():
    return make_election(first_day="2026-03-18")


def carry_out(at=SOON):
    return carrying_out.carry_out_due(at=at)


def test_a_decision_is_carried_out_when_its_undo_time_has_passed(election, moderator):
    job = make_job()
    decision = decide(job, by=moderator)

    assert carry_out(at=NOW + timedelta(seconds=29)) == 0
    assert carry_out() == 1
    assert carry_out() == 0

    job.refresh_from_db()
    decision.refresh_from_db()
    item = Item.objects.get()
    assert job.state == JobState.RESOLVED
    assert decision.carried_out_at == SOON
    assert item.decision_in_force == decision


def test_one_decision_and_everything_follows(election, moderator):
    job = make_job()
    make_report(job.item, "report-1", reporter="reporter-7", language="en")

    decide(job, by=moderator)
    carry_out()

    event = Event.objects.get(type="decision.carried_out")
    statement = StatementOfReasons.objects.get()
    letters = {n.role: n for n in Notification.objects.all()}
    assert event.payload["item"] == job.item.external_id
    assert event.payload["action"] == "remove"
    assert event.payload["statement"]["id"] == str(statement.public_id)
    assert statement.decision_visibility == "DECISION_VISIBILITY_CONTENT_REMOVED"
    assert statement.source_type == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert statement.automated_detection
    assert letters["affected"].recipient_id == job.item.actor.external_id
    assert letters["reporter"].language == "en"
    assert "took action" in letters["reporter"].body
    assert job.item.reports.get().answered_at == SOON


def test_a_crash_while_carrying_out_leaves_nothing_half_done(election, moderator, monkeypatch):
    decision = decide(make_job(), by=moderator)

    def crash(**_):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(carrying_out.outbox, "publish", crash)
        assert carry_out() == 0

    decision.refresh_from_db()
    assert decision.carried_out_at is None
    assert not StatementOfReasons.objects.exists()
    assert not Notification.objects.exists()
    assert carry_out() == 1


def test_one_that_cannot_be_carried_out_does_not_hold_up_the_others(
    election, moderator, monkeypatch
):
    first = decide(make_job(), by=moderator)
    second = decide(make_job(), by=moderator)
    publish = carrying_out.outbox.publish

    def fails_for_first(*, payload, **rest):
        if payload["decision"] == str(first.public_id):
            raise RuntimeError("broken")
        return publish(payload=payload, **rest)

    monkeypatch.setattr(carrying_out.outbox, "publish", fails_for_first)

    assert carry_out() == 1
    second.refresh_from_db()
    assert second.carried_out_at == SOON


# --- Undo ---------------------------------------------------------------------------------


def test_a_decision_can_be_undone_for_thirty_seconds(moderator):
    job = make_job()
    decision = decide(job, by=moderator)

    job = deciding.undo_decision(decision=decision, by=moderator, at=NOW + timedelta(seconds=30))

    assert (job.state, job.taken_by) == (JobState.TAKEN, moderator)
    assert carry_out() == 0
    assert deciding.record_decision(
        job=job,
        action=Action.NO_ACTION,
        policy=None,
        reasoning="",
        by=moderator,
        at=SOON,
        seen_version=1,
    )


@pytest.mark.parametrize(
    ("seconds", "who", "code"),
    [(31, "moderator", "too_late"), (5, "colleague", "forbidden"), (5, "senior", "forbidden")],
)
def test_undo_is_refused_late_and_to_others(request, moderator, seconds, who, code):
    decision = decide(make_job(), by=moderator)
    person = request.getfixturevalue(who)

    with pytest.raises(Refused) as refused:
        deciding.undo_decision(decision=decision, by=person, at=NOW + timedelta(seconds=seconds))

    assert refused.value.refusal.code == code


def test_what_has_been_carried_out_or_undone_cannot_be_undone(election, moderator):
    done = decide(make_job(), by=moderator)
    carry_out()
    undone = decide(make_job(), by=moderator)
    deciding.undo_decision(decision=undone, by=moderator, at=NOW)

    for decision, code in ((done, "carried_out"), (undone, "undone")):
        with pytest.raises(Refused) as refused:
            deciding.undo_decision(decision=decision, by=moderator, at=NOW)
        assert refused.value.refusal.code == code


# --- A second person ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "actor", "day", "reason"),
    [
        (Action.LABEL, CANDIDATE, "2026-06-01", "protected_account"),
        (Action.WARN, CANDIDATE, "2026-06-01", "protected_account"),
        (Action.NO_ACTION, CANDIDATE, "2026-06-01", ""),
        (Action.SUSPEND, None, "2026-06-01", "account"),
        (Action.TERMINATE, None, "2026-06-01", "account"),
        (Action.REMOVE, None, "2026-06-01", ""),
        (Action.REMOVE, None, "2026-03-12", "near_polling_day"),
        (Action.REMOVE, None, "2026-03-10", "near_polling_day"),
        (Action.REMOVE, None, "2026-03-13", ""),
        (Action.REMOVE, None, "2026-03-09", ""),
        (Action.LABEL, None, "2026-03-10", ""),
    ],
)
def test_what_needs_a_second_person(moderator, action, actor, day, reason):
    make_election(first_day=day)
    job = make_job(make_item(actor=actor, election="nl-gr2026"))

    decision = decide(job, by=moderator, action=action)

    job.refresh_from_db()
    assert (decision.needs_second_person, decision.hold_reason) == (bool(reason), reason)
    assert job.state == (JobState.HELD if reason else JobState.DECIDED)


def test_a_held_decision_waits_until_a_second_person_confirms(election, moderator, senior):
    job = make_job(actor=CANDIDATE)
    decision = decide(job, by=moderator)
    assert carry_out(at=NOW + timedelta(days=2)) == 0
    assert desk.held_decisions(senior) == [decision]

    deciding.confirm_decision(decision=decision, by=senior, at=SOON)

    decision.refresh_from_db()
    assert decision.carried_out_at == SOON
    assert Confirmation.objects.get().confirmed_by == senior
    assert desk.held_decisions(senior) == []


@pytest.mark.parametrize("verb", ["confirm_decision", "send_back", "disagree"])
@pytest.mark.parametrize("who", ["colleague", "auditor", "partner_member", "election_lead"])
def test_only_those_with_the_right_answer_a_held_decision(request, moderator, verb, who):
    decision = decide(make_job(actor=CANDIDATE), by=moderator)
    reason = {} if verb == "confirm_decision" else {"reason": "Ik zie het anders"}

    with pytest.raises(Refused) as refused:
        getattr(deciding, verb)(
            decision=decision, by=request.getfixturevalue(who), at=SOON, **reason
        )

    assert refused.value.refusal.code == "forbidden"


def test_nobody_confirms_their_own_decision(senior):
    decision = decide(make_job(actor=CANDIDATE), by=senior)

    with pytest.raises(Refused) as refused:
        deciding.confirm_decision(decision=decision, by=senior, at=SOON)

    assert refused.value.refusal.code == "own"


def test_a_decision_is_confirmed_once_and_an_ordinary_one_not_at_all(
    election, moderator, senior, policy_lead
):
    held = decide(make_job(actor=CANDIDATE), by=moderator)
    ordinary = decide(make_job(), by=moderator)
    deciding.confirm_decision(decision=held, by=senior, at=SOON)

    for decision in (held, ordinary):
        with pytest.raises(Refused) as refused:
            deciding.confirm_decision(decision=decision, by=policy_lead, at=SOON)
        assert refused.value.refusal.code == "not_held"


def test_a_held_decision_can_be_undone_for_as_long_as_it_is_held(moderator):
    decision = decide(make_job(actor=CANDIDATE), by=moderator)

    job = deciding.undo_decision(decision=decision, by=moderator, at=NOW + timedelta(hours=5))

    assert job.state == JobState.TAKEN


def test_a_decision_sent_back_waits_again_with_the_reason(moderator, senior):
    job = make_job(actor=CANDIDATE)
    decision = decide(job, by=moderator)

    job = deciding.send_back(
        decision=decision, reason="Noem de bron", by=senior, at=NOW + timedelta(minutes=1)
    )

    undo = Undo.objects.get()
    assert (job.state, job.taken_by, job.queue.slug) == (
        JobState.WAITING,
        None,
        "voting-procedure",
    )
    assert (undo.kind, undo.reason, undo.undone_by) == ("sent_back", "Noem de bron", senior)


def test_disagreement_goes_to_a_senior_who_was_not_involved(
    moderator, colleague, senior, policy_lead
):
    job = make_job(actor=CANDIDATE)
    decision = decide(job, by=moderator)

    job = deciding.disagree(decision=decision, reason="Dit is een vraag", by=senior, at=SOON)

    queue = Queue.objects.get(slug="second-opinion")
    assert (job.queue, job.state) == (queue, JobState.WAITING)
    assert job.moves.get().moved_by == senior
    assert reviewing.take_next(queue=queue, by=senior, at=SOON) is None
    with pytest.raises(Refused) as refused:
        reviewing.take_job(job=job, by=senior, at=SOON)
    assert refused.value.refusal.code == "involved"
    with pytest.raises(Refused):
        reviewing.take_job(job=job, by=colleague, at=SOON)
    assert reviewing.take_next(queue=queue, by=policy_lead, at=SOON) == job


def test_saying_no_needs_a_reason(moderator, senior):
    decision = decide(make_job(actor=CANDIDATE), by=moderator)

    for verb in (deciding.send_back, deciding.disagree):
        with pytest.raises(Refused) as refused:
            verb(decision=decision, reason=" \x00 ", by=senior, at=SOON)
        assert refused.value.refusal.code == "reason_missing"


# --- What may be decided ------------------------------------------------------------------


def test_only_the_person_who_has_the_job_decides(moderator, colleague):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)

    with pytest.raises(Refused, match="Mila"):
        deciding.record_decision(
            job=job,
            action=Action.NO_ACTION,
            policy=None,
            reasoning="",
            by=colleague,
            at=NOW,
            seen_version=1,
        )


def test_a_job_whose_lease_ran_out_must_be_taken_again(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)

    with pytest.raises(Refused) as refused:
        decide(job, by=moderator, at=NOW + timedelta(minutes=11))

    assert refused.value.refusal.code == "lease_lost"


def test_what_was_edited_since_one_looked_is_not_decided(moderator):
    job = reviewing.take_job(job=make_job(external_id="post-1"), by=moderator, at=NOW)
    actor = intake.ActorIn(job.item.actor.external_id)
    row = item_in("post-1", actor=actor, version=2, text="Stem woensdag")
    intake.accept_items([(0, row)], by=PLATFORM, at=NOW)

    with pytest.raises(Refused) as refused:
        decide(job, by=moderator, seen_version=1)

    assert refused.value.refusal.code == "item_edited"
    assert decide(job, by=moderator, seen_version=2)


@pytest.mark.parametrize(
    ("action", "fields", "code"),
    [
        (Action.REMOVE, {"policy": None}, "incomplete"),
        (Action.REMOVE, {"reasoning": "  "}, "incomplete"),
        (Action.WARN, {"reasoning": ""}, "incomplete"),
        (Action.REMOVE, {"reasoning": "a\x00b"}, "invalid"),
        (Action.REMOVE, {"ends_at": NOW + timedelta(days=1)}, "not_time_limited"),
        (Action.LABEL, {"ends_at": NOW}, "ends_in_past"),
        (Action.REMOVE, {"territories": ["NL", "XX"]}, "territory"),
    ],
)
def test_an_incomplete_decision_is_refused(moderator, action, fields, code):
    with pytest.raises(Refused) as refused:
        decide(make_job(), by=moderator, action=action, **fields)

    assert refused.value.refusal.code == code


def test_a_retired_policy_carries_no_new_decision(moderator):
    policy = make_policy()
    policy.retired_at = NOW
    policy.save()

    with pytest.raises(Refused) as refused:
        decide(make_job(), by=moderator, policy=policy)

    assert refused.value.refusal.code == "retired"


def test_a_queue_hides_actions(moderator):
    job = make_job()
    job.queue.hidden_actions = [Action.REMOVE]
    job.queue.save()

    with pytest.raises(Refused) as refused:
        decide(job, by=moderator)

    assert refused.value.refusal.code == "action_hidden"


# --- What each action does ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "visibility", "account"),
    [
        (Action.LABEL, "DECISION_VISIBILITY_CONTENT_LABELLED", ""),
        (Action.INELIGIBLE, "DECISION_VISIBILITY_CONTENT_DEMOTED", ""),
        (Action.AGE_RESTRICT, "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED", ""),
        (Action.REMOVE, "DECISION_VISIBILITY_CONTENT_REMOVED", ""),
        (Action.SUSPEND, "", "DECISION_ACCOUNT_SUSPENDED"),
        (Action.TERMINATE, "", "DECISION_ACCOUNT_TERMINATED"),
        (Action.WARN, None, None),
        (Action.STRIKE, None, None),
        (Action.NO_ACTION, None, None),
    ],
)
def test_every_restriction_owes_a_statement_of_reasons(
    election, moderator, senior, action, visibility, account
):
    decision = decide(make_job(), by=moderator, action=action)
    if decision.needs_second_person:
        deciding.confirm_decision(decision=decision, by=senior, at=SOON)
    carry_out()

    statement = StatementOfReasons.objects.first()
    found = (
        (statement.decision_visibility, statement.decision_account) if statement else (None,) * 2
    )
    assert found == (visibility, account)
    assert Notification.objects.filter(role="affected").exists() == (action != Action.NO_ACTION)


def test_a_label_shows_viewers_where_the_official_fact_is(election, moderator):
    job = make_job()
    kind = LabelKind.objects.get(slug="somewhere-else")

    decide(job, by=moderator, action=Action.LABEL, label_kind=kind)
    carry_out()

    label = Label.objects.get()
    assert label.text == kind.text
    assert label.link.endswith("/nl-gr2026/voting_day/")
    event = Event.objects.get(type="decision.carried_out")
    assert event.payload["label"]["link"] == label.link


@pytest.mark.parametrize(
    ("language", "place", "asks"),
    [
        ("nl", "GM0147", "?place=GM0147"),
        ("en", None, "?lang=en"),
        ("en", "GM0147", "?lang=en&place=GM0147"),
    ],
)
def test_a_labels_link_speaks_the_items_language_and_is_about_its_place(
    client, election, moderator, language, place, asks
):
    kind = LabelKind.objects.get(slug="somewhere-else")

    job = make_job(language=language, place=place)
    decide(job, by=moderator, action=Action.LABEL, label_kind=kind)
    carry_out()

    link = Label.objects.get().link
    assert link.endswith(f"/nl-gr2026/voting_day/{asks}")
    assert client.get(link).status_code == 200


def test_a_later_decision_overrides_the_earlier_one(election, moderator, colleague):
    job = make_job()
    first = decide(job, by=moderator, action=Action.LABEL)
    carry_out()
    make_report(job.item, at=SOON)
    again = Job.objects.open().get()

    second = decide(again, by=colleague, action=Action.NO_ACTION, at=SOON)
    carry_out(at=SOON + timedelta(seconds=31))

    assert second.overrides == first
    assert not Label.objects.filter(ended_at=None).exists()
    assert Item.objects.get().decision_in_force == second
    letter = Notification.objects.filter(role="affected").latest("pk")
    assert "eerdere beslissing vervalt" in letter.body


def test_a_removal_counts_a_strike_that_expires_and_is_lifted_with_the_decision(
    election, moderator, colleague
):
    job = make_job()
    decide(job, by=moderator)
    carry_out()
    actor = job.item.actor_id

    strike = Strike.objects.get()
    assert casework.active_strikes([actor], at=SOON) == {actor: 1}
    assert casework.active_strikes([actor], at=strike.expires_at) == {}

    make_report(job.item, at=SOON)
    decide(Job.objects.open().get(), by=colleague, action=Action.NO_ACTION, at=SOON)
    carry_out(at=SOON + timedelta(seconds=31))
    assert casework.active_strikes([actor], at=SOON + timedelta(minutes=2)) == {}


def test_a_strike_leaves_the_item_and_its_earlier_decision_as_they_are(
    election, moderator, colleague
):
    job = make_job()
    label = decide(job, by=moderator, action=Action.LABEL)
    carry_out()
    make_report(job.item, at=SOON)

    decide(Job.objects.open().get(), by=colleague, action=Action.STRIKE, at=SOON)
    carry_out(at=SOON + timedelta(seconds=31))

    assert Item.objects.get().decision_in_force == label
    assert Label.objects.filter(ended_at=None).exists()
    assert Strike.objects.get().weight == 1


def test_a_time_limited_restriction_ends_by_itself(election, moderator):
    ends = NOW + timedelta(days=7)
    decide(make_job(), by=moderator, action=Action.LABEL, ends_at=ends, territories=["NL", "BE"])
    carry_out()
    statement = StatementOfReasons.objects.get()

    assert carrying_out.end_due(at=ends - timedelta(seconds=1)) == 0
    assert carrying_out.end_due(at=ends) == 1
    assert carrying_out.end_due(at=ends) == 0

    assert statement.ends_on.isoformat() == "2026-03-17"
    assert statement.territorial_scope == ["BE", "NL"]
    assert Item.objects.get().decision_in_force is None
    assert not Label.objects.filter(ended_at=None).exists()
    assert Event.objects.get(type="decision.ended").payload["action"] == "label"


# --- What people read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nl",
            [
                "Wij hebben verwijderd",
                "Officieel is: woensdag 18 maart 2026 (bron: Kiesraad)",
                "SP-1, Wanneer en waar u stemt",
                "183 dagen",
                "“Let op: je kunt pas donderdag",
            ],
        ),
        (
            "en",
            [
                "We have removed",
                "Official: woensdag 18 maart 2026 (source: Kiesraad)",
                "SP-1, When and where you vote",
                "183 days",
                "A machine pointed us to it",
            ],
        ),
        ("tr", ["Wij hebben verwijderd"]),
    ],
)
def test_the_poster_reads_why_in_their_language(election, moderator, language, words):
    job = make_job(make_item(language=language, election="nl-gr2026"))
    decide(job, by=moderator, reasoning="Uw bericht noemt een verkeerde dag.")

    carry_out()

    body = Notification.objects.get(role="affected").body
    for expected in [*words, "Uw bericht noemt een verkeerde dag."]:
        assert expected in body
    statement = StatementOfReasons.objects.get()
    assert statement.content_language == language.upper()
    assert statement.language == ("en" if language == "en" else "nl")


def test_the_statement_rests_on_the_version_of_the_policy_that_was_in_force(election, moderator):
    job = make_job()
    decide(job, by=moderator)
    old = make_policy()
    Policy.objects.filter(pk=old.pk).update(retired_at=NOW)
    Policy.objects.create(
        slug=old.slug,
        version=2,
        code="SP-1",
        title={"nl": "Nieuw"},
        text={"nl": "Nieuw"},
        dsa_category=old.dsa_category,
        dsa_keyword=old.dsa_keyword,
        in_force_from=NOW,
    )

    carry_out()

    assert "versie 1" in StatementOfReasons.objects.get().ground_text


def test_the_preview_is_what_will_be_sent(election, moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    preview = previewing.preview_decision(
        job=job,
        action=Action.LABEL,
        policy=make_policy(),
        reasoning="U noemt een verkeerde dag.",
        by=moderator,
        at=NOW,
    )

    decide(job, by=moderator, action=Action.LABEL)
    carry_out()

    sent = Event.objects.get(type="decision.carried_out").payload
    assert preview.letter.body == Notification.objects.get(role="affected").body
    assert preview.payload["label"]["text"] == sent["label"]["text"]
    assert preview.payload["statement"]["facts"] == sent["statement"]["facts"]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "{{ 7|add:7 }} {% now 'Y' %}"])
def test_hostile_words_are_passed_on_as_words(election, moderator, hostile):
    job = make_job(text=f"{hostile} stem donderdag 19 maart")

    decide(job, by=moderator, reasoning=hostile)
    carry_out()

    assert Notification.objects.get(role="affected").body.count(hostile) == 2
    assert StatementOfReasons.objects.get().facts == hostile


# --- Near-identical items -----------------------------------------------------------------


def test_near_identical_items_are_decided_together_each_on_its_own_row(
    election, moderator, colleague, senior
):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    waiting = make_job().item
    without_job = make_item()
    taken = reviewing.take_job(job=make_job(), by=colleague, at=NOW).item
    protected = make_item(actor=CANDIDATE)
    answer = deciding.Answer(Action.LABEL, make_policy(), "U noemt een verkeerde dag.")

    result = deciding.decide_together(
        job=job,
        answer=answer,
        others=[waiting, without_job, taken, protected],
        by=moderator,
        at=NOW,
        seen_version=1,
    )
    carry_out()

    assert {d.item for d in result.decisions} == {job.item, waiting, without_job, protected}
    assert [(item, "Bram" in why) for item, why in result.left_out] == [(taken, True)]
    assert Decision.objects.filter(together=result.id).count() == 4
    assert StatementOfReasons.objects.count() == 3
    assert Decision.objects.held().get().item == protected


def test_decisions_taken_together_are_undone_together(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    answer = deciding.Answer(Action.LABEL, make_policy(), "U noemt een verkeerde dag.")
    result = deciding.decide_together(
        job=job, answer=answer, others=[make_job().item], by=moderator, at=NOW, seen_version=1
    )

    jobs = deciding.undo_together(together=result.id, by=moderator, at=NOW)

    assert len(jobs) == 2
    with pytest.raises(Refused):
        deciding.undo_together(together=result.id, by=moderator, at=NOW)


def test_too_many_at_once_are_refused(moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)
    item = make_item()

    with pytest.raises(Refused) as refused:
        deciding.decide_together(
            job=job,
            answer=deciding.Answer(Action.NO_ACTION),
            others=[item] * (deciding.TOGETHER_AT_MOST + 1),
            by=moderator,
            at=NOW,
            seen_version=1,
        )

    assert refused.value.refusal.code == "too_many"


# --- The database's own word --------------------------------------------------------------


def refused_by_database(sql, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_decision_a_statement_and_a_confirmation_never_change(election, moderator, senior):
    decision = decide(make_job(actor=CANDIDATE), by=moderator)
    deciding.confirm_decision(decision=decision, by=senior, at=SOON)

    refused_by_database("UPDATE moderation_decision SET reasoning = 'anders'")
    refused_by_database("UPDATE moderation_decision SET carried_out_at = now()")
    refused_by_database("UPDATE moderation_decision SET carried_out_at = NULL")
    refused_by_database("DELETE FROM moderation_decision")
    refused_by_database("UPDATE moderation_statementofreasons SET facts = 'anders'")
    refused_by_database("DELETE FROM moderation_confirmation")
    refused_by_database("UPDATE moderation_itemversion SET text = 'anders'")
    refused_by_database("UPDATE moderation_strike SET weight = 9")


def test_the_database_refuses_impossible_decisions(moderator):
    job = make_job()
    decision = decide(job, by=moderator, action=Action.NO_ACTION)
    fields = {
        "job": job,
        "item": job.item,
        "item_version": job.item_version,
        "decided_by": moderator,
        "decided_at": NOW,
    }
    policy = make_policy()
    full = {**fields, "policy": policy, "reasoning": "Verkeerde dag"}
    label = LabelKind.objects.all()[0]

    for wrong in (
        {**fields, "action": "remove"},
        {**fields, "action": "remove", "policy": policy},
        {**full, "action": "remove", "ends_at": NOW + timedelta(days=1)},
        {**full, "action": "suspend", "ends_at": NOW},
        {**full, "action": "label"},
        {**full, "action": "remove", "label_kind": label},
        {**full, "action": "remove", "needs_second_person": True},
        {**full, "action": "remove", "hold_reason": "account"},
        {**full, "action": "remove", "carried_out_at": NOW - timedelta(seconds=1)},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.create(**wrong)
    Undo.objects.create(decision=decision, undone_by=moderator, undone_at=NOW)
    for wrong_undo in ({}, {"kind": "disagreed"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Undo.objects.create(decision=decision, undone_by=moderator, undone_at=NOW, **wrong_undo)


def test_the_database_keeps_one_policy_in_force_and_one_label_at_a_time(election, moderator):
    policy = make_policy()
    decide(make_job(), by=moderator, action=Action.LABEL)
    carry_out()
    label = Label.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        Policy.objects.create(
            slug=policy.slug,
            version=2,
            code="SP-1",
            dsa_category="x",
            dsa_keyword="y",
            in_force_from=NOW,
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(severity=6)
    with pytest.raises(DatabaseError), transaction.atomic():
        Label.objects.create(
            item=label.item, decision=label.decision, text={}, link="https://x.nl", added_at=NOW
        )


def test_the_undo_time_is_thirty_seconds():
    assert timedelta(seconds=30) == rules.UNDO_WITHIN
