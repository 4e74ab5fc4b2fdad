"""Calls of the platform: who is official, and calls for help from its own app."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from elections.models import Election
from guidance import queries
from guidance.choices import AccountKind, HelpKind, HelpState
from guidance.models import HelpRequest
from guidance.services import helping
from guidance.services.helping import HelpIn
from integrity.audit.services import Actor as AuditActor
from integrity.people.choices import Scope
from integrity.people.models import ApiKey
from integrity.people.services import actor_of
from moderation.api import describing
from moderation.api.answers import Problem

ACCOUNTS = """Accounts that a person here has checked and made official, until a moment. Show the
mark while an account is on this list, and no longer: ask again every few minutes."""
HELP = """A party or candidate asks for help in your app; this opens the same call as our own form.
The answer holds the number and the moment by which a person has looked. The answer in words goes
to the e-mail address."""


class OfficialAccount(serializers.Serializer):
    """One official account."""

    account_id = serializers.CharField()
    account = serializers.CharField()
    kind = serializers.ChoiceField(AccountKind.choices)
    organisation = serializers.CharField()
    election = serializers.CharField(source="election.slug", default=None, allow_null=True)
    since = serializers.DateTimeField(source="decided_at")
    until = serializers.DateTimeField(source="ends_at")


class AccountsAnswer(serializers.Serializer):
    """All official accounts."""

    accounts = OfficialAccount(many=True)


class HelpBody(serializers.Serializer):
    """A call for help as the platform sends it."""

    kind = serializers.ChoiceField(HelpKind.choices)
    organisation = serializers.CharField(max_length=160)
    account = serializers.CharField(max_length=200)
    what = serializers.CharField(max_length=4000)
    email = serializers.EmailField(max_length=254)
    where = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    language = serializers.RegexField("^(nl|en)$", default="nl")
    election = serializers.SlugRelatedField(
        "slug", queryset=Election.objects.all(), required=False, allow_null=True, default=None
    )


class HelpAnswer(serializers.Serializer):
    """Where a call for help stands."""

    reference = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(HelpKind.choices)
    state = serializers.ChoiceField(HelpState.choices)
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class OfficialAccountsView(APIView):
    """Who is official."""

    scopes = {"GET": Scope.ITEMS_READ}

    @extend_schema(
        operation_id="getOfficialAccounts",
        summary="See which accounts are official",
        description=ACCOUNTS,
        responses={200: AccountsAnswer, **describing.PROBLEMS},
        tags=["Parties"],
    )
    def get(self, request: Request) -> Response:
        """List them."""
        rows = queries.official_accounts(at=timezone.now())
        return Response(AccountsAnswer({"accounts": rows}).data)


class HelpView(APIView):
    """Calls for help."""

    scopes = {"POST": Scope.REPORTS_WRITE}

    @extend_schema(
        operation_id="postHelp",
        summary="Pass on a call for help",
        description=HELP,
        request=HelpBody,
        responses={201: HelpAnswer, **describing.PROBLEMS},
        tags=["Parties"],
    )
    def post(self, request: Request) -> Response:
        """Take in a call for help."""
        body = HelpBody(data=request.data)
        body.is_valid(raise_exception=True)
        data: dict[str, Any] = dict(body.validated_data)
        said = HelpIn(**{**data, "kind": HelpKind(data["kind"])})
        call = helping.ask_help(said=said, by=_caller(request), at=timezone.now())
        return Response(HelpAnswer(call).data, status=status.HTTP_201_CREATED)


class HelpCallView(APIView):
    """Where one call for help stands."""

    scopes = {"GET": Scope.REPORTS_WRITE}

    @extend_schema(
        operation_id="getHelp",
        summary="See where a call for help stands",
        description="The state of a call for help that you passed on, by its number.",
        responses={200: HelpAnswer, **describing.PROBLEMS, 404: Problem},
        tags=["Parties"],
    )
    def get(self, request: Request, reference: UUID) -> Response:
        """Tell how far it is, to the key that passed it on."""
        call = queries.help_request(reference)
        if call is None or not _is_theirs(call, request):
            raise exceptions.NotFound("There is no such call for help.")
        return Response(HelpAnswer(call).data)


def _is_theirs(call: HelpRequest, request: Request) -> bool:
    who = _caller(request)
    return call.sent_by == f"{who.type} {who.id}"[:80]


def _caller(request: Request) -> AuditActor:
    assert isinstance(request.auth, ApiKey)
    return actor_of(request.auth)
