"""The pages of guidance: no cookie, no script, the same answer for everybody who asks."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from django.views.static import serve

from elections import languages
from elections.caching import mark_public
from guidance import calendars, printing, queries
from guidance.models.pages import Reviewed, frame

SURROGATE_KEY = "guidance"
PAST_IN_CALENDAR = timedelta(days=60)  # so that a subscribed calendar keeps what was


@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    found = queries.front(asked_language(request) or "nl") or queries.front("nl")
    return _serve(request, found)


@require_safe
def guidance_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page, in the language asked for where it has been translated."""
    return _serve(request, queries.page(slug, language=asked_language(request)))


@require_safe
def rule_changes(request: HttpRequest) -> HttpResponse:
    """Say on which day which rule changed."""
    language = asked_language(request) or "nl"
    with translation.override(language):
        rows = queries.changes(language)
        return answer(request, "guidance/changes.html", language, changes=rows)


@require_safe
def briefings(request: HttpRequest) -> HttpResponse:
    """List the meetings to come."""
    language = asked_language(request) or "nl"
    with translation.override(language):
        rows = queries.briefings(since=timezone.now())
        return answer(request, "guidance/briefings.html", language, briefings=rows)


@require_safe
def briefings_calendar(request: HttpRequest) -> HttpResponse:
    """Give the meetings as a calendar file; one that does not take place says so."""
    rows = queries.briefings(since=timezone.now() - PAST_IN_CALENDAR)
    body = calendars.write(rows, address=settings.BASE_URL.rstrip("/") + reverse("briefings"))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="briefings.ics"'
    return shared(response)


@require_safe
def one_pager(request: HttpRequest) -> HttpResponse:
    """Give what each page says in short as one page to print."""
    language = asked_language(request) or "nl"
    front, pages = queries.front(language), queries.pages(language)
    if front is None or not pages:
        raise Http404
    with translation.override(language):
        response = HttpResponse(printing.one_pager(front, pages), content_type="application/pdf")
    name = f"{front.slug}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return shared(response)


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Give a picture of a page in one of its sizes; its name changes with its content."""
    kept = storages["pictures"]
    if not isinstance(kept, FileSystemStorage):
        raise Http404  # kept elsewhere, and read from there
    response = serve(request, path, document_root=str(kept.location))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def asked_language(request: HttpRequest) -> str | None:
    """Read the language that an address asks for."""
    known = languages.known(request.GET.get("lang"))
    return languages.content_language(known) if known else None


def answer(request: HttpRequest, template: str, language: str, **more: Any) -> HttpResponse:
    """Render a page of our own that may be shared."""
    context = {**frame(language), "now": timezone.now(), **more}
    return shared(render(request, template, context))


def shared(response: HttpResponse) -> HttpResponse:
    """Mark an answer as the same for everybody, under the guidance's own key for a CDN."""
    response = mark_public(response)
    response["Surrogate-Key"] += f" {SURROGATE_KEY}"
    return response


def _serve(request: HttpRequest, page: Reviewed | None) -> HttpResponse:
    if page is None:
        raise Http404
    with translation.override(page.locale.language_code):
        return shared(page.serve(request).render())
