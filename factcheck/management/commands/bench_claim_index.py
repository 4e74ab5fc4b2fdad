"""Measures the index of claims on generated vectors: build, memory, speed, and how much it misses.

The vectors are generated, not of real claims: topics lie in a space of few dimensions, claims lie
around their topic, and a query is a claim with noise, as a paraphrase is. Everything stands in a
table of its own, of the columns and with the index of the product's, asked by the product's query.
"""

import statistics
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand
from django.db import connection
from numpy.typing import NDArray

from factcheck.matching import BY_MEANING, EF_SEARCH, NEAREST, literal
from factcheck.models import ClaimVector
from factcheck.models.claims import DIMENSIONS
from integrity.classifiers.claim_matching import encoder

TABLE = "bench_claimvector"
CHUNK = 20_000
SEED = 2026
# Topics span so many dimensions, as sentences about one subject do; claims lie this far around.
LATENT, CLAIMS_A_TOPIC = 96, 50
AROUND_TOPIC, AROUND_CLAIM = 0.6, 0.35
TOP = 10

# A row as PostgreSQL's binary COPY reads it: two fields, each after its length.
_ROW = np.dtype(
    [
        ("fields", ">i2"), ("id_size", ">i4"), ("id", ">i8"),
        ("vector_size", ">i4"), ("dimensions", ">i2"), ("unused", ">i2"),
        ("vector", ">f2", DIMENSIONS),
    ]
)  # fmt: skip
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"

Floats = NDArray[np.float32]


