"""The editor of routing rules: a form of rules and conditions that works without a script.

Every button sends the whole form; adding a row or moving a rule changes nothing that is kept.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from moderation import routing, routing_checks

_LONGEST_TEXT = 200_000


class DaysForm(forms.Form):
    """Over how many days a version is tried; nonsense means two weeks."""

    CHOICES = (1, 7, 14, 30, 90)
    over = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in CHOICES], coerce=int, required=False
    )

    def days(self) -> int:
        """Return the number of days."""
        return (self.is_valid() and self.cleaned_data["over"]) or 14


@dataclass(slots=True)
class ConditionRow:
    """One condition as it is being written."""

    field: str = ""
    op: str = "is"
    value: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen: such a row is left out."""
        return not self.field and not self.value.strip()


@dataclass(slots=True)
class RuleRow:
    """One rule as it is being written."""

    name: str = ""
    queue: str = ""
    probability: str = ""
    weight: str = ""
    due: str = ""
    conditions: list[ConditionRow] = field(default_factory=list)


@dataclass(slots=True)
class RoutingForm:
    """A version being written: its rules and the note that says what changes."""

    rules: list[RuleRow] = field(default_factory=list)
    note: str = ""
    text: str = ""
    errors: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, content: Sequence[Mapping[str, Any]]) -> "RoutingForm":
        """Begin with the rules of a version."""
        return cls(rules=[_row_of(rule) for rule in content])

    @classmethod
    def sent(cls, data: Mapping[str, str]) -> "RoutingForm":
        """Read back what a person sent, in the order of the numbers in the names."""
        form = cls(note=data.get("note", "")[:300], text=data.get("text", "")[:_LONGEST_TEXT])
        rules: dict[int, RuleRow] = {}
        conditions: dict[tuple[int, int], ConditionRow] = {}
        for name, value in data.items():
            found = _NAME.fullmatch(name)
            if not found:
                continue
            rule = rules.setdefault(int(found["rule"]), RuleRow())
            if found["condition"]:
                at = int(found["rule"]), int(found["condition"])
                setattr(conditions.setdefault(at, ConditionRow()), found["part"], value[:20_000])
            else:
                setattr(rule, found["key"], value[:200])
        for (number, _n), row in sorted(conditions.items()):
            rules[number].conditions.append(row)
        form.rules = [rules[number] for number in sorted(rules)][: routing_checks.RULES_AT_MOST]
        return form

    def do(self, what: str) -> None:
        """Add, move or drop a row, or take over the pasted text; anything else does nothing."""
        verb, _colon, where = what.partition(":")
        numbers = [int(n) for n in where.split(".") if n.isascii() and n.isdigit()]
        number = numbers[0] if numbers else -1
        if verb == "add-rule":
            self.rules.append(RuleRow(conditions=[ConditionRow()]))
        elif verb == "read-text":
            self._read_text()
        elif not 0 <= number < len(self.rules):
            return
        elif verb == "add":
            self.rules[number].conditions.append(ConditionRow())
        elif verb == "drop" and len(numbers) == 2:
            if numbers[1] < len(self.rules[number].conditions):
                del self.rules[number].conditions[numbers[1]]
        elif verb == "drop":
            del self.rules[number]
        elif verb in ("up", "down"):
            other = number + (1 if verb == "down" else -1)
            if 0 <= other < len(self.rules):
                rules = self.rules
                rules[number], rules[other] = rules[other], rules[number]

    def content(self) -> list[dict[str, Any]]:
        """Return the rules as they would be kept; what is no number stays text and is refused."""
        return [_rule_of(row) for row in self.rules]

    def check(self, *, queues: frozenset[str]) -> bool:
        """Say whether this can be kept; what is wrong is in `errors`."""
        self.errors = routing_checks.problems_of(self.content(), queues=queues)
        if not self.note.strip():
            self.errors.append(_("Say what changes, and why: whoever switches it on reads it."))
        return not self.errors

    def _read_text(self) -> None:
        try:
            content = json.loads(self.text)
            self.rules = [_row_of(rule) for rule in content][: routing_checks.RULES_AT_MOST]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.errors = [_("This text cannot be read as rules: it must be a list in JSON.")]
        else:
            self.text = ""


_NAME = re.compile(
    r"r(?P<rule>[0-9]{1,3})-(?:(?P<key>name|queue|probability|weight|due)"
    r"|c(?P<condition>[0-9]{1,3})-(?P<part>field|op|value))"
)


def _row_of(rule: Mapping[str, Any]) -> RuleRow:
    return RuleRow(
        name=str(rule["name"]),
        queue=str(rule["queue"]),
        probability=_said(rule.get("probability")),
        weight=_said(rule.get("weight")),
        due=_said(rule.get("due_within_minutes")),
        conditions=[
            ConditionRow(
                str(name),
                str(op),
                ", ".join(map(_said, value)) if isinstance(value, list) else _said(value),
            )
            for name, op, value in rule["when"]
        ],
    )


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rule_of(row: RuleRow) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "name": row.name.strip(),
        "when": [_condition_of(c) for c in row.conditions if not c.is_empty],
        "queue": row.queue,
    }
    for key, text in (
        ("probability", row.probability),
        ("weight", row.weight),
        ("due_within_minutes", row.due),
    ):
        if text.strip():
            rule[key] = _number(text)
    return rule


def _condition_of(row: ConditionRow) -> list[Any]:
    values: list[Any] = [part.strip() for part in re.split(r"[,\n;]", row.value) if part.strip()]
    is_number = routing_checks.KINDS.get(row.field) == "number"
    if row.op in routing_checks.LISTS_ONLY:
        return [row.field, row.op, [_number(v) for v in values] if is_number else values]
    value = row.value.strip()
    return [row.field, row.op, _number(value) if is_number else value]


def _number(text: str) -> int | float | str:
    """Read a number with a point or a comma; what is none comes back as it was."""
    plain = text.strip().replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,15}", plain):
        return int(plain)
    if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,6}", plain):
        return float(plain)
    return text.strip()


OPERATORS = ("is", "is_not", "in", "not_in", "at_least", "at_most")
assert set(OPERATORS) == routing.OPERATORS
