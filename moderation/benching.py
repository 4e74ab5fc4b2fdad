"""What the benches of the desk share: a database of their own, filled once, and percentiles."""

import statistics
from collections.abc import Sequence
from datetime import datetime

from django.core.management.base import CommandError
from django.db import connection

from moderation.models import Item, Queue

SLUG = "bench-desk"
# Bare jobs, a hundredth of them with a due time; their items say the same.
_FILL = """
WITH actor AS (
  INSERT INTO moderation_actor (public_id, external_id, handle, protection, first_seen_at)
  VALUES (gen_random_uuid(), %(slug)s || '-' || %(first)s, '', '', %(at)s) RETURNING id
), items AS (
  INSERT INTO moderation_item (public_id, external_id, actor_id, kind, language, url, posted_at,
                               received_at, version, views, views_to_come)
  SELECT gen_random_uuid(), %(slug)s || '-' || n, actor.id, 'text', 'nl', '', %(at)s, %(at)s,
         1, 0, 0
    FROM actor, generate_series(%(first)s, %(last)s) n RETURNING id
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
_AT_ONCE = 50_000


def require_own_database() -> None:
    """Refuse where anything but a bench's own items stands: what follows is committed."""
    if Item.objects.exclude(external_id__startswith=SLUG).exists():
        raise CommandError("There are items here: this bench wants a database of its own.")


def fill_with_bare_jobs(queue: Queue, *, until: int, at: datetime) -> int:
    """Fill a queue up to so many waiting jobs; return how many were made."""
    first = Item.objects.filter(external_id__startswith=f"{SLUG}-").count()
    missing = max(0, until - queue.jobs.waiting().count())
    for start in range(first, first + missing, _AT_ONCE):
        last = min(start + _AT_ONCE, first + missing) - 1
        with connection.cursor() as cursor:
            cursor.execute(
                _FILL, {"slug": SLUG, "at": at, "first": start, "last": last, "queue": queue.pk}
            )
    if missing:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE moderation_job")
    return missing


def percentiles(seconds: Sequence[float]) -> str:
    """Write p50, p95, p99 and the most of some durations, in milliseconds."""
    ms = sorted(1000 * s for s in seconds)
    cuts = statistics.quantiles(ms, n=100, method="inclusive")
    return (
        f"n = {len(ms)}: p50 {cuts[49]:.2f} ms, p95 {cuts[94]:.2f} ms, "
        f"p99 {cuts[98]:.2f} ms, most {ms[-1]:.2f} ms"
    )
