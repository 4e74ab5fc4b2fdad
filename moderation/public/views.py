"""The forms that anybody may send, under the election's own address."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from elections import languages
from elections.asking import chrome
from elections.caching import mark_public
from elections.models import Election
from integrity.people import open_forms
from integrity.refusals import Refused, require
from moderation.public.forms import ReportForm
from moderation.services import public_reports
from moderation.services.public_reports import PublicReportIn


@csrf_exempt  # no cookie is set, so there is none to misuse; `open_forms` looks at who sends
@require_http_methods(["GET", "HEAD", "POST"])
def report_claim(request: HttpRequest, election: str) -> HttpResponse:
    """Take a report from anybody who saw something wrong about voting."""
    found, language = _election(election), _language(request)
    with translation.override(languages.content_language(language)):
        form = ReportForm(request.POST or None)
        if request.method != "POST":
            page = _page(request, "report", found, language, form=form)
            return mark_public(page, election=election)
        at = timezone.now()
        try:
            require(open_forms.why_not(request, form="report", at=at))
            if form.is_valid():
                report = PublicReportIn(**form.cleaned_data, language=language[:2])
                receipt = public_reports.accept_public_report(election=found, report=report, at=at)
                return _to_receipt(election, receipt.reference, language)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _page(request, "report", found, language, form=form, status=422)


@require_safe
@never_cache
def report_received(request: HttpRequest, election: str, reference: UUID) -> HttpResponse:
    """Say how far a report is, to whoever has its number."""
    found, language = _election(election), _language(request)
    standing = public_reports.standing_of(reference)
    if standing is None:
        raise Http404
    with translation.override(languages.content_language(language)):
        state, since = standing
        name = "report_received"
        return _page(request, name, found, language, state=state, since=since, reference=reference)


def _to_receipt(election: str, reference: UUID, language: str) -> HttpResponse:
    response = redirect("report_received", election, reference)
    if language != "nl":
        response["Location"] += f"?lang={language}"
    response.status_code = 303
    return response


def _election(slug: str) -> Election:
    found = Election.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _language(request: HttpRequest) -> str:
    return languages.known(request.GET.get("lang")) or "nl"


def _page(
    request: HttpRequest,
    name: str,
    election: Election,
    language: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"election": election, "stamp": open_forms.stamp(), **chrome(language), **more}
    return render(request, f"moderation/public/{name}.html", context, status=status)
