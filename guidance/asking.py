"""The forms of parties and candidates: no account, no cookie, a number to follow it by."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from guidance import proofs, queries
from guidance.forms import AccountForm, HelpForm
from guidance.models.pages import frame
from guidance.services import accounts, helping
from guidance.views import asked_language, shared
from integrity.people import open_forms
from integrity.people.open_forms import Limits
from integrity.refusals import Refused, require

HELP_LIMITS = Limits(each=6, together=200)
ACCOUNT_LIMITS = Limits(each=3, together=60)
ROOM_FOR_WORDS = 256 * 1024


@csrf_exempt  # no cookie is set, so there is none to misuse; `open_forms` looks at who sends
@require_http_methods(["GET", "HEAD", "POST"])
def ask_help(request: HttpRequest) -> HttpResponse:
    """Take a call for help from a party or a candidate."""
    language = asked_language(request) or "nl"
    with translation.override(language):
        if request.method != "POST":
            return shared(_page(request, "ask_help", language, form=HelpForm()))
        form = HelpForm(request.POST)
        at = timezone.now()
        try:
            require(open_forms.why_not(request, form="help", at=at, limits=HELP_LIMITS))
            if form.is_valid():
                call = helping.ask_help(said=form.said(language=language), at=at)
                return _to("help_received", call.public_id, language)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _page(request, "ask_help", language, form=form, status=422)


@require_safe
@never_cache
def help_received(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Say what happens with a call for help, to whoever has its number."""
    call = queries.help_request(reference)
    if call is None:
        raise Http404
    language = asked_language(request) or call.language
    with translation.override(language):
        return _page(request, "help_received", language, call=call)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask_account(request: HttpRequest) -> HttpResponse:
    """Take a request for an official account, with proof."""
    language = asked_language(request) or "nl"
    with translation.override(language):
        if request.method != "POST":
            return shared(_page(request, "ask_account", language, form=AccountForm()))
        if _too_large(request):
            more = {"too_large": True, "form": AccountForm()}
            return _page(request, "ask_account", language, status=413, **more)
        form = AccountForm(request.POST, request.FILES)
        at = timezone.now()
        try:
            require(open_forms.why_not(request, form="account", at=at, limits=ACCOUNT_LIMITS))
            if form.is_valid():
                said = form.said(language=language)
                asked = accounts.ask_account(said=said, documents=form.documents(), at=at)
                return _to("account_received", asked.public_id, language)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _page(request, "ask_account", language, form=form, status=422)


@require_safe
@never_cache
def account_received(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Say how far a request for an official account is, to whoever has its number."""
    asked = queries.account_request(reference)
    if asked is None:
        raise Http404
    language = asked_language(request) or asked.language
    with translation.override(language):
        return _page(request, "account_received", language, asked=asked)


def _too_large(request: HttpRequest) -> bool:
    """Look at the length before anything is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    most = proofs.MOST * proofs.BYTES_AT_MOST + ROOM_FOR_WORDS
    return not length.isdecimal() or int(length) > most


def _to(name: str, reference: UUID, language: str) -> HttpResponse:
    response = redirect(name, reference)
    if language != "nl":
        response["Location"] += f"?lang={language}"
    response.status_code = 303
    return response


def _page(
    request: HttpRequest, name: str, language: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**frame(language), "stamp": open_forms.stamp(), **more}
    return render(request, f"guidance/{name}.html", context, status=status)
