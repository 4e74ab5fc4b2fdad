"""Measures re-screening: many items speak of a fact, the fact is corrected, the queue follows.

It commits like the real thing, so it runs in a database of its own only (`make bench-rescreen`).
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from os import sysconf
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from elections.facts import Fact, FactSheet
from elections.models import Election, FactChange
from elections.services import correct_fact, load_pack
from elections.services.publishing import Statement
from integrity.audit.services import Actor
from moderation.models import Following, Item
from moderation.services import assessing, following, intake
from moderation.sweeping import BATCH

SLUG = "bench-rescreen"
VOTING_DAY = date(2026, 3, 18)
POSTED_AT = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)
# What is said of the day, and how many of ten say it: half right, half wrong before the change.
TEXTS = (
    ("Stemmen kan op woensdag 18 maart.", 5),
    ("Let op: je kunt pas donderdag 19 maart stemmen!", 5),
)
_MULTIPLY = """
WITH like_this AS (
  SELECT i.*, v.text, v.content_hash, v.id AS version_id FROM moderation_item i
    JOIN moderation_itemversion v ON v.item_id = i.id WHERE i.external_id = %(like)s
), items AS (
  INSERT INTO moderation_item (public_id, external_id, actor_id, election_id, place_id, kind,
      language, url, posted_at, received_at, version, views, views_to_come)
  SELECT gen_random_uuid(), external_id || '-' || n, actor_id, election_id, place_id, kind,
      language, url, posted_at, received_at, 1, 0, 0
    FROM like_this, generate_series(1, %(copies)s) n RETURNING id
), versions AS (
  INSERT INTO moderation_itemversion (item_id, version, text, transcript, on_screen, language,
      content_hash, received_at)
  SELECT items.id, 1, text, '', '', language, content_hash, received_at FROM items, like_this
  RETURNING id, item_id
), said AS (
  INSERT INTO moderation_proposition (item_id, item_version_id, field, key, value, polarity,
      stance, election_id, place_id, span_start, span_end, frame, model_version, created_at)
  SELECT v.item_id, v.id, p.field, p.key, p.value, p.polarity, p.stance, p.election_id,
      p.place_id, p.span_start, p.span_end, p.frame, p.model_version, p.created_at
    FROM versions v, moderation_proposition p, like_this
   WHERE p.item_version_id = like_this.version_id
  RETURNING id, item_id, item_version_id
), found AS (
  INSERT INTO moderation_signal (public_id, item_id, item_version_id, source, verdict, score,
      topic, stance, proposition_id, fact_id, field, claimed, official, reasons, because,
      model_version, created_at)
  SELECT gen_random_uuid(), said.item_id, said.item_version_id, s.source, s.verdict, s.score,
      s.topic, s.stance, said.id, s.fact_id, s.field, s.claimed, s.official, s.reasons, '',
      s.model_version, s.created_at
    FROM said, moderation_signal s, like_this WHERE s.item_version_id = like_this.version_id
  RETURNING id, item_id, item_version_id, verdict
)
INSERT INTO moderation_job (public_id, item_id, item_version_id, queue_id, state, harm, reasons,
    inputs, routed_by_id, opened_at)
SELECT gen_random_uuid(), found.item_id, found.item_version_id, j.queue_id, 'waiting', j.harm,
    j.reasons, j.inputs, j.routed_by_id, j.opened_at
  FROM found, moderation_job j, like_this WHERE j.item_version_id = like_this.version_id
"""


class Command(BaseCommand):
    """Fills, corrects the fact, follows, prints how long it took and what it did."""

    help = "Measure how fast stored propositions follow a corrected fact. Needs an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how many items and how large a batch."""
        parser.add_argument("--items", type=int, default=100_000)
        parser.add_argument("--batch", type=int, default=BATCH)

    def handle(self, *args: Any, items: int, batch: int, **options: Any) -> None:
        """Fill, correct, follow, print."""
        if Item.objects.exclude(external_id__startswith=SLUG).exists():
            raise CommandError("There are items here: this bench wants a database of its own.")
        election = self._election()
        self._fill(election, items - Item.objects.filter(election=election).count())
        day = election.facts.current().get(key="voting_day")
        other = VOTING_DAY + timedelta(days=day.value == VOTING_DAY.isoformat())
        statement = Statement(value=other.isoformat(), source_name="Kiesraad")
        correct_fact(fact=day, statement=statement, by=None, at=timezone.now())
        started, batches = perf_counter(), count()
        ours, servers = process_time(), _server_seconds()
        while following.follow_one_batch(at=timezone.now(), batch=batch) is not None:
            next(batches)
        took = perf_counter() - started
        self._report(took, next(batches))
        self.stdout.write(
            f"Processor time: {process_time() - ours:.0f} s here, "
            f"{_server_seconds() - servers:.0f} s in PostgreSQL's process."
        )

    def _report(self, took: float, batches: int) -> None:
        did = Following.objects.order_by("-started_at").first()
        assert did is not None  # the change was followed just now
        self.stdout.write(
            f"{did.compared} items in {took:.0f} s ({did.compared / took:.0f} a second), "
            f"{batches} batches: {did.altered} findings changed, {did.opened} jobs opened, "
            f"{did.reopened} opened again, {did.closed} closed."
        )

    def _election(self) -> Election:
        sheet = FactSheet(
            election=SLUG,
            name={"nl": "Gemeenteraadsverkiezingen 2026", "en": "Municipal elections 2026"},
            country="NL",
            time_zone="Europe/Amsterdam",
            voting_days=(VOTING_DAY,),
            facts=(Fact("voting_day", VOTING_DAY.isoformat(), source_name="Kiesraad"),),
        )
        if not Election.objects.filter(slug=SLUG).exists():
            load_pack(pack=sheet, by=None, at=timezone.now())
        FactChange.objects.filter(followed_at=None).update(followed_at=timezone.now())
        return Election.objects.get(slug=SLUG)

    def _fill(self, election: Election, wanted: int) -> None:
        """Read each text once for real, then copy what was stored."""
        if wanted <= 0:
            return
        started, at = perf_counter(), timezone.now()
        for n, (text, share) in enumerate(TEXTS):
            name = f"{SLUG}-{n}-{at:%H%M%S}"
            row = intake.ItemIn(
                external_id=name,
                actor=intake.ActorIn(f"{SLUG}-account"),
                posted_at=POSTED_AT,
                text=text,
                language="nl",
                election=SLUG,
            )
            intake.accept_items([(0, row)], by=Actor("client", SLUG), at=at)
            assessing.assess_owed(now=timezone.now)
            with connection.cursor() as cursor:
                cursor.execute(_MULTIPLY, {"like": name, "copies": wanted * share // 10 - 1})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{wanted} items made in {perf_counter() - started:.0f} s.")


def _server_seconds() -> float:
    """Return the processor time of the server's process for us, where this machine tells it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / sysconf("SC_CLK_TCK")
