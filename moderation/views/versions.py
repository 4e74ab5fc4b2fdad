"""Versions of the screening's weights, and what people decided as labelled data."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity.doors import on_post, settings_page
from integrity.people.models import User
from moderation import screening_rules as rules
from moderation.models import ScreeningModel
from moderation.presenting import versions as presenting
from moderation.queries import labelled, screening
from moderation.queries import versions as queries
from moderation.screening_forms import ConsentForm, ExportForm, WeightsForm
from moderation.services import exporting
from moderation.services import versions as services

SEE = "moderation.see_screening"
WRITE = "moderation.write_screening"
DEPLOY = "moderation.deploy_screening"
EXPORT = "moderation.export_labelled"
# Where nobody has set a threshold the routing rules ask from here on.
UNSET = 0.5


@settings_page("GET", permission=SEE)
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions of the weights, the live one first."""
    found = list(queries.models()[:100])
    context = {
        "versions": found,
        "is_shipped": not any(each.state == "live" for each in found),
        "refusal": rules.may_bring_in(_by(request)),
    }
    return render(request, "moderation/settings/versions.html", context)


@settings_page("GET", "POST", permission=WRITE, step_up=True)
def new_version(request: HttpRequest) -> HttpResponse:
    """Bring in a version of the weights."""
    form = WeightsForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        context = {"form": form}
        status = 422 if form.is_bound else 200
        return render(request, "moderation/settings/new_version.html", context, status=status)
    kept = services.bring_in(
        files=form.sent(), note=form.cleaned_data["note"], by=_by(request), at=timezone.now()
    )
    messages.success(request, _("Kept. It reads nothing yet."))
    return redirect("screening_version", kept.public_id)


@settings_page("GET", permission=SEE)
def version(request: HttpRequest, model: UUID) -> HttpResponse:
    """Show what a version found beside the live one, and what may be done with it."""
    found, by = _model(model), _by(request)
    comparison = queries.compare(found)
    threshold = screening.thresholds_in_force().get(None, UNSET)
    context = {
        "version": found,
        "comparison": comparison,
        "verdicts": presenting.VERDICTS.values(),
        "cells": presenting.cells(comparison),
        "sides": presenting.sides(comparison, threshold=threshold),
        "threshold": threshold,
        "differing": [
            (row, presenting.word_for(row.live_verdict), presenting.word_for(row.shadow_verdict))
            for row in comparison.differing
        ],
        "may_shadow": rules.may_shadow_model(found, by=by),
        "may_deploy": rules.may_deploy_model(found, by=by),
        "may_retire": rules.may_retire_model(found, by=by),
    }
    return render(request, "moderation/settings/version.html", context)


@settings_page("POST", permission=SEE)
def to_shadow(request: HttpRequest, model: UUID) -> HttpResponse:
    """Let a version read along."""
    services.put_in_shadow(model=_model(model), by=_by(request), at=timezone.now())
    messages.success(request, _("It reads along from now on, and changes nothing."))
    return redirect("screening_version", model)


@settings_page("POST", permission=DEPLOY, step_up=True)
def to_live(request: HttpRequest, model: UUID) -> HttpResponse:
    """Switch a version on, or back on."""
    services.deploy(model=_model(model), by=_by(request), at=timezone.now())
    messages.success(request, _("Live. What comes in from now on is read with it."))
    return redirect("screening_version", model)


@settings_page("POST", permission=DEPLOY, step_up=True)
def to_rest(request: HttpRequest, model: UUID) -> HttpResponse:
    """Put a version aside."""
    services.retire(model=_model(model), by=_by(request), at=timezone.now())
    messages.success(request, _("Put aside. It can be brought back here."))
    return redirect("screening_version", model)


@settings_page("GET", "POST", permission=SEE, step_up=on_post)
def labelled_data(request: HttpRequest) -> HttpResponse:
    """Show what decisions may be used for, and let a lead say so."""
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        exporting.set_consent(**given, by=_by(request), at=timezone.now())
        messages.success(request, _("Noted."))
        return redirect("labelled_data")
    context = {
        "consents": labelled.consents_in_force().values(),
        "decided": labelled.final_decisions().count(),
        "form": form,
        "refusal": rules.may_set_consent(_by(request)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "moderation/settings/labelled.html", context, status=status)


@settings_page("POST", permission=EXPORT, step_up=True)
def export_labelled(request: HttpRequest) -> HttpResponse:
    """Give what may be used as a file of JSON lines."""
    form = ExportForm(request.POST)
    purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
    lines = exporting.export(purpose=purpose, by=_by(request), at=timezone.now())
    answer = HttpResponse(
        "".join(f"{line}\n" for line in lines), content_type="application/x-ndjson"
    )
    answer["Content-Disposition"] = f'attachment; filename="labelled-{purpose}.jsonl"'
    return answer


def _model(public_id: UUID) -> ScreeningModel:
    found = queries.find_model(public_id)
    if found is None:
        raise Http404
    return found


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)
