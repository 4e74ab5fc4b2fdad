"""The organisation's sign-in: lets in whom a lead has opened an account for, by verified e-mail."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from integrity.people.demo import unused_code
from integrity.people.models import User
from tests.people import identity_provider
from tests.signing_in import make_second_factor

pytestmark = pytest.mark.django_db

INSIDE = "/desk/settings/keys/"
NOOR = {"sub": "7", "email": "noor@waarborg.example", "email_verified": True}


@pytest.fixture
def provider(settings):
    provider = identity_provider.start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "organisation",
                    "name": "Gemeente Borne",
                    "client_id": identity_provider.CLIENT,
                    "secret": identity_provider.SECRET,
                    "settings": {"server_url": provider.url},
                }
            ],
        }
    }
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


def come_in(client, provider, claims: dict, *, userinfo: dict | None = None):
    """Go the way of a browser: to the provider, and back with what it gives."""
    provider.claims, provider.userinfo = claims, userinfo
    away = client.post("/accounts/oidc/organisation/login/?process=login")
    assert away["Location"].startswith(provider.url)
    back = requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_door_offers_the_organisation_by_its_name(client, provider):
    assert "Gemeente Borne" in client.get("/accounts/login/").content.decode()


def test_a_known_verified_address_comes_in_and_still_needs_its_second_factor(
    client, provider, policy_lead
):
    factor = make_second_factor(policy_lead)

    answer = come_in(client, provider, NOOR)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": unused_code(factor)})

    assert client.get(INSIDE).status_code == 200


def test_the_second_time_they_are_known_by_their_id_there(client, provider, policy_lead):
    come_in(client, provider, NOOR)
    client.post("/accounts/logout/")

    come_in(client, provider, {**NOOR, "email": "new-name@waarborg.example"})

    assert signed_in(client)
    assert client.session["_auth_user_id"] == str(policy_lead.pk)


def test_without_second_factor_they_are_sent_to_set_one_up(client, provider, policy_lead):
    come_in(client, provider, NOOR)

    assert client.get(INSIDE)["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "9", "email": "onbekend@waarborg.example", "email_verified": True},
        {**NOOR, "email_verified": False},
        {**NOOR, "email_verified": "false"},
        {"sub": "7", "email": "noor@waarborg.example"},
        {"sub": "7"},
    ],
)
def test_who_is_unknown_or_unverified_stays_outside_and_leaves_no_trace(
    client, provider, policy_lead, claims
):
    before = User.objects.count()

    answer = come_in(client, provider, claims)

    assert answer.status_code == 403
    assert "onbekend" not in answer.content.decode()
    assert not signed_in(client)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert not EmailAddress.objects.exists()


def test_an_account_that_was_closed_stays_closed(client, provider, policy_lead):
    come_in(client, provider, NOOR)
    client.post("/accounts/logout/")
    User.objects.filter(pk=policy_lead.pk).update(is_active=False)

    come_in(client, provider, NOOR)

    assert not signed_in(client)


def test_what_is_said_about_another_person_is_not_believed(client, provider, policy_lead):
    answer = come_in(client, provider, {"sub": "666"}, userinfo={**NOOR, "sub": "7"})

    assert answer.status_code == 403
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("claims", "audience"),
    [
        (NOOR, "another client"),
        ({**NOOR, "iss": "https://evil.example"}, None),
        ({**NOOR, "exp": 1}, None),
    ],
)
def test_a_token_for_someone_else_or_from_someone_else_or_old_is_refused(
    client, provider, policy_lead, claims, audience
):
    provider.audience = audience or provider.audience

    come_in(client, provider, claims)

    assert not signed_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(client, provider, policy_lead):
    provider.claims = NOOR
    provider.codes["stolen"] = "x"

    client.get("/accounts/oidc/organisation/login/callback/?code=stolen&state=forged")

    assert not signed_in(client)


def test_a_link_alone_does_not_start_a_sign_in(client, provider):
    answer = client.get("/accounts/oidc/organisation/login/?process=login")

    assert answer.status_code == 200  # a page that asks first
