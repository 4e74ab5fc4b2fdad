"""Fifty reviewers on one queue, leases that lapse, crashes between statements: nothing twice."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from integrity.people.choices import Role
from integrity.refusals import Refused
from moderation.choices import Action, JobState
from moderation.models import Decision, Job, Queue
from moderation.services import carrying_out, deciding, reviewing
from tests.factories import NOW, decide, make_item, make_job, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REVIEWERS = 50
JOBS = 120


class Crash(Exception):
    """The process dies here."""


def crashing(rng):
    """Let about one statement in forty be the last of its transaction."""

    def wrapper(execute, sql, params, many, context):
        if rng.random() < 1 / 40:
            raise Crash
        return execute(sql, params, many, context)

    return wrapper


def at_once(*calls):
    """Run these together, each on its own connection; returns results or the exceptions."""

    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_every_job_is_decided_once_and_none_is_lost():
    first = make_job()
    jobs = [first, *(make_job(make_item()) for _ in range(JOBS - 1))]
    queue = first.queue
    people = [
        make_user(f"r{n}@waarborg.example", alias=f"R{n}", roles=[Role.MODERATOR])
        for n in range(REVIEWERS)
    ]

    def review(number):
        rng, person, done = random.Random(number), people[number], 0
        for turn in range(60):
            at = NOW + timedelta(minutes=turn)
            try:
                with connection.execute_wrapper(crashing(rng)):
                    if number == 0:
                        reviewing.release_lapsed(at=at)
                    job = reviewing.take_next(queue=queue, by=person, at=at)
                    if job is None:
                        continue
                    if rng.random() < 0.2:
                        continue  # goes home: the lease lapses
                    decide(job, by=person, action=Action.NO_ACTION, at=at)
                    done += 1
            except (Crash, Refused):
                connections.close_all()
        return done

    results = at_once(*(lambda n=n: review(n) for n in range(REVIEWERS)))
    assert not [r for r in results if isinstance(r, Exception)], results

    last, turns = NOW + timedelta(days=1), 0
    while Job.objects.filter(state__in=[JobState.WAITING, JobState.TAKEN]).exists():
        reviewing.release_lapsed(at=last)
        while job := reviewing.take_next(queue=queue, by=people[0], at=last):
            decide(job, by=people[0], action=Action.NO_ACTION, at=last)
        last, turns = last + timedelta(days=1), turns + 1
        assert turns < 10

    assert Decision.objects.count() == len(jobs)
    assert Decision.objects.values("job").distinct().count() == len(jobs)
    assert Job.objects.filter(state=JobState.DECIDED).count() == len(jobs)
    carrying_out.carry_out_due(at=last, limit=JOBS * 2)
    assert Job.objects.filter(state=JobState.RESOLVED).count() == len(jobs)


def test_one_job_goes_to_one_of_many_who_ask_at_once(moderator, colleague, senior):
    make_job()
    queue = Queue.objects.get(slug="voting-procedure")

    taken = at_once(
        *(
            lambda p=p: reviewing.take_next(queue=queue, by=p, at=NOW)
            for p in (moderator, colleague, senior)
        )
    )

    assert sum(isinstance(t, Job) for t in taken) == 1
    assert sum(t is None for t in taken) == 2


def test_undo_and_carrying_out_at_once_leave_one_winner(moderator):
    decision = decide(make_job(), by=moderator, action=Action.NO_ACTION)
    at = NOW + timedelta(seconds=30)

    undone, carried = at_once(
        lambda: deciding.undo_decision(decision=decision, by=moderator, at=at),
        lambda: carrying_out.carry_out(decision=decision, at=at),
    )

    decision = Decision.objects.get()
    assert isinstance(undone, Job) != (carried is True)
    assert (decision.carried_out_at is not None) == (carried is True)
