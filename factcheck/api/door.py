"""Whose key this is: an organisation's, under contract, and for which of its people it speaks."""

from typing import Any

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.models import Membership, Partner
from integrity.people.choices import Scope
from integrity.people.models import ApiKey

PAGE = 100
_METHODS = ("GET", "POST", "PUT", "DELETE")


class PartnerView(APIView):
    """Opens to keys of an organisation under contract; nothing of another's exists for it (404)."""

    scopes = dict.fromkeys(_METHODS, Scope.CHECKS_PARTNER)
    partner: Partner

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the organisation behind the key."""
        super().initial(request, *args, **kwargs)
        assert isinstance(request.auth, ApiKey)  # HasScope lets nobody else in
        found = Partner.objects.filter(keys__key=request.auth).first()
        if found is None:
            raise exceptions.PermissionDenied("This key belongs to no fact-check partner.")
        if not found.is_under_contract(on=timezone.now().date()):
            raise exceptions.PermissionDenied("The contract with your organisation has ended.")
        self.partner = found

    @property
    def key_id(self) -> str:
        """The id of the key that calls."""
        assert isinstance(self.request.auth, ApiKey)
        return str(self.request.auth.public_id)

    def page(self, found: Any) -> tuple[list[Any], str | None]:
        """Return a page of rows, the newest first, and what to send as `after` to go on."""
        after = self.request.query_params.get("after", "")
        if after:
            if not (after.isascii() and after.isdigit() and len(after) < 19):
                raise exceptions.ValidationError({"after": "Send the `next` of the page before."})
            found = found.filter(pk__lt=int(after))
        rows = list(found.order_by("-pk")[: PAGE + 1])
        return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else None

    def member(self, email: str) -> Membership:
        """Return the colleague of this organisation for whom the call speaks."""
        found = (
            Membership.objects.current()
            .filter(partner=self.partner, user__email__iexact=email.strip())
            .select_related("partner", "user")
            .first()
        )
        if found is None:
            raise exceptions.ValidationError({"by": "No colleague of yours has this address."})
        return found
