"""The one door to the desk's pages: signed in, allowed, never cached; refusals become pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from integrity.doors import StepUp, View, asking_who
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refused


class DeskRequest(HttpRequest):
    """A request of somebody who has passed the door: never anonymous."""

    user: User


def desk_view(
    *methods: str, permission: str = "moderation.see_item", step_up: StepUp = False
) -> Callable[[View], View]:
    """Open a view to signed-in people with a permission; a service's refusal becomes a 409 page.

    `step_up` asks them first to show once more who they are, always or where it says so of a
    request; then what they sent is done.

    Which jobs and decisions a person reaches is asked in `queries` (`find_job`, `find_decision`,
    `visible_queues`); anything else does not exist for them (404).
    """

    def wrap(view: View) -> View:
        guarded = asking_who(view, step_up=step_up)

        @require_http_methods(methods)
        @never_cache
        @login_required
        @wraps(view)
        def inner(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            assert isinstance(request.user, User)  # login_required saw to it
            refusal = may(request.user, permission)
            if refusal is not None:
                raise PermissionDenied(str(refusal))
            try:
                return guarded(request, *args, **kwargs)
            except Refused as refused:
                return refused_page(request, refused)

        inner.permission = permission  # type: ignore[attr-defined]
        inner.methods = methods  # type: ignore[attr-defined]
        inner.step_up = step_up  # type: ignore[attr-defined]
        return inner

    return wrap


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Show why it could not be done, as a page or as the part that htmx asked for."""
    name = (
        "components/refusal.html"
        if request.headers.get("HX-Request")
        else "moderation/refused.html"
    )
    return render(request, name, {"refusal": refused.refusal}, status=409)
