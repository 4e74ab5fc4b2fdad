"""What a partner hears of the casework: what its verdict led to, in numbers."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from factcheck import queries
from factcheck.access import PartnerRequest, portal_view
from moderation.queries.verdict_effects import effect_of


@portal_view("GET")
def check_effect(request: PartnerRequest, public_id: UUID) -> HttpResponse:
    """Show what became of one of the organisation's checks, as a part of its page or a page."""
    found = queries.own_check(request.member, public_id)
    if found is None:
        raise Http404
    context = {
        "member": request.member,
        "partner": request.member.partner,
        "check": found,
        "effect": effect_of(found),
    }
    name = "_check_effect" if request.headers.get("HX-Request") else "check_effect"
    return render(request, f"factcheck/{name}.html", context)
