"""A platform's webhook receiver: a real HTTP server that verifies, remembers, and misbehaves."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass
class Receiver:
    """What came in, and how to answer: by status, or by a function that does as it likes."""

    server: ThreadingHTTPServer
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: int | Callable[[BaseHTTPRequestHandler], None] = 204

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/hook?from=waarborg"

    @property
    def ids(self) -> list[str]:
        """The message ids in order of arrival, repeats included."""
        return [headers["webhook-id"] for headers, _body in self.calls]

    def verified(self, secret: str) -> list[dict]:
        """Return the bodies, each verified as a receiver does."""
        return [self.verify(secret, headers, body) for headers, body in self.calls]

    @staticmethod
    def verify(secret: str, headers: dict[str, str], body: bytes) -> dict:
        """Verify one call; a test's clock may be days ahead, so its timestamp is taken as given."""
        signed_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
        expected = Webhook(secret).sign(headers["webhook-id"], signed_at, body.decode())
        if expected not in headers["webhook-signature"].split():
            raise WebhookVerificationError
        return json.loads(body)


def start() -> Receiver:
    """Start one on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            receiver.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if callable(receiver.answer):
                receiver.answer(self)
                return
            self.send_response(receiver.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    return receiver


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Answer one byte at a time, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def flood(handler: BaseHTTPRequestHandler) -> None:
    """Say yes, then send more than anybody wants to read."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(2_000):
            handler.wfile.write(b"x" * 100_000)
    except OSError:
        pass
    handler.close_connection = True


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close without an answer."""
    handler.connection.close()
    handler.close_connection = True


def talk_nonsense(handler: BaseHTTPRequestHandler) -> None:
    """Answer something that is not HTTP."""
    handler.wfile.write(b"de stembureaus zijn open\r\n\r\n")
    handler.close_connection = True
