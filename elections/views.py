"""The Election Center for voters: no cookies, no script, the same answer for everybody who asks
the same address.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from elections import center as pages
from elections import feeds, languages, queries, rumours
from elections import polling_places as places
from elections.caching import public
from elections.facts import FactSheet
from elections.topics import topic_at, topic_of

MOST_RUMOURS = 4  # on the first page; all of them have their own


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: an election, a place in it, a language, a moment."""

    sheet: FactSheet
    place: str | None
    language: str
    at: datetime
    words: str
    found: list[pages.Place]


@require_safe
@public()
def centers(request: HttpRequest) -> HttpResponse:
    """List the elections, those to come first."""
    language = languages.known(request.GET.get("lang")) or "nl"
    at = timezone.now()
    with translation.override(languages.content_language(language)):
        rows = [pages.build(sheet, place=None, at=at) for sheet in queries.public_sheets()]
        to_come = sorted(
            (row for row in rows if row.phase != pages.Phase.OVER),
            key=lambda row: row.sheet.voting_days,
        )
        over = sorted(
            (row for row in rows if row.phase == pages.Phase.OVER),
            key=lambda row: row.sheet.voting_days,
            reverse=True,
        )
        context = {"to_come": to_come, "over": over, **_chrome(language)}
        return render(request, "elections/centers.html", context)


@require_safe
@public()
def center(request: HttpRequest, election: str) -> HttpResponse:
    """Show everything a voter needs on one page."""
    asked = _ask(request, election)
    if len(asked.found) == 1:
        return _to_place(request, asked.found[0])
    with translation.override(languages.content_language(asked.language)):
        rows = rumours.settled(asked.sheet, place=asked.place, at=asked.at)
    return _page(request, "elections/center.html", asked, settled=rows[:MOST_RUMOURS])


@require_safe
@public()
def center_topic(request: HttpRequest, election: str, key: str) -> HttpResponse:
    """Show one topic; under a fact's own key, that statement first (where labels point to)."""
    by_slug = topic_at(key)
    asked = _ask(request, election, language=by_slug[1] if by_slug else None)
    topic = by_slug[0] if by_slug else topic_of(key)
    if topic is None:
        raise Http404
    if len(asked.found) == 1:
        return _to_place(request, asked.found[0])
    with translation.override(languages.content_language(asked.language)):
        section = pages.section_of(
            asked.sheet, topic, place=asked.place, at=asked.at, lead_key="" if by_slug else key
        )
    return _page(request, "elections/topic.html", asked, section=section, key=key)


@require_safe
@public()
def polling_places(request: HttpRequest, election: str) -> HttpResponse:
    """Find a polling place by municipality, postcode, town or name."""
    asked = _ask(request, election)
    postcode = places.is_postcode(asked.words)
    if len(asked.found) == 1 and not postcode:
        return _to_place(request, asked.found[0])
    wanted = places.Wanted(
        words=asked.words,
        accessible=request.GET.get("accessible") == "1",
        open_then=request.GET.get("open") == "1",
        page=_number(request.GET.get("page")),
    )
    with translation.override(languages.content_language(asked.language)):
        found, page = places.find(asked.sheet, place=asked.place, wanted=wanted, at=asked.at)
    more = {"found": found, "paging": page, "wanted": wanted, "postcode": postcode}
    return _page(request, "elections/polling_places.html", asked, **more)


@require_safe
@public()
def polling_place(request: HttpRequest, election: str, public_id: UUID) -> HttpResponse:
    """Show one polling place with everything known and not known about it."""
    asked = _ask(request, election)
    row = queries.polling_place(election, public_id)
    if row is None:
        raise Http404
    with translation.override(languages.content_language(asked.language)):
        found = places.as_found(row, sheet=asked.sheet, at=asked.at)
        answers = places.answers(row)
    return _page(request, "elections/polling_place.html", asked, it=found, answers=answers)


@require_safe
@public()
def facts_and_rumours(request: HttpRequest, election: str) -> HttpResponse:
    """Show what is true first, and then what goes around."""
    asked = _ask(request, election)
    if len(asked.found) == 1:
        return _to_place(request, asked.found[0])
    with translation.override(languages.content_language(asked.language)):
        rows = rumours.settled(asked.sheet, place=asked.place, at=asked.at)
    return _page(request, "elections/facts.html", asked, settled=rows)


@require_safe
@public(cors=True)
def days(request: HttpRequest, election: str) -> HttpResponse:
    """Give the important days as a calendar file."""
    asked = _ask(request, election)
    with translation.override(languages.content_language(asked.language)):
        page = pages.build(asked.sheet, place=asked.place, at=asked.at)
        changed = page.changed_at or asked.at
        body = feeds.calendar(page, address=_address("center", election), at=changed)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{election}.ics"'
    return response


@require_safe
@public(cors=True)
def changes(request: HttpRequest, election: str) -> HttpResponse:
    """Give what changed as an Atom feed."""
    asked = _ask(request, election)
    language = languages.content_language(asked.language)
    with translation.override(language):
        page = pages.build(asked.sheet, place=None, at=asked.at)
        title = f"{page.name.text}: {_('what changed')}"
        rows = queries.latest_changes(election)
        address = _address("center", election)
        body = feeds.changes(page, rows, address=address, language=language, title=title)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


@require_safe
@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
@public()
def card(request: HttpRequest, election: str) -> HttpResponse:
    """Show one statement small, to be embedded by the platform and by others."""
    asked = _ask(request, election)
    key = request.GET.get("topic", "voting_day")
    with translation.override(languages.content_language(asked.language)):
        statement = pages.said(asked.sheet, key, place=asked.place, at=asked.at)
    if statement is None or topic_of(key) is None:
        raise Http404
    return _page(request, "elections/card.html", asked, said=statement, key=key)


def _address(name: str, election: str) -> str:
    """Write an address that works outside this site."""
    return settings.BASE_URL.rstrip("/") + reverse(name, kwargs={"election": election})


def _number(text: str | None) -> int:
    """Read a page number; anything else is the first page."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else 1


def _ask(request: HttpRequest, slug: str, *, language: str | None = None) -> Asked:
    """Read an address; an election or a place that does not exist is not found."""
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


def _to_place(request: HttpRequest, place: pages.Place) -> HttpResponse:
    """Answer a typed name with the address of its place."""
    query = request.GET.copy()
    query.pop("where")
    query["place"] = place.code
    return redirect(f"{request.path}?{query.urlencode()}")


def _page(request: HttpRequest, template: str, asked: Asked, **more: Any) -> HttpResponse:
    """Render in the page's language and in the election's own time zone."""
    with (
        translation.override(languages.content_language(asked.language)),
        timezone.override(asked.sheet.zone()),
    ):
        page = pages.build(asked.sheet, place=asked.place, at=asked.at)
        address = settings.BASE_URL.rstrip("/") + request.path
        context = {
            "page": page,
            "schema_org": feeds.schema_org(page, address=address),
            "asked": asked,
            "has_polling_places": queries.has_polling_places(asked.sheet.election),
            **_chrome(asked.language),
            **more,
        }
        return render(request, template, context)


def _chrome(language: str) -> dict[str, Any]:
    """What the frame around every page needs."""
    return {
        "base_url": settings.BASE_URL.rstrip("/"),
        "language": language,
        "content_language": languages.content_language(language),
        "direction": "rtl" if language in languages.RIGHT_TO_LEFT else "ltr",
        "languages": languages.READY,
        "translated": language in languages.READY,
    }
