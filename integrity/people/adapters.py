"""How allauth behaves here: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from integrity.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up: accounts are opened by a lead."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Lets the organisation's identity provider in only for accounts that a lead has opened."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: an unknown person from the identity provider has no role here."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first sign-in to the account opened for that verified e-mail address."""
        if sociallogin.is_existing:
            return
        verified = {e.email.lower() for e in sociallogin.email_addresses if e.verified}
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is not None:
            sociallogin.connect(request, user)
