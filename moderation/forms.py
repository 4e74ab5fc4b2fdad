"""The shape of what people send from the desk; whether they may is asked in `rules`."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from factcheck.choices import ClaimTopic, Harm
from factcheck.models import Partner
from integrity.people.models import User
from moderation.choices import Action
from moderation.models import LabelKind, Policy, Queue, Report, Signal
from moderation.queries.job_page import JobPage
from moderation.services.appearing import Asked
from moderation.services.deciding import Answer


class FilterForm(forms.Form):
    """What a person wants to see of a queue; a nonsensical value shows everything."""

    due = forms.ChoiceField(
        required=False, choices=[("", _("All")), ("late", _("Late")), ("hour", _("This hour"))]
    )
    topic = forms.SlugField(required=False, max_length=20)
    found = forms.ChoiceField(
        required=False,
        choices=[("", _("everybody")), ("machine", _("a machine")), ("report", _("a report"))],
    )
    language = forms.ChoiceField(
        required=False, choices=[("", _("all")), ("nl", _("Dutch")), ("en", _("English"))]
    )

    def wanted(self, *, at: datetime) -> Q:
        """Return the condition on jobs, leaving out what made no sense."""
        self.is_valid()
        data = self.cleaned_data
        wanted = Q()
        if data.get("due"):
            wanted &= Q(due_at__lt=at if data["due"] == "late" else at + timedelta(hours=1))
        signals = Signal.objects.filter(item=OuterRef("item"), superseded_at=None)
        if data.get("topic"):
            wanted &= Q(Exists(signals.filter(topic=data["topic"])))
        if data.get("found") == "machine":
            wanted &= Q(Exists(signals))
        elif data.get("found") == "report":
            reports = Report.objects.filter(item=OuterRef("item"), answered_at=None)
            wanted &= Q(Exists(reports))
        if data.get("language"):
            wanted &= Q(item__language__startswith=data["language"])
        return wanted


class PolicyField(forms.ModelChoiceField):
    """A policy in force, named `slug@version` so that keys stay inside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Policy.objects.filter(retired_at=None), **kwargs)

    def to_python(self, value: Any) -> Policy | None:
        """Find the policy by its slug and version."""
        if value in self.empty_values:
            return None
        slug, _at, version = str(value).partition("@")
        assert self.queryset is not None
        policy = self.queryset.filter(
            slug=slug, version=version if version.isdigit() else 0
        ).first()
        if policy is None:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            )
        return policy


class DraftForm(forms.Form):
    """A decision being written: every field may still be empty."""

    action = forms.ChoiceField(choices=Action.choices, required=False)
    policy = PolicyField(required=False)
    label_kind = forms.ModelChoiceField(
        queryset=LabelKind.objects.filter(retired_at=None), to_field_name="slug", required=False
    )
    reasoning = forms.CharField(required=False, max_length=4000)
    private_notes = forms.CharField(required=False, max_length=4000)
    ends_on = forms.DateField(required=False)
    territories = forms.CharField(required=False, max_length=200)
    unfounded = forms.BooleanField(required=False)

    def clean_label_kind(self) -> LabelKind | None:
        """Keep a kind of label only on a label."""
        kind = self.cleaned_data.get("label_kind")
        return kind if self.cleaned_data.get("action") == Action.LABEL else None

    def draft(self) -> dict[str, Any]:
        """Return what `save_draft` takes; what is not valid yet is left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "action": Action(data["action"]) if data.get("action") else None,
            "policy": data.get("policy"),
            "label_kind": data.get("label_kind"),
            "reasoning": data.get("reasoning") or "",
            "private_notes": data.get("private_notes") or "",
            "ends_on": data.get("ends_on"),
            "territories": data.get("territories") or "",
        }

    def previewed(self) -> dict[str, Any] | None:
        """Return what `preview_decision` takes; None while there is nothing to show."""
        answer = self.answer()
        if answer is None or (answer.policy is None and answer.action != Action.NO_ACTION):
            return None
        found = _fields(answer)
        del found["private_notes"], found["unfounded"]
        return found

    def answer(self) -> Answer | None:
        """Return the answer as it stands; None without an action."""
        self.is_valid()
        data = self.cleaned_data
        if not data.get("action"):
            return None
        known = self.draft()
        ends_on, territories = known.pop("ends_on"), known.pop("territories")
        return Answer(
            **known,
            ends_at=_midnight_after(ends_on) if ends_on else None,
            territories=tuple(territories.upper().replace(",", " ").split()),
            unfounded=bool(data.get("unfounded")) and data["action"] == Action.NO_ACTION,
        )


def _midnight_after(day: date) -> datetime:
    """The restriction holds through its last day, in the house's own time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _fields(answer: Answer) -> dict[str, Any]:
    return {f.name: getattr(answer, f.name) for f in fields(answer)}


