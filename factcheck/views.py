"""The partner's pages: fetch what is theirs, bind a form, call one service, show or go on."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from factcheck import deadlines, exporting, presenting, queries, rules
from factcheck.access import PartnerRequest, portal_view
from factcheck.choices import AssignmentState, Verdict
from factcheck.forms import (
    AnswerRequestForm,
    EvidenceForms,
    HandOverForm,
    ImportForm,
    KeyForm,
    MemberForm,
    ProfileForm,
    ProposalForm,
    RatingWordsForm,
    ReasonForm,
    RoleForm,
    VerdictForm,
    WebhookForm,
)
from factcheck.models import Assignment, Draft, Membership
from factcheck.reading import read_rows
from factcheck.services import (
    assigning,
    checking,
    claims,
    corrections,
    importing,
    partners,
    webhooks,
)
from integrity.refusals import Refusal, Refused

EXHIBITS_SHOWN = 20


@portal_view("GET")
def inbox(request: PartnerRequest) -> HttpResponse:
    """Show the organisation's assignments by deadline."""
    groups = presenting.inbox(request.member, at=timezone.now())
    return render(request, "factcheck/inbox.html", _context(request, groups=groups))


@portal_view("GET")
def assignment(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Show a claim with its exhibits and, once it was accepted, the verdict desk."""
    found = _assignment(request, public_id)
    draft = queries.draft_for(request.member, found.claim)
    if draft is not None and draft.assignment_id == found.pk and found.accepted_at:
        return _desk(request, draft, assignment=found)
    return render(request, "factcheck/assignment.html", _claim_context(request, found))


@portal_view("POST")
def accept(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Take an assignment on."""
    found = _assignment(request, public_id)
    assigning.accept_assignment(assignment=found, member=request.member, at=timezone.now())
    return redirect("partner_assignment", public_id)


@portal_view("POST")
def give_back(request: PartnerRequest, public_id: UUID, how: str) -> HttpResponse:
    """Decline, recuse or ask back, each with words."""
    found, form = _assignment(request, public_id), ReasonForm(request.POST)
    if not form.is_valid():
        context = _claim_context(request, found, reason_form=form)
        return render(request, "factcheck/assignment.html", context, status=422)
    words, at = form.cleaned_data["reason"], timezone.now()
    if how == "decline":
        assigning.decline_assignment(assignment=found, reason=words, member=request.member, at=at)
    elif how == "recuse":
        assigning.recuse(assignment=found, reason=words, member=request.member, at=at)
    else:
        assigning.ask_back(assignment=found, question=words, member=request.member, at=at)
    messages.success(request, _("Sent. The platform reads your words."))
    if how == "ask-back":
        return redirect("partner_assignment", public_id)
    return redirect("partner_inbox")


@portal_view("POST")
def hand_over(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Give an assignment to a colleague."""
    found = _assignment(request, public_id)
    form = HandOverForm(request.POST, member=request.member)
    if not form.is_valid():
        context = _claim_context(request, found, hand_over_form=form)
        return render(request, "factcheck/assignment.html", context, status=422)
    assigning.hand_over(
        assignment=found, **form.cleaned_data, member=request.member, at=timezone.now()
    )
    return redirect("partner_assignment", public_id)


# --- The verdict desk ----------------------------------------------------------------------


@portal_view("GET")
def draft(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Show the verdict desk of a draft, such as a correction."""
    return _desk(request, _draft(request, public_id))


@portal_view("POST")
@vary_on_headers("HX-Request")
def save_draft(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Keep what stands in the form: by itself while somebody writes, or on the button."""
    found = _draft(request, public_id)
    saved = _save(request, found)
    if request.headers.get("HX-Request"):
        return _saved_part(request, saved)
    if isinstance(saved, Draft):
        messages.success(request, _("Saved."))
        return redirect("partner_draft", public_id)
    return _desk(request, found, bound=True, refusal=saved, status=409 if saved else 422)


@portal_view("POST")
def submit_draft(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Save and hand a check to a colleague for the second look."""
    found = _draft(request, public_id)
    saved = _save(request, found)
    if not isinstance(saved, Draft):
        return _desk(request, found, bound=True, refusal=saved, status=409 if saved else 422)
    try:
        checking.submit_draft(draft=saved, member=request.member, at=timezone.now())
    except Refused as refused:
        return _desk(request, _draft(request, public_id), refusal=refused.refusal, status=409)
    messages.success(request, _("Handed in. A colleague now looks and publishes."))
    return redirect("partner_draft", public_id)


@portal_view("POST")
def publish(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Publish what a colleague handed in, as the second checker."""
    found = _draft(request, public_id)
    revision = request.POST.get("revision", "")
    try:
        check = checking.publish_verdict(
            draft=found, revision=int(revision) if revision.isdecimal() else 0,
            member=request.member, at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _desk(request, found, refusal=refused.refusal, status=409)
    messages.success(request, _("Published. We change no word of it."))
    return redirect("partner_check", check.public_id)


def _save(request: PartnerRequest, found: Draft) -> Draft | Refusal | None:
    """Return the saved draft, the refusal, or None when the form itself is wrong."""
    form, evidence = VerdictForm(request.POST), EvidenceForms(request.POST, prefix="evidence")
    if not (form.is_valid() and evidence.is_valid()):
        return None
    try:
        return checking.save_draft(
            draft=found, words=form.words(evidence), revision=form.cleaned_data["revision"],
            member=request.member, at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return refused.refusal


def _saved_part(request: PartnerRequest, saved: Draft | Refusal | None) -> HttpResponse:
    form, evidence = VerdictForm(request.POST), EvidenceForms(request.POST, prefix="evidence")
    context = {
        "draft": saved if isinstance(saved, Draft) else None,
        "refusal": saved if isinstance(saved, Refusal) else None,
        "revision": saved.revision if isinstance(saved, Draft) else request.POST.get("revision"),
        "errors": [] if saved else [*form.errors.values(), *evidence.errors],
        "is_part": True,
        "member": request.member,
        "rating": _rating(request.member, saved) if isinstance(saved, Draft) else None,
    }
    status = 200 if isinstance(saved, Draft) else 409 if saved else 422
    return render(request, "factcheck/verdict.html#saved", context, status=status)


def _desk(
    request: PartnerRequest,
    found: Draft,
    *,
    assignment: Assignment | None = None,
    bound: bool = False,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    at, member = timezone.now(), request.member
    if assignment is None and found.assignment is not None:
        assignment = _assignment(request, found.assignment.public_id)
    initial = [{**row} for row in found.evidence]
    context = {
        "draft": found,
        "revision": found.revision,
        "form": VerdictForm(request.POST) if bound else VerdictForm.filled(found),
        "evidence": EvidenceForms(request.POST, prefix="evidence")
        if bound
        else EvidenceForms(initial=initial, prefix="evidence"),
        "ratings": presenting.ratings(member, language=found.language),
        "rating": _rating(member, found),
        "refusal": refusal,
        "may_submit": rules.may_submit(found, member=member, at=at),
        "may_publish": rules.may_publish(found, member=member, at=at),
        "places": found.claim.election.places.order_by("name")[:400]
        if found.claim.election
        else [],
    }
    last = queries.own_checks(member).first()
    if last is not None:
        context |= {"last_check": last, "last_outcome": presenting.outcome_of(last)}
    if assignment is None:
        context |= _context(request, groups=presenting.inbox(member, at=at), claim=found.claim)
    else:
        context |= _claim_context(request, assignment)
    return render(request, "factcheck/verdict.html", context, status=status)


def _rating(member: Membership, found: Draft) -> str:
    if not found.verdict:
        return ""
    return queries.words_for(member.partner, Verdict(found.verdict), found.language)


# --- What was published, and what became of it ------------------------------------------------


@portal_view("GET")
def checks(request: PartnerRequest) -> HttpResponse:
    """List the organisation's checks with what became of each."""
    found = [
        {"check": check, "outcome": presenting.outcome_of(check)}
        for check in queries.own_checks(request.member)[:100]
    ]
    return render(
        request,
        "factcheck/checks.html",
        _context(request, found=found, requests=queries.open_requests(request.member)),
    )


@portal_view("GET")
def check(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Show one published check: its versions, what became of it, what others say."""
    found = _check(request, public_id)
    others = [c for c in queries.checks_on(found.claim) if c.partner_id != found.partner_id]
    context = _context(
        request,
        check=found,
        versions=queries.versions_of(found.series),
        outcome=presenting.outcome_of(found),
        others=others,
        disagree=queries.disagree([found, *others]),
        may_correct=rules.may_correct(found, member=request.member, at=timezone.now()),
    )
    return render(request, "factcheck/check.html", context)


@portal_view("POST")
def correct(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Start a correction of a published check."""
    started = checking.open_correction(
        check=_check(request, public_id), member=request.member, at=timezone.now()
    )
    return redirect("partner_draft", started.public_id)


@portal_view("POST")
def answer_request(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Answer somebody who says that a check is wrong."""
    found = queries.open_requests(request.member).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    form = AnswerRequestForm(request.POST)
    if form.is_valid():
        corrections.answer_request(
            request=found, member=request.member, at=timezone.now(), **form.cleaned_data
        )
    else:
        messages.error(request, _("Write your answer: it is public."))
    return redirect("partner_checks")


@portal_view("GET", "POST")
def import_checks(request: PartnerRequest) -> HttpResponse:
    """Take in ClaimReview rows from a file and say what became of each."""
    form = ImportForm(request.POST or None, request.FILES or None)
    results: list[importing.RowResult] = []
    if request.method == "POST" and form.is_valid():
        rows, problem = read_rows(form.cleaned_data["file"])
        if problem:
            form.add_error("file", problem)
        else:
            results = importing.import_reviews(rows=rows, member=request.member, at=timezone.now())
    context = _context(request, form=form, results=results)
    status = 422 if form.errors else 200
    return render(request, "factcheck/import.html", context, status=status)


@portal_view("GET")
def export(request: PartnerRequest, what: str, kind: str) -> HttpResponse:
    """Send the organisation's own assignments or checks as a table."""
    table, name = exporting.TABLES[what](request.member.partner), f"{what}.{kind}"
    content = exporting.as_csv(table) if kind == "csv" else exporting.as_xlsx(table, title=what)
    response = HttpResponse(content, content_type=exporting.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@never_cache
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Send the deadlines to the agenda that knows the secret address."""
    at = timezone.now()
    member = deadlines.member_of(token, at=at)
    if member is None:
        raise Http404
    found = queries.inbox_of(member).open().order_by("due_at")[:500]
    with translation.override(member.user.language):
        text = deadlines.calendar(found, name=member.partner.name, at=at)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Referrer-Policy"] = "no-referrer"
    return response


@portal_view("POST")
def set_digest(request: PartnerRequest) -> HttpResponse:
    """Switch one's own daily message on or off."""
    partners.set_digest(member=request.member, wanted="wanted" in request.POST, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("partner_organisation")


@portal_view("GET", "POST")
def propose(request: PartnerRequest) -> HttpResponse:
    """Let a partner put a claim forward itself."""
    form = ProposalForm(request.POST or None, initial={"language": request.member.user.language})
    if request.method == "POST" and form.is_valid():
        claims.propose_claim(
            claim=form.claim(), reason=form.cleaned_data["reason"],
            member=request.member, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Proposed. You hear from us when it becomes an assignment."))
        return redirect("partner_inbox")
    status = 422 if form.is_bound else 200
    return render(request, "factcheck/propose.html", _context(request, form=form), status=status)


@portal_view("GET")
def exhibit_media(request: PartnerRequest, public_id: UUID) -> HttpResponseBase:
    """Send the redrawn picture of an exhibit to a partner with whom it is shared."""
    found = queries.exhibit_for(request.member, public_id)
    if found is None or not found.media or not default_storage.exists(found.media):
        raise Http404
    claims.record_reading(
        exhibits=[found], partner=request.member.partner, member=request.member, at=timezone.now()
    )
    response = FileResponse(default_storage.open(found.media), content_type=found.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- The organisation ----------------------------------------------------------------------


@portal_view("GET")
def organisation(request: PartnerRequest) -> HttpResponse:
    """Show members, contract, words, keys and the balance over parties."""
    return _organisation(request)


@portal_view("POST")
def add_member(request: PartnerRequest) -> HttpResponse:
    """Add a colleague."""
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422, member_form=form)
    partners.add_member(member=request.member, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Added. Your colleague sets a password through the sign-in page."))
    return redirect("partner_organisation")


@portal_view("POST")
def change_role(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Give a colleague another role."""
    colleague, form = _colleague(request, public_id), RoleForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422)
    partners.change_role(
        colleague=colleague, member=request.member, at=timezone.now(), **form.cleaned_data
    )
    return redirect("partner_organisation")


@portal_view("POST")
def end_membership(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Let a colleague go."""
    colleague = _colleague(request, public_id)
    partners.end_membership(colleague=colleague, member=request.member, at=timezone.now())
    return redirect("partner_organisation")


@portal_view("POST")
def change_profile(request: PartnerRequest) -> HttpResponse:
    """Change how much the organisation takes at once."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422, profile_form=form)
    partners.change_profile(
        partner=request.member.partner,
        member=request.member,
        at=timezone.now(),
        **form.cleaned_data,
    )
    return redirect("partner_organisation")


@portal_view("POST")
def set_words(request: PartnerRequest) -> HttpResponse:
    """Name the verdicts in the organisation's own words."""
    form = RatingWordsForm(request.POST, known={})
    if not form.is_valid():
        return _organisation(request, status=422, words_form=form)
    partners.set_rating_words(
        partner=request.member.partner, words=form.words(), member=request.member, at=timezone.now()
    )
    return redirect("partner_organisation")


@portal_view("POST")
def issue_key(request: PartnerRequest) -> HttpResponse:
    """Make an API key and show it this once."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422, key_form=form)
    _row, readable = partners.issue_partner_key(
        member=request.member, at=timezone.now(), **form.cleaned_data
    )
    return _organisation(request, readable_key=readable)


@portal_view("POST")
def revoke_key(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Stop one of the organisation's keys."""
    row = request.member.partner.keys.filter(key__public_id=public_id).first()
    if row is None:
        raise Http404
    partners.revoke_partner_key(key=row.key, member=request.member, at=timezone.now())
    return redirect("partner_organisation")


@portal_view("POST")
def add_webhook(request: PartnerRequest) -> HttpResponse:
    """Add a webhook and show its secret this once."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422, webhook_form=form)
    try:
        _made, secret = webhooks.add_webhook(
            **form.cleaned_data, member=request.member, at=timezone.now()
        )
    except Refused as refused:
        return _organisation(
            request, status=409, webhook_form=form, webhook_refusal=refused.refusal
        )
    return _organisation(request, webhook_secret=secret)


@portal_view("POST")
def change_webhook(request: PartnerRequest, public_id: UUID, how: str) -> HttpResponse:
    """Test a webhook, renew its secret, or stop it."""
    found = queries.webhooks_of(request.member.partner).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    at = timezone.now()
    if how == "renew":
        secret = webhooks.renew_secret(endpoint=found, member=request.member, at=at)
        return _organisation(request, webhook_secret=secret)
    if how == "test":
        webhooks.try_webhook(endpoint=found, member=request.member, at=at)
        messages.success(request, _("A test event is on its way."))
    else:
        webhooks.stop_webhook(endpoint=found, member=request.member, at=at)
        messages.success(request, _("Stopped: nothing is sent there any more."))
    return redirect("partner_organisation")


@portal_view("GET")
def terms(request: PartnerRequest) -> HttpResponse:
    """Show what was agreed, and what happens with whose data."""
    return render(request, "factcheck/terms.html", _context(request))


def _organisation(request: PartnerRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    member, at = request.member, timezone.now()
    partner = member.partner
    known = {(row.verdict, row.language): row.words for row in partner.rating_words.all()}
    profile = {"capacity": partner.capacity}
    context = _context(
        request,
        members=queries.colleagues_of(partner),
        keys=partner.keys.select_related("key").order_by("-key__created_at"),
        refusal=rules.may_manage_members(member, at=at),
        webhooks=queries.webhooks_of(partner),
        calendar=deadlines.address(member),
        load=partner.assignments.open().count(),
        verdict_labels=[label for _value, label in Verdict.choices],
        balance=queries.balance_of(partner, since=at - timedelta(days=365)),
        speed=queries.response_times(partner),
        **{
            "member_form": MemberForm(),
            "profile_form": ProfileForm(initial=profile),
            "words_form": RatingWordsForm(known=known),
            "key_form": KeyForm(),
            "webhook_form": WebhookForm(),
            **extra,
        },
    )  # fmt: skip
    return render(request, "factcheck/organisation.html", context, status=status)


def _context(request: PartnerRequest, **extra: Any) -> dict[str, Any]:
    return {"member": request.member, "partner": request.member.partner, **extra}


def _claim_context(request: PartnerRequest, found: Assignment, **extra: Any) -> dict[str, Any]:
    at = timezone.now()
    exhibits = list(queries.exhibits_for(found)[:EXHIBITS_SHOWN])
    claims.record_reading(
        exhibits=exhibits, partner=request.member.partner, member=request.member, at=at
    )
    return _context(
        request,
        groups=presenting.inbox(request.member, at=at, here=found),
        assignment=found,
        claim=found.claim,
        due=presenting.due_of(found, at=at),
        exhibits=exhibits,
        events=found.events.select_related("by").order_by("at", "pk"),
        like=presenting.like_claims(found.claim, checked_only=True),
        refusals={
            to.value: rules.may_answer(found, to=to, member=request.member, at=at)
            for to in AssignmentState
        },
        **{
            "reason_form": ReasonForm(),
            "hand_over_form": HandOverForm(member=request.member),
            **extra,
        },
    )


def _assignment(request: PartnerRequest, public_id: UUID) -> Assignment:
    found = queries.assignment_for(request.member, public_id)
    if found is None:
        raise Http404
    return found


def _draft(request: PartnerRequest, public_id: UUID) -> Draft:
    found = queries.own_draft(request.member, public_id)
    if found is None:
        raise Http404
    return found


def _check(request: PartnerRequest, public_id: UUID) -> Any:
    found = queries.own_check(request.member, public_id)
    if found is None:
        raise Http404
    return found


def _colleague(request: PartnerRequest, public_id: UUID) -> Membership:
    found = (
        Membership.objects.current()
        .filter(partner=request.member.partner_id, public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
