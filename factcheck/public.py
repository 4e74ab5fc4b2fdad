"""The public's pages: what was claimed and what is true, with the truth first."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import http_date
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from elections import languages
from elections.caching import public
from elections.models import Election
from elections.views import facts_page
from factcheck import claimreview, queries
from factcheck.forms import CorrectionRequestForm
from factcheck.models import FactCheck
from factcheck.services import corrections
from integrity.people import open_forms
from integrity.refusals import Refused, require

PAGE = 50
FEED = 500
MOST_ON_FACTS = 20  # on the page of facts; all of them have their own


@require_safe
@public()
def facts_and_checks(request: HttpRequest, election: str) -> HttpResponse:
    """Show what is official first, then what goes round, then what fact-checkers found."""
    _election(election)
    claims = _by_claim(queries.published(election=election)[:MOST_ON_FACTS])
    return facts_page(request, election, template="factcheck/facts.html", claims=claims)


@require_safe
@public()
def fact_or_fiction(request: HttpRequest, election: str) -> HttpResponse:
    """List the published checks about an election."""
    found = _election(election)
    checks = list(queries.published(election=election)[:PAGE])
    context = {"election": found, "claims": _by_claim(checks), **_chrome(request)}
    return _render(request, "factcheck/public_list.html", context, checks)


@require_safe
@public()
def fact_check(request: HttpRequest, election: str, series: UUID) -> HttpResponse:
    """Show one check with its sources, its corrections and what others found."""
    found = _election(election)
    versions = _versions(series, election)
    check = versions[0]
    others = [c for c in queries.checks_on(check.claim) if c.partner_id != check.partner_id]
    said = _said(check)
    reviews = [r for r in (claimreview.claim_review(said), claimreview.media_review(said)) if r]
    context = {
        "election": found,
        "check": check,
        "versions": versions,
        "others": others,
        "disagree": queries.disagree([check, *others]),
        "requests": queries.answered_requests(series),
        "reviews": _json_ld(reviews),
        **_chrome(request),
    }
    return _render(request, "factcheck/public_check.html", context, versions)


@require_safe
@public(cors=True)
def feed(request: HttpRequest, election: str | None = None) -> HttpResponse:
    """Give the checks as a ClaimReview feed, newest first; corrections take the old one's place."""
    if election is not None:
        _election(election)
    checks = [c for c in queries.published(election=election)[:FEED] if _address(c)]
    at = checks[0].published_at if checks else timezone.now()
    body = claimreview.feed([_said(check) for check in checks], at=at)
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    return _dated(response, checks)


@csrf_exempt  # no cookie is set, so there is none to misuse; `open_forms` looks at who sends
@require_http_methods(["GET", "POST"])
def ask_correction(request: HttpRequest, election: str, series: UUID) -> HttpResponse:
    """Let anybody say that a check is wrong; the partner answers, and the answer is public."""
    check = _versions(series, election)[0]
    form = CorrectionRequestForm(request.POST or None)
    chrome = _chrome(request)
    with translation.override(chrome["content_language"]):
        if request.method == "POST" and form.is_valid():
            try:
                require(open_forms.why_not(request, form="correction", at=timezone.now()))
                corrections.request_correction(check=check, at=timezone.now(), **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                address = reverse("fact_check", args=[election, series])
                return redirect(f"{address}?asked=1#corrections")
        context = {"election": _election(election), "check": check, "form": form, **chrome}
        context["stamp"] = open_forms.stamp()
        status = 422 if form.errors else 200
        return render(request, "factcheck/public_correction.html", context, status=status)


def _by_claim(checks: Iterable[FactCheck]) -> list[dict[str, Any]]:
    """Put the checks of one claim together, and say where they do not agree."""
    groups: dict[int, list[FactCheck]] = {}
    for check in checks:
        groups.setdefault(check.claim_id, []).append(check)
    return [{"checks": each, "disagree": queries.disagree(each)} for each in groups.values()]


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], dated: list[FactCheck]
) -> HttpResponse:
    with translation.override(context["content_language"]):
        return _dated(render(request, template, context), dated)


def _dated(response: HttpResponse, checks: list[FactCheck]) -> HttpResponse:
    if checks:
        newest: datetime = max(check.published_at for check in checks)
        response["Last-Modified"] = http_date(newest.timestamp())
    return response


def _election(slug: str) -> Election:
    found = Election.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _versions(series: UUID, election: str) -> list[FactCheck]:
    found = queries.versions_of(series)
    own = found[0].claim.election if found else None
    if own is None or own.slug != election:
        raise Http404
    return found


def _address(check: FactCheck) -> str:
    """Return where a check can be read: in the partner's own article, else on our page."""
    if check.article_url or check.claim.election is None:
        return check.article_url
    path = reverse("fact_check", args=[check.claim.election.slug, check.series])
    return settings.BASE_URL.rstrip("/") + path


def _said(check: FactCheck) -> claimreview.Said:
    claim, partner = check.claim, check.partner
    return claimreview.Said(
        url=_address(check),
        claim=check.claim_text,
        verdict=check.verdict,
        rating=check.rating_words,
        truth=check.truth,
        publisher=partner.name,
        publisher_url=partner.website,
        published_on=check.published_at.date(),
        language=check.language,
        claimant_kind=claim.claimant.kind if claim.claimant else "unknown",
        claimant=claim.claimant.name if claim.claimant else "",
        first_seen_on=claim.first_seen_at.date(),
        media_categories=check.media_categories,
        media_context=check.media_context,
        media_original_url=check.media_original_url,
    )


def _json_ld(reviews: list[dict[str, Any]]) -> SafeString:
    text = json.dumps(reviews, ensure_ascii=False)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return mark_safe(text)  # noqa: S308 - nothing in it can end the element


def _chrome(request: HttpRequest) -> dict[str, Any]:
    language = languages.known(request.GET.get("lang")) or "nl"
    return {
        "base_url": settings.BASE_URL.rstrip("/"),
        "language": language,
        "content_language": languages.content_language(language),
        "direction": "rtl" if language in languages.RIGHT_TO_LEFT else "ltr",
        "languages": languages.READY,
        "translated": language in languages.READY,
    }
