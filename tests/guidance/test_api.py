"""The platform asks who is official, and passes on calls for help."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guidance.models import HelpRequest
from guidance.proofs import Document
from guidance.services import accounts
from guidance.services.accounts import AccountIn
from integrity.people.choices import Scope
from integrity.people.services import issue_key
from tests.factories import make_election

pytestmark = pytest.mark.django_db

BODY = {
    "kind": "attack",
    "organisation": "Lokaal Belang",
    "account": "@lb",
    "what": "Honderden accounts tegelijk.",
    "email": "info@lb.example",
}


def key(*scopes: Scope, name: str = "Plein") -> dict[str, str]:
    _row, secret = issue_key(name=name, scopes=scopes, by=None, at=timezone.now())
    return {"Authorization": f"Bearer {secret}"}


def post(client, body, headers):
    return client.post(reverse("api_help"), body, content_type="application/json", headers=headers)


def test_the_platform_passes_on_a_call_for_help_and_follows_it(client):
    make_election()
    headers = key(Scope.REPORTS_WRITE)

    answer = post(client, {**BODY, "election": "nl-gr2026"}, headers)
    url = reverse("api_help_call", args=[answer.json()["reference"]])

    assert answer.status_code == 201
    assert HelpRequest.objects.get().election.slug == "nl-gr2026"
    assert client.get(url, headers=headers).json() == answer.json()
    assert answer.json()["state"] == "waiting"


def test_another_key_does_not_see_it(client):
    answer = post(client, BODY, key(Scope.REPORTS_WRITE))
    url = reverse("api_help_call", args=[answer.json()["reference"]])

    assert client.get(url, headers=key(Scope.REPORTS_WRITE, name="Other")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "x"}, "kind"), ({"email": "x"}, "email"), ({"election": "nl-ep1800"}, "election"),
     ({"what": "\u0000"}, "what"), ({"what": "x" * 4001}, "what")],
)  # fmt: skip
def test_what_is_wrong_is_named(client, changes, field):
    answer = post(client, {**BODY, **changes}, key(Scope.REPORTS_WRITE))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_a_key_needs_the_scope(client):
    assert post(client, BODY, key(Scope.ITEMS_READ)).status_code == 403
    assert client.get(reverse("api_official_accounts")).status_code == 401


def test_the_platform_sees_who_is_official_now(client, policy_lead, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    asked = accounts.ask_account(
        said=AccountIn(
            kind="party", organisation="Lokaal Belang", account="@lb", contact="Noor",
            email="info@lb.example",
        ),
        documents=[Document("lijst.pdf", b"%PDF-1.7")],
        at=now,
    )  # fmt: skip
    accounts.approve_account(
        request=asked,
        account_id="account-7",
        ends_at=now + timedelta(days=9),
        by=policy_lead,
        at=now,
    )

    (row,) = client.get(reverse("api_official_accounts"), headers=key(Scope.ITEMS_READ)).json()[
        "accounts"
    ]

    assert (row["account_id"], row["kind"]) == ("account-7", "party")
    assert "info@lb.example" not in str(row)


def test_the_calls_are_described(client):
    paths = client.get(reverse("api_schema"), headers={"Accept": "application/json"}).json()[
        "paths"
    ]

    for path, verb in (
        ("/api/v1/official-accounts", "get"),
        ("/api/v1/help-requests", "post"),
        ("/api/v1/help-requests/{reference}", "get"),
    ):
        assert paths[path][verb]["description"]
