"""How allauth behaves here: nobody signs up by themselves, and second factors lie sealed."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrity import encryption
from integrity.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up: accounts are opened by a lead."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead fact-checkers to their portal, authors to their pages, all others to the desk."""
        user = request.user
        if not user.has_perm("moderation.see_item"):
            if user.has_perm("factcheck.answer_assignment"):
                return reverse("partner_inbox")
            if user.has_perm("wagtailadmin.access_admin"):
                return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask for the second factor again, a passkey before a code.

        The password counts only for who has no second factor yet: whoever reads it along, or finds
        a desk left open, can do nothing sensitive with it.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        second = [method for method in methods if method["id"] != "reauthenticate"]
        return second[::-1] or methods


class MFAAdapter(DefaultMFAAdapter):
    """Seals what a second factor rests on before it is stored."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "That code is not right, or it was used before: wait until the app shows the next one."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return encryption.decrypt(encrypted_text)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Lets the organisation's identity provider in only for accounts that a lead has opened."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: an unknown person from the identity provider has no role here."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first sign-in to the account opened for that verified e-mail address.

        Whoever is not known here reads that, and nothing is written about them.
        """
        if _speaks_of_two_people(sociallogin.account.extra_data):
            raise ImmediateHttpResponse(_stay_outside(request))
        if sociallogin.is_existing:
            return
        # A provider may send the words "false" and "true": only a real yes counts.
        verified = {e.email.lower() for e in sociallogin.email_addresses if e.verified is True}
        users = list(User.objects.filter(email__in=verified, is_active=True)[:2])
        if len(users) != 1:
            raise ImmediateHttpResponse(_stay_outside(request))
        sociallogin.connect(request, users[0])


def _speaks_of_two_people(data: dict[str, Any]) -> bool:
    # OpenID Connect Core 5.3.2: the subject of both answers must be the same.
    token, info = data.get("id_token"), data.get("userinfo")
    return bool(token and info and token.get("sub") != info.get("sub"))


def _stay_outside(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/signup_closed.html", status=403)
