"""The desk of what parties and candidates ask: calls for help, and official accounts."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from guidance import queries, rules
from guidance.forms import AnswerForm, ApproveForm, WhyForm
from guidance.models import AccountRequest, HelpRequest
from guidance.services import accounts, helping
from integrity.doors import settings_page
from integrity.people.models import User

SEE, ANSWER, CHECK = "guidance.see_help", "guidance.answer_help", "guidance.check_account"


@settings_page("GET", permission=SEE)
def party_desk(request: HttpRequest) -> HttpResponse:
    """List the calls for help, the earliest due first."""
    context = {"calls": queries.open_help(), "answered": queries.answered_help()}
    return render(request, "guidance/desk/help.html", context)


@settings_page("GET", permission=SEE)
def help_call(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show one call for help, with what we know of the account."""
    return _call_page(request, _call(reference))


@settings_page("POST", permission=ANSWER)
def take_help(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Work on a call for help."""
    helping.take_help(call=_call(reference), by=_by(request), at=timezone.now())
    return redirect("help_call", reference)


@settings_page("POST", permission=ANSWER)
def answer_help(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Answer a call for help in words."""
    call, form = _call(reference), AnswerForm(request.POST)
    if not form.is_valid():
        return _call_page(request, call, form=form, status=422)
    answer = form.cleaned_data["answer"]
    helping.answer_help(call=call, answer=answer, by=_by(request), at=timezone.now())
    messages.success(request, _("Answered: they get it by mail."))
    return redirect("party_desk")


@settings_page("GET", permission=CHECK)
def account_desk(request: HttpRequest) -> HttpResponse:
    """List the requests for official accounts, and what was decided."""
    context = {"waiting": queries.waiting_accounts(), "decided": queries.decided_accounts()}
    return render(request, "guidance/desk/accounts.html", context)


@settings_page("GET", permission=CHECK)
def account_check(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show one request with its proof and its history."""
    return _account_page(request, _account(reference))


@settings_page("POST", permission=CHECK)
def approve_account(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Make an account official."""
    asked, form = _account(reference), ApproveForm(request.POST)
    if not form.is_valid():
        return _account_page(request, asked, approve=form, status=422)
    accounts.approve_account(
        request=asked,
        account_id=form.cleaned_data["account_id"],
        ends_at=form.ends_at(),
        by=_by(request),
        at=timezone.now(),
    )
    messages.success(request, _("The account is official."))
    return redirect("account_check", reference)


@settings_page("POST", permission=CHECK)
def decline_account(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Decline a request, or end an official account, with the reason."""
    asked, form = _account(reference), WhyForm(request.POST)
    if not form.is_valid():
        return _account_page(request, asked, why=form, status=422)
    end = accounts.decline_account if asked.decided_at is None else accounts.withdraw_account
    end(request=asked, reason=form.cleaned_data["reason"], by=_by(request), at=timezone.now())
    messages.success(request, _("Done: they read your reason."))
    return redirect("account_desk")


@settings_page("GET", permission=CHECK, step_up=True)
def read_proof(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Give a document to who checks; that it was read is on record."""
    proof = queries.proof(reference)
    if proof is None:
        raise Http404
    content = accounts.read_proof(proof=proof, by=_by(request), at=timezone.now())
    response = HttpResponse(content, content_type=proof.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{proof.public_id}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@settings_page("GET", permission="elections.publish_fact")
def pages_with_fact(request: HttpRequest, election: str, key: str) -> HttpResponse:
    """List the pages of guidance that show a fact; a panel on the page where it is changed."""
    pages = queries.pages_with_fact(election=election, key=key)
    return render(request, "guidance/desk/pages_with_fact.html", {"pages": pages})


def _call_page(
    request: HttpRequest, call: HelpRequest, *, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    by = _by(request)
    context = {
        "call": call,
        "form": form or AnswerForm(),
        "may_take": rules.may_take(call, by=by),
        "may_answer": rules.may_answer(call, by=by),
        "late": call.answered_at is None and call.due_at < timezone.now(),
    }
    return render(request, "guidance/desk/help_call.html", context, status=status)


def _account_page(
    request: HttpRequest,
    asked: AccountRequest,
    *,
    approve: ApproveForm | None = None,
    why: WhyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by, a_year = _by(request), timezone.localdate() + timedelta(days=365)
    context = {
        "asked": asked,
        "proofs": asked.proofs.order_by("pk"),
        "history": queries.history(asked),
        "approve": approve or ApproveForm(initial={"until": a_year}),
        "why": why or WhyForm(),
        "may_check": rules.may_check(asked, by=by),
        "may_take_back": rules.may_take_back(asked, by=by),
    }
    return render(request, "guidance/desk/account.html", context, status=status)


def _call(reference: UUID) -> HelpRequest:
    call = queries.help_request(reference)
    if call is None:
        raise Http404
    return call


def _account(reference: UUID) -> AccountRequest:
    asked = queries.account_request(reference)
    if asked is None:
        raise Http404
    return asked


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)
