"""The platform's own pages about claims and partners: weigh, ask, answer; contracts and people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck import presenting, queries, rules
from factcheck.access import DeskRequest, claims_view, partners_view
from factcheck.choices import AssignmentState, ClaimState
from factcheck.forms import (
    AgreementForm,
    AskForm,
    AskRuleForm,
    DueForm,
    FileClaimForm,
    FirstMemberForm,
    ReasonForm,
    ReassignForm,
)
from factcheck.models import Assignment, Claim, Membership, Partner
from factcheck.services import ask_rules, assigning, claims
from factcheck.services import partners as partner_services
from integrity.people.rules import may

PAGE = 50
SHELVES = {
    "proposed": (gettext_lazy("Proposed"), queries.triage_queue),
    "unasked": (gettext_lazy("Nobody asked"), queries.claims_unasked),
    "partners": (gettext_lazy("With a partner"), queries.claims_at_partners),
    "checked": (gettext_lazy("Checked"), queries.claims_checked),
}


# --- Claims --------------------------------------------------------------------------------


@claims_view("GET")
def claims_list(request: DeskRequest) -> HttpResponse:
    """Show what waits to be weighed, what partners have, and what they ask."""
    shelf = request.GET.get("shelf", "proposed")
    if shelf not in SHELVES:
        raise Http404
    found = Paginator(SHELVES[shelf][1](), PAGE).get_page(request.GET.get("page"))
    context = {
        "shelf": shelf,
        "shelves": [
            {"name": name, "word": word, "count": query().count()}
            for name, (word, query) in SHELVES.items()
        ],
        "page": found,
        "questions": queries.open_questions()[:PAGE],
    }
    return render(request, "factcheck/claims.html", context)


@claims_view("GET", "POST")
def file_claim(request: DeskRequest) -> HttpResponse:
    """Write down a claim that is worth a partner's time."""
    form = FileClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        filed = claims.file_claim(claim=form.claim(), by=request.user, at=timezone.now())
        return redirect("claim", filed.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "factcheck/claim_new.html", {"form": form}, status=status)


