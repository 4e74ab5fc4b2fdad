"""Signing in as a person does: address, password, second factor."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client

from integrity.people.demo import unused_code
from integrity.people.models import User

PASSWORD = "een-lang-wachtwoord-19"


def make_second_factor(user: User, *, secret: str = "JBSWY3DPEHPK3PXP") -> Authenticator:
    """Give a colleague an authenticator app."""
    return TOTP.activate(user, secret).instance


def sign_in(client: Client, user: User) -> None:
    """Sign in through the real form, second factor included."""
    factor = Authenticator.objects.filter(user=user).first() or make_second_factor(user)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    answer = client.post("/accounts/2fa/authenticate/", {"code": unused_code(factor)})
    assert answer.status_code == 302, answer.content.decode()


def step_up(client: Client, url: str = "") -> HttpResponse:
    """Show once more that it is this person, as before something sensitive.

    `url` is where the view that asked has sent them; the answer is what it then does.
    """
    factor = Authenticator.objects.filter(
        user=client.session["_auth_user_id"], type=Authenticator.Type.TOTP
    ).first()
    if factor is None:
        answer = client.post(url or "/accounts/reauthenticate/", {"password": PASSWORD})
    else:
        code = unused_code(factor)
        answer = client.post(url or "/accounts/2fa/reauthenticate/", {"code": code})
    assert answer.status_code == 302, answer.content.decode()
    return answer
