"""The Election Center for voters: no cookies, no script, the same answer for everybody who asks
the same address.
"""

from datetime import date
from typing import Any
from uuid import UUID

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from elections import center as pages
from elections import feeds, languages, queries, rumours
from elections import polling_places as places
from elections.asking import absolute_address, ask, chrome, number, page, to_place
from elections.caching import public
from elections.topics import topic_at, topic_of

ADVICE_CHANGED_ON = date(2026, 11, 25)  # our own words on recognising what is false
MOST_RUMOURS = 4  # on the first page; all of them have their own


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
        context = {"to_come": to_come, "over": over, **chrome(language)}
        return render(request, "elections/centers.html", context)


@require_safe
@public()
def center(request: HttpRequest, election: str) -> HttpResponse:
    """Show everything a voter needs on one page."""
    asked = ask(request, election)
    if len(asked.found) == 1:
        return to_place(request, asked.found[0])
    with translation.override(languages.content_language(asked.language)):
        rows = rumours.settled(asked.sheet, place=asked.place, at=asked.at)
    return page(request, "elections/center.html", asked, settled=rows[:MOST_RUMOURS])


@require_safe
@public()
def center_topic(request: HttpRequest, election: str, key: str) -> HttpResponse:
    """Show one topic; under a fact's own key, that statement first (where labels point to)."""
    by_slug = topic_at(key)
    asked = ask(request, election, language=by_slug[1] if by_slug else None)
    topic = by_slug[0] if by_slug else topic_of(key)
    if topic is None:
        raise Http404
    if len(asked.found) == 1:
        return to_place(request, asked.found[0])
    with translation.override(languages.content_language(asked.language)):
        section = pages.section_of(
            asked.sheet, topic, place=asked.place, at=asked.at, lead_key="" if by_slug else key
        )
    return page(request, "elections/topic.html", asked, section=section, key=key)


@require_safe
@public()
def polling_places(request: HttpRequest, election: str) -> HttpResponse:
    """Find a polling place by municipality, postcode, town or name."""
    asked = ask(request, election)
    postcode = places.is_postcode(asked.words)
    if len(asked.found) == 1 and not postcode:
        return to_place(request, asked.found[0])
    wanted = places.Wanted(
        words=asked.words,
        accessible=request.GET.get("accessible") == "1",
        need=request.GET.get("need", ""),
        open_then=request.GET.get("open") == "1",
        page=number(request.GET.get("page")),
    )
    with translation.override(languages.content_language(asked.language)):
        found, paging = places.find(asked.sheet, place=asked.place, wanted=wanted, at=asked.at)
    more = {"found": found, "paging": paging, "wanted": wanted, "postcode": postcode}
    more["needs"] = places.NEEDS
    return page(request, "elections/polling_places.html", asked, **more)


@require_safe
@public()
def polling_place(request: HttpRequest, election: str, public_id: UUID) -> HttpResponse:
    """Show one polling place with everything known and not known about it."""
    asked = ask(request, election)
    row = queries.polling_place(election, public_id)
    if row is None:
        raise Http404
    with translation.override(languages.content_language(asked.language)):
        found = places.as_found(row, sheet=asked.sheet, at=asked.at)
        answers = places.answers(row)
    return page(request, "elections/polling_place.html", asked, it=found, answers=answers)


@require_safe
@public()
def facts_and_rumours(request: HttpRequest, election: str) -> HttpResponse:
    """Show what is true first, and then what goes around."""
    return facts_page(request, election)


def facts_page(
    request: HttpRequest, election: str, *, template: str = "elections/facts.html", **more: Any
) -> HttpResponse:
    """Build that page; who knows of fact-checks too adds them to it."""
    asked = ask(request, election)
    if len(asked.found) == 1:
        return to_place(request, asked.found[0])
    with translation.override(languages.content_language(asked.language)):
        rows = rumours.settled(asked.sheet, place=asked.place, at=asked.at)
    return page(request, template, asked, settled=rows, **more)


@require_safe
@public()
def media_literacy(request: HttpRequest, election: str) -> HttpResponse:
    """Help people tell for themselves what is real, and recognise what a computer made."""
    asked = ask(request, election)
    template = "elections/media_literacy.html"
    return page(request, template, asked, advice_changed_on=ADVICE_CHANGED_ON)


@require_safe
@public(cors=True)
def days(request: HttpRequest, election: str) -> HttpResponse:
    """Give the important days as a calendar file."""
    asked = ask(request, election)
    with translation.override(languages.content_language(asked.language)):
        built = pages.build(asked.sheet, place=asked.place, at=asked.at)
        changed = built.changed_at or asked.at
        body = feeds.calendar(built, address=absolute_address("center", election), at=changed)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{election}.ics"'
    return response


@require_safe
@public(cors=True)
def changes(request: HttpRequest, election: str, form: str = "atom") -> HttpResponse:
    """Give what changed as a feed, in Atom or in RSS."""
    asked = ask(request, election)
    language = languages.content_language(asked.language)
    with translation.override(language):
        built = pages.build(asked.sheet, place=None, at=asked.at)
        title = f"{built.name.text}: {_('what changed')}"
        rows = queries.latest_changes(election)
        address = absolute_address("center", election)
        body = feeds.changes(rows, form=form, address=address, language=language, title=title)
    return HttpResponse(body, content_type=f"application/{form}+xml; charset=utf-8")


@require_safe
@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
@public()
def card(request: HttpRequest, election: str) -> HttpResponse:
    """Show one statement small, to be embedded by the platform and by others."""
    asked = ask(request, election)
    key = request.GET.get("topic", "voting_day")
    if topic_of(key) is None:
        raise Http404
    if not pages.takes_part(asked.sheet, place=asked.place, at=asked.at):
        key = "takes_part"
    with translation.override(languages.content_language(asked.language)):
        statement = pages.said(asked.sheet, key, place=asked.place, at=asked.at)
    if statement is None:
        raise Http404
    return page(request, "elections/card.html", asked, said=statement, key=key)