@claims_view("GET")
def claim(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show a claim: where it stands, who has it, what they found and ask."""
    return _claim(request, _found_claim(public_id))


@claims_view("POST")
def accept(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Say that a proposed claim will be checked."""
    found = _found_claim(public_id)
    claims.accept_proposal(claim=found, by=request.user, at=timezone.now())
    messages.success(request, _("Accepted. Now ask a partner."))
    return redirect("claim", public_id)


@claims_view("POST")
def dismiss(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Say why a proposed claim is not for checking."""
    found, form = _found_claim(public_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _claim(request, found, status=422, dismiss_form=form)
    claims.dismiss_claim(
        claim=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Not for checking; the reason is kept."))
    return redirect("claims")


@claims_view("POST")
def ask(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Send a claim to a partner."""
    found, at = _found_claim(public_id), timezone.now()
    form = AskForm(request.POST, partners=queries.partners_at_work(at=at))
    if not form.is_valid():
        return _claim(request, found, status=422, ask_form=form)
    made = assigning.ask_somebody(claim=found, by=request.user, at=at, **form.cleaned_data)
    messages.success(request, _("Asked %(partner)s.") % {"partner": made.partner})
    return redirect("claim", public_id)


@claims_view("POST")
def answer(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Answer what a partner asked; its clock runs on."""
    found, form = _found_assignment(public_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _claim(request, found.claim, status=422, failed=found, failed_form=form)
    assigning.answer_question(
        assignment=found, answer=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Answered. The partner's clock runs again."))
    return redirect("claim", found.claim.public_id)


@claims_view("POST")
def reassign(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Give an assignment to another partner."""
    found, at = _found_assignment(public_id), timezone.now()
    form = ReassignForm(request.POST, partners=queries.partners_at_work(at=at))
    if not form.is_valid():
        return _claim(request, found.claim, status=422, failed=found, failed_form=form)
    assigning.reassign(assignment=found, by=request.user, at=at, **form.cleaned_data)
    messages.success(request, _("Given to another partner; both were told."))
    return redirect("claim", found.claim.public_id)


@claims_view("POST")
def withdraw(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Take an assignment back."""
    found, form = _found_assignment(public_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _claim(request, found.claim, status=422, failed=found, failed_form=form)
    assigning.withdraw_assignment(
        assignment=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Taken back; the partner was told."))
    return redirect("claim", found.claim.public_id)


def _claim(
    request: DeskRequest,
    found: Claim,
    *,
    status: int = 200,
    failed: Assignment | None = None,
    failed_form: Any = None,
    **extra: Any,
) -> HttpResponse:
    at = timezone.now()
    able = queries.partners_at_work(at=at)
    checks = queries.checks_on(found)
    context = {
        "claim": found,
        "exhibits": found.exhibits.filter(withdrawn_at=None).order_by("-views", "pk")[:20],
        "checks": checks,
        "disagree": queries.disagree(checks),
        "assignments": [
            presenting.at_desk(one, at=at, form=failed_form if failed == one else None)
            for one in found.assignments.all()
        ],
        "like": presenting.like_claims(found),
        "is_proposed": found.state == ClaimState.PROPOSED,
        "is_open": found.state == ClaimState.OPEN,
        "fits_best": assigning.choose_partner(
            claim=found, at=at, without=[one.partner_id for one in found.assignments.all()]
        ),
        "dismiss_form": ReasonForm(),
        "ask_form": AskForm(partners=able, initial={"harm": found.harm}),
        "reassign_form": ReassignForm(partners=able),
        **extra,
    }
    return render(request, "factcheck/claim.html", context, status=status)


@claims_view("GET", "POST")
def rules_list(request: DeskRequest) -> HttpResponse:
    """Show the rules that send proposals to partners, and write one."""
    form = AskRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = ask_rules.Wanted(**form.cleaned_data)
        ask_rules.write_rule(wanted=wanted, by=request.user, at=timezone.now())
        messages.success(request, _("The rule is in force."))
        return redirect("claim_rules")
    context = {
        "rows": queries.ask_rules()[:PAGE],
        "form": form,
        "refusal": may(request.user, ask_rules.WRITE),
    }
    status = 422 if form.is_bound else 200
    return render(request, "factcheck/claim_rules.html", context, status=status)


@claims_view("POST")
def end_rule(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Stop following a rule."""
    found = queries.ask_rules().filter(public_id=public_id).first()
    if found is None:
        raise Http404
    ask_rules.end_rule(rule=found, by=request.user, at=timezone.now())
    messages.success(request, _("The rule has ended; what it sent stays sent."))
    return redirect("claim_rules")


# --- Partners ------------------------------------------------------------------------------


@partners_view("GET", "POST")
def partners_list(request: DeskRequest) -> HttpResponse:
    """Show the organisations under contract, and add one."""
    at = timezone.now()
    form = AgreementForm(request.POST or None, initial={"contract_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        agreed = partner_services.Agreed(**form.cleaned_data)
        added = partner_services.add_partner(agreed=agreed, by=request.user, at=at)
        messages.success(request, _("Added. Now give it a first administrator."))
        return redirect("desk_partner", added.public_id)
    context = {"rows": presenting.partners_at_desk(at=at), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "factcheck/partners.html", context, status=status)


@partners_view("GET")
def partner(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show what was agreed with a partner, its people, its load and how quick it is."""
    return _partner(request, _found_partner(public_id))


@partners_view("POST")
def change_agreement(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Change what was agreed."""
    found, form = _found_partner(public_id), AgreementForm(request.POST)
    if not form.is_valid():
        return _partner(request, found, status=422, form=form)
    agreed = partner_services.Agreed(**form.cleaned_data)
    partner_services.change_agreement(
        partner=found, agreed=agreed, by=request.user, at=timezone.now()
    )
    messages.success(request, _("Saved."))
    return redirect("desk_partner", public_id)


@partners_view("POST")
def set_due(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Agree how long the partner has."""
    found, form = _found_partner(public_id), DueForm(request.POST)
    if not form.is_valid():
        return _partner(request, found, status=422, due_form=form)
    partner_services.set_due_targets(
        partner=found, within=form.within(), by=request.user, at=timezone.now()
    )
    messages.success(request, _("Saved. It holds for new assignments."))
    return redirect("desk_partner", public_id)


@partners_view("POST")
def add_first_member(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Give an organisation an administrator, who then adds the others."""
    found, form = _found_partner(public_id), FirstMemberForm(request.POST)
    if not form.is_valid():
        return _partner(request, found, status=422, member_form=form)
    partner_services.add_first_member(
        partner=found, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(
        request, _("Added. The administrator sets a password through the sign-in page.")
    )
    return redirect("desk_partner", public_id)


def _partner(
    request: DeskRequest, found: Partner, *, status: int = 200, **extra: Any
) -> HttpResponse:
    at = timezone.now()
    known = {target.harm: target.within for target in found.due_targets.all()}
    context = {
        "partner": found,
        "members": Membership.objects.current()
        .filter(partner=found)
        .select_related("user")
        .order_by("joined_at"),
        "load": found.assignments.open().count(),
        "late": found.assignments.running().filter(due_at__lt=at).count(),
        "declined": found.assignments.filter(
            state__in=[AssignmentState.DECLINED, AssignmentState.RECUSED]
        ).count(),
        "speed": queries.response_times(found),
        "is_at_work": found.is_under_contract(on=at.date()),
        "refusal": rules.may_ask(
            found, load=found.assignments.open().count(), by=request.user, at=at
        ),
        "form": AgreementForm.filled(found),
        "due_form": DueForm(known=known),
        "member_form": FirstMemberForm(),
        **extra,
    }
    return render(request, "factcheck/partner.html", context, status=status)


def _found_claim(public_id: UUID) -> Claim:
    found = queries.claim_page(public_id)
    if found is None:
        raise Http404
    return found


def _found_assignment(public_id: UUID) -> Assignment:
    found = queries.assignment_at_desk(public_id)
    if found is None:
        raise Http404
    return found


def _found_partner(public_id: UUID) -> Partner:
    found = queries.partner_at_desk(public_id)
    if found is None:
        raise Http404
    return found
