"""The doors to the portal and to the desk's claims pages: who may enter, and nothing is cached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from factcheck import queries, rules
from factcheck.models import Membership
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refused

View = Callable[..., HttpResponseBase]


class PartnerRequest(HttpRequest):
    """A request in the portal: `member` says for whom."""

    member: Membership
    user: User


class DeskRequest(HttpRequest):
    """A request by a signed-in person of the platform."""

    user: User


def portal_view(*methods: str) -> Callable[[View], View]:
    """Open a view to members of a partner; whatever is not theirs does not exist (404)."""

    def wrap(view: View) -> View:
        @require_http_methods(methods)
        @never_cache
        @login_required
        @wraps(view)
        def inner(request: PartnerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            member = queries.membership_of(request.user)
            refusal = rules.may_work(member, at=timezone.now())
            if refusal is not None or member is None:
                raise PermissionDenied(str(refusal))
            request.member = member
            try:
                return view(request, *args, **kwargs)
            except Refused as refused:
                return refused_page(request, refused, "factcheck/refused.html")

        return inner

    return wrap


def claims_view(*methods: str) -> Callable[[View], View]:
    """Open a view to people of the platform who send claims to partners."""
    return _desk_view("factcheck.assign_claim", *methods)


def partners_view(*methods: str) -> Callable[[View], View]:
    """Open a view to people of the platform who keep the contracts with partners."""
    return _desk_view("factcheck.manage_partner", *methods)


def _desk_view(permission: str, *methods: str) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @require_http_methods(methods)
        @never_cache
        @login_required
        @wraps(view)
        def inner(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = may(request.user, permission)
            if refusal is not None:
                raise PermissionDenied(str(refusal))
            try:
                return view(request, *args, **kwargs)
            except Refused as refused:
                return refused_page(request, refused, "factcheck/claims_refused.html")

        return inner

    return wrap


def refused_page(request: HttpRequest, refused: Refused, page: str) -> HttpResponse:
    """Show why it could not be done, as a page or as the part that htmx asked for."""
    name = "components/refusal.html" if request.headers.get("HX-Request") else page
    return render(request, name, {"refusal": refused.refusal}, status=409)
