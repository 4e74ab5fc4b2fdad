"""`manage.py bench_intake FILE …`: labelled posts through a running house's own front door.

The posts go in over HTTP, as a platform sends them; what came of them is read from the stored
signals and jobs. For an instance made for it: the elections of the facts file are loaded, and the
posts stay.
"""

import json
import secrets
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F
from django.utils import timezone

from elections.evaluating import Figures, Row, as_report, count, row_from
from elections.facts import FactSheet
from elections.fusing import Verdict
from elections.jsonl import read_lines
from elections.packs import PackError, read_election_packs
from elections.screening import Outcome
from elections.services import load_pack
from integrity.people.choices import Scope
from integrity.people.services import issue_key
from moderation.choices import AssessmentState
from moderation.models import Assessment, Job, Proposition, Signal
from moderation.services.findings import SOURCE

WAIT = timedelta(minutes=10)
SOME_REFUSED = 422


@dataclass(slots=True)
class Sent:
    """One file: its rows, and what the API said to each."""

    name: str
    raw: list[dict[str, Any]]
    labels: list[Row]
    elections: Collection[str] = ()
    call: int = 0
    seconds: float = 0.0
    accepted: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    # Rows of an election to come are refused as posted in the future, then sent as of now.
    dated_now: list[int] = field(default_factory=list)

    def key(self, n: int) -> str:
        """Give the platform's id of a row, unlike any other file's."""
        return f"bench-{self.name}-{n}"


class Command(BaseCommand):
    """Sends labelled posts, waits until they are read, and counts what is stored."""

    help = "Measure intake, screening and jobs of a running house with labelled posts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the house, the posts and the facts."""
        parser.add_argument("posts", nargs="+", help="labelled posts, JSON lines")
        parser.add_argument("--facts", required=True, help="the pack of their elections")
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        parser.add_argument("--call", type=int, default=100, help="rows a call, from the second on")
        parser.add_argument("--every", type=float, default=0.25, help="seconds between single rows")
        parser.add_argument("--json", type=Path, help="where the figures go as JSON")

    def handle(self, *, posts: list[str], url: str, **options: Any) -> None:
        """Send the first file row by row, the others in large calls; then report on each."""
        facts = self._load(options["facts"])
        _, key = issue_key(
            name="Bench", scopes=list(Scope), by=None, at=timezone.now(),
            key=f"wb_{secrets.token_urlsafe(32)}",
        )  # fmt: skip
        house = House(url, key)
        figures = {}
        for n, path in enumerate(posts):
            raw = [row for _, row in read_lines(path)]
            file = Sent(Path(path).stem, raw, [row_from(row, facts) for row in raw], facts)
            file.call = options["call"] if n else 1
            send(house, file, every=0.0 if n else options["every"])
            wait(file)
            figures[file.name] = self._report(file)
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")

    def _load(self, path: str) -> dict[str, FactSheet]:
        try:
            sheets = read_election_packs(path)
        except PackError as error:
            raise CommandError(str(error)) from error
        for sheet in sheets:
            report = load_pack(pack=publishable(sheet, path), by=None, at=timezone.now())
            if report.problems:
                raise CommandError("\n".join(report.problems))
        return {sheet.election: sheet for sheet in sheets}

    def _report(self, file: Sent) -> dict[str, Any]:
        items = {file.key(n): n for n in file.accepted}
        outcomes = stored_outcomes(items)
        screened = count([file.labels[n] for n in file.accepted], [outcomes[n] for n in items])
        wrong = [
            file.raw[n].get("id", n)
            for key, n in items.items()
            if file.labels[n].label in set(Verdict)
            and str(outcomes[key].verdict) != file.labels[n].label
        ]
        told = {
            "rows": len(file.raw),
            "accepted": len(file.accepted),
            "refused": file.refused,
            "dated_now": len(file.dated_now),
            "seconds_to_send": round(file.seconds, 2),
            "rows_a_call": file.call,
            **jobs_of(items, outcomes),
            "read": read_of(items),
            "wrong": wrong,
            "screening": screened.as_json(),
        }
        self.stdout.write(as_text(file.name, told, screened))
        return told


def publishable(sheet: FactSheet, path: str) -> FactSheet:
    """Give a sheet of the plain shape what the house asks of official facts: a source, a zone."""
    source = f"the set's own sheet ({Path(path).name})"
    facts = tuple(
        fact if fact.source_name else replace(fact, source_name=source) for fact in sheet.facts
    )
    return replace(sheet, facts=facts, time_zone=sheet.time_zone or "UTC")


class House:
    """The running house, by its address and a key."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {key}"

    def post(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send rows; return what became of each."""
        answer = self.session.post(f"{self.url}/api/v1/items", json=rows, timeout=60)
        if answer.status_code != SOME_REFUSED:
            answer.raise_for_status()
        results: list[dict[str, Any]] = answer.json()["results"]
        return results


