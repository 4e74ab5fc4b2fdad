"""Counting calls in the database: one statement per call, the same count for every process."""

import time
from typing import Any

from django.db import connection
from rest_framework import throttling
from rest_framework.request import Request

from integrity.people.models import ApiKey

_COUNT = """
INSERT INTO people_callcount AS c (bucket, span, calls) VALUES (%(bucket)s, %(span)s, 1)
ON CONFLICT (bucket) DO UPDATE SET
  calls = CASE WHEN c.span = excluded.span THEN c.calls + 1 ELSE 1 END,
  span = excluded.span
RETURNING calls, xmax = 0
"""
_KEPT_SECONDS = 3_600


class KeyThrottle(throttling.SimpleRateThrottle):
    """Counts calls per key; without a key, per address.

    DRF keeps a list of times in the cache, which it reads and writes in two steps: calls at the
    same moment overwrite each other's count.
    """

    scope = "key"
    # Read from the rate by DRF when an instance is made.
    num_requests: int
    duration: int

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Name the bucket of this caller."""
        who = request.auth.pk if isinstance(request.auth, ApiKey) else self.get_ident(request)
        return f"{self.scope}:{who}"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this call and say whether it is within the rate."""
        if self.rate is None:
            return True
        self.now = time.time()
        calls = count_call(
            bucket=self.get_cache_key(request, view), seconds=self.duration, now=self.now
        )
        return calls <= self.num_requests

    def wait(self) -> float:
        """Say how many seconds remain of this span."""
        return self.duration - self.now % self.duration


def count_call(*, bucket: str, seconds: int, now: float) -> int:
    """Count one call in the present span of so many seconds; returns the calls so far."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"bucket": bucket[:100], "span": int(now // seconds * seconds)})
        calls, is_new = cursor.fetchone()
        if is_new:  # so that callers who never come back leave nothing for long
            cursor.execute("DELETE FROM people_callcount WHERE span < %s", [now - _KEPT_SECONDS])
    return int(calls)
