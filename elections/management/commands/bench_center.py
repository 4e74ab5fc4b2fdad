"""`manage.py bench_center`: ask the Election Center's pages as hard as this machine can.

Speaks HTTP/1.1 over kept connections, reads every answer whole, and counts what each took. With
`--change` it publishes a notice under that load and waits until a voter would see it.
"""

import asyncio
import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections import services
from elections.choices import IncidentKind
from elections.models import Election, IncidentNotice

MARK = "Proef: dit bericht meet hoe snel een wijziging zichtbaar is."


class Command(BaseCommand):
    """Measures requests a second, their times, and how soon a change is visible."""

    help = "Load the Election Center of a running server (loopback)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what to ask and for how long."""
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        parser.add_argument("--election", default="nl-gr2026")
        parser.add_argument("--seconds", type=float, default=10.0)
        parser.add_argument("--connections", type=int, default=32)
        parser.add_argument(
            "--cold", action="store_true", help="do not ask for each page once before measuring"
        )
        parser.add_argument(
            "--change", action="store_true", help="measure a change, in an election to come"
        )

    def handle(self, **options: Any) -> None:
        """Run the load and print what was measured as JSON."""
        address = urlsplit(options["url"])
        election = options["election"]
        places = Election.objects.get(slug=election).places.order_by("code")
        one, other = places.values_list("code", flat=True)[:2]
        paths = [
            f"/{election}/",
            f"/{election}/?lang=en",
            f"/{election}/?place={one}",
            f"/{election}/ballot_marking/?place={other}",
            f"/{election}/facts/",
        ]
        notices: list[IncidentNotice] = []

        def announce() -> None:
            notices.append(self._announce(election))

        try:
            measured = asyncio.run(
                _load(
                    address.hostname or "127.0.0.1",
                    address.port or 80,
                    paths,
                    seconds=options["seconds"],
                    connections=options["connections"],
                    announce=announce if options["change"] else None,
                    cold=options["cold"],
                )
            )
        finally:
            for notice in notices:
                services.withdraw_incident(
                    incident=notice, reason="bench", by=None, at=timezone.now()
                )
        self.stdout.write(json.dumps(measured, indent=2))
        if measured["failed"] or (options["change"] and measured["change_visible_s"] is None):
            raise CommandError("Not every request was answered, or the change was not seen.")

    def _announce(self, slug: str) -> IncidentNotice:
        election = Election.objects.get(slug=slug)
        place = election.places.order_by("code")[0]
        return services.publish_incident(
            election=election,
            kind=IncidentKind.OTHER,
            place=place,
            message={"nl": MARK, "en": MARK},
            source_name="bench_center",
            starts_at=timezone.now(),
            by=None,
            at=timezone.now(),
        )


async def _load(
    host: str,
    port: int,
    paths: list[str],
    *,
    seconds: float,
    connections: int,
    announce: Callable[[], None] | None,
    cold: bool,
) -> dict[str, Any]:
    """Ask over many connections at once until the time is over."""
    for path in [] if cold else paths:  # a warm start: each page made once
        await _ask_for(host, port, [path], until=time.perf_counter(), awaited="")
    started = time.perf_counter()
    told = asyncio.create_task(_tell(announce, after=min(3.0, seconds / 4)))
    runs = await asyncio.gather(
        *(
            _ask_for(
                host,
                port,
                paths[n % len(paths) :] + paths[: n % len(paths)],
                until=started + seconds,
                awaited=MARK if announce else "",
            )
            for n in range(connections)
        ),
        return_exceptions=True,
    )
    took = time.perf_counter() - started
    good = [run for run in runs if not isinstance(run, BaseException)]
    times = sorted(ms for run in good for ms in run[0])
    told_at = await told
    seen = [run[1] - told_at for run in good if run[1] is not None]
    return {
        "requests": len(times),
        "failed": len(runs) - len(good),
        "per_second": round(len(times) / took),
        "p50_ms": round(times[len(times) // 2], 1) if times else None,
        "p99_ms": round(times[int(len(times) * 0.99)], 1) if times else None,
        "worst_ms": round(times[-1], 1) if times else None,
        "change_first_seen_s": round(min(seen), 1) if seen else None,
        "change_visible_s": round(max(seen), 1) if len(seen) == len(good) and seen else None,
    }


async def _tell(announce: Callable[[], None] | None, *, after: float) -> float:
    """Publish the change in the midst of the load; returns when that was."""
    await asyncio.sleep(after)
    if announce:
        await asyncio.to_thread(announce)
    return time.perf_counter()


async def _ask_for(
    host: str, port: int, paths: list[str], *, until: float, awaited: str
) -> tuple[list[float], float | None]:
    """Ask for pages in turn over one connection; note when a page first holds the awaited text."""
    reader, writer = await asyncio.open_connection(host, port)
    wanted, seen = awaited.encode(), None
    times: list[float] = []
    try:
        for turn in range(10**9):
            begun = time.perf_counter()
            if times and begun >= until:
                break
            path = paths[turn % len(paths)]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise CommandError(f"{path}: {head.splitlines()[0].decode()}")
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().splitlines()
                if line.startswith(b"content-length")
            )
            body = await reader.readexactly(length)
            times.append((time.perf_counter() - begun) * 1000)
            if wanted and seen is None and wanted in body:
                seen = time.perf_counter()
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection(host, port)
    finally:
        writer.close()
    return times, seen
