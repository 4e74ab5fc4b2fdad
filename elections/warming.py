"""Filling the memory of public pages before the first voter asks: a worker starts warm.

The pages of the elections to come are made as a voter would get them, through the whole house, so
that templates, translations and the database's plans are warm as well.
"""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from elections import languages
from elections.models import Election
from elections.topics import TOPICS

log = structlog.get_logger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LONGEST = 8.0  # seconds; a start must not wait longer
MOST_ELECTIONS = 5


def warm(application: Application) -> int:
    """Ask for the pages that voters will ask for first; returns how many were made."""
    until, made = time.monotonic() + LONGEST, 0
    try:
        for address in addresses():
            if time.monotonic() > until:
                break
            made += ask(application, address)
    except Exception:  # a cold start is slow; a start that fails is worse
        log.warning("public pages not warmed", exc_info=True)
    finally:
        connection.close()
    return made


def addresses() -> Iterator[str]:
    """List the pages of the elections to come, the nearest first."""
    yield reverse("centers")
    coming = Election.objects.filter(last_day__gte=timezone.localdate()).order_by("first_day")
    for election in coming[:MOST_ELECTIONS]:
        main = languages.default_for(election.name)
        for language in languages.READY:
            query = "" if language == main else f"?lang={language}"
            for name in ("center", "facts_and_rumours", "polling_places"):
                yield reverse(name, args=[election.slug]) + query
            for topic in TOPICS:
                yield reverse("center_topic", args=[election.slug, topic.slugs[language]])
    # The last one that is over is what people look up when none is near.
    if not coming.exists() and (last := Election.objects.order_by("-last_day").first()):
        yield reverse("center", args=[last.slug])


def ask(application: Application, address: str) -> bool:
    """Ask for one page as a voter's browser does; says whether it was answered."""
    site = urlsplit(settings.BASE_URL)
    path, _mark, query = address.partition("?")
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": site.scheme,
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    body = application(environ, lambda status, *_: answered.append(status))
    for _part in body:
        pass
    if close := getattr(body, "close", None):
        close()
    return answered[:1] == ["200 OK"]
