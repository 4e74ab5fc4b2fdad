"""The pages of the routing rules: read, write, try on stored items, let run along, switch on."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from elections.models import Election
from integrity.nudging import nudge
from moderation import rules, tasks
from moderation.access import DeskRequest, desk_view
from moderation.models import Policy, RoutingVersion
from moderation.presenting import routes
from moderation.queries import steering as queries
from moderation.routing_forms import OPERATORS, DaysForm, RoutingForm
from moderation.services import backtesting, steering

SEE = "moderation.see_routing"
WRITE = "moderation.write_routing"
DEPLOY = "moderation.deploy_routing"


def _version(public_id: UUID) -> RoutingVersion:
    found = queries.find_version(public_id)
    if found is None:
        raise Http404
    return found


@desk_view("GET", permission=SEE)
def routing(request: DeskRequest) -> HttpResponse:
    """Show the versions of the routing rules, the live one in full."""
    versions = list(queries.routing_versions()[:100])
    live = next((v for v in versions if v.state == "live"), None)
    context = {
        "versions": versions,
        "live": live,
        "rules": routes.rules_in_words(live.content, queues=queries.queue_names()) if live else [],
        "may_write": rules.may_write_routing(request.user),
    }
    return render(request, "moderation/routing.html", context)


@desk_view("GET", permission=SEE)
def version(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show one version: its rules, what it changes, and what may be done with it."""
    found, live, names = _version(public_id), queries.live_version(), queries.queue_names()
    is_live = live is not None and live.pk == found.pk
    context = {
        "version": found,
        "is_live": is_live,
        "rules": routes.rules_in_words(found.content, queues=names),
        "changes": routes.changes(live.content, found.content, queues=names)
        if live and not is_live
        else [],
        "text": json.dumps(found.content, indent=2, ensure_ascii=False),
        "may_shadow": rules.may_shadow(found, by=request.user),
        "may_deploy": rules.may_deploy(found, by=request.user),
        "may_retire": rules.may_retire(found, by=request.user),
        "may_write": rules.may_write_routing(request.user),
    }
    return render(request, "moderation/routing_version.html", context)


@desk_view("GET", "POST", permission=WRITE)
def new_routing(request: DeskRequest) -> HttpResponse:
    """Write a version: every button sends the form, only "keep" keeps it."""
    names = queries.queue_names()
    if request.method != "POST":
        begin = _begin_with(request)
        return _editor(request, RoutingForm.of(begin.content if begin else []), names)
    form = RoutingForm.sent(request.POST.dict())
    what = request.POST.get("do", "keep")
    if what != "keep":
        form.do(what)
        return _editor(request, form, names, status=422 if form.errors else 200)
    if not form.check(queues=frozenset(names)):
        return _editor(request, form, names, status=422)
    kept = steering.write_version(
        content=form.content(), note=form.note, by=request.user, at=timezone.now()
    )
    messages.success(request, _("Kept as a draft. It routes nothing yet."))
    return redirect("routing_version", kept.public_id)


def _begin_with(request: DeskRequest) -> RoutingVersion | None:
    try:
        return queries.find_version(UUID(request.GET.get("from", ""))) or queries.live_version()
    except ValueError:
        return queries.live_version()


def _editor(
    request: DeskRequest, form: RoutingForm, names: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    policies = [(p.slug, str(p)) for p in Policy.objects.filter(retired_at=None).order_by("code")]
    elections = [(e.slug, str(e)) for e in Election.objects.order_by("-first_day")[:30]]
    context = {
        "form": form,
        "queues": names.items(),
        "fields": routes.FIELD_WORDS.items(),
        "operators": [(name, routes.OPERATOR_WORDS[name]) for name in OPERATORS],
        "help": routes.field_help(policy=policies, election=elections),
    }
    return render(request, "moderation/routing_editor.html", context, status=status)


@desk_view("GET", permission=SEE)
def backtest(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Try a version on stored items, beside the live one."""
    found, live, form = _version(public_id), queries.live_version(), DaysForm(request.GET)
    result = backtesting.backtest(
        content=found.content,
        against=live.content if live else [],
        at=timezone.now(),
        days=form.days(),
    )
    context = {
        "version": found,
        "result": result,
        "days": form.days(),
        "choices": DaysForm.CHOICES,
        "tables": routes.backtest_tables(result, queues=queries.queue_names()),
    }
    return render(request, "moderation/routing_backtest.html", context)


@desk_view("GET", permission=SEE)
def shadow(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show what a version did while it ran along, beside what the live one did."""
    found = _version(public_id)
    comparison = queries.shadow_comparison(found)
    context = {
        "version": found,
        "comparison": comparison,
        "tables": routes.shadow_tables(comparison, queues=queries.queue_names()),
    }
    return render(request, "moderation/routing_shadow.html", context)


@desk_view("POST", permission=SEE)
def run_along(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Let a version run along in the shadow."""
    steering.put_in_shadow(version=_version(public_id), by=request.user, at=timezone.now())
    messages.success(request, _("It runs along now: it routes nothing, and is compared."))
    return redirect("routing_version", public_id)


@desk_view("POST", permission=DEPLOY, step_up=True)
def deploy(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Switch a version on."""
    steering.deploy_version(version=_version(public_id), by=request.user, at=timezone.now())
    nudge(tasks.apply_routing)
    messages.success(request, _("It routes from now on; what waits is looked at again."))
    return redirect("routing_version", public_id)


@desk_view("POST", permission=SEE)
def retire(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Put a draft, or the version that runs along, aside."""
    steering.retire_version(version=_version(public_id), by=request.user, at=timezone.now())
    messages.success(request, _("Put aside."))
    return redirect("routing_version", public_id)
