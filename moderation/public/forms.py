"""The shape of what visitors send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.services.public_reports import find_item

REASONS = [
    ("voting", _("It says something wrong about voting")),
    ("fake", _("A picture, film or voice is fake")),
    ("impersonation", _("Somebody pretends to be somebody else")),
    ("threat", _("It threatens or scares people away from voting")),
    ("other", _("Something else")),
]


class ReportForm(forms.Form):
    """A report of a visitor: what, where, why, and an address for those who want an answer."""

    where = forms.CharField(
        label=_("Where did you see it?"),
        help_text=_("Paste the link of the post. You find it under ‘Share’."),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    says = forms.CharField(
        label=_("What does it say?"),
        help_text=_("Write it as it was said, in one sentence. Leave out names of people."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=REASONS, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=_("Why do you think so? (not needed)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address (not needed)"),
        help_text=_("Only to tell you what came of it. We erase it half a year later."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the sentence where the link leads to nothing that we know."""
        data = super().clean() or {}
        if not data.get("says") and "where" in data and find_item(data["where"]) is None:
            self.add_error(
                "says", _("We do not know this link yet. Write in one sentence what it says.")
            )
        return data
