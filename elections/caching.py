"""Public pages from memory: the same answer for everybody, without the database, never old.

A view marked `public` gets an ETag, `Cache-Control` and surrogate keys for a CDN. The middleware,
outermost of all, keeps its answer in this process: fresh for ten seconds, and while one request
makes it anew the others still get the last one. So a change is everywhere within a minute, CDN
included, however many people ask.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

FRESH = 10.0  # seconds from memory without a look
STALE = 20.0  # seconds in which others wait for nobody while one request looks
SHARED = 20  # seconds in a CDN; FRESH + STALE + SHARED stays under a minute
ASKED = {"lang", "place", "where", "accessible", "open", "page", "topic", "format"}
MOST_ENTRIES = 4000
MOST_BYTES = 64 * 1024 * 1024
SMALL = 500  # bytes under which packing is not worth it
PACKED_TYPES = ("text/", "application/json", "application/atom+xml", "application/ld+json")

View = Callable[..., HttpResponse]


def public(*, cors: bool = False) -> Callable[[View], View]:
    """Mark a view whose answer depends on its address and the clock alone."""

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return mark_public(view(request, *args, **kwargs), cors=cors, **kwargs)

        return marked

    return decorate


def mark_public(response: HttpResponse, *, cors: bool = False, **kwargs: Any) -> HttpResponse:
    """Say in the headers that this answer may be shared, and which facts it depends on."""
    if response.status_code not in {200, 302}:
        return response
    response["Cache-Control"] = f"public, max-age={SHARED}, stale-while-revalidate={SHARED // 2}"
    response["Surrogate-Key"] = " ".join(
        ["elections", *([f"election-{kwargs['election']}"] if kwargs.get("election") else [])]
    )
    if cors:
        response["Access-Control-Allow-Origin"] = "*"
    response.is_public = True  # type: ignore[attr-defined]
    return response


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer in memory."""

    status: int
    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes
    packed: bytes
    made: float


class Memory:
    """The answers of this process, the least used first to go; safe to share among threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._being_made: set[str] = set()

    def find(self, key: str) -> Kept | None:
        """Return an answer to give now; None makes the caller look, one caller at a time."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            age = self._clock() - kept.made
            if age >= FRESH and (age >= FRESH + STALE or key not in self._being_made):
                self._being_made.add(key)
                return None
            self._kept.move_to_end(key)
            return kept

    def keep(self, key: str, kept: Kept) -> None:
        """Remember an answer, and forget what was not asked for longest when there is no room."""
        with self._lock:
            self._forget(key)
            self._kept[key] = kept
            self._bytes += len(kept.body) + len(kept.packed)
            while len(self._kept) > MOST_ENTRIES or self._bytes > MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def done(self, key: str) -> None:
        """Let the next caller look, also after a failure."""
        with self._lock:
            self._being_made.discard(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._being_made.clear()
            self._bytes = 0

    def now(self) -> float:
        """Read the clock."""
        return self._clock()

    def _forget(self, key: str) -> None:
        if old := self._kept.pop(key, None):
            self._bytes -= len(old.body) + len(old.packed)


memory = Memory()


class PublicPagesMiddleware:
    """Gives public answers from memory; everything else passes by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, or let the house answer and remember what is public."""
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        key = _key(request)
        if kept := memory.find(key):
            return _answer(request, kept)
        try:
            response = self.get_response(request)
            if not getattr(response, "is_public", False) or request.method == "HEAD":
                return response
            kept = _kept(response, made=memory.now())
            memory.keep(key, kept)
            return _answer(request, kept)
        finally:
            memory.done(key)


def _key(request: HttpRequest) -> str:
    """Name what was asked: what an address says beyond our own questions changes nothing."""
    query = request.META.get("QUERY_STRING", "")
    asked = [pair for pair in parse_qsl(query) if pair[0] in ASKED] if query else []
    host = request.META.get("HTTP_HOST", "")
    return f"{request.scheme} {host} {request.path} {sorted(asked)}"


def _kept(response: HttpResponse, *, made: float) -> Kept:
    """Strip an answer of what belongs to one reader, and pack it."""
    body = response.content
    del response["Vary"]
    response.cookies.clear()
    patch_vary_headers(response, ["Accept-Encoding"])
    kind = response.get("Content-Type", "")
    worth = len(body) >= SMALL and kind.startswith(PACKED_TYPES)
    return Kept(
        status=response.status_code,
        headers=tuple((k, v) for k, v in response.items() if k.lower() != "content-length"),
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        body=body,
        packed=gzip.compress(body, 6, mtime=0) if worth else b"",
        made=made,
    )


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Answer with the body, packed where the reader can, or with "not modified"."""
    if kept.status == 200 and kept.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304)
    else:
        packed = bool(kept.packed) and "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        body = kept.packed if packed else kept.body
        response = HttpResponse(body, status=kept.status)
        if packed:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(body))
    for name, value in kept.headers:
        if response.status_code != 304 or name.lower() != "content-type":
            response[name] = value
    if kept.status == 200:
        response["ETag"] = f"W/{kept.etag}" if kept.packed else kept.etag
    return response
