"""The shape of what is sent from the screening's settings; whether it may be is asked in rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from elections.models import Election


class ElectionField(forms.ModelChoiceField):
    """An election by its slug; nothing is every election."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Election.objects.order_by("-first_day", "slug"),
            to_field_name="slug",
            **{"required": False, "label": _("Election"), **options},
        )


class AskForm(forms.Form):
    """Which threshold of which election to look at; what makes no sense was not asked for."""

    election = ElectionField(empty_label=_("all elections"))
    threshold = forms.FloatField(
        label=_("Threshold"),
        required=False,
        min_value=0,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
    )

    def asked(self) -> dict[str, Any]:
        """Return what was asked for."""
        self.is_valid()
        return {"election": None, "threshold": None, **self.cleaned_data}


class ThresholdForm(forms.Form):
    """A new threshold, with why."""

    value = forms.FloatField(
        label=_("Threshold"),
        min_value=0,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
        help_text=_("From 0 to 1: how sure the screening must be before a person looks by itself."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300)


class ElectionForm(forms.Form):
    """Which election to look at; what makes no sense was not asked for."""

    election = ElectionField(empty_label=None)

    def asked(self) -> Election | None:
        """Return the election, else the newest."""
        self.is_valid()
        newest = Election.objects.order_by("-first_day", "slug").first()
        return self.cleaned_data.get("election") or newest


class SwitchForm(forms.Form):
    """A topic's label on or off, with why."""

    topic = forms.CharField(max_length=20)
    is_on = forms.TypedChoiceField(
        choices=[("on", "on"), ("off", "off")], coerce=lambda word: word == "on"
    )
    reason = forms.CharField(max_length=300)
