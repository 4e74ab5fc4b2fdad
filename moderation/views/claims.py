"""Known claims in items: where a claim stands, and a person's yes or no to a suggestion."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.access import DeskRequest, desk_view
from moderation.models import Appearance
from moderation.presenting import known_claims
from moderation.queries import job_page
from moderation.queries import known_claims as queries
from moderation.services import appearing

ASSIGN = "factcheck.assign_claim"


@desk_view("GET", permission=ASSIGN)
def claim_places(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show the items in which a claim stands or may stand, as a part of the claim's page."""
    found = queries.places_of(public_id, user=request.user)
    context = {"known": known_claims.places(found), "claim_id": public_id}
    name = "_claim_places" if request.headers.get("HX-Request") else "claim_places"
    return render(request, f"moderation/{name}.html", context)


@desk_view("POST", permission=ASSIGN)
def confirm_appearance(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Say that a suggested claim stands in the item; what partners found follows."""
    found = _appearance(request, public_id)
    appearing.confirm(appearance=found, by=request.user, at=timezone.now())
    messages.success(request, _("Confirmed. What partners found now counts for this item."))
    return _back(request, found)


@desk_view("POST", permission=ASSIGN)
def reject_appearance(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Say that a claim does not stand in the item; what its verdicts did there is undone."""
    found = _appearance(request, public_id)
    appearing.reject(appearance=found, by=request.user, at=timezone.now())
    messages.success(request, _("Noted. It is not suggested for this item again."))
    return _back(request, found)


def _appearance(request: DeskRequest, public_id: UUID) -> Appearance:
    found = queries.find_appearance(request.user, public_id)
    if found is None:
        raise Http404
    return found


def _back(request: DeskRequest, found: Appearance) -> HttpResponse:
    """Go back to the job from which the answer came, else to the claim."""
    try:
        job = job_page.find_job(request.user, UUID(request.POST.get("job", "")))
    except ValueError:
        job = None
    if job is not None:
        return redirect("job", job.public_id)
    return redirect("claim", found.claim.public_id)
