"""How the screening is steered and how it does: the pages under /desk/settings/screening/."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.vary import vary_on_headers

from elections.models import FactProposal
from integrity.doors import settings_page
from integrity.people.models import User
from moderation.queries import screening as queries
from moderation.services import foreseeing

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


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)
