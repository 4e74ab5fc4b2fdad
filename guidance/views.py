"""The pages of guidance: no cookie, no script, the same answer for everybody who asks."""

from typing import Any

from django.core.files.storage import FileSystemStorage, storages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from django.views.static import serve

from elections import languages
from elections.caching import mark_public
from guidance import queries
from guidance.models.pages import Reviewed, frame

SURROGATE_KEY = "guidance"


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
