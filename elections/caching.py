"""Public pages from memory: the same answer for everybody, without the database, never old.

A view marked `public` gets an ETag, `Cache-Control` and surrogate keys for a CDN. The middleware,
outermost of all, keeps its answer in this process, and the door gives it out: fresh for ten
seconds, and while one request makes it anew the others still get the last one. So a change is
everywhere within a minute, CDN included, however many people ask.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

FRESH = 10.0  # seconds from memory without a look
STALE = 20.0  # seconds in which others wait for nobody while one request looks
SHARED = 20  # seconds in a CDN; FRESH + STALE + SHARED stays under a minute
ASKED = {
    "lang",
    "place",
    "where",
    "accessible",
    "need",
    "open",
    "page",
    "topic",
    "format",
    "contest",
}
ALL_ELECTIONS = "elections"
MOST_ENTRIES = 4000
MOST_BYTES = 64 * 1024 * 1024
LONGEST_WAIT = 1.0  # seconds for somebody else's making of a page
SMALL = 500  # bytes under which packing is not worth it
PACKED_TYPES = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/rss+xml",
    "application/ld+json",
)

View = Callable[..., HttpResponse]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def public(*, cors: bool = False) -> Callable[[View], View]:
    """Mark a view whose answer depends on its address and the clock alone."""

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return mark_public(view(request, *args, **kwargs), cors=cors, **kwargs)

        return marked

    return decorate


def surrogate_key(election: str) -> str:
    """Name everything that depends on one election, for a CDN."""
    return f"election-{election}"


def mark_public(response: HttpResponse, *, cors: bool = False, **kwargs: Any) -> HttpResponse:
    """Say in the headers that this answer may be shared, and which facts it depends on."""
    if response.status_code not in {200, 302}:
        return response
    response["Cache-Control"] = f"public, max-age={SHARED}, stale-while-revalidate={SHARED // 2}"
    keys = [ALL_ELECTIONS, *([surrogate_key(kwargs["election"])] if kwargs.get("election") else [])]
    response["Surrogate-Key"] = " ".join(keys)
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
        self._being_made: dict[str, threading.Event] = {}
        self._roots: set[str] = set()

    def find(self, key: str, *, look: bool = True) -> Kept | None:
        """Return an answer to give now; None makes the caller look, one caller at a time.

        Without `look`, None promises nothing: the caller passes the question on.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                age = self._clock() - kept.made
                if age < FRESH or (age < FRESH + STALE and key in self._being_made):
                    self._kept.move_to_end(key)
                    return kept
                if look:
                    self._being_made.setdefault(key, threading.Event())
                return None
            if not look or _root(key) not in self._roots:
                return None
            made = self._being_made.get(key)
            if made is None:
                self._being_made[key] = threading.Event()
                return None
        # Somebody is making a page that nobody has yet: a second maker would only slow the first.
        made.wait(LONGEST_WAIT)
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: str, kept: Kept) -> None:
        """Remember an answer, and forget what was not asked for longest when there is no room."""
        with self._lock:
            self._forget(key)
            self._kept[key] = kept
            self._roots.add(_root(key))
            self._bytes += len(kept.body) + len(kept.packed)
            while len(self._kept) > MOST_ENTRIES or self._bytes > MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def done(self, key: str) -> None:
        """Let the next caller look, also after a failure."""
        with self._lock:
            made = self._being_made.pop(key, None)
        if made is not None:
            made.set()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._being_made.clear()
            self._roots.clear()
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
        # An editor's preview is a request of the house to itself: it shows a draft.
        if request.method not in {"GET", "HEAD"} or getattr(request, "is_dummy", False):
            return self.get_response(request)
        key = _key(request.META)
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


def at_the_door(application: Application) -> Application:
    """Answer from memory before Django builds a request at all; ask it for everything else."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        kept = None
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            kept = memory.find(_key(environ), look=False)
        if kept is None:
            return application(environ, start_response)
        status, headers, body = _parts(environ, kept)
        start_response(f"{status} {responses[status]}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return answer


def _key(environ: Mapping[str, Any]) -> str:
    """Name what was asked: what an address says beyond our own questions changes nothing."""
    query = environ.get("QUERY_STRING", "")
    asked = sorted(pair for pair in parse_qsl(query) if pair[0] in ASKED) if query else ""
    secure = "https" in (environ.get("wsgi.url_scheme"), environ.get("HTTP_X_FORWARDED_PROTO"))
    return f"{secure} {environ.get('HTTP_HOST', '')} {environ.get('PATH_INFO', '')} {asked}"


def _root(key: str) -> str:
    """Name the first part of an address: below it lie pages that are the same for everybody."""
    path = key.split(" ", 3)[2]
    return path[1:].partition("/")[0]


def _kept(response: HttpResponse, *, made: float) -> Kept:
    """Strip an answer of what belongs to one reader, and pack it."""
    body = response.content
    del response["Vary"]
    response.cookies.clear()
    patch_vary_headers(response, ["Accept-Encoding"])
    kind = response.get("Content-Type", "")
    worth = len(body) >= SMALL and kind.startswith(PACKED_TYPES)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = [(k, v) for k, v in response.items() if k.lower() != "content-length"]
    if response.status_code == 200:
        headers.append(("ETag", f"W/{etag}" if worth else etag))
    return Kept(
        status=response.status_code,
        headers=tuple(headers),
        etag=etag,
        body=body,
        packed=gzip.compress(body, 6, mtime=0) if worth else b"",
        made=made,
    )


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Make a response of a kept answer."""
    status, headers, body = _parts(request.META, kept)
    response = HttpResponse(body, status=status)
    for name, value in headers:
        response[name] = value
    if status == 304:
        del response["Content-Type"]
    return response


def _parts(environ: Mapping[str, Any], kept: Kept) -> tuple[int, list[tuple[str, str]], bytes]:
    """Answer with the body, packed where the reader can, or with "not modified"."""
    if kept.status == 200 and kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return 304, [h for h in kept.headers if h[0].lower() != "content-type"], b""
    packed = bool(kept.packed) and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    body = kept.packed if packed else kept.body
    headers = [*kept.headers, ("Content-Length", str(len(body)))]
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    return kept.status, headers, body
