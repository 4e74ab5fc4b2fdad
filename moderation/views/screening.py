"""How the screening is steered and how it does: the pages under /desk/settings/screening/."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from elections.models import Election, FactProposal
from integrity.doors import on_post, settings_page
from integrity.people.models import User
from integrity.people.rules import may
from moderation.presenting import thresholds as presenting
from moderation.presenting.labels import label_rows
from moderation.queries import screening as queries
from moderation.screening_forms import AskForm, ElectionForm, SwitchForm, ThresholdForm
from moderation.services import foreseeing, informing
from moderation.services import thresholds as setting

SEE = "moderation.see_screening"
PAGE = 50


@settings_page("GET", permission=SEE)
@vary_on_headers("HX-Request")
def fact_changes(request: HttpRequest) -> HttpResponse:
    """Show what changed lately in what is official, and what that did to posts and jobs."""
    election, before = request.GET.get("election", ""), request.GET.get("before", "")
    rows = queries.change_rows(
        election=election[:40].replace("\0", ""),
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        size=PAGE + 1,
    )
    context = {
        "rows": rows[:PAGE],
        "older": rows[PAGE - 1].change.pk if len(rows) > PAGE else None,
        "election": election,
        "waiting_since": queries.oldest_unfollowed(),
        "at": timezone.now(),
    }
    part = "#rows" if request.headers.get("HX-Request") else ""
    return render(request, f"moderation/settings/changes.html{part}", context)


@settings_page("GET", permission=SEE)
@vary_on_headers("HX-Request")
def screening_preview(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Show what a proposed change of a fact would do to posts."""
    rows = FactProposal.objects.select_related("election__country", "place", "fact", "incident")
    found = get_object_or_404(rows, public_id=proposal)
    context = {"proposal": found, "foreseen": foreseeing.foresee(found)}
    part = "#figures" if request.headers.get("HX-Request") else ""
    return render(request, f"moderation/settings/preview.html{part}", context)


@settings_page("GET", "POST", permission=SEE, step_up=on_post)
def thresholds(request: HttpRequest) -> HttpResponse:
    """Show what any threshold means, and let an election lead set it."""
    form = ThresholdForm(request.POST or None)
    if not form.is_valid():
        asked = AskForm(request.POST if form.is_bound else request.GET).asked()
        return _thresholds_page(request, asked, form, status=422 if form.is_bound else 200)
    election = form.cleaned_data["election"]
    setting.set_threshold(
        election=election,
        value=form.cleaned_data["value"],
        reason=form.cleaned_data["reason"],
        by=_by(request),
        at=timezone.now(),
    )
    messages.success(request, _("Set. What waits is looked at again within a minute."))
    return redirect(_at(request, election))


def _thresholds_page(
    request: HttpRequest, asked: dict[str, Any], form: ThresholdForm, *, status: int
) -> HttpResponse:
    election = asked["election"]
    in_force = queries.thresholds_in_force()
    own = in_force.get(election.pk if election else None)
    stands = own if own is not None else in_force.get(None)
    chosen = asked["threshold"] if asked["threshold"] is not None else stands or 0.5
    context = {
        "ask": AskForm({"election": election.slug if election else "", "threshold": chosen}),
        "election": election,
        "backtest": presenting.backtest(
            election=election, chosen=chosen, in_force=stands, at=timezone.now()
        ),
        "stands": stands,
        "is_own": own is not None,
        "chosen": chosen,
        "history": queries.threshold_history(election),
        "form": form
        if form.is_bound
        else ThresholdForm(
            initial={"value": chosen, "election": election.slug if election else ""}
        ),
        "refusal": may(_by(request), "moderation.set_threshold"),
    }
    return render(request, "moderation/settings/thresholds.html", context, status=status)


@settings_page("GET", "POST", permission=SEE, step_up=on_post)
def labels(request: HttpRequest) -> HttpResponse:
    """Show which pointers to the Election Center viewers see, and let an election lead switch."""
    form = SwitchForm(request.POST or None)
    if not form.is_valid():
        asked = ElectionForm(request.POST if form.is_bound else request.GET).asked()
        return _labels_page(request, asked, form if form.is_bound else None)
    election = form.cleaned_data["election"]
    informing.switch_label(
        election=election,
        topic=form.cleaned_data["topic"],
        is_on=form.cleaned_data["is_on"],
        reason=form.cleaned_data["reason"],
        by=_by(request),
        at=timezone.now(),
    )
    messages.success(request, _("Switched. The platform hears it within a minute."))
    return redirect(_at(request, election))


def _labels_page(
    request: HttpRequest, election: Election | None, form: SwitchForm | None
) -> HttpResponse:
    context = {
        "ask": ElectionForm(initial={"election": election.slug if election else ""}),
        "election": election,
        "rows": label_rows(election) if election else [],
        "form": form,
        "refusal": may(_by(request), "moderation.switch_label"),
    }
    return render(request, "moderation/settings/labels.html", context, status=422 if form else 200)


def _at(request: HttpRequest, election: Election | None) -> str:
    """Return the address of this page about an election."""
    return f"{request.path}?{urlencode({'election': election.slug})}" if election else request.path


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)