class DecisionForm(DraftForm):
    """A decision: an action, and where it does something, a policy and reasoning."""

    seen_version = forms.IntegerField(min_value=1)
    together = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].required = True
        self.fields["action"].error_messages["required"] = _("Choose an action.")

    def decision(self) -> dict[str, Any]:
        """Return what `record_decision` takes."""
        answer = self.answer()
        assert answer is not None  # a valid form has an action
        return {**_fields(answer), "seen_version": self.cleaned_data["seen_version"]}

    def others(self) -> set[str]:
        """Return the near-identical items that the person saw in the list, by public id."""
        if not self.cleaned_data.get("together") or not isinstance(self.data, QueryDict):
            return set()
        data: Any = self.data  # a QueryDict, which Django types as a mapping
        return set(data.getlist("others"))

    def clean(self) -> dict[str, Any]:
        """Ask for a policy and reasoning where the decision does something."""
        data = super().clean() or {}
        if data.get("action") not in (None, "", Action.NO_ACTION):
            if not data.get("policy") and "policy" not in self.errors:
                self.add_error("policy", _("Choose the policy that this rests on."))
            if not (data.get("reasoning") or "").strip() and "reasoning" not in self.errors:
                self.add_error("reasoning", _("Write why: the poster reads it."))
        return data


class MoveForm(forms.Form):
    """Where a job goes, and why."""

    to = forms.ModelChoiceField(
        queryset=Queue.objects.all(),
        to_field_name="slug",
        error_messages={"required": _("Choose a queue.")},
    )
    reason = forms.CharField(
        max_length=300, error_messages={"required": _("Say why: a colleague reads it.")}
    )


class SkipForm(forms.Form):
    """Why somebody leaves a job to others."""

    reason = forms.CharField(
        max_length=300, error_messages={"required": _("Say why: a colleague reads it.")}
    )


class HandOverForm(forms.Form):
    """Who gets a job by name, and what they should know."""

    to = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True),
        to_field_name="public_id",
        error_messages={"required": _("Choose a colleague.")},
    )
    note = forms.CharField(
        max_length=1000, error_messages={"required": _("Say why: a colleague reads it.")}
    )


class AssignForm(forms.Form):
    """For whom a job waits; nobody named means anybody again."""

    to = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True), to_field_name="public_id", required=False
    )


class AskForm(forms.Form):
    """What a fact-check partner is asked about an item."""

    sentence = forms.CharField(
        max_length=1000, error_messages={"required": _("Write the sentence to be checked.")}
    )
    question = forms.CharField(required=False, max_length=2000)
    harm = forms.ChoiceField(choices=Harm.choices)
    partner = forms.ModelChoiceField(
        queryset=Partner.objects.all(), to_field_name="public_id", required=False
    )

    def asked(self, page: JobPage) -> Asked:
        """Return what `ask_about` takes: the sentence, and where in the item it stands."""
        data = self.cleaned_data
        field, span = page.place_of(data["sentence"])
        return Asked(
            sentence=data["sentence"],
            question=data["question"],
            topic=claim_topic(page.top.topic if page.top else ""),
            harm=Harm(data["harm"]),
            field=field,
            span=span,
            partner=data["partner"],
        )


def claim_topic(topic: str) -> str:
    """Name the partners' topic that a signal's topic belongs to."""
    if topic in ("fraud", "intimidation"):
        return ClaimTopic.FRAUD
    if topic == "result":
        return ClaimTopic.RESULT
    return ClaimTopic.PROCEDURE if topic else ClaimTopic.OTHER


class MediaDefaultsForm(forms.Form):
    """How pictures, film and sound begin."""

    blur = forms.BooleanField(required=False)
    grey = forms.BooleanField(required=False)
    mute = forms.BooleanField(required=False)


class SendBackForm(forms.Form):
    """Why a second person does not agree."""

    reason = forms.CharField(
        max_length=300, error_messages={"required": _("Say why: your colleague reads it.")}
    )


class LookForm(forms.Form):
    """How this person wants the screen."""

    scheme = forms.ChoiceField(required=False, choices=[(s, s) for s in ("auto", "light", "dark")])
    letters = forms.ChoiceField(required=False, choices=[("on", "on"), ("off", "off")])
    next = forms.CharField(required=False, max_length=2000)
