"""The shape of what is sent from the screening's settings; whether it may be is asked in rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from elections.models import Election
from integrity.classifiers.voting_procedure.chosen import FILES
from moderation.models import Queue
from moderation.services.versions import BYTES_AT_MOST


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
    """A new threshold, with why.

    The election stands in the form: what waits for the second factor is done at an address alone.
    """

    election = ElectionField(widget=forms.HiddenInput)
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

    election = ElectionField(required=True)
    topic = forms.CharField(max_length=20)
    is_on = forms.TypedChoiceField(
        choices=[("on", "on"), ("off", "off")], coerce=lambda word: word == "on"
    )
    reason = forms.CharField(max_length=300)


class FilesInput(forms.FileInput):
    """Lets somebody choose several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return them all, each cleaned as one would be."""
        many = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in many or [None]]


class WeightsForm(forms.Form):
    """A new version of the weights: its files, with what is new in it."""

    weights = FilesField(label=_("Files"))
    note = forms.CharField(label=_("What is new in it"), max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = _("One or more of %(names)s. What you leave out is read as shipped.")
        self.fields["weights"].help_text = named % {"names": ", ".join(FILES)}

    def sent(self) -> dict[str, bytes]:
        """Return the files by their names; no more of each than may be kept, and a byte."""
        return {file.name: file.read(BYTES_AT_MOST + 1) for file in self.cleaned_data["weights"]}


class ConsentForm(forms.Form):
    """What the decisions of an election, or of one queue in it, may be used for."""

    election = ElectionField(required=True, empty_label=None)
    queue = forms.ModelChoiceField(
        queryset=Queue.objects.order_by("position", "slug"),
        to_field_name="slug",
        required=False,
        label=_("Queue"),
        empty_label=_("every queue without its own"),
    )
    may_evaluate = forms.BooleanField(label=_("For measuring models"), required=False)
    may_train = forms.BooleanField(label=_("For training models"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=300)


class ExportForm(forms.Form):
    """For what labelled data is taken out."""

    purpose = forms.CharField(max_length=20)