def send(house: House, file: Sent, *, every: float) -> None:
    """Send a file's rows, so many a call; a row of the future again as of now."""
    started = time.monotonic()
    for first in range(0, len(file.raw), file.call):
        part = range(first, min(first + file.call, len(file.raw)))
        results = house.post([item_of(file, n) for n in part])
        early = [part[r["row"]] for r in results if r["field"] == "posted_at"]
        if early:
            file.dated_now += early
            again = house.post([item_of(file, n, at=timezone.now()) for n in early])
            results = [r for r in results if r["field"] != "posted_at"]
            results += [{**r, "row": early[r["row"]] - first} for r in again]
        for result in results:
            if result["status"] == "error":
                file.refused.append(f"{result['external_id']}: {result['message']}")
            else:
                file.accepted.append(part[result["row"]])
        time.sleep(every)
    file.seconds = time.monotonic() - started


def item_of(file: Sent, n: int, *, at: datetime | None = None) -> dict[str, Any]:
    """Write a labelled post as a platform would; each has an account of its own.

    An election that is not in the facts file is left out, as the API asks of who is unsure.
    """
    text = file.labels[n].text
    moment = at or text.posted_at or timezone.now()
    item = {
        "external_id": file.key(n),
        "actor": {"external_id": f"{file.key(n)}-account"},
        "posted_at": (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(),
        "text": text.text,
        "language": text.lang,
    }
    return item | ({"election": text.election} if text.election in file.elections else {})


def wait(file: Sent) -> None:
    """Wait until every accepted row has been read."""
    mine = Assessment.objects.filter(
        item_version__item__external_id__in=[file.key(n) for n in file.accepted]
    )
    deadline = time.monotonic() + WAIT.total_seconds()
    while mine.filter(state=AssessmentState.OWED).exists():
        if time.monotonic() > deadline:
            raise CommandError(f"{file.name}: not all read after {WAIT}. Does a worker run?")
        time.sleep(0.2)


def stored_outcomes(items: dict[str, int]) -> dict[str, Outcome]:
    """Rebuild each item's outcome from what is stored about it."""
    said = set(
        Proposition.objects.filter(item__external_id__in=items, superseded_at=None).values_list(
            "item__external_id", flat=True
        )
    )
    signals = {
        signal.item.external_id: signal
        for signal in Signal.objects.filter(
            item__external_id__in=items, source=SOURCE, superseded_at=None
        ).select_related("item")
    }
    return {
        key: Outcome(
            Verdict(signals[key].verdict) if key in signals else Verdict.NOT_PROCEDURAL,
            score=signals[key].score if key in signals else 0.0,
            passed=key in said or key in signals,
        )
        for key in items
    }


def jobs_of(items: dict[str, int], outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """Count the jobs that were opened, for which verdicts, and how soon."""
    jobs = Job.objects.filter(item__external_id__in=items).annotate(
        waited=F("opened_at") - F("item__received_at")
    )
    rows = list(jobs.values_list("item__external_id", "waited"))
    verdicts = [str(outcomes[key].verdict) for key, _ in rows]
    return {
        "jobs": len(rows),
        "jobs_by_verdict": {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))},
        "acceptance_to_job_ms": percentiles([waited for _, waited in rows]),
    }


def read_of(items: dict[str, int]) -> dict[str, Any]:
    """Count the readings, and how soon they were done."""
    found = Assessment.objects.filter(item_version__item__external_id__in=items)
    waited = found.filter(state=AssessmentState.DONE).annotate(
        waited=F("done_at") - F("item_version__received_at")
    )
    return {
        "done": waited.count(),
        "failed": found.filter(state=AssessmentState.FAILED).count(),
        "acceptance_to_reading_ms": percentiles(list(waited.values_list("waited", flat=True))),
    }


def percentiles(waited: Sequence[timedelta]) -> dict[str, float]:
    """Give the middle, the slow end and the slowest, in milliseconds."""
    if len(waited) < 2:
        return {}
    ms = [each.total_seconds() * 1000 for each in waited]
    cuts = statistics.quantiles(ms, n=100, method="inclusive")
    return {"p50": round(cuts[49]), "p95": round(cuts[94]), "most": round(max(ms))}


def as_text(name: str, told: dict[str, Any], screened: Figures) -> str:
    """Write the figures of one file for people."""
    lines = [
        f"== {name}",
        f"sent {told['rows']} rows, {told['rows_a_call']} a call, in {told['seconds_to_send']} s: "
        f"{told['accepted']} accepted, {len(told['refused'])} refused",
        f"of them first refused as posted in the future, then sent as of now: {told['dated_now']}",
        f"read {told['read']['done']}, failed {told['read']['failed']}; "
        f"acceptance to reading, ms: {told['read']['acceptance_to_reading_ms']}",
        f"jobs opened {told['jobs']} {told['jobs_by_verdict']}; "
        f"acceptance to job, ms: {told['acceptance_to_job_ms']}",
        as_report(screened),
        f"wrong: {', '.join(map(str, told['wrong'])) or 'none'}",
    ]
    return "\n".join([*lines, *told["refused"]])
