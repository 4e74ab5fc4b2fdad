"""What a lead fills in about endpoints; shape only, the rules look at the rest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity.outbox import addresses
from integrity.outbox.choices import EventType

_WANTED = [choice for choice in EventType.choices if choice[0] != EventType.TEST]


class EndpointForm(forms.Form):
    """A new endpoint: where, and for which events."""

    name = forms.CharField(label=_("Name"), max_length=100)
    url = forms.CharField(
        label=_("Address"),
        max_length=addresses.LONGEST_URL,
        help_text=_("It begins with https:// and answers 2xx when it has the message."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    event_types = forms.MultipleChoiceField(
        label=_("Which events"),
        choices=_WANTED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all, also those that come later."),
    )

    def clean_url(self) -> str:
        """Say at the field what is wrong with an address."""
        url = str(self.cleaned_data["url"]).strip()
        refusal = addresses.why_not(url)
        if refusal is not None:
            raise forms.ValidationError(str(refusal))
        return url


class DisableForm(forms.Form):
    """Why an endpoint is to be left alone."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class ReplayForm(forms.Form):
    """A period to send again."""

    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    only_dead = forms.BooleanField(label=_("Only what was given up"), required=False)

    def clean(self) -> dict[str, Any]:
        """See that the period ends after it begins."""
        data = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            self.add_error("until", _("The period ends before it begins."))
        return data


class FilterForm(forms.Form):
    """What to look for on the delivery desk."""

    state = forms.CharField(required=False)
    endpoint = forms.UUIDField(required=False)
    subject = forms.CharField(required=False, max_length=128, label=_("Item"))
    before = forms.IntegerField(required=False, min_value=1)

    def wanted(self) -> dict[str, Any]:
        """Return what was asked for; what makes no sense was not asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
