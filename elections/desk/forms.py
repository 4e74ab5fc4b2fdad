"""The shape of what an election lead proposes; whether it may stand is asked in `rules`."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from elections.choices import FactStatus, IncidentKind
from elections.desk import values
from elections.models import Election, Jurisdiction, VotingFact
from elections.services.proposing import Announcement
from elections.services.publishing import Statement
from elections.topics import QUESTIONS

LOCAL = "%Y-%m-%dT%H:%M"


def _moment(label: Any, *, required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )


def _words(label: Any, *, most: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 3})
    )


def _texts(nl: str, en: str) -> dict[str, str]:
    return {language: text for language, text in (("nl", nl), ("en", en)) if text.strip()}


class PlaceField(forms.ModelChoiceField):
    """A municipality of the election by its official code; nothing is everywhere."""

    def __init__(self, election: Election, **options: Any) -> None:
        places = election.places.order_by("name")
        super().__init__(queryset=places, to_field_name="code", **options)

    def label_from_instance(self, obj: Any) -> str:
        """Show its name."""
        return str(obj.name)


class KeyForm(forms.Form):
    """Which question a new statement answers."""

    key = forms.ChoiceField(label=_("What is it about?"), choices=[])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = self.fields["key"]
        assert isinstance(asked, forms.ChoiceField)
        asked.choices = [(key, question) for key, question in QUESTIONS.items()]


class StatementForm(forms.Form):
    """A statement: its value, its words, where and when it holds, and its source."""

    status = forms.ChoiceField(label=_("How sure"), choices=FactStatus.choices)
    applies_nl = _words(_("Explanation in Dutch"))
    applies_en = _words(_("Explanation in English"))
    source_name = forms.CharField(label=_("Source"), max_length=200)
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    valid_from = _moment(_("Holds from"))
    valid_until = _moment(_("Holds until"))
    reason = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=300,
        help_text=_("For the colleague who confirms it."),
    )

    def __init__(
        self, *args: Any, key: str, election: Election, fact: VotingFact | None = None, **more: Any
    ) -> None:
        self.key = key
        self.is_text = values.is_text(key, fact.value if fact else None)
        if fact is not None:
            more["initial"] = {**_initial(fact), **more.get("initial", {})}
        super().__init__(*args, **more)
        first: dict[str, forms.Field] = {}
        if fact is None:
            first["place"] = PlaceField(
                election, label=_("Where"), required=False, empty_label=_("everywhere")
            )
        if self.is_text:
            first["value_nl"] = _words(_("Text in Dutch"))
            first["value_en"] = _words(_("Text in English"))
        else:
            first["value"] = values.field_for(key)
            if values.may_be_absent(key):
                first["no_rule"] = forms.BooleanField(
                    label=_("There is no such rule"), required=False
                )
        self.fields = {**first, **self.fields}

    def clean(self) -> dict[str, Any]:
        """See that there is a value, or a plain word that there is none."""
        data = super().clean() or self.cleaned_data
        if self.is_text and not (data.get("value_nl") or data.get("value_en")):
            self.add_error("value_nl", _("Write what voters read."))
        absent = data.get("no_rule")
        empty = data.get("value") in (None, "", [])
        if not self.is_text and "value" not in self.errors and empty and not absent:
            self.add_error("value", _("Fill this in."))
        return data

    def statement(self) -> Statement:
        """Return the statement that was filled in."""
        data = self.cleaned_data
        value: Any = None
        if self.is_text:
            value = _texts(data["value_nl"], data["value_en"])
        elif not data.get("no_rule"):
            value = data["value"]
        return Statement(
            value=value,
            source_name=data["source_name"],
            source_url=data["source_url"],
            applies=_texts(data["applies_nl"], data["applies_en"]),
            status=FactStatus(data["status"]),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )

    def chosen_place(self) -> Jurisdiction | None:
        """Return the municipality that was chosen."""
        place: Jurisdiction | None = self.cleaned_data.get("place")
        return place


def _initial(fact: VotingFact) -> dict[str, Any]:
    """Fill the form with a statement as it stands."""
    text = fact.value if isinstance(fact.value, dict) else {}
    return {
        "value": values.as_typed(fact.key, fact.value),
        "value_nl": text.get("nl", ""),
        "value_en": text.get("en", ""),
        "no_rule": fact.value is None,
        "applies_nl": fact.applies.get("nl", ""),
        "applies_en": fact.applies.get("en", ""),
        "source_name": fact.source_name,
        "source_url": fact.source_url,
        "status": fact.status,
        "valid_from": fact.valid_from,
        "valid_until": fact.valid_until,
    }


class AnnouncementForm(forms.Form):
    """An incident: what changed on the day, where, from when and by whose word."""

    kind = forms.ChoiceField(label=_("What happened"), choices=IncidentKind.choices)
    polling_place = forms.CharField(
        label=_("Polling station"), required=False, max_length=200,
        help_text=_("Its name as people say it, such as De Brug. Empty: the whole municipality."),
    )  # fmt: skip
    message_nl = _words(_("What voters must know, in Dutch"), most=500)
    message_en = _words(_("What voters must know, in English"), most=500)
    starts_at = _moment(_("From"), required=True)
    ends_at = _moment(_("Until"))
    source_name = forms.CharField(label=_("Source"), max_length=200)
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    reason = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=300,
        help_text=_("For the colleague who confirms it."),
    )

    def __init__(self, *args: Any, election: Election, at: datetime, **more: Any) -> None:
        more["initial"] = {"starts_at": at, **more.get("initial", {})}
        super().__init__(*args, **more)
        self.fields = {"place": PlaceField(election, label=_("Where")), **self.fields}

    def announcement(self) -> Announcement:
        """Return the notice that was filled in."""
        data = self.cleaned_data
        return Announcement(
            kind=IncidentKind(data["kind"]),
            message=_texts(data["message_nl"], data["message_en"]),
            polling_place=data["polling_place"].strip(),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            source_name=data["source_name"],
            source_url=data["source_url"],
        )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=300)
