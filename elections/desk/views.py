"""The pages on which official facts are proposed, previewed and confirmed."""

from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from elections import rules
from elections.choices import ProposalKind
from elections.desk import previewing, reading
from elections.desk.forms import AnnouncementForm, KeyForm, ReasonForm, StatementForm
from elections.models import Election, FactProposal, IncidentNotice, Jurisdiction, VotingFact
from elections.services import proposing
from elections.topics import QUESTIONS
from integrity.doors import settings_page
from integrity.people.models import User
from integrity.refusals import Refused

PUBLISH = "elections.publish_fact"


@settings_page("GET", permission=PUBLISH)
def official_facts(request: HttpRequest) -> HttpResponse:
    """List the elections, and everything that waits for a second person."""
    context = {
        "elections": reading.elections_with_work(),
        "waiting": _proposal_rows(reading.waiting_proposals()),
    }
    return render(request, "elections/desk/elections.html", context)


@settings_page("GET", permission=PUBLISH)
def election_facts(request: HttpRequest, election: str) -> HttpResponse:
    """Show what is official in an election, by topic, and what is proposed about it."""
    found = _election(election)
    code = request.GET.get("place", "")
    place = get_object_or_404(found.places, code=code) if code else None
    context = {
        "election": found,
        "place": place,
        "places": reading.places_with_rules(found),
        "groups": reading.groups(found, place=place, at=timezone.now()),
        "incidents": reading.standing_incidents(found),
        "waiting": _proposal_rows(reading.waiting_proposals(found)),
        "answered": _proposal_rows(reading.answered_proposals(found)),
    }
    return render(request, "elections/desk/facts.html", context)


@settings_page("GET", "POST", permission=PUBLISH)
def new_statement(request: HttpRequest, election: str) -> HttpResponse:
    """Propose a new statement: first what it is about, then what it says."""
    found = _election(election)
    key = request.GET.get("key", "")
    if key not in QUESTIONS:
        context = {"election": found, "form": KeyForm(request.GET if key else None)}
        return render(request, "elections/desk/new_statement.html", context)
    with timezone.override(ZoneInfo(found.time_zone)):
        form = StatementForm(request.POST or None, key=key, election=found)
        context = {"election": found, "form": form, "key": key, "question": reading.question(key)}
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, "elections/desk/new_statement.html", context, status=status)
        try:
            proposal = proposing.propose_fact(
                election=found,
                key=key,
                statement=form.statement(),
                place=form.chosen_place(),
                reason=form.cleaned_data["reason"],
                by=_by(request),
                at=timezone.now(),
            )
        except Refused as refused:
            context["refusal"] = refused.refusal
            return render(request, "elections/desk/new_statement.html", context, status=409)
    return redirect("fact_proposal", proposal.public_id)


@settings_page("GET", "POST", permission=PUBLISH)
def statement(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Show a statement with its versions, and propose a correction of it."""
    found = _fact(fact)
    with timezone.override(ZoneInfo(found.election.time_zone)):
        form = StatementForm(
            request.POST or None, key=found.key, election=found.election, fact=found
        )
        if not form.is_valid():
            return _statement_page(request, found, form, status=422 if form.is_bound else 200)
        try:
            proposal = proposing.propose_correction(
                fact=found,
                statement=form.statement(),
                reason=form.cleaned_data["reason"],
                by=_by(request),
                at=timezone.now(),
            )
        except Refused as refused:
            return _statement_page(request, found, form, status=409, refused=refused)
    return redirect("fact_proposal", proposal.public_id)


@settings_page("POST", permission=PUBLISH)
def withdraw_statement(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Propose to take a statement back."""
    found, form = _fact(fact), ReasonForm(request.POST)
    if not form.is_valid():
        kept = StatementForm(None, key=found.key, election=found.election, fact=found)
        return _statement_page(request, found, kept, status=422, withdraw_form=form)
    proposal = proposing.propose_withdrawal(
        fact=found, reason=form.cleaned_data["reason"], by=_by(request), at=timezone.now()
    )
    return redirect("fact_proposal", proposal.public_id)


@settings_page("GET", "POST", permission=PUBLISH)
def new_incident(request: HttpRequest, election: str) -> HttpResponse:
    """Propose a notice of what changed on the day."""
    found, at = _election(election), timezone.now()
    with timezone.override(ZoneInfo(found.time_zone)):
        form = AnnouncementForm(request.POST or None, election=found, at=at)
        context = {"election": found, "form": form}
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, "elections/desk/new_incident.html", context, status=status)
        try:
            proposal = proposing.propose_incident(
                election=found,
                place=cast(Jurisdiction, form.cleaned_data["place"]),
                announcement=form.announcement(),
                reason=form.cleaned_data["reason"],
                by=_by(request),
                at=at,
            )
        except Refused as refused:
            context["refusal"] = refused.refusal
            return render(request, "elections/desk/new_incident.html", context, status=409)
    return redirect("fact_proposal", proposal.public_id)


