"""Measures the desk over HTTP: from a decision until the next job's page is there as a whole.

Fills a database of its own with jobs that have all that a page shows, starts the house's own web
process on it, signs moderators in and lets them decide as their browsers would: the form is sent,
the answer leads to the next job, its page is read to the last byte (`make bench-desk`).
"""

import http.client
import random
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from os import sysconf
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from elections.models import Jurisdiction
from integrity import entrypoint
from integrity.audit.services import Actor
from integrity.people.choices import Role
from integrity.people.models import User
from integrity.people.services import open_account
from moderation import benching, likeness
from moderation.models import Item, Job, Policy, Queue
from moderation.services import assessing, intake

PACK = Path("elections/data/packs/nl-gr2026.json")
ELECTION, QUEUE = "nl-gr2026", "voting-procedure"
POSTED_AT = datetime.fromisoformat("2026-02-20T09:00:00+01:00")
TEXTS = (
    "Let op: je kunt pas donderdag 19 maart stemmen!",
    "Stemmen voor de gemeenteraad is op dinsdag 17 maart.",
    "De stembureaus zijn woensdag 18 maart al om 17.00 uur dicht.",
)
# So many items say the very same; every item has ten samples of its views, every fifth a report.
ALIKE, PER_ACTOR = 20, 10
# Pages read before the clock starts: some for each of the web's sixteen threads.
WARM = 80
_MULTIPLY = """
WITH tail AS (
  SELECT * FROM unnest(%(groups)s::int[], %(tails)s::text[], %(hashes)s::bigint[],
                       %(a)s::int[], %(b)s::int[], %(c)s::int[], %(d)s::int[])
           AS t(n, words, simhash, band_a, band_b, band_c, band_d)
), like_this AS (
  SELECT i.*, v.text, v.id AS version_id FROM moderation_item i
    JOIN moderation_itemversion v ON v.item_id = i.id WHERE i.external_id = %(like)s
), actors AS (
  INSERT INTO moderation_actor (public_id, external_id, handle, protection, followers,
                                first_seen_at)
  SELECT gen_random_uuid(), %(like)s || '-a' || n, 'account ' || n, '', n * 37, %(at)s
    FROM generate_series(0, %(copies)s / %(per_actor)s) n RETURNING id, external_id
), items AS (
  INSERT INTO moderation_item (public_id, external_id, actor_id, election_id, place_id, kind,
      language, url, posted_at, received_at, version, views, views_to_come)
  SELECT gen_random_uuid(), l.external_id || '-' || n, actors.id, l.election_id, l.place_id,
      l.kind, l.language, '', l.posted_at, %(at)s, 1, n %% 5000, n %% 3000
    FROM like_this l, generate_series(1, %(copies)s) n
    JOIN actors ON actors.external_id = %(like)s || '-a' || n / %(per_actor)s
  RETURNING id, substring(external_id from '[0-9]+$')::int AS n
), versions AS (
  INSERT INTO moderation_itemversion (item_id, version, text, transcript, on_screen, language,
      content_hash, received_at)
  SELECT items.id, 1, l.text || ' ' || tail.words, '', '', l.language, md5(items.n::text), %(at)s
    FROM like_this l, items JOIN tail ON tail.n = items.n / %(alike)s
  RETURNING id, item_id
), marks AS (
  INSERT INTO moderation_fingerprint (item_version_id, simhash, band_a, band_b, band_c, band_d)
  SELECT v.id, tail.simhash, tail.band_a, tail.band_b, tail.band_c, tail.band_d
    FROM versions v JOIN items ON items.id = v.item_id JOIN tail ON tail.n = items.n / %(alike)s
), views AS (
  INSERT INTO moderation_tractionsample (item_id, at, views, shares)
  SELECT items.id, l.posted_at + k * interval '7 minutes', k * (items.n %% 500), k
    FROM items, like_this l, generate_series(0, 9) k
), said AS (
  INSERT INTO moderation_proposition (item_id, item_version_id, field, key, value, polarity,
      stance, election_id, place_id, span_start, span_end, frame, model_version, created_at)
  SELECT v.item_id, v.id, p.field, p.key, p.value, p.polarity, p.stance, p.election_id,
      p.place_id, p.span_start, p.span_end, p.frame, p.model_version, p.created_at
    FROM versions v, moderation_proposition p, like_this l WHERE p.item_version_id = l.version_id
  RETURNING id, item_id, item_version_id, key, span_start
), found AS (
  INSERT INTO moderation_signal (public_id, item_id, item_version_id, source, verdict, score,
      topic, stance, proposition_id, fact_id, field, claimed, official, reasons, because,
      model_version, created_at)
  SELECT gen_random_uuid(), said.item_id, said.item_version_id, s.source, s.verdict, s.score,
      s.topic, s.stance, said.id, s.fact_id, s.field, s.claimed, s.official, s.reasons, '',
      s.model_version, s.created_at
    FROM like_this l JOIN moderation_signal s ON s.item_version_id = l.version_id
    JOIN moderation_proposition p ON p.id = s.proposition_id
    JOIN said ON said.key = p.key AND said.span_start = p.span_start
), reports AS (
  INSERT INTO moderation_report (public_id, external_id, item_id, item_version_id, source, reason,
      text, reporter, language, reported_at, received_at)
  SELECT gen_random_uuid(), %(like)s || '-r' || items.n, items.id, v.id, 'article_16',
      'misinformation', 'Dit klopt niet.', 'reporter ' || items.n %% 997, 'nl', %(at)s, %(at)s
    FROM items JOIN versions v ON v.item_id = items.id WHERE items.n %% 5 = 0
)
INSERT INTO moderation_job (public_id, item_id, item_version_id, queue_id, state, harm, reasons,
    inputs, routed_by_id, routed_at, opened_at, due_at, urgent_at)
SELECT gen_random_uuid(), v.item_id, v.id, j.queue_id, 'waiting', random() * 10000, j.reasons,
    j.inputs, j.routed_by_id, j.routed_at, %(at)s,
    CASE WHEN v.id %% 100 = 0 THEN %(at)s::timestamptz + interval '3 hours' * random() END,
    CASE WHEN v.id %% 100 = 0 THEN %(at)s::timestamptz + interval '1 hour' * random() END
  FROM versions v, moderation_job j, like_this l WHERE j.item_version_id = l.version_id
"""


