"""Whether a set of routing rules can be used, and if not what is wrong, rule by rule."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from django.utils.translation import gettext as _

from moderation import routing

# What each field holds: a number, one word, or several words of which one may be asked for.
KINDS: Mapping[str, str] = {
    "contradiction": "number",
    "topic": "word",
    "policy": "word",
    "found_by": "words",
    "undecidable": "words",
    "severity": "number",
    "reports": "number",
    "report_source": "words",
    "views": "number",
    "views_to_come": "number",
    "views_per_minute": "number",
    "kind": "word",
    "language": "word",
    "election": "word",
    "place": "word",
    "protection": "word",
    "strikes": "number",
    "misuse": "word",
    "followers": "number",
    "account_days": "number",
    "days_to_election": "number",
    "ground_gone": "word",
}
NUMBERS_ONLY = frozenset({"at_least", "at_most"})
LISTS_ONLY = frozenset({"in", "not_in"})
_KEYS = frozenset({"name", "when", "queue", "probability", "weight", "due_within_minutes"})
# Bounds of what a rule may set, and how much may be written down at all.
_BOUNDS = {"probability": (0.0, 1.0), "weight": (0.01, 100.0), "due_within_minutes": (1.0, 129_600)}
RULES_AT_MOST = 60
CONDITIONS_AT_MOST = 12
_LONGEST_NAME = 120
_LONGEST_VALUE = 200
_LONGEST_LIST = 500
_CANNOT_BE_KEPT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def problems_of(rules: Any, *, queues: frozenset[str]) -> list[str]:
    """Say what is wrong with a set of rules, in sentences; empty when it can be used."""
    if not isinstance(rules, list) or not rules:
        return [_("Write at least one rule.")]
    if len(rules) > RULES_AT_MOST:
        return [_("Write at most %(n)d rules.") % {"n": RULES_AT_MOST}]
    found = [
        _("Rule %(number)d: %(problem)s") % {"number": number, "problem": problem}
        for number, rule in enumerate(rules, start=1)
        for problem in _problems_of_rule(rule, queues)
    ]
    names = [r["name"].strip() for r in rules if isinstance(r, dict) and _is_text(r.get("name"))]
    twice = sorted({name for name in names if names.count(name) > 1})
    found += [_("Two rules are called “%(name)s”: give each its own name.") % {"name": n}
              for n in twice]  # fmt: skip
    return found


def _problems_of_rule(rule: Any, queues: frozenset[str]) -> Iterator[str]:
    if not isinstance(rule, dict):
        yield _("write an object with name, when and queue.")
        return
    if extra := set(rule) - _KEYS:
        yield _("unknown: %(names)s.") % {"names": ", ".join(sorted(map(str, extra)))}
    name = rule.get("name")
    if not _is_text(name) or not name.strip():
        yield _("give it a name.")
    elif len(name) > _LONGEST_NAME or _CANNOT_BE_KEPT.search(name):
        yield _("the name is too long, or holds a character that cannot be kept.")
    queue = rule.get("queue")
    if not isinstance(queue, str) or queue not in queues:
        yield _("there is no queue “%(queue)s”.") % {"queue": queue if _is_text(queue) else ""}
    for key, words in (
        ("probability", _("the sureness lies above 0 and at most at 1.")),
        ("weight", _("the weight lies between 0.01 and 100.")),
        ("due_within_minutes", _("the time to answer lies between 1 and 129600 minutes.")),
    ):
        value = rule.get(key)
        least, most = _BOUNDS[key]
        if value is not None and not (is_number(value) and least <= value <= most and value > 0):
            yield words
    conditions = rule.get("when")
    if not isinstance(conditions, list) or not conditions:
        yield _("name at least one condition.")
        return
    if len(conditions) > CONDITIONS_AT_MOST:
        yield _("name at most %(n)d conditions.") % {"n": CONDITIONS_AT_MOST}
    yield from filter(None, map(condition_problem, conditions[:CONDITIONS_AT_MOST]))


def condition_problem(condition: Any) -> str:
    """Say what is wrong with one condition; empty when nothing is."""
    if not isinstance(condition, list) or len(condition) != 3:
        return _("a condition is [field, operator, value].")
    name, operator, value = condition
    if not isinstance(name, str) or name not in routing.FIELDS:
        return _("there is no field “%(name)s”.") % {"name": str(name)[:40]}
    if not isinstance(operator, str) or operator not in routing.OPERATORS:
        return _("there is no comparison “%(name)s”.") % {"name": str(operator)[:40]}
    return _value_problem(name, operator, value)


def _value_problem(name: str, operator: str, value: Any) -> str:
    said = {"name": name}
    if operator in NUMBERS_ONLY:
        if KINDS[name] != "number":
            return _("“%(name)s” is a word: it is not more or less than something.") % said
        return "" if is_number(value) else _("“%(name)s” is compared with a number.") % said
    if operator in LISTS_ONLY:
        if not isinstance(value, list) or not value or len(value) > _LONGEST_LIST:
            return _("“%(name)s” is compared with a list of values.") % said
        return next(filter(None, (_single_problem(name, each) for each in value)), "")
    return _single_problem(name, value)


def _single_problem(name: str, value: Any) -> str:
    said = {"name": name}
    if KINDS[name] == "number":
        return "" if is_number(value) else _("“%(name)s” is compared with a number.") % said
    if not _is_text(value):
        return _("“%(name)s” is compared with a word.") % said
    if len(value) > _LONGEST_VALUE or _CANNOT_BE_KEPT.search(value):
        return _("a value is too long, or holds a character that cannot be kept.")
    return ""


def is_number(value: Any) -> TypeGuard[int | float]:
    """Say whether this is a number that can be kept and compared."""
    # NaN is less than nothing, and so is refused too.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str)
