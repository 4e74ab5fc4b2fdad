"""The platform's doors: its pages, its own app's calls, and Waarborg's webhook."""

import base64
import hmac
import json
import logging
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from demo.access import Access
from demo.platform import pages
from demo.platform.bridge import Bridge
from demo.platform.store import Store, now
from demo.platform.words import EN, NL, number

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
LARGEST = 8_000_000
SHOWN = 60
POSTS = (
    "SELECT post.id, account, posted_at, version, text, on_screen, language, image_type, views, "
    "shares, deleted_at, action, decided_at, post.label, statement, refused, heard_by, handle, "
    "name, state, pointer.label AS pointer "
    "FROM post JOIN account ON account.id = post.account "
    "LEFT JOIN pointer ON pointer.post = post.id "
)
HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
]

log = logging.getLogger("plein")


@dataclass(slots=True)
class Answer:
    """What goes back."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    language: str

    @property
    def reader(self) -> pages.Reader:
        """Who reads the answer."""
        return pages.Reader(self.language, self.path)


class Problem(Exception):
    """The request cannot be met; the status says how."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


Handler = Callable[..., Answer]


class Platform:
    """The WSGI application."""

    def __init__(self, store: Store, access: Access, bridge: Bridge, *, house: str) -> None:
        self.store = store
        self.access = access
        self.bridge = bridge
        self.house = house
        self.webhook = Webhook(access.webhook_secret)
        self.routes: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, re.compile(f"^{pattern}$"), handler)
            for method, pattern, handler in (
                ("GET", "/", self.for_you),
                ("GET", "/latest", self.latest),
                ("GET", "/decided", self.decided),
                ("GET", "/behind", self.behind),
                ("GET", "/posts/([^/]+)", self.single),
                ("GET", "/posts/([^/]+)/picture", self.picture),
                ("POST", "/posts/([^/]+)/report", self.report),
                ("GET", "/accounts/([^/]+)", self.account),
                ("GET", r"/static/([a-z]+\.[a-z]+)", self.static),
                ("GET", "/healthz", self.healthz),
                ("POST", "/webhooks/waarborg", self.hear),
                ("POST", "/app/posts", self.app_post),
                ("GET", "/app/posts/([^/]+)", self.app_read),
                ("PATCH", "/app/posts/([^/]+)", self.app_edit),
                ("DELETE", "/app/posts/([^/]+)", self.app_delete),
                ("POST", "/app/views", self.app_views),
                ("POST", "/app/reports", self.app_report),
            )
        ]

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        answer = self._answer(environ)
        headers = [
            ("Content-Type", answer.type),
            ("Content-Length", str(len(answer.body))),
            *HEADERS,
            *answer.headers,
        ]
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        reader = pages.Reader(NL, "/")
        as_json = False
        try:
            request = _read(environ)
            reader = request.reader
            as_json = request.path.startswith(("/app/", "/webhooks/"))
            return self._route(request)
        except Problem as problem:
            if as_json:
                return _json({"detail": str(problem)}, problem.status)
            key = "not_found" if problem.status == HTTPStatus.NOT_FOUND else "refused"
            return Answer(pages.problem(reader, key).encode(), status=problem.status)
        except Exception:
            log.exception("could not answer")
            return _json({"detail": "Something went wrong."}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _route(self, request: Request) -> Answer:
        method = "GET" if request.method == "HEAD" else request.method
        known = False
        for allowed, pattern, handler in self.routes:
            if match := pattern.match(request.path):
                known = True
                if allowed == method:
                    if request.path.startswith("/app/"):
                        self._require_app(request)
                    answer = handler(request, *match.groups())
                    if request.query.get("lang") in (NL, EN):
                        cookie = (
                            f"lang={request.query['lang']}; Path=/; SameSite=Lax; Max-Age=31536000"
                        )
                        answer.headers.append(("Set-Cookie", cookie))
                    return answer
        raise Problem(
            HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND,
            "There is no such page.",
        )

    # --- pages ----------------------------------------------------------------------------

    def for_you(self, request: Request) -> Answer:
        """Show what is recommended: what is neither removed nor kept out of recommendation."""
        out = "action IN ('ineligible', 'remove') OR state <> 'active'"
        posts = self.store.rows(
            f"{POSTS} WHERE deleted_at IS NULL AND NOT coalesce({out}, 0) "
            "ORDER BY (action = 'label') DESC, arrived / 20 DESC, views DESC LIMIT ?",
            SHOWN,
        )
        left_out = self.store.row(
            f"SELECT count(*) AS n FROM ({POSTS} WHERE {out})"  # noqa: S608 - our own words
        )
        page = pages.feed(
            request.reader, posts, left_out=left_out["n"] if left_out else 0, empty="nothing"
        )
        return Answer(page.encode())

    def latest(self, request: Request) -> Answer:
        """Show everything, newest first."""
        posts = self.store.rows(f"{POSTS} ORDER BY arrived DESC LIMIT ?", SHOWN)
        return Answer(pages.feed(request.reader, posts, empty="nothing").encode())

    def decided(self, request: Request) -> Answer:
        """Show the posts that something was done about, latest decision first."""
        posts = self.store.rows(
            f"{POSTS} WHERE action IS NOT NULL AND action <> 'no_action' "
            "ORDER BY decided_at DESC LIMIT ?",
            SHOWN,
        )
        return Answer(pages.feed(request.reader, posts, empty="nothing_decided").encode())

    def single(self, request: Request, key: str) -> Answer:
        """Show one post."""
        post = self._post(key)
        return Answer(pages.single(request.reader, post, thanks="thanks" in request.query).encode())

    def picture(self, request: Request, key: str) -> Answer:
        """Show a post's picture, unless the post is gone."""
        post = self._post(key)
        found = self.store.row("SELECT image, image_type FROM post WHERE id = ?", key)
        if not found or not found["image"] or post["deleted_at"] or post["action"] == "remove":
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such picture.")
        return Answer(found["image"], found["image_type"])

    def account(self, request: Request, key: str) -> Answer:
        """Show an account with its posts and what Plein wrote to it."""
        who = self.store.row("SELECT * FROM account WHERE id = ?", key)
        if who is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such account.")
        posts = self.store.rows(f"{POSTS} WHERE account = ? ORDER BY arrived DESC", key)
        letters = self.store.rows("SELECT * FROM message WHERE recipient = ? ORDER BY at DESC", key)
        return Answer(pages.account(request.reader, who, posts, letters).encode())

    def behind(self, request: Request) -> Answer:
        """Show what goes to and fro."""
        count = self.store.row(
            "SELECT count(*) AS posts, "
            "sum(sent_version < version "
            "OR (deleted_at IS NOT NULL AND NOT sent_deletion)) AS owed, "
            "sum(refused <> '') AS refused, "
            "(SELECT count(*) FROM event WHERE by = 'webhook') AS webhooks, "
            "(SELECT count(*) FROM event WHERE by = 'feed') AS feed FROM post"
        )
        assert count is not None
        never = request.reader.say("never")
        facts = [
            (f"b_{key}", number(request.language, count[key] or 0))
            for key in ("posts", "owed", "refused", "webhooks")
        ]
        facts += [(f"b_{key}", self.store.note(key, "0")) for key in ("repeated", "rejected")]
        facts.append(("b_feed", number(request.language, count["feed"])))
        facts += [
            (f"b_{key}", self.store.note(key, "")[:19].replace("T", " ") or never)
            for key in ("sent_at", "pulled_at")
        ]
        return Answer(pages.behind(request.reader, facts, f"{self.house}/desk/").encode())

    def report(self, request: Request, key: str) -> Answer:
        """Take a viewer's report and pass it on."""
        self._post(key)
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Problem(HTTPStatus.FORBIDDEN, "This form works from Plein's own pages.")
        form = parse_qs(request.body.decode("utf-8", "replace"))
        reason = form.get("reason", [""])[0]
        if reason not in pages.REPORT_REASONS:
            raise Problem(HTTPStatus.BAD_REQUEST, "Choose what is wrong.")
        self.store.add_report(
            {
                "id": f"r-{uuid.uuid4()}",
                "post": key,
                "source": "user",
                "reason": reason,
                "text": form.get("text", [""])[0].replace("\0", "")[:2000],
                "reporter": "",
                "language": request.language,
                "reported_at": now(),
            }
        )
        self.bridge.wake.set()
        return Answer(
            b"", status=HTTPStatus.SEE_OTHER, headers=[("Location", f"/posts/{key}?thanks=1")]
        )

    def static(self, request: Request, name: str) -> Answer:
        """Serve a file of the look."""
        path = STATIC / name
        if path.suffix not in TYPES or not path.is_file():
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
        return Answer(path.read_bytes(), TYPES[path.suffix])

    def healthz(self, request: Request) -> Answer:
        """Say that the platform runs."""
        self.store.note("cursor")
        return Answer(b"ok", "text/plain")

    # --- Waarborg calls ---------------------------------------------------------------------

    def hear(self, request: Request) -> Answer:
        """Take a signed event; anything unsigned, altered or old is refused."""
        try:
            event = self.webhook.verify(request.body, request.headers)
        except WebhookVerificationError as error:
            self.store.count_note("rejected")
            raise Problem(HTTPStatus.UNAUTHORIZED, f"The signature is not right: {error}") from None
        if not self.store.take_event(event, by="webhook"):
            self.store.count_note("repeated")
        self.store.set_note("heard_at", now())
        return Answer(b"", status=HTTPStatus.NO_CONTENT)

    # --- the platform's own app ---------------------------------------------------------------

    def app_post(self, request: Request) -> Answer:
        """Keep a new post."""
        post = _object(request)
        for name in ("id", "account", "posted_at", "text"):
            if not post.get(name):
                raise Problem(HTTPStatus.BAD_REQUEST, f"A post needs '{name}'.")
        if picture := post.pop("picture", None):
            post["image"] = base64.b64decode(picture)
            post["image_type"] = _picture_type(post["image"])
        fresh = self.store.add_post(post)
        self.bridge.wake.set()
        return _json({"id": post["id"]}, HTTPStatus.CREATED if fresh else HTTPStatus.OK)

    def app_read(self, request: Request, key: str) -> Answer:
        """Return how a post stands."""
        post = self._post(key)
        return _json(
            {
                "id": key,
                "action": post["action"],
                "label": json.loads(post["label"]) if post["label"] else None,
                "statement": json.loads(post["statement"]) if post["statement"] else None,
                "refused": post["refused"],
                "heard_by": post["heard_by"],
                "letters": self.store.rows(
                    "SELECT title, body FROM message WHERE recipient = ?", post["account"]
                ),
            }
        )

    def app_edit(self, request: Request, key: str) -> Answer:
        """Change a post's words."""
        text = _object(request).get("text")
        if not isinstance(text, str) or not text:
            raise Problem(HTTPStatus.BAD_REQUEST, "An edit needs 'text'.")
        self._post(key)
        self.store.edit_post(key, text)
        self.bridge.wake.set()
        return _json({"id": key})

    def app_delete(self, request: Request, key: str) -> Answer:
        """Take a post back."""
        self._post(key)
        self.store.delete_post(key, now())
        self.bridge.wake.set()
        return _json({"id": key})

    def app_views(self, request: Request) -> Answer:
        """Count views and shares."""
        rows = _object(request).get("rows", [])
        self.store.count_views([(r["id"], int(r["views"]), int(r["shares"])) for r in rows])
        return _json({"rows": len(rows)})

    def app_report(self, request: Request) -> Answer:
        """Keep a report that came in through the platform's notice form."""
        report = _object(request)
        for name in ("id", "post", "source", "reason", "reported_at"):
            if not report.get(name):
                raise Problem(HTTPStatus.BAD_REQUEST, f"A report needs '{name}'.")
        self._post(report["post"])
        self.store.add_report(report)
        self.bridge.wake.set()
        return _json({"id": report["id"]}, HTTPStatus.CREATED)

    def _post(self, key: str) -> dict[str, Any]:
        post = self.store.row(f"{POSTS} WHERE post.id = ?", key)
        if post is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such post.")
        return post

    def _require_app(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.access.app_token.encode()):
            raise Problem(HTTPStatus.UNAUTHORIZED, "Only Plein's own app may call this.")


def _read(environ: dict[str, Any]) -> Request:
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "Content-Length is not a number.") from None
    if length > LARGEST:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {LARGEST} bytes.")
    body = environ["wsgi.input"].read(length) if length else b""
    # WSGI hands the path over as latin-1.
    path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
    return Request(environ["REQUEST_METHOD"], path, query, headers, body, _language(query, headers))


def _language(query: dict[str, str], headers: dict[str, str]) -> str:
    cookie = SimpleCookie(headers.get("cookie", "")).get("lang")
    asked = query.get("lang") or (cookie.value if cookie else "")
    if asked in (NL, EN):
        return asked
    accepted = headers.get("accept-language", NL).lower()
    return EN if accepted.startswith(EN) else NL


def _object(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "This is not JSON.") from None
    if not isinstance(found, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "Send one JSON object.")
    return found


def _picture_type(content: bytes) -> str:
    for start, kind in PICTURES.items():
        if content.startswith(start):
            return kind
    raise Problem(HTTPStatus.BAD_REQUEST, "A picture is PNG, JPEG or WebP.")


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json", status)
