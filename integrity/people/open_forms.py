"""Forms that anybody may send: no account, no cookie, no riddle.

What keeps them usable: the form must have been opened here within half a day, other sites cannot
send it for a visitor, and each sender, and all together, may send so many an hour. A sender is
known by a hash that changes every day; the address itself is never written down.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from integrity.people.throttling import count_call
from integrity.refusals import Refusal

FIELD = "opened"
_SALT = "integrity.people.open_forms"
_OLDEST = 12 * 3600
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may be sent an hour, by one sender and by all together."""

    each: int = 6
    together: int = 400


def stamp() -> str:
    """Make the hidden field that says when and where the form was opened."""
    return signing.TimestampSigner(salt=_SALT).sign(secrets.token_hex(8))


def why_not(
    request: HttpRequest, *, form: str, at: datetime, limits: Limits = Limits()
) -> Refusal | None:
    """Refuse what another site sends, what was opened too long ago, and too many at once."""
    if not _from_here(request):
        return Refusal(_("Send this form from this site."), code="elsewhere")
    try:
        signing.TimestampSigner(salt=_SALT).unsign(request.POST.get(FIELD, ""), max_age=_OLDEST)
    except signing.BadSignature:
        return Refusal(
            _("This form was opened a long time ago. Please send it once more."), code="old"
        )
    now = at.timestamp()
    sender = count_call(bucket=f"{form}:{sender_of(request, at=at)}", seconds=_HOUR, now=now)
    if sender > limits.each or (
        count_call(bucket=f"{form}:all", seconds=_HOUR, now=now) > limits.together
    ):
        return Refusal(
            _("Too many of these forms were sent in the last hour. Try again later."), code="often"
        )
    return None


def sender_of(request: HttpRequest, *, at: datetime) -> str:
    """Name a sender for one day, so that nobody can be followed from day to day."""
    key = f"{_SALT}:{at:%Y-%m-%d}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, _address(request).encode(), hashlib.sha256).hexdigest()[:24]


def _address(request: HttpRequest) -> str:
    """Read the address that our own proxy saw; what a sender writes in front of it is ignored."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(passed) >= proxies and passed[-proxies]:
        return passed[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _from_here(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    hosts = {request.get_host(), urlsplit(settings.BASE_URL).netloc}
    return urlsplit(origin).netloc in hosts
