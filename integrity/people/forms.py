"""What a lead fills in about the platform's keys, and what everybody types at the door."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrity.encryption import decrypt
from integrity.people.choices import Scope
from integrity.people.codes import use_code


class KeyForm(forms.Form):
    """A new API key: for whom, for what, for how long."""

    name = forms.CharField(
        label=_("Who uses it"),
        max_length=100,
        help_text=_("For example: platform, production."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Valid for how many days"),
        min_value=1,
        max_value=1095,
        initial=365,
        help_text=_("Then it stops by itself. You can stop it earlier."),
    )


class Plain(forms.Form):
    """Leaves out what allauth adds to fields: labels said twice, a reset that is not offered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""


class SignInForm(Plain, LoginForm):
    """Address and password."""


class PasswordAgainForm(Plain, ReauthenticateForm):
    """The password, before something sensitive."""


class AnotherPasswordForm(Plain, ChangePasswordForm):
    """A new password in the place of the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least eight characters, not only digits, and nothing that others would guess first."
        )


class OneUse(Plain, BaseAuthenticateForm):
    """Refuses a code of an app that opened the door before."""

    def clean_code(self) -> str:
        """Check the code, then use it up."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            _use_up(self, decrypt(self.authenticator.data["secret"]), code)
        return code


class SecondFactorForm(OneUse, AuthenticateForm):
    """The second factor at the door."""


class SecondFactorAgainForm(OneUse, CodeAgainForm):
    """The second factor before something sensitive."""


class SetUpAppForm(Plain, ActivateTOTPForm):
    """The first code of an authenticator app: it proves the set-up and opens nothing after it."""

    def clean_code(self) -> str:
        """Check the code, then use it up."""
        code: str = super().clean_code()
        _use_up(self, self.secret, code)
        return code


class KeyToAddForm(AddWebAuthnForm):
    """A passkey or security key that is being added."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["passwordless"].label = _("It may open the door by itself")
        self.fields["passwordless"].help_text = _(
            "Without your password, then. It asks for your finger, your face or a PIN."
        )


class KeyNameForm(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


def _use_up(form: OneUse | SetUpAppForm, secret: str, code: str) -> None:
    if not use_code(user=form.user, secret=secret, code=code, at=timezone.now()):
        raise get_adapter().validation_error("incorrect_code")
