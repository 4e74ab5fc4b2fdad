"""Pages about sign-in and the platform's keys."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity.doors import settings_page
from integrity.people import queries, services
from integrity.people.choices import Scope
from integrity.people.forms import KeyForm
from integrity.people.models import ApiKey, User
from integrity.people.rules import may


def not_offered(request: HttpRequest) -> HttpResponse:
    """Answer that there is no such page, for a page of allauth that this house does not offer."""
    raise Http404


def at_the_door(request: HttpRequest) -> HttpResponse:
    """Send whoever comes to another sign-in form to the one that asks for a second factor."""
    onward = request.GET.get(REDIRECT_FIELD_NAME)
    return redirect_to_login(onward) if onward else redirect("account_login")


@settings_page("GET", permission="people.view_apikey")
def api_keys(request: HttpRequest) -> HttpResponse:
    """List the platform's keys, those that work first."""
    user = cast(User, request.user)
    context = {
        "rows": queries.key_rows(at=timezone.now()),
        "refusal_to_issue": may(user, "people.add_apikey"),
        "refusal_to_revoke": may(user, "people.change_apikey"),
    }
    return render(request, "people/api_keys.html", context)


@settings_page("GET", "POST", permission="people.add_apikey", step_up=True)
def new_api_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this one time."""
    form = KeyForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "people/new_api_key.html", {"form": form}, status=status)
    now = timezone.now()
    row, key = services.issue_key(
        name=form.cleaned_data["name"],
        scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
        by=cast(User, request.user),
        at=now,
        expires_at=now + timedelta(days=form.cleaned_data["days"]),
    )
    return render(request, "people/api_key_shown.html", {"row": row, "secret": key})


@settings_page("POST", permission="people.change_apikey")
def revoke_api_key(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stop a key from working."""
    row = get_object_or_404(ApiKey, public_id=key)
    services.revoke_key(key=row, by=cast(User, request.user), at=timezone.now())
    messages.success(request, _("%(name)s no longer opens anything.") % {"name": row.name})
    return redirect("api_keys")
