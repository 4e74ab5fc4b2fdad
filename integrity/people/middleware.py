"""Staff without a second factor reach nothing but the page where they set one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from integrity.people.rules import needs_second_factor

_OPEN = ("/accounts/", "/static/", "/i18n/", "/healthz", "/readyz")


class StaffNeedsSecondFactorMiddleware:
    """Sends a signed-in colleague without a second factor to its set-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            user.is_authenticated
            and not request.path.startswith(_OPEN)
            and needs_second_factor(user)
            and not is_mfa_enabled(user)
        ):
            return redirect("mfa_index")
        return self.get_response(request)
