"""The pages of misuse (DSA art. 23): limits, who has come to them, steps against reporters."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity.people.rules import may
from integrity.refusals import Refused
from moderation import rules
from moderation.access import DeskRequest, desk_view
from moderation.models import MisuseLimit, Strike
from moderation.presenting import misuse as presenting
from moderation.queries import misuse as queries
from moderation.services import restraining
from moderation.settings_forms import LimitForm, NewLimitForm, StepForm

SEE = "moderation.see_routing"
PAUSE = "moderation.pause_reporter"


@desk_view("GET", permission=SEE)
def misuse(request: DeskRequest) -> HttpResponse:
    """Show the limits and everybody who has come to one."""
    return _page(request)


def _page(request: DeskRequest, *, status: int = 200, **context: object) -> HttpResponse:
    at = timezone.now()
    context |= {
        "limits": MisuseLimit.objects.filter(retired_at=None).order_by("by", "at_least", "slug"),
        "accounts": presenting.account_rows(queries.accounts_at_limits(at=at)),
        "reporters": presenting.reporter_rows(queries.reporters_at_limits(at=at)),
        "paused": presenting.paused_rows(queries.paused_reporters(at=at)),
        "may_edit": may(request.user, "moderation.change_misuselimit"),
        "may_restrain": rules.may_restrain(request.user),
    }
    return render(request, "moderation/misuse.html", context, status=status)


@desk_view("GET", "POST", permission="moderation.add_misuselimit")
def new_limit(request: DeskRequest) -> HttpResponse:
    """Add a limit."""
    form = NewLimitForm(request.POST or None)
    return _limit_form(request, form, None)


@desk_view("GET", "POST", permission="moderation.change_misuselimit")
def edit_limit(request: DeskRequest, slug: str) -> HttpResponse:
    """Change a limit."""
    limit = get_object_or_404(MisuseLimit, slug=slug, retired_at=None)
    return _limit_form(request, LimitForm(request.POST or None, initial=LimitForm.of(limit)), limit)


def _limit_form(request: DeskRequest, form: LimitForm, limit: MisuseLimit | None) -> HttpResponse:
    context: dict[str, object] = {"form": form, "limit": limit}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "moderation/limit_form.html", context, status=status)
    slug = limit.slug if limit else form.cleaned_data["slug"]
    try:
        restraining.write_limit(limit=limit, slug=slug, said=form.said(), by=request.user)
    except Refused as refused:
        context["refusal"] = refused.refusal
        return render(request, "moderation/limit_form.html", context, status=409)
    messages.success(request, _("Kept."))
    return redirect("misuse")


@desk_view("POST", permission="moderation.change_misuselimit")
def retire_limit(request: DeskRequest, slug: str) -> HttpResponse:
    """Let a limit count no more."""
    limit = get_object_or_404(MisuseLimit, slug=slug, retired_at=None)
    restraining.retire_limit(limit=limit, by=request.user, at=timezone.now())
    messages.success(request, _("It counts no more."))
    return redirect("misuse")


# --- Steps against people who report -----------------------------------------------


@desk_view("POST", permission=PAUSE)
def warn_reporter(request: DeskRequest, key: str) -> HttpResponse:
    """Warn somebody whose reports have no ground."""
    return _take_step(request, key, "warn_reporter", _("Warned: the platform passes it on."))


@desk_view("POST", permission=PAUSE)
def pause_reporter(request: DeskRequest, key: str) -> HttpResponse:
    """Leave somebody's reports aside for a time."""
    return _take_step(request, key, "pause_reporter", _("Their reports are left aside now."))


def _take_step(request: DeskRequest, key: str, verb: str, said: str) -> HttpResponse:
    at = timezone.now()
    reporter, reached = presenting.found_by_key(queries.reporters_at_limits(at=at), key)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, step_form=form, step_key=key)
    limit = next((r.limit for r in reached if r.limit.slug == form.cleaned_data["limit"]), None)
    if limit is None:
        raise Http404
    step = getattr(restraining, verb)
    step(reporter=reporter, limit=limit, reason=form.cleaned_data["reason"], by=request.user, at=at)
    messages.success(request, said)
    return redirect("misuse")


@desk_view("POST", permission=PAUSE)
def lift_pause(request: DeskRequest, key: str) -> HttpResponse:
    """Deal with somebody's reports again."""
    at = timezone.now()
    steps = queries.paused_reporters(at=at)
    reporter, _step = presenting.found_by_key({s.reporter: s for s in steps}, key)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, step_form=form, step_key=key)
    restraining.lift_pause(
        reporter=reporter, reason=form.cleaned_data["reason"], by=request.user, at=at
    )
    messages.success(request, _("Their reports are dealt with again."))
    return redirect("misuse")


@desk_view("POST", permission="moderation.confirm_decision")
def lift_strike(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Let a strike that was wrong count no more."""
    strike = get_object_or_404(Strike.objects.select_related("actor"), public_id=public_id)
    reason = request.POST.get("reason", "")
    restraining.lift_strike(strike=strike, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("It counts no more."))
    return redirect("actor", strike.actor.public_id)
