"""The shape of what people send from the portal; whether they may is asked in `rules`."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.models import Election, Jurisdiction
from factcheck.choices import (
    DEFAULT_WORDS,
    DUE_WITHIN,
    ClaimantKind,
    ClaimTopic,
    EvidenceKind,
    Harm,
    MediaCategory,
    MemberRole,
    Verdict,
)
from factcheck.models import Draft, Membership, Partner
from factcheck.services.checking import EVIDENCE_AT_MOST, CheckIn
from factcheck.services.claims import ClaimIn

LANGUAGES = [("nl", _("Dutch")), ("en", _("English")), ("fy", _("Frisian"))]


class PlaceField(forms.CharField):
    """A place by its name or official code; the database says which it is."""

    def clean(self, value: Any) -> Any:
        """Return the Jurisdiction, or None when nothing was filled in."""
        words = super().clean(value)
        if not words:
            return None
        found = Jurisdiction.objects.filter(Q(name__iexact=words) | Q(code__iexact=words))[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                _("'%(words)s' is not a place that we know: use its official name or code."),
                params={"words": words},
            )
        return found[0]


class EvidenceForm(forms.Form):
    """One source; a row without an address is left out."""

    url = forms.CharField(label=_("Address"), required=False, max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=EvidenceKind.choices, required=False)
    publisher = forms.CharField(label=_("Whose it is"), required=False, max_length=200)
    accessed_on = forms.DateField(
        label=_("Seen on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    archive_url = forms.CharField(label=_("Archived copy"), required=False, max_length=500)
    excerpt = forms.CharField(
        label=_("What it says"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def row(self) -> dict[str, Any]:
        """Return the row as a draft keeps it; the day of today where none was given."""
        data = self.cleaned_data
        seen = data.get("accessed_on") or timezone.localdate()
        return {**data, "accessed_on": seen.isoformat()}


EvidenceForms = forms.formset_factory(
    EvidenceForm, extra=1, max_num=EVIDENCE_AT_MOST, absolute_max=EVIDENCE_AT_MOST + 1
)


class VerdictForm(forms.Form):
    """The three blocks of a check."""

    claim_text = forms.CharField(
        label=_("What is claimed"), required=False, max_length=1000,
        help_text=_("One sentence that can be true or false."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    verdict = forms.ChoiceField(
        label=_("Your verdict"), required=False, choices=[("", ""), *Verdict.choices]
    )
    truth = forms.CharField(
        label=_("What is true, in one sentence"), required=False, max_length=300,
        help_text=_("Viewers read this first, in your words."),
    )  # fmt: skip
    assessment = forms.CharField(
        label=_("Assessment"), required=False, max_length=2000,
        help_text=_("Your conclusion, and why in short."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    facts = forms.CharField(
        label=_("Facts"), required=False, max_length=20_000,
        help_text=_("Begin with the fact. Readers of the check read this."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the check"), choices=LANGUAGES)
    article_url = forms.CharField(label=_("Your article"), required=False, max_length=500)
    applies_in = PlaceField(label=_("Applies only in"), required=False, max_length=120)
    recheck_at = forms.DateTimeField(
        label=_("Look again at"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    media_categories = forms.MultipleChoiceField(
        label=_("What the media are"), required=False, choices=MediaCategory.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    media_context = forms.CharField(
        label=_("Where the media come from"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    media_original_url = forms.CharField(label=_("The original"), required=False, max_length=500)
    correction = forms.CharField(
        label=_("What you correct and why"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @staticmethod
    def filled(draft: Draft) -> "VerdictForm":
        """Return the form as the draft stands."""
        names = [name for name in VerdictForm.base_fields if name != "applies_in"]
        initial = {name: getattr(draft, name) for name in names}
        initial["applies_in"] = draft.applies_in.name if draft.applies_in else ""
        return VerdictForm(initial=initial)

    def words(self, evidence: Any) -> CheckIn:
        """Return what stands in the form."""
        data = {k: v for k, v in self.cleaned_data.items() if k != "revision"}
        return CheckIn(
            **data, evidence=[form.row() for form in evidence.forms if form.has_changed()]
        )


class ReasonForm(forms.Form):
    """Why, in a person's words."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOverForm(forms.Form):
    """To which colleague, and a word with it."""

    to = forms.ModelChoiceField(Membership.objects.none(), to_field_name="public_id", label=_("To"))
    note = forms.CharField(label=_("A word with it"), max_length=500, required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = (  # type: ignore[attr-defined]
            Membership.objects.current().filter(partner=member.partner_id).exclude(pk=member.pk)
            .select_related("user", "partner")
        )  # fmt: skip
        self.fields["to"].label_from_instance = lambda row: row.user.alias  # type: ignore[attr-defined]


class ProposalForm(forms.Form):
    """A claim that somebody thinks deserves a check."""

    text = forms.CharField(
        label=_("What is claimed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence that can be true or false."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    topic = forms.ChoiceField(label=_("About"), choices=ClaimTopic.choices)
    election = forms.ModelChoiceField(
        Election.objects.order_by("-first_day"),
        to_field_name="slug",
        required=False,
        label=_("Election"),
    )
    place = PlaceField(label=_("Place"), required=False, max_length=120)
    claimant_kind = forms.ChoiceField(label=_("Who says it"), choices=ClaimantKind.choices)
    claimant = forms.CharField(label=_("Name"), required=False, max_length=200)
    party = forms.CharField(label=_("Party on the candidate list"), required=False, max_length=120)
    reason = forms.CharField(
        label=_("Why it deserves a check"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def claim(self) -> ClaimIn:
        """Return the claim as it was filled in."""
        data = {k: v for k, v in self.cleaned_data.items() if k != "reason"}
        return ClaimIn(**data)


class FileClaimForm(ProposalForm):
    """A claim that the platform itself writes down: no reason is asked, a level of harm is."""

    harm = forms.ChoiceField(
        label=_("How much depends on it"), choices=Harm.choices, initial=Harm.NORMAL
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]


class MemberForm(forms.Form):
    """A new colleague."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    alias = forms.CharField(label=_("Name that colleagues see"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices)


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(choices=MemberRole.choices)


class ProfileForm(forms.Form):
    """How much an organisation takes at once."""

    capacity = forms.IntegerField(label=_("Open assignments at most"), min_value=0, max_value=500)


class KeyForm(forms.Form):
    """What a key is for."""

    name = forms.CharField(label=_("What the key is for"), max_length=60)


class WebhookForm(forms.Form):
    """Where the organisation's own system hears of what happens."""

    url = forms.CharField(label=_("Address, with https://"), max_length=500)


class RatingWordsForm(forms.Form):
    """A partner's own words for the verdicts, in each language."""

    def __init__(self, *args: Any, known: dict[tuple[str, str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for verdict, label in Verdict.choices:
            for language, spoken in LANGUAGES[:2]:
                self.fields[f"{verdict}:{language}"] = forms.CharField(
                    label=f"{label} ({spoken})", required=False, max_length=60,
                    initial=known.get((verdict, language), ""),
                    widget=forms.TextInput(
                        attrs={"placeholder": DEFAULT_WORDS[Verdict(verdict)][language]}
                    ),
                )  # fmt: skip

    def words(self) -> dict[tuple[str, str], str]:
        """Return the words by verdict and language."""
        return {
            (name.split(":")[0], name.split(":")[1]): text
            for name, text in self.cleaned_data.items()
        }


class AskForm(forms.Form):
    """Which partner gets a claim, with which question."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="public_id", label=_("Partner"), required=False,
        empty_label=_("Whoever fits best"),
    )  # fmt: skip
    question = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    harm = forms.ChoiceField(label=_("How much depends on it"), choices=Harm.choices)

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]


class AskRuleForm(forms.Form):
    """Which of the machine's proposals are sent without a person, and with which question."""

    topic = forms.ChoiceField(
        label=_("About"), choices=[("", _("whatever is proposed")), *ClaimTopic.choices],
        required=False,
    )  # fmt: skip
    election = forms.ModelChoiceField(
        Election.objects.order_by("-first_day"), to_field_name="slug", required=False,
        label=_("Election"), empty_label=_("every election"),
    )  # fmt: skip
    views_at_least = forms.IntegerField(
        label=_("Seen at least so often"), min_value=0, max_value=10**12, initial=10_000
    )
    score_at_least = forms.FloatField(
        label=_("Worth checking, at least (0 to 1)"), min_value=0, max_value=1, initial=0.9,
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )  # fmt: skip
    harm = forms.ChoiceField(
        label=_("How much depends on it"), choices=Harm.choices, initial=Harm.NORMAL
    )
    question = forms.CharField(
        label=_("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReassignForm(forms.Form):
    """To which other partner, and why; both read it."""

    to = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="public_id", label=_("Another partner")
    )
    reason = forms.CharField(
        label=_("Why; the partner reads it"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = partners  # type: ignore[attr-defined]


class PlacesField(PlaceField):
    """Places by name or official code, with commas between them."""

    def clean(self, value: Any) -> Any:
        """Return the Jurisdictions in the order given."""
        words = [one.strip() for one in str(value or "").split(",")]
        return [super(PlacesField, self).clean(one) for one in words if one]


class AgreementForm(forms.Form):
    """What is agreed with a partner."""

    name = forms.CharField(label=_("Organisation"), max_length=120)
    website = forms.URLField(
        label=_("Website"), max_length=500, assume_scheme="https",
        help_text=_("Imported checks must stand on this site."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics; none chosen means all"), choices=ClaimTopic.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    places = PlacesField(
        label=_("Places, with commas between them; empty means everywhere"), required=False,
        max_length=2000,
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Open assignments at most"), min_value=0, max_value=500, initial=10
    )
    contract_from = forms.DateField(
        label=_("Contract from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    contract_until = forms.DateField(
        label=_("Contract until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    contract_terms = forms.CharField(
        label=_("Terms, which the partner reads"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    @staticmethod
    def filled(partner: Partner) -> "AgreementForm":
        """Return the form as the agreement stands."""
        initial = {name: getattr(partner, name) for name in AgreementForm.base_fields}
        initial["places"] = ", ".join(place.name for place in partner.places.all())
        return AgreementForm(initial=initial)


class FirstMemberForm(forms.Form):
    """The first administrator of an organisation."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    alias = forms.CharField(label=_("Name that colleagues see"), max_length=60)


class DueForm(forms.Form):
    """How many minutes a partner has, by level of harm; empty: as long as all others."""

    def __init__(self, *args: Any, known: dict[str, timedelta] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for harm in Harm:
            own = (known or {}).get(harm)
            self.fields[harm.value] = forms.IntegerField(
                label=harm.label, required=False, min_value=1, max_value=60 * 24 * 60,
                initial=int(own.total_seconds() // 60) if own else None,
                widget=forms.NumberInput(
                    attrs={"placeholder": int(DUE_WITHIN[harm].total_seconds() // 60)}
                ),
            )  # fmt: skip

    def within(self) -> dict[Harm, timedelta | None]:
        """Return the spans by level of harm."""
        minutes = {harm: self.cleaned_data.get(harm.value) for harm in Harm}
        return {h: timedelta(minutes=n) if n is not None else None for h, n in minutes.items()}


class CorrectionRequestForm(forms.Form):
    """What somebody says is wrong with a check."""

    text = forms.CharField(
        label=_("What is wrong, and how do you know?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    requester = forms.EmailField(
        label=_("Your e-mail address, if the fact-checkers may write to you"), required=False,
        max_length=254,
    )  # fmt: skip


class AnswerRequestForm(forms.Form):
    """What came of a request to correct."""

    corrected = forms.BooleanField(label=_("We corrected the check"), required=False)
    answer = forms.CharField(
        label=_("Your answer, which is public"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ImportForm(forms.Form):
    """A file with ClaimReview rows."""

    file = forms.FileField(label=_("File with ClaimReview rows (JSON)"), max_length=120)
