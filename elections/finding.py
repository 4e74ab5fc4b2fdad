"""How search engines find their way: robots.txt and the site map."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from elections import ballots, languages, queries
from elections.caching import public
from elections.facts import FactSheet
from elections.topics import TOPICS

ROOMS = ("/desk/", "/partner/", "/admin/", "/cms/", "/accounts/", "/i18n/")
PAGES = ("center", "facts_and_rumours", "polling_places", "media_literacy", "report_claim")
ON_DEMAND = ("fact_or_fiction", "election_record")


@require_safe
@public()
def robots(request: HttpRequest) -> HttpResponse:
    """Let the public pages be found, and keep the rooms of those who work here out of it."""
    lines = ["User-agent: *", *(f"Disallow: {room}" for room in ROOMS)]
    lines.append(f"Sitemap: {_base()}{reverse('site_map')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@public()
def site_map(request: HttpRequest) -> HttpResponse:
    """List every public page in every language that we write."""
    rows = [f"{_base()}{reverse('centers')}"]
    for sheet in queries.public_sheets():
        rows += [f"{_base()}{address}" for address in _addresses(sheet)]
    body = "".join(f"<url><loc>{escape(row)}</loc></url>" for row in rows)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{space}">{body}</urlset>'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _addresses(sheet: FactSheet) -> Iterator[str]:
    main = languages.default_for(sheet.name)
    names = [*PAGES, *ON_DEMAND]
    names += ["candidates"] if ballots.has_lists(sheet.election) else []
    names += ["results"] if ballots.has_counts(sheet.election) else []
    for language in languages.READY:
        tail = "" if language == main else f"?lang={language}"
        for name in names:
            try:
                yield reverse(name, args=[sheet.election]) + tail
            except NoReverseMatch:  # a page of an upper app that is not mounted here
                continue
        for topic in TOPICS:
            yield reverse("center_topic", args=[sheet.election, topic.slugs[language]])


def _base() -> str:
    return settings.BASE_URL.rstrip("/")
