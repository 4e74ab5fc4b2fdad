"""Each verb of the desk, killed before each of its statements, and against each of its rivals."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from integrity.people.choices import Role
from integrity.refusals import Refused
from moderation.choices import Action, JobState
from moderation.models import Decision, Job, Queue
from moderation.services import carrying_out, deciding, reviewing
from tests.factories import NOW, decide, make_job, make_report, make_user
from tests.moderation.test_stress import at_once

LATER = NOW + timedelta(minutes=2)
VERBS = [
    "take_next", "take", "release", "skip", "move", "hand_over", "assign", "decide", "undo",
    "confirm", "send_back", "disagree", "carry_out",
]  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


def ready_for(verb: str, people):
    """Bring a job where this verb can be said of it; returns the verb as a call."""
    mila, bram, sanne = people
    job = make_job()
    make_report(job.item)
    if verb == "take_next":
        return lambda: reviewing.take_next(queue=job.queue, by=mila, at=NOW)
    if verb == "take":
        return lambda: reviewing.take_job(job=job, by=mila, at=NOW)
    if verb == "assign":
        return lambda: reviewing.assign_job(job=job, to=bram, by=sanne, at=NOW)
    if verb in ("undo", "carry_out"):
        done = decide(job, by=mila, action=Action.LABEL)
        if verb == "undo":
            return lambda: deciding.undo_decision(decision=done, by=mila, at=NOW)
        return lambda: carrying_out.carry_out(decision=done, at=LATER)
    if verb in ("confirm", "send_back", "disagree"):
        held = decide(job, by=mila, action=Action.SUSPEND)
        said = {"decision": held, "by": sanne, "at": LATER}
        return {
            "confirm": lambda: deciding.confirm_decision(**said),
            "send_back": lambda: deciding.send_back(reason="Te zwaar", **said),
            "disagree": lambda: deciding.disagree(reason="Een mening", **said),
        }[verb]
    job = reviewing.take_job(job=job, by=mila, at=NOW)
    other = Queue.objects.get(slug="undecidable")
    said = {"job": job, "by": mila, "at": NOW}
    return {
        "release": lambda: reviewing.release_job(**said),
        "skip": lambda: reviewing.skip_job(reason="Te dichtbij", **said),
        "move": lambda: reviewing.move_job(to=other, reason="Gaat over fraude", **said),
        "hand_over": lambda: reviewing.hand_over(to=bram, note="Jij kent Utrecht", **said),
        "decide": lambda: decide(job, by=mila, action=Action.LABEL),
    }[verb]


def everything() -> dict[str, list]:
    """Read every row that casework, audit and outbox hold."""
    return {
        model._meta.label: sorted(map(str, model.objects.values_list()))
        for label in ("moderation", "audit", "outbox")
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed
    }


def killed_before(step: int, call) -> bool:
    """Say the verb and end it before its n-th statement; False: it got through."""
    count = 0

    def ending(execute, sql, params, many, context):
        nonlocal count
        # What a kill before the end leaves is rolled back by the server, not by this test's own
        # transaction around it.
        count += not sql.startswith("RELEASE")
        if count == step:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(ending):
            call()
    except Killed:
        return True
    return False


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_done_as_a_whole_or_not_at_all(verb, moderator, colleague, senior):
    call = ready_for(verb, (moderator, colleague, senior))
    before = everything()

    step = 1
    while killed_before(step, call):
        assert everything() == before, f"half done at statement {step}"
        step += 1

    after = everything()
    assert step > 3
    assert after["audit.AuditEvent"] != before["audit.AuditEvent"]
    assert {name for name in after if after[name] != before[name]} > {"audit.AuditEvent"}


# --- Rivals -----------------------------------------------

IN_HAND = {
    "decide": lambda job, by: decide(job, by=by, action=Action.REMOVE),
    "decide otherwise": lambda job, by: decide(job, by=by, action=Action.NO_ACTION),
    "release": lambda job, by: reviewing.release_job(job=job, by=by, at=NOW),
    "skip": lambda job, by: reviewing.skip_job(job=job, reason="Te dichtbij", by=by, at=NOW),
    "move": lambda job, by: reviewing.move_job(
        job=job, to=Queue.objects.get(slug="undecidable"), reason="Fraude", by=by, at=NOW
    ),
}
HELD = {
    "confirm": lambda held, by: deciding.confirm_decision(decision=held, by=by, at=LATER),
    "send back": lambda held, by: deciding.send_back(decision=held, reason="x", by=by, at=LATER),
    "disagree": lambda held, by: deciding.disagree(decision=held, reason="x", by=by, at=LATER),
    "undo": lambda held, by: deciding.undo_decision(
        decision=held, by=held.decided_by, at=NOW + timedelta(seconds=1)
    ),
}


def pairs(verbs) -> list[tuple[str, str]]:
    names = list(verbs)
    return [(one, other) for n, one in enumerate(names) for other in names[n:]]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), pairs(IN_HAND))
def test_two_tabs_of_one_person_leave_one_answer(one, other, moderator):
    job = reviewing.take_job(job=make_job(), by=moderator, at=NOW)

    results = at_once(
        lambda: IN_HAND[one](Job.objects.get(pk=job.pk), moderator),
        lambda: IN_HAND[other](Job.objects.get(pk=job.pk), moderator),
    )

    # `decide` takes a job that is free again, so after a release both may be right, in order.
    refused = [r for r in results if isinstance(r, Exception)]
    assert all(isinstance(r, Refused) for r in refused), results
    assert Decision.objects.count() == (1 if any(isinstance(r, Decision) for r in results) else 0)
    job.refresh_from_db()
    assert (job.state == JobState.WAITING) == (not Decision.objects.exists())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), pairs(HELD))
def test_a_held_decision_gets_one_answer(one, other, moderator):
    seniors = [make_user(f"s{n}@waarborg.example", roles=[Role.SENIOR_MODERATOR]) for n in range(2)]
    held = decide(make_job(), by=moderator, action=Action.SUSPEND)

    results = at_once(
        lambda: HELD[one](Decision.objects.get(pk=held.pk), seniors[0]),
        lambda: HELD[other](Decision.objects.get(pk=held.pk), seniors[1]),
    )

    refused = [r for r in results if isinstance(r, Exception)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], Refused), results
    held = Decision.objects.get()
    assert (held.carried_out_at is not None) == hasattr(held, "confirmation")
    assert hasattr(held, "confirmation") != hasattr(held, "undo")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_given_to_one_person_is_not_taken_by_another(moderator, colleague, senior):
    job = make_job()

    given, taken = at_once(
        lambda: reviewing.assign_job(job=job, to=colleague, by=senior, at=NOW),
        lambda: reviewing.take_next(queue=job.queue, by=moderator, at=NOW),
    )

    assert isinstance(given, Refused) != (taken is None)
