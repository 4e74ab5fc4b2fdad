"""The shape of what a policy lead says of queues, saved replies and hosts of media."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity.people.choices import Role
from moderation.choices import Action, MisuseBy
from moderation.models import MisuseLimit, Policy, Queue, SavedReply
from moderation.services.furnishing import QueueIn, ReplyIn
from moderation.services.restraining import LimitIn

PLACEHOLDERS = ("claimed", "official", "source", "election")
_NOT_AT_THE_DESK = (Role.PARTNER, Role.CLIENT, Role.GUIDANCE_AUTHOR)
# Who has any business at the desk.
_DESK_ROLES = [role for role in Role if role not in _NOT_AT_THE_DESK]


def _policies() -> list[tuple[str, str]]:
    return [(p.slug, str(p)) for p in Policy.objects.filter(retired_at=None).order_by("code")]


class QueueForm(forms.Form):
    """A queue: its names, when its jobs are due, who sees it, what it hides and advises."""

    name_nl = forms.CharField(label=_("Name in Dutch"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    due_minutes = forms.IntegerField(
        label=_("Answered within (minutes)"),
        required=False,
        min_value=1,
        max_value=60 * 24 * 90,
        help_text=_("Empty: no term of its own."),
    )
    lead_minutes = forms.IntegerField(
        label=_("Goes first from so long before its term (minutes)"),
        min_value=0,
        max_value=60 * 24 * 90,
        initial=120,
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=32_000, initial=100
    )
    visible_to = forms.MultipleChoiceField(
        label=_("Who may see it"),
        choices=[(role.value, role.label) for role in _DESK_ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody at the desk."),
    )
    independent = forms.BooleanField(
        label=_("Only who did not decide on the job before"), required=False
    )
    hidden_actions = forms.MultipleChoiceField(
        label=_("Actions that it hides"),
        choices=Action.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recommended_policies = forms.MultipleChoiceField(
        label=_("Policies that it advises"),
        choices=_policies,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @staticmethod
    def of(queue: Queue) -> dict[str, Any]:
        """Return what the form begins with."""
        return {
            "name_nl": queue.name.get("nl", ""),
            "name_en": queue.name.get("en", ""),
            "due_minutes": _minutes(queue.due_within),
            "lead_minutes": _minutes(queue.lead_time),
            "position": queue.position,
            "visible_to": queue.visible_to,
            "independent": queue.independent,
            "hidden_actions": queue.hidden_actions,
            "recommended_policies": queue.recommended_policies,
        }

    def said(self) -> QueueIn:
        """Return what `furnishing` takes."""
        data = self.cleaned_data
        due = data["due_minutes"]
        return QueueIn(
            name={"nl": data["name_nl"], "en": data["name_en"]},
            lead_time=timedelta(minutes=data["lead_minutes"]),
            due_within=timedelta(minutes=due) if due else None,
            hidden_actions=data["hidden_actions"],
            visible_to=data["visible_to"],
            independent=data["independent"],
            recommended_policies=data["recommended_policies"],
            position=data["position"],
        )


class NewQueueForm(QueueForm):
    """A new queue has a short name as well."""

    slug = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Small letters and dashes; it stays as it is."),
    )
    field_order = ["slug"]

    def clean_slug(self) -> str:
        """Keep short names small."""
        return str(self.cleaned_data["slug"]).lower()


class ReplyForm(forms.Form):
    """A saved reply in both languages, with the policies that it fits."""

    name_nl = forms.CharField(label=_("Name in Dutch"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    text_nl = forms.CharField(
        label=_("Text in Dutch"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    text_en = forms.CharField(
        label=_("Text in English"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    policies = forms.MultipleChoiceField(
        label=_("Fits these policies"),
        choices=_policies,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any."),
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=32_000, initial=100
    )

    def clean_text_nl(self) -> str:
        """Refuse placeholders that nothing fills."""
        return _only_known(self.cleaned_data["text_nl"])

    def clean_text_en(self) -> str:
        """Refuse placeholders that nothing fills."""
        return _only_known(self.cleaned_data["text_en"])

    @staticmethod
    def of(reply: SavedReply) -> dict[str, Any]:
        """Return what the form begins with."""
        return {
            **{f"name_{code}": reply.name.get(code, "") for code in ("nl", "en")},
            **{f"text_{code}": reply.text.get(code, "") for code in ("nl", "en")},
            "policies": reply.policies,
            "position": reply.position,
        }

    def said(self) -> ReplyIn:
        """Return what `furnishing` takes."""
        data = self.cleaned_data
        return ReplyIn(
            name={code: data[f"name_{code}"] for code in ("nl", "en")},
            text={code: data[f"text_{code}"] for code in ("nl", "en")},
            policies=data["policies"],
            position=data["position"],
        )


class HostForm(forms.Form):
    """A host from which items may name media."""

    host = forms.CharField(
        label=_("Host"), max_length=253, help_text=_("For example media.plein.example.")
    )
    note = forms.CharField(label=_("Whose it is"), max_length=200, required=False)

    def clean_host(self) -> str:
        """Take a plain host name only: no address, no port, no number."""
        host = str(self.cleaned_data["host"]).strip().lower().rstrip(".")
        if not _HOST.fullmatch(host):
            raise ValidationError(_("Write a host name as it stands in an address."), code="host")
        return host


class LimitForm(forms.Form):
    """A limit of misuse: whose, how often in how many days, and how long steps last."""

    name_nl = forms.CharField(label=_("Name in Dutch"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    by = forms.ChoiceField(label=_("About"), choices=MisuseBy.choices, widget=forms.RadioSelect)
    policy = forms.ChoiceField(
        label=_("Strikes under this policy only"),
        choices=lambda: [("", _("all policies")), *_policies()],
        required=False,
    )
    at_least = forms.IntegerField(
        label=_("From so many strikes or unfounded reports"), min_value=1, max_value=1000
    )
    share = forms.IntegerField(
        label=_("And at least this share of all that was decided (%)"),
        min_value=0,
        max_value=100,
        initial=0,
    )
    within_days = forms.IntegerField(
        label=_("Counted over so many days"), min_value=1, max_value=3650
    )
    warned_days = forms.IntegerField(
        label=_("A warning counts for so many days"), min_value=1, max_value=3650
    )
    pause_days = forms.IntegerField(
        label=_("A suspension lasts so many days"), min_value=1, max_value=365
    )

    @staticmethod
    def of(limit: MisuseLimit) -> dict[str, Any]:
        """Return what the form begins with."""
        same = ("by", "policy", "at_least", "within_days", "warned_days", "pause_days")
        return {
            **{f"name_{code}": limit.name.get(code, "") for code in ("nl", "en")},
            **{name: getattr(limit, name) for name in same},
            "share": round(limit.share * 100),
        }

    def said(self) -> LimitIn:
        """Return what `restraining` takes."""
        data = self.cleaned_data
        return LimitIn(
            name={code: data[f"name_{code}"] for code in ("nl", "en")},
            by=MisuseBy(data["by"]),
            policy=data["policy"],
            at_least=data["at_least"],
            share=data["share"] / 100,
            within_days=data["within_days"],
            warned_days=data["warned_days"],
            pause_days=data["pause_days"],
        )


class NewLimitForm(LimitForm):
    """A new limit has a short name as well."""

    slug = forms.SlugField(label=_("Short name"), max_length=40)
    field_order = ["slug"]


class StepForm(forms.Form):
    """Why a step is taken against somebody who reports, and under which limit."""

    limit = forms.SlugField(max_length=40, required=False)
    reason = forms.CharField(
        max_length=1000,
        error_messages={"required": _("Say why: the person concerned and a colleague read it.")},
    )


_HOST = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_MARK = re.compile(r"\{([^{}]*)\}")


def _only_known(text: str) -> str:
    unknown = sorted({mark for mark in _MARK.findall(text) if mark not in PLACEHOLDERS})
    if unknown:
        raise ValidationError(
            _("Nothing fills {%(names)s}."),
            code="placeholder",
            params={"names": "}, {".join(unknown)},
        )
    return text


def _minutes(span: timedelta | None) -> int | None:
    return int(span.total_seconds() // 60) if span is not None else None