@settings_page("POST", permission=PUBLISH)
def withdraw_incident(request: HttpRequest, incident: UUID) -> HttpResponse:
    """Propose to take a notice back."""
    found = get_object_or_404(
        IncidentNotice.objects.select_related("election", "place"), public_id=incident
    )
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write why, in a few words."))
        return redirect("election_facts", found.election.slug)
    proposal = proposing.propose_recall(
        incident=found, reason=form.cleaned_data["reason"], by=_by(request), at=timezone.now()
    )
    return redirect("fact_proposal", proposal.public_id)


@settings_page("GET", permission=PUBLISH)
def fact_proposal(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Show what a proposal would change, and let a second person answer it."""
    return _proposal_page(request, _proposal(proposal))


@settings_page("POST", permission=PUBLISH)
def confirm_fact(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Confirm what somebody else proposed."""
    found = _proposal(proposal)
    try:
        proposing.confirm_proposal(proposal=found, by=_by(request), at=timezone.now())
    except Refused as refused:
        return _proposal_page(request, _proposal(proposal), status=409, refused=refused)
    messages.success(request, _("It is official from now on."))
    return redirect("fact_proposal", found.public_id)


@settings_page("POST", permission=PUBLISH)
def decline_fact(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Decline what somebody else proposed, with the reason."""
    found, form = _proposal(proposal), ReasonForm(request.POST)
    if not form.is_valid():
        return _proposal_page(request, found, status=422, decline_form=form)
    proposing.decline_proposal(
        proposal=found, reason=form.cleaned_data["reason"], by=_by(request), at=timezone.now()
    )
    messages.success(request, _("Declined: nothing changes for voters."))
    return redirect("election_facts", found.election.slug)


@settings_page("POST", permission=PUBLISH)
def take_back_fact(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Take one's own proposal back."""
    found = _proposal(proposal)
    proposing.take_back_proposal(proposal=found, by=_by(request), at=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect("election_facts", found.election.slug)


def _statement_page(
    request: HttpRequest,
    fact: VotingFact,
    form: StatementForm,
    *,
    status: int,
    refused: Refused | None = None,
    withdraw_form: ReasonForm | None = None,
) -> HttpResponse:
    with timezone.override(ZoneInfo(fact.election.time_zone)):
        context = {
            "fact": fact,
            "election": fact.election,
            "question": reading.question(fact.key),
            "words": reading.words_of(fact),
            "versions": [(row, reading.words_of(row)) for row in reading.versions(fact)],
            "form": form,
            "withdraw_form": withdraw_form or ReasonForm(auto_id="withdraw_%s"),
            "waits": fact.proposals.waiting().first(),
            "closed": rules.may_change(fact),
            "refusal": refused.refusal if refused else None,
        }
        return render(request, "elections/desk/statement.html", context, status=status)


def _proposal_page(
    request: HttpRequest,
    proposal: FactProposal,
    *,
    status: int = 200,
    refused: Refused | None = None,
    decline_form: ReasonForm | None = None,
) -> HttpResponse:
    at = timezone.now()
    waiting = rules.is_waiting(proposal) is None
    with timezone.override(ZoneInfo(proposal.election.time_zone)):
        context = {
            "proposal": proposal,
            "election": proposal.election,
            "title": reading.proposal_title(proposal),
            "preview": previewing.preview(proposal, at=at) if waiting else None,
            "content": _content(proposal),
            "waiting": waiting,
            "may_answer": rules.may_answer(proposal, by=_by(request)),
            "may_take_back": rules.may_take_back(proposal, by=_by(request)),
            "decline_form": decline_form or ReasonForm(),
            "refusal": refused.refusal if refused else None,
        }
        return render(request, "elections/desk/proposal.html", context, status=status)


def _content(proposal: FactProposal) -> proposing.Announcement | proposing.Statement | None:
    if not proposal.content:
        return None
    if proposal.kind == ProposalKind.ANNOUNCE:
        return proposing.announcement_of(proposal.content)
    return proposing.statement_of(proposal.content)


def _proposal_rows(rows: list[FactProposal]) -> list[tuple[FactProposal, object]]:
    return [(row, reading.proposal_title(row)) for row in rows]


def _election(slug: str) -> Election:
    return get_object_or_404(Election.objects.select_related("country"), slug=slug)


def _fact(public_id: UUID) -> VotingFact:
    rows = VotingFact.objects.select_related(
        "election__country", "place", "supersedes", "published_by", "proposed_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _proposal(public_id: UUID) -> FactProposal:
    rows = FactProposal.objects.select_related(
        "election__country", "place", "fact", "incident", "proposed_by", "answered_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)