class Command(BaseCommand):
    """Fills a temporary table, builds the index, asks, and compares with exact search."""

    help = "Measure the index of claims on generated vectors; nothing is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how many claims and queries, and how much memory the build may take."""
        parser.add_argument("--claims", type=int, default=1_000_000)
        parser.add_argument("--queries", type=int, default=500)
        parser.add_argument("--memory", default="3GB", help="maintenance_work_mem of the build")
        parser.add_argument("--ef", type=int, nargs="*", default=[EF_SEARCH], help="ef_search")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, build, ask, print."""
        queries, exact = self._fill(claims=options["claims"], queries=options["queries"])
        self._build(options["memory"])
        for ef in options["ef"]:
            self._ask(queries, exact, ef=ef)

    def _fill(self, *, claims: int, queries: int) -> tuple[Floats, NDArray[np.int64]]:
        made = Made(claims=claims, queries=queries)
        started = perf_counter()
        with connection.cursor() as cursor:
            # Of this connection alone and gone with it: no right on other tables is needed.
            cursor.execute("SET temp_buffers = '2GB'")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {TABLE} (claim_id bigint PRIMARY KEY, "
                f"encoder varchar(80) NOT NULL DEFAULT '{encoder.VERSION}', "
                f"vector halfvec({DIMENSIONS}) NOT NULL)"
            )
            with cursor.copy(f"COPY {TABLE} (claim_id, vector) FROM STDIN (FORMAT binary)") as copy:
                copy.write(_HEADER)
                for first, vectors in made.chunks():
                    copy.write(_rows(first, vectors))
                copy.write(_END)
            cursor.execute(f"ANALYZE {TABLE}")
        self.stdout.write(
            f"{claims:,} generated claims in {claims // CLAIMS_A_TOPIC:,} topics, filled in "
            f"{perf_counter() - started:.0f} s; exact neighbours of {queries} queries known"
        )
        return made.queries, made.nearest()

    def _build(self, memory: str) -> None:
        (index,) = ClaimVector._meta.indexes
        parameters = f"m = {index.m}, ef_construction = {index.ef_construction}"
        started = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = %s", [memory])
            cursor.execute(
                f"CREATE INDEX ON {TABLE} USING hnsw (vector halfvec_ip_ops) WITH ({parameters})"
            )
            took = perf_counter() - started
            cursor.execute("SELECT pg_backend_pid()")
            peak = _peak_memory(int(cursor.fetchone()[0]))
            cursor.execute(f"SELECT pg_table_size('{TABLE}'), pg_indexes_size('{TABLE}')")
            table, indexes = cursor.fetchone()
        self.stdout.write(
            f"index ({parameters}): built in {took:.0f} s with {memory}; "
            f"{indexes / 2**20:,.0f} MB of index on {table / 2**20:,.0f} MB of rows; "
            f"peak memory of the building process {peak}"
        )

    def _ask(self, queries: Floats, exact: NDArray[np.int64], *, ef: int) -> None:
        asked = NEAREST.replace(ClaimVector._meta.db_table, TABLE)
        times, found = [], []
        with connection.cursor() as cursor:
            cursor.execute(f"SET hnsw.ef_search = {ef:d}")
            for warm in (True, False):
                for query in queries:
                    started = perf_counter()
                    cursor.execute(asked, [encoder.VERSION, literal(query), BY_MEANING])
                    rows = [row[0] for row in cursor.fetchall()]
                    if not warm:
                        times.append((perf_counter() - started) * 1000)
                        found.append(rows[:TOP])
        hits = sum(len(set(f) & set(e.tolist())) for f, e in zip(found, exact, strict=True))
        cuts = statistics.quantiles(times, n=100)
        self.stdout.write(
            f"{len(times)} queries, ef_search {ef}, nearest {BY_MEANING}: "
            f"p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms; "
            f"recall@{TOP} against exact search {hits / (TOP * len(found)):.4f}"
        )


class Made:
    """Generated claims, the queries beside them, and which claims are truly nearest."""

    def __init__(self, *, claims: int, queries: int) -> None:
        self.claims = claims
        self.random = np.random.default_rng(SEED)
        self.spread = self.random.standard_normal((LATENT, DIMENSIONS)).astype(np.float32)
        self._size = float(np.linalg.norm(self.spread))
        self.topics = self._latent(max(1, claims // CLAIMS_A_TOPIC), 1.0)
        picked = self.random.choice(claims, size=queries, replace=False)
        self.picked = {int(claim): n for n, claim in enumerate(picked)}
        self.queries: Floats = np.zeros((queries, DIMENSIONS), dtype=np.float32)
        self._kept: list[tuple[int, Floats]] = []
        self._scores = np.full((queries, TOP), -np.inf, dtype=np.float32)
        self._ids = np.zeros((queries, TOP), dtype=np.int64)

    def chunks(self) -> Iterator[tuple[int, Floats]]:
        """Yield the claims, as the database rounds them; queries are made beside their claim."""
        for first in range(0, self.claims, CHUNK):
            size = min(CHUNK, self.claims - first)
            about = self.topics[self.random.integers(0, len(self.topics), size)]
            vectors = _unit((about + self._latent(size, AROUND_TOPIC)) @ self.spread)
            vectors = vectors.astype(np.float16).astype(np.float32)
            for claim in range(first, first + size):
                if claim in self.picked:
                    noise = self._latent(1, AROUND_CLAIM) @ self.spread
                    near = vectors[claim - first] + noise[0] / self._size
                    self.queries[self.picked[claim]] = _unit(near[None].astype(np.float32))[0]
            self._kept.append((first, vectors.astype(np.float16)))
            yield first, vectors

    def nearest(self) -> NDArray[np.int64]:
        """Return the true ten nearest of each query, by comparing with every claim."""
        for first, vectors in self._kept:
            scores = self.queries @ vectors.astype(np.float32).T
            ids = np.arange(first, first + len(vectors))
            both = np.concatenate([self._scores, scores], axis=1)
            known = np.concatenate([self._ids, np.broadcast_to(ids, scores.shape)], axis=1)
            best = np.argpartition(-both, TOP - 1, axis=1)[:, :TOP]
            self._scores = np.take_along_axis(both, best, axis=1)
            self._ids = np.take_along_axis(known, best, axis=1)
        self._kept = []
        return self._ids

    def _latent(self, rows: int, around: float) -> Floats:
        return self.random.standard_normal((rows, LATENT), dtype=np.float32) * np.float32(around)


def _unit(rows: NDArray[Any]) -> Floats:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _rows(first: int, vectors: Floats) -> bytes:
    rows = np.zeros(len(vectors), dtype=_ROW)
    rows["fields"], rows["id_size"] = 2, 8
    rows["id"] = np.arange(first, first + len(vectors))
    rows["vector_size"] = 4 + 2 * DIMENSIONS
    rows["dimensions"], rows["vector"] = DIMENSIONS, vectors.astype(np.float16)
    return rows.tobytes()


def _peak_memory(pid: int) -> str:
    """Read how much memory a process of this machine took at most; unknown elsewhere."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        kilobytes = next(line.split()[1] for line in status.splitlines() if "VmHWM" in line)
        return f"{int(kilobytes) / 1024:,.0f} MB"
    except (OSError, StopIteration):
        return "not measured"