class Command(BaseCommand):
    """Fills, starts the web process, decides over HTTP, prints percentiles."""

    help = "Measure the desk over HTTP. Needs an empty database, and keeps what it made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how full, how many people at once, how many decisions, on which port."""
        parser.add_argument("--jobs", type=int, default=100_000)
        parser.add_argument("--people", type=int, default=4)
        parser.add_argument("--decisions", type=int, default=400)
        parser.add_argument("--port", type=int, default=8055)

    def handle(self, **options: Any) -> None:
        """Fill, serve, decide, print."""
        benching.require_own_database()
        self._fill(options["jobs"])
        queue = Queue.objects.get(slug=QUEUE)
        waiting = queue.jobs.waiting().count()
        with _web(options["port"]) as web:
            families = {"web": web, "PostgreSQL": _postmaster()}
            for together in sorted({1, options["people"]}):
                people = [_moderator(n) for n in range(together)]
                desks = [_Desk(person, queue, options["port"]) for person in people]
                each = options["decisions"] // together
                connections.close_all()
                with ThreadPoolExecutor(together) as pool:
                    list(pool.map(lambda desk: desk.warm(), desks))
                    before = {name: _processor_seconds(pid) for name, pid in families.items()}
                    list(pool.map(lambda desk, each=each: desk.work(each), desks))
                used = {
                    name: _processor_seconds(pid) - before[name] for name, pid in families.items()
                }
                self._tell(together, waiting, desks, used)

    def _tell(
        self, together: int, waiting: int, desks: list["_Desk"], used: dict[str, float]
    ) -> None:
        steps = [seconds for desk in desks for seconds in desk.steps]
        pages = [seconds for desk in desks for seconds in desk.pages]
        size = sum(desk.bytes for desk in desks) / len(pages) / 1024
        each = ", ".join(f"{1000 * s / len(steps):.0f} ms {name}" for name, s in used.items())
        self.stdout.write(
            f"{together} at once, {waiting} jobs waiting.\n"
            f"  decision to the next job's whole page: {benching.percentiles(steps)}\n"
            f"  of which the page itself:              {benching.percentiles(pages)}; "
            f"{size:.0f} kB\n"
            f"  processor time of one decision and the next page: {each}"
        )

    def _fill(self, wanted: int) -> None:
        call_command("load_election_pack", str(settings.BASE_DIR / PACK), verbosity=0)
        missing = wanted - Job.objects.waiting().filter(queue__slug=QUEUE).count()
        if missing <= 0:
            return
        started, at = perf_counter(), timezone.now()
        for n, text in enumerate(TEXTS):
            like = f"{benching.SLUG}-{n}-{at:%d%H%M%S}"
            row = intake.ItemIn(
                external_id=like,
                actor=intake.ActorIn(f"{like}-poster"),
                posted_at=POSTED_AT,
                text=text,
                language="nl",
                election=ELECTION,
            )
            intake.accept_items([(0, row)], by=Actor("client", benching.SLUG), at=at)
            assessing.assess_owed(now=timezone.now)
            if not Job.objects.filter(item__external_id=like, queue__slug=QUEUE).exists():
                raise CommandError(f"The screening opened no job for: {text}")
            self._multiply(like, text, copies=-(-missing // len(TEXTS)), at=at)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        made = Item.objects.count()
        self.stdout.write(f"{made} items with jobs stand after {perf_counter() - started:.0f} s.")

    def _multiply(self, like: str, text: str, *, copies: int, at: datetime) -> None:
        """Copy what was stored, with other words after it, so that only groups are alike."""
        rng = random.Random(like)  # noqa: S311 - words, no secrets
        names = list(Jurisdiction.objects.values_list("name", flat=True)[:400])
        tails = [" ".join(map(str, rng.choices(names, k=30))) for _ in range(copies // ALIKE + 1)]
        hashes = [likeness.simhash(f"{text} {tail}") or 0 for tail in tails]
        bands = list(zip(*map(likeness.bands, hashes), strict=True))
        values: dict[str, Any] = {
            "like": like, "copies": copies, "at": at, "alike": ALIKE, "per_actor": PER_ACTOR,
            "groups": list(range(len(tails))), "tails": tails,
            "hashes": [likeness.as_signed(value) for value in hashes],
            "a": list(bands[0]), "b": list(bands[1]), "c": list(bands[2]), "d": list(bands[3]),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_MULTIPLY, values)


def _postmaster() -> int:
    """Return the process that all of the database's processes descend from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _stat(cursor.fetchone()[0])[1]


def _processor_seconds(head: int) -> float:
    """Add up the processor time of a process and of its children, those that ended included."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            pid, parent, used, of_ended = _stat(int(folder.name))
            ticks += used if head in (pid, parent) else 0
            ticks += of_ended if pid == head else 0
    return ticks / sysconf("SC_CLK_TCK")


def _stat(pid: int) -> tuple[int, int, int, int]:
    """Read a process's number, its parent's, its own ticks and those of children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (
        pid,
        int(fields[1]),
        int(fields[11]) + int(fields[12]),
        int(fields[13]) + int(fields[14]),
    )


@contextmanager
def _web(port: int) -> Iterator[int]:
    """Run the house's own web process on this database until the measuring is done."""
    where = [f"WEB_BIND=127.0.0.1:{port}", f"WAARBORG_BASE_URL=http://127.0.0.1:{port}"]
    command = ["env", *where, "WAARBORG_DEMO=1", *entrypoint.web()]
    web = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603 - our own words
    try:
        for _try in range(240):
            if entrypoint.answers(f"http://127.0.0.1:{port}/readyz"):
                break
            if web.poll() is not None:
                raise CommandError("The web process stopped before it answered.")
            time.sleep(0.5)
        yield web.pid
    finally:
        web.terminate()
        web.wait(timeout=30)


def _moderator(n: int) -> User:
    user = open_account(email=f"bench{n}@waarborg.example", alias=f"B{n}", roles=[Role.MODERATOR])
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


class _Desk:
    """One moderator's browser: a kept connection, a session, and what it measured."""

    def __init__(self, user: User, queue: Queue, port: int) -> None:
        self.queue, self.port, self.bytes = queue, port, 0
        self.steps: list[float] = []
        self.pages: list[float] = []
        self._policy = _policy_value()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        request = RequestFactory().get("/")
        self._token = get_token(request)
        self._headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
            f"{settings.CSRF_COOKIE_NAME}={request.META['CSRF_COOKIE']}",
            "Accept-Language": "nl",
        }
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._at = ""

    def warm(self) -> None:
        """Read a first job's page until every thread of the web has its code and connection."""
        for _again in range(3):
            self._at = self._send(reverse("take_next", args=[self.queue.slug]), {})
        for _again in range(WARM):
            self._read(self._at)

    def work(self, decisions: int) -> None:
        """Decide so many jobs, one after the other, and read each next page."""
        for n in range(decisions):
            started = perf_counter()
            self._at = self._send(f"{self._at}decide/", self._answer(n))
            opened = perf_counter()
            self.bytes += self._read(self._at)
            self.steps.append(perf_counter() - started)
            self.pages.append(perf_counter() - opened)

    def _answer(self, n: int) -> dict[str, str]:
        """Two thirds need nothing; the others get a label or are removed, with words."""
        if n % 3:
            return {"action": "no_action", "seen_version": "1"}
        action = "label" if n % 2 else "remove"
        words = "De datum klopt niet met wat de Kiesraad zegt."
        return {"action": action, "policy": self._policy, "reasoning": words, "seen_version": "1"}

    def _send(self, path: str, fields: dict[str, str]) -> str:
        body = urlencode({**fields, "csrfmiddlewaretoken": self._token})
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        self._line.request("POST", path, body, headers)
        answer = self._line.getresponse()
        answer.read()
        where = urlsplit(answer.headers.get("Location", "")).path
        if answer.status != http.client.FOUND or "/jobs/" not in where:
            raise CommandError(f"{path} answered {answer.status} and led to {where or 'nothing'}.")
        return where

    def _read(self, path: str) -> int:
        self._line.request("GET", path, headers=self._headers)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise CommandError(f"{path} answered {answer.status}.")
        return len(body)


def _policy_value() -> str:
    live = Policy.objects.filter(slug="voting-dates-and-places", retired_at=None)
    policy = live.latest("version")
    return f"{policy.slug}@{policy.version}"
