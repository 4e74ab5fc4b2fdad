"""Measures `take_next` in the database: many waiting jobs, many moderators, the plan on record.

Everything is made and taken inside one transaction that is rolled back, so it leaves nothing; the
concurrent part of the promise is kept by tests/moderation/test_stress.py.
"""

import statistics
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from integrity.people.choices import Role
from integrity.people.models import User
from integrity.people.services import open_account
from moderation import rules
from moderation.models import Queue
from moderation.services import reviewing

_FILL = """
WITH actor AS (
  INSERT INTO moderation_actor (public_id, external_id, handle, protection, first_seen_at)
  VALUES (gen_random_uuid(), 'bench-actor', '', '', %(at)s) RETURNING id
), items AS (
  INSERT INTO moderation_item (public_id, external_id, actor_id, kind, language, url, posted_at,
                               received_at, version, views, views_to_come)
  SELECT gen_random_uuid(), 'bench-' || n, actor.id, 'text', 'nl', '', %(at)s, %(at)s, 1, 0, 0
    FROM actor, generate_series(1, %(jobs)s) n RETURNING id
), versions AS (
  INSERT INTO moderation_itemversion (item_id, version, text, transcript, on_screen, language,
                                      content_hash, received_at)
  SELECT id, 1, 'Stem op donderdag 19 maart', '', '', 'nl', '', %(at)s FROM items
  RETURNING id, item_id
)
INSERT INTO moderation_job (public_id, item_id, item_version_id, queue_id, state, harm, reasons,
                            inputs, opened_at, due_at, urgent_at)
SELECT gen_random_uuid(), item_id, id, %(queue)s, 'waiting', random() * 10000, '[]', '{}', %(at)s,
       CASE WHEN id %% 100 = 0 THEN %(at)s::timestamptz + interval '1 hour' * (random() * 48) END,
       CASE WHEN id %% 100 = 0 THEN %(at)s::timestamptz + interval '1 hour' * (random() * 46) END
  FROM versions
"""


class Rollback(Exception):
    """Leave nothing behind."""


class Command(BaseCommand):
    """Fills a queue, takes from it as many moderators would, prints percentiles and the plan."""

    help = "Measure take_next on a full queue; everything is rolled back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how full, how many people, how often."""
        parser.add_argument("--jobs", type=int, default=1_000_000)
        parser.add_argument("--moderators", type=int, default=200)
        parser.add_argument("--takes", type=int, default=2_000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, take, print, roll back."""
        try:
            with transaction.atomic():
                self._measure(**{name: options[name] for name in ("jobs", "moderators", "takes")})
                raise Rollback
        except Rollback:
            self.stdout.write("Rolled back: nothing is left.")

    def _measure(self, *, jobs: int, moderators: int, takes: int) -> None:
        at = timezone.now()
        queue = Queue.objects.create(slug="bench-take-next")
        people = [
            open_account(email=f"bench{n}@waarborg.example", alias=f"B{n}", roles=[Role.MODERATOR])
            for n in range(moderators)
        ]
        started = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(_FILL, {"at": at, "jobs": jobs, "queue": queue.pk})
            cursor.execute("ANALYZE moderation_job")
        self.stdout.write(f"{jobs} jobs in {perf_counter() - started:.0f} s.")
        self._take(queue, people, takes=takes, at=at)
        self._explain(queue, people[0], at=at)

    def _take(self, queue: Queue, people: list[User], *, takes: int, at: Any) -> None:
        statement = reviewing.take_next_sql(independent=False)
        times = []
        for n in range(takes):
            moment = at + timedelta(seconds=n)
            values = {
                "user": people[n % len(people)].pk,
                "at": moment,
                "until": moment + rules.LEASE,
                "queue": queue.pk,
            }
            started = perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                taken = cursor.fetchone()
            times.append((perf_counter() - started) * 1000)
            if taken is None:
                break
        cuts = statistics.quantiles(times, n=100)
        self.stdout.write(
            f"{len(times)} takes by {len(people)} moderators: p50 {cuts[49]:.2f} ms, "
            f"p95 {cuts[94]:.2f} ms, p99 {cuts[98]:.2f} ms, most {max(times):.2f} ms."
        )

    def _explain(self, queue: Queue, person: User, *, at: Any) -> None:
        values = {"user": person.pk, "at": at, "until": at + rules.LEASE, "queue": queue.pk}
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) "
                + reviewing.take_next_sql(independent=False),
                values,
            )
            for (line,) in cursor.fetchall():
                self.stdout.write(line)
