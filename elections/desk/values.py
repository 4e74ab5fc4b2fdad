"""How the value of each key is filled in: a day as a day, a choice as a choice, never as code."""

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from elections.fact_keys import VALUE_CHECKS, accepts, as_list
from elections.sentences import METHODS, WHO

SCOPES = [
    ("any_in_own_municipality", _("every polling station in one's own municipality")),
    ("any_in_country", _("every polling station in the country")),
    ("assigned", _("only the polling station that is assigned")),
]
SELFIE = [("not_forbidden", _("not forbidden")), ("forbidden", _("forbidden"))]
HELP = [
    ("physical_need", _("only who needs help physically")),
    ("anyone", _("anybody")),
    ("nobody", _("nobody")),
]


class DayField(forms.DateField):
    """A day, kept as YYYY-MM-DD."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> str | None:
        """Return the day in the form of a pack."""
        day = super().clean(value)
        return day.isoformat() if day else None


class DaysField(forms.CharField):
    """One day or several, with a comma between."""

    def prepare_value(self, value: Any) -> Any:
        """Show the days as they are typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> str | list[str] | None:
        """Return one day, or a list of days in order."""
        words = super().clean(value).replace(",", " ").split()
        try:
            days = sorted({date.fromisoformat(word).isoformat() for word in words})
        except ValueError:
            raise ValidationError(_("Write days as 2026-03-18, with a comma between.")) from None
        return days[0] if len(days) == 1 else days or None


class ClockField(forms.TimeField):
    """A time of day, kept as HH:MM."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def clean(self, value: Any) -> str | None:
        """Return the time in the form of a pack."""
        time = super().clean(value)
        return f"{time:%H:%M}" if time else None


class MomentField(forms.CharField):
    """A local moment, or a whole day that lasts until its end."""

    def prepare_value(self, value: Any) -> Any:
        """Show the moment as it is typed."""
        return value.replace("T", " ") if isinstance(value, str) else value

    def clean(self, value: Any) -> str | None:
        """Return the moment in the form of a pack."""
        words = super().clean(value)
        if not words:
            return None
        try:
            at = datetime.fromisoformat(words)
        except ValueError:
            raise ValidationError(_("Write 2026-03-17 12:00, or a day alone.")) from None
        if at.tzinfo is not None:
            raise ValidationError(_("Write the local time, without an offset."))
        return words if len(words) == 10 else f"{at:%Y-%m-%dT%H:%M}"


class NumberField(forms.FloatField):
    """A number of zero or more; whole where it is whole."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1_000_000_000, **options)

    def clean(self, value: Any) -> int | float | None:
        """Return the number."""
        number = super().clean(value)
        return int(number) if number is not None and number == int(number) else number


class DataField(forms.CharField):
    """A value that has no field of its own, as JSON."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "code"})

    def prepare_value(self, value: Any) -> Any:
        """Show a kept value as text; what was typed stays as it was typed."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)

    def clean(self, value: Any) -> Any:
        """Return what the text says."""
        words = super().clean(value)
        if not words:
            return None
        try:
            found = json.loads(words)
        except (ValueError, RecursionError):
            raise ValidationError(_("This is not JSON.")) from None
        if "\\u0000" in json.dumps(found):
            raise ValidationError(_("It holds a character that cannot be kept."))
        return found


def _yes_no(**options: Any) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("True", _("yes")), ("False", _("no"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        **options,
    )


def _several(choices: Any) -> Any:
    def make(**options: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=list(choices), widget=forms.CheckboxSelectMultiple, **options
        )

    return make


def _one_of(choices: Any) -> Any:
    return lambda **options: forms.ChoiceField(choices=list(choices), **options)


_BY_KEY: dict[str, Any] = {
    **dict.fromkeys(("voting_day", "early_voting_days"), DaysField),
    **dict.fromkeys(("polls_open", "polls_close"), ClockField),
    **dict.fromkeys(
        (
            "online_voting_closes",
            "post_voting_deadline",
            "registration_deadline",
            "voter_pass_replacement_deadline",
            "result_objections_until",
        ),
        MomentField,
    ),
    **dict.fromkeys(
        (
            "residence_reference_date",
            "nomination_day",
            "voter_pass_delivered_by",
            "voter_pass_replacement_written",
            "id_valid_until_at_least",
            "proxy_written_deadline",
            "preliminary_result_date",
            "official_result_date",
        ),
        DayField,
    ),
    **dict.fromkeys(
        (
            "early_voting",
            "takes_part",
            "id_required",
            "id_original_required",
            "registration_required",
            "voter_pass_required",
            "proxy_id_copy",
            "compulsory",
            "blank_vote_valid",
        ),
        _yes_no,
    ),
    **dict.fromkeys(
        (
            "min_age",
            "non_eu_residence_years",
            "id_expired_max_years",
            "proxy_max",
            "cost",
            "ballot_replacements",
            "seats",
        ),
        NumberField,
    ),
    "voting_methods": _several(METHODS.items()),
    "eligible_nationality": _several(WHO.items()),
    "polling_place_scope": _one_of(SCOPES),
    "ballot_selfie": _one_of(SELFIE),
    "help_in_booth": _one_of(HELP),
    "ballot_marking": DataField,
    "health_requirement": forms.CharField,
    "voting_steps": DataField,
    "id_accepted": DataField,
}
# A statement under any other key is a text that voters read as it stands.


def is_text(key: str, value: Any = None) -> bool:
    """Say whether a key's value is words in several languages."""
    if key in _BY_KEY:
        return False
    return value is None or (isinstance(value, dict) and set(value) <= {"nl", "en"})


def may_be_absent(key: str) -> bool:
    """Say whether 'there is no such rule' is an answer under this key."""
    return key in VALUE_CHECKS and accepts(VALUE_CHECKS[key][0], None)


def field_for(key: str) -> forms.Field:
    """Make the field in which the value of a key is filled in."""
    make = _BY_KEY.get(key, DataField)
    field: forms.Field = make(label=_("Value"), required=not may_be_absent(key))
    if isinstance(field, DaysField):
        field.help_text = _("2026-03-18, or several days with a comma between.")
    elif isinstance(field, MomentField):
        field.help_text = _("2026-03-17 12:00, or a day alone: until its end.")
    elif isinstance(field, DataField) and key in VALUE_CHECKS:
        field.help_text = VALUE_CHECKS[key][1]
    return field


def as_typed(key: str, value: Any) -> Any:
    """Give a kept value the form in which its field shows it."""
    if isinstance(value, bool):
        return str(value)
    return as_list(value) if key in {"voting_methods", "eligible_nationality"} else value
