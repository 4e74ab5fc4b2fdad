"""The door of a settings page: signed in, allowed, the right method, never cached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from integrity.refusals import Refused

View = Callable[..., HttpResponseBase]


StepUp = bool | Callable[[HttpRequest], bool]


def on_post(request: HttpRequest) -> bool:
    """Say whether this would change something: for `step_up` on a page that shows and changes."""
    return request.method == "POST"


def asking_who(view: View, *, step_up: StepUp) -> View:
    """Ask for the second factor again before this view, always or where `step_up` says so.

    What was sent is done once they have shown who they are.
    """
    if not step_up:
        return view
    asked: View = reauthentication_required(enabled=step_up, app="desk")(view)
    return asked


def settings_page(
    *methods: str, permission: str, step_up: StepUp = False
) -> Callable[[View], View]:
    """Open a page to who holds a permission; `step_up` asks them first to show who they are again.

    A service's refusal becomes a page that says why.
    """

    def decorate(view: View) -> View:
        guarded = asking_who(view, step_up=step_up)

        @require_http_methods([*methods, "HEAD"] if "GET" in methods else list(methods))
        @never_cache
        @login_required
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            try:
                return guarded(request, *args, **kwargs)
            except Refused as refused:
                refusal = {"refusal": refused.refusal}
                return render(request, "people/refused.html", refusal, status=409)

        inner.permission = permission  # type: ignore[attr-defined]
        inner.methods = methods  # type: ignore[attr-defined]
        inner.step_up = step_up  # type: ignore[attr-defined]
        return inner

    return decorate
