"""The shape of what parties and candidates send, and of what is answered."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.models import Election
from guidance import proofs
from guidance.choices import AccountKind, HelpKind
from guidance.proofs import Document
from guidance.services.accounts import AccountIn, why_not_document
from guidance.services.helping import HelpIn

_PROOF = forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"})


class ElectionField(forms.ModelChoiceField):
    """An election, by its short name; none is fine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Election.objects.order_by("-first_day"),
            to_field_name="slug",
            label=_("Which election?"),
            required=False,
            empty_label=_("None in particular"),
            **options,
        )


class HelpForm(forms.Form):
    """A call for help."""

    kind = forms.ChoiceField(
        label=_("What happened?"), choices=HelpKind.choices, widget=forms.RadioSelect
    )
    organisation = forms.CharField(label=_("Which party or candidate?"), max_length=160)
    account = forms.CharField(
        label=_("Your account"),
        help_text=_("Its name or its address, as others see it."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    where = forms.CharField(
        label=_("Where do you see it? (not needed)"),
        help_text=_("Paste the link of the account or the post."),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    what = forms.CharField(
        label=_("What is going on?"),
        help_text=_("Since when, and what have you tried yourself? Never send a password."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    election = ElectionField()
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("For our answer. We erase it half a year later."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def said(self, *, language: str) -> HelpIn:
        """Return what was written."""
        data = {**self.cleaned_data, "kind": HelpKind(self.cleaned_data["kind"])}
        return HelpIn(**data, language=language)


class AccountForm(forms.Form):
    """A request for an official account, with its proof."""

    kind = forms.ChoiceField(
        label=_("Whose account is it?"), choices=AccountKind.choices, widget=forms.RadioSelect
    )
    organisation = forms.CharField(
        label=_("Name of the party, candidate or office"), max_length=160
    )
    account = forms.CharField(
        label=_("The account"),
        help_text=_("Its name or its address, as others see it."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    website = forms.URLField(
        label=_("Your own website (not needed)"),
        help_text=_("It helps when the account is named there."),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    election = ElectionField()
    contact = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Best is an address of the party, the candidate or the office itself."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    proof = forms.FileField(
        label=_("Proof"),
        help_text=_(
            "Such as the official list or a letter of the party. PDF, PNG or JPEG, 5 MB at most. "
            "Cover your citizen service number."
        ),
        widget=_PROOF,
    )
    proof_2 = forms.FileField(label=_("More proof (not needed)"), required=False, widget=_PROOF)
    proof_3 = forms.FileField(label=_("More proof (not needed)"), required=False, widget=_PROOF)

    def clean(self) -> dict[str, Any]:
        """See that each document is one that we take."""
        data = super().clean() or self.cleaned_data
        for name in ("proof", "proof_2", "proof_3"):
            file: UploadedFile | None = data.get(name)
            if file is None:
                continue
            document = Document(file.name or "", file.read(proofs.BYTES_AT_MOST + 1))
            if refusal := why_not_document(document):
                self.add_error(name, str(refusal))
            else:
                data[name] = document
        return data

    def said(self, *, language: str) -> AccountIn:
        """Return who asks."""
        data = self.cleaned_data
        names = ("organisation", "account", "website", "election", "contact", "email")
        return AccountIn(
            kind=AccountKind(data["kind"]), language=language, **{n: data[n] for n in names}
        )

    def documents(self) -> list[Document]:
        """Return the proof."""
        names = ("proof", "proof_2", "proof_3")
        return [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]


class AnswerForm(forms.Form):
    """What the sender of a call for help reads."""

    answer = forms.CharField(
        label=_("Your answer (they read this)"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ApproveForm(forms.Form):
    """Which account it is, and until when it is official."""

    account_id = forms.CharField(
        label=_("The account as the platform names it"),
        help_text=_("Its id, so that nobody else's account becomes official."),
        max_length=128,
    )
    until = forms.DateField(
        label=_("Official until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def ends_at(self) -> datetime:
        """Return the end of that day."""
        day = self.cleaned_data["until"] + timedelta(days=1)
        return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


class WhyForm(forms.Form):
    """Why not, in words for the sender."""

    reason = forms.CharField(
        label=_("Why (they read this)"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
