"""Measures `take_next` in the database: many waiting jobs, many moderators, the plan on record.

Every take is a transaction of its own, committed, on one of several connections, as moderators'
are; so it runs in a database of its own only (`make bench-take-next`). That nobody is given a job
twice is kept by tests/moderation/test_stress.py.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, connections
from django.utils import timezone

from integrity.people.choices import Role
from integrity.people.models import User
from integrity.people.services import open_account
from moderation import benching, rules
from moderation.models import Queue
from moderation.services import reviewing


class Command(BaseCommand):
    """Fills a queue, takes from it as many moderators would, prints percentiles and the plan."""

    help = "Measure take_next on a full queue. Needs an empty database, and keeps what it made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how full, how many people, on how many connections, how often."""
        parser.add_argument("--jobs", type=int, default=1_000_000)
        parser.add_argument("--moderators", type=int, default=200)
        parser.add_argument("--connections", type=int, default=8)
        parser.add_argument("--takes", type=int, default=5_000)

    def handle(self, **options: Any) -> None:
        """Fill, take, print."""
        benching.require_own_database()
        at, started = timezone.now(), perf_counter()
        queue, _made = Queue.objects.get_or_create(slug=benching.SLUG)
        people = [
            open_account(email=f"bench{n}@waarborg.example", alias=f"B{n}", roles=[Role.MODERATOR])
            for n in range(options["moderators"])
        ]
        made = benching.fill_with_bare_jobs(queue, until=options["jobs"], at=at)
        self.stdout.write(f"{made} jobs made in {perf_counter() - started:.0f} s.")
        for lanes in sorted({1, options["connections"]}):
            self._take(queue, people, takes=options["takes"], lanes=lanes)
        self._explain(queue, people[0])

    def _take(self, queue: Queue, people: list[User], *, takes: int, lanes: int) -> None:
        """Take on so many connections at once, each with its share of the people."""
        statement, at = reviewing.take_next_sql(independent=False), timezone.now()

        def lane(number: int) -> tuple[list[float], list[int]]:
            times: list[float] = []
            jobs: list[int] = []
            for n in range(number, takes, lanes):
                moment = at + timedelta(seconds=n)
                values: dict[str, Any] = {
                    "user": people[n % len(people)].pk,
                    "at": moment,
                    "until": moment + rules.LEASE,
                    "queue": queue.pk,
                }
                started = perf_counter()
                with connection.cursor() as cursor:
                    cursor.execute(statement, values)
                    taken = cursor.fetchone()
                times.append(perf_counter() - started)
                jobs += taken or []
            connections.close_all()
            return times, jobs

        with ThreadPoolExecutor(lanes) as pool:
            results = list(pool.map(lane, range(lanes)))
        times = [seconds for found, _jobs in results for seconds in found]
        jobs = [job for _times, found in results for job in found]
        self.stdout.write(
            f"{len(people)} moderators on {lanes} connections: {benching.percentiles(times)}; "
            f"{len(jobs)} jobs given, {len(jobs) - len(set(jobs))} of them twice."
        )

    def _explain(self, queue: Queue, person: User) -> None:
        at = timezone.now()
        values: dict[str, Any] = {"user": person.pk, "at": at, "until": at + rules.LEASE}
        values["queue"] = queue.pk
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) "
                + reviewing.take_next_sql(independent=False),
                values,
            )
            for (line,) in cursor.fetchall():
                self.stdout.write(line)
