"""What a lead fills in about the platform's keys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity.people.choices import Scope


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
