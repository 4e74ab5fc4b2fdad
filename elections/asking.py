"""What an address of the Election Center asks for, and the frame of the page that answers it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from elections import ballots, feeds, languages, queries
from elections import center as pages
from elections.caching import ASKED
from elections.facts import FactSheet


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: an election, a place in it, a language, a moment."""

    sheet: FactSheet
    place: str | None
    language: str
    at: datetime
    words: str
    found: list[pages.Place]


def absolute_address(name: str, election: str) -> str:
    """Write an address that works outside this site."""
    return settings.BASE_URL.rstrip("/") + reverse(name, kwargs={"election": election})


def number(text: str | None) -> int:
    """Read a page number; anything else is the first page."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else 1


def ask(request: HttpRequest, slug: str, *, language: str | None = None) -> Asked:
    """Read an address; an election or a place that does not exist is not found.

    Questions that are not ours are dropped, since the answer is shared with everybody who asks
    the same: no link on it may repeat what one reader's address said.
    """
    request.GET = _ours(request.GET)  # type: ignore[assignment]
    sheet = queries.public_sheet(slug)
    if sheet is None:
        raise Http404
    place = request.GET.get("place", "").strip().upper() or None
    if place is not None and place not in sheet.places:
        raise Http404
    words = request.GET.get("where", "").replace("\0", "").strip()[:80]
    return Asked(
        sheet=sheet,
        place=place,
        language=languages.known(request.GET.get("lang"))
        or language
        or languages.default_for(sheet.name),
        at=timezone.now(),
        words=words,
        found=pages.find_places(sheet, words),
    )


def _ours(asked: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in asked:
        if name in ASKED:
            kept.setlist(name, asked.getlist(name)[-1:])
    return kept


def to_place(request: HttpRequest, place: pages.Place) -> HttpResponse:
    """Answer a typed name with the address of its place."""
    query = request.GET.copy()
    query.pop("where")
    query["place"] = place.code
    return redirect(f"{request.path}?{query.urlencode()}")


def page(request: HttpRequest, template: str, asked: Asked, **more: Any) -> HttpResponse:
    """Render in the page's language and in the election's own time zone."""
    with (
        translation.override(languages.content_language(asked.language)),
        timezone.override(asked.sheet.zone()),
    ):
        built = pages.build(asked.sheet, place=asked.place, at=asked.at)
        address = settings.BASE_URL.rstrip("/") + request.path
        context = {
            "canonical": canonical(request, asked),
            "page": built,
            "schema_org": feeds.schema_org(built, address=address),
            "asked": asked,
            "has_polling_places": queries.has_polling_places(asked.sheet.election),
            "has_lists": ballots.has_lists(asked.sheet.election),
            "has_counts": ballots.has_counts(asked.sheet.election),
            **chrome(asked.language),
            **more,
        }
        return render(request, template, context)


def canonical(request: HttpRequest, asked: Asked) -> str:
    """Write the one address under which search engines know this answer."""
    query = QueryDict(mutable=True)
    if "lang" in request.GET:
        query["lang"] = asked.language
    for name in ("place", "contest", "page"):
        if request.GET.get(name):
            query[name] = request.GET[name]
    tail = f"?{query.urlencode()}" if query else ""
    return settings.BASE_URL.rstrip("/") + request.path + tail


def chrome(language: str) -> dict[str, Any]:
    """What the frame around every page needs."""
    return {
        "base_url": settings.BASE_URL.rstrip("/"),
        "language": language,
        "content_language": languages.content_language(language),
        "direction": "rtl" if language in languages.RIGHT_TO_LEFT else "ltr",
        "languages": languages.READY,
        "translated": language in languages.READY,
    }
