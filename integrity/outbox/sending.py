"""One signed POST to an endpoint: no redirects, no proxies, bounded in time and size."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog
from standardwebhooks import Webhook

from integrity.outbox import addresses
from integrity.outbox.choices import AttemptError

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
LONGEST_ANSWER = 16 * 1024
_MOST_ADDRESSES = 2


class _NoConnectionError(Exception):
    """Nobody took the call."""


_NAMES: tuple[tuple[tuple[type[Exception], ...], AttemptError], ...] = (
    ((addresses.NotAllowedError,), AttemptError.ADDRESS),
    ((socket.gaierror, UnicodeError), AttemptError.NAME),
    ((_NoConnectionError,), AttemptError.CONNECT),
    ((ssl.SSLError,), AttemptError.TLS),
    ((TimeoutError,), AttemptError.TIMEOUT),
    ((OSError, http.client.HTTPException, ValueError), AttemptError.BROKEN),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try: a status, or the reason why there is none."""

    status: int | None = None
    error: str = ""
    milliseconds: int | None = None
    retry_after: int | None = None

    @property
    def arrived(self) -> bool:
        """Whether the receiver said yes."""
        return self.status is not None and 200 <= self.status < 300


def signed_headers(
    *, message_id: str, body: str, secrets: list[str], at: datetime
) -> dict[str, str]:
    """Sign a message by the Standard Webhooks convention, once per secret in force."""
    at = at.astimezone(UTC)  # the library reads the clock face, whatever the zone
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Waarborg",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def send(*, url: str, headers: dict[str, str], body: str) -> Answer:
    """POST the body and return the answer; whatever the network does becomes an Answer."""
    started = time.monotonic()

    try:
        connection = _connection(url)
        try:
            return _exchange(connection, url, headers, body, started)
        finally:
            connection.close()
    except Exception as error:  # a sender never falls over a receiver
        return Answer(error=_name(error), milliseconds=_since(started))


def _name(error: Exception) -> AttemptError:
    for kinds, name in _NAMES:
        if isinstance(error, kinds):
            return name
    log.error("sending failed", exc_info=error)
    return AttemptError.BROKEN


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    # The addresses looked at are the ones connected to: a name that changes its mind gains nothing.
    sock = _connect(addresses.resolve(url)[:_MOST_ADDRESSES])
    try:
        sock.settimeout(CONNECT_SECONDS)
        if parts.scheme == "https":
            sock = _tls_context().wrap_socket(sock, server_hostname=parts.hostname)
    except BaseException:
        sock.close()
        raise
    default = 443 if parts.scheme == "https" else 80
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or default)
    connection.default_port = default
    connection.sock = sock
    return connection


def _connect(found: list[addresses.Address]) -> socket.socket:
    for address in found:
        sock = socket.socket(address.family, socket.SOCK_STREAM)
        sock.settimeout(CONNECT_SECONDS)
        try:
            sock.connect(address.sockaddr)
        except OSError:
            sock.close()
        else:
            return sock
    raise _NoConnectionError


def _tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _exchange(
    connection: http.client.HTTPConnection,
    url: str,
    headers: dict[str, str],
    body: str,
    started: float,
) -> Answer:
    parts = urlsplit(url)
    deadline = time.monotonic() + ANSWER_SECONDS
    connection.sock.settimeout(ANSWER_SECONDS)
    connection.response_class = _reading_until(deadline)  # type: ignore[assignment]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body.encode(), {**headers, "Connection": "close"})
    response = connection.getresponse()
    status, retry_after = response.status, response.headers.get("Retry-After", "")
    _drain(response)
    return Answer(
        status=status,
        milliseconds=_since(started),
        retry_after=int(retry_after) if retry_after.isascii() and retry_after.isdigit() else None,
    )


def _drain(response: http.client.HTTPResponse) -> None:
    # The status is the answer; what follows is read a little, out of politeness, and dropped.
    try:
        response.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError):
        pass


def _reading_until(deadline: float) -> Callable[..., http.client.HTTPResponse]:
    def response(sock: socket.socket, method: str | None = None) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_Reader(sock, deadline), method=method)  # type: ignore[arg-type]

    return response


class _Reader(io.RawIOBase):
    """Reads a socket until a moment: an answer that drips in byte by byte ends there too."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def makefile(self, *_args: object) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
