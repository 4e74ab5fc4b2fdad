"""Routing rules in words: one rule, what changed between two versions, what can be asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from moderation.choices import ItemKind, Protection, ReportSource
from moderation.presenting import words
from moderation.queries.steering import ShadowComparison
from moderation.services.backtesting import Backtest, Tally

FIELD_WORDS = {
    "contradiction": lazy("sureness that an official fact is contradicted (0 to 1)"),
    "topic": lazy("what it is about"),
    "policy": lazy("the policy that is about it"),
    "found_by": lazy("what found it"),
    "undecidable": lazy("what its text cannot settle"),
    "severity": lazy("severity (1 to 5)"),
    "reports": lazy("number of reports"),
    "report_source": lazy("who reported it"),
    "views": lazy("views so far"),
    "views_to_come": lazy("views still to come"),
    "views_per_minute": lazy("views a minute"),
    "kind": lazy("kind of item"),
    "language": lazy("language (two letters)"),
    "election": lazy("election"),
    "place": lazy("municipality (its code)"),
    "protection": lazy("kind of account"),
    "strikes": lazy("strikes against the account"),
    "misuse": lazy("step that the account's misuse asks for"),
    "followers": lazy("followers of the account"),
    "account_days": lazy("age of the account in days"),
    "days_to_election": lazy("days until the election"),
    "ground_gone": lazy("the ground of a decision has gone"),
}
OPERATOR_WORDS = {
    "is": lazy("is"),
    "is_not": lazy("is not"),
    "in": lazy("is one of"),
    "not_in": lazy("is none of"),
    "at_least": lazy("is at least"),
    "at_most": lazy("is at most"),
}
# The same behind a colon: views still to come: at least 500.
_SAID = {
    "is": lazy("%(field)s: %(value)s"),
    "is_not": lazy("%(field)s: not %(value)s"),
    "in": lazy("%(field)s: one of %(value)s"),
    "not_in": lazy("%(field)s: none of %(value)s"),
    "at_least": lazy("%(field)s: at least %(value)s"),
    "at_most": lazy("%(field)s: at most %(value)s"),
}
# What a field's words may be, where the house knows them all.
VALUES: dict[str, Sequence[str]] = {
    "topic": words.TOPICS,
    "undecidable": words.TOPICS,
    "report_source": ReportSource.values,
    "kind": ItemKind.values,
    "protection": [p for p in Protection.values if p],
    "ground_gone": ["yes"],
    "misuse": ["warn", "pause"],
    "found_by": ["voting_procedure", "fact_check"],
}


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One rule as people read it."""

    number: int
    name: str
    conditions: list[str]
    queue: str
    settings: list[str]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one rule between two versions: added, gone, changed or moved."""

    kind: str
    name: str
    before: list[str]
    after: list[str]


@dataclass(frozen=True, slots=True)
class Side:
    """One version's results as a row: its name, items queued, a day, and how often rightly."""

    name: str
    matched: str
    per_day: str
    precision: str


@dataclass(frozen=True, slots=True)
class Flow:
    """So many items went from one queue to another."""

    live: str
    shadow: str
    items: str
    precision: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """What the page of a backtest or a comparison shows, in words."""

    sides: list[Side]
    overlap: str
    rules: list[Side] = field(default_factory=list)
    queues: list[tuple[str, str, str]] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    differing: list[tuple[Any, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """One thing that a condition can ask about, and its values where they are known."""

    name: str
    words: str
    values: list[tuple[str, str]]


def rules_in_words(
    content: Sequence[Mapping[str, Any]], *, queues: Mapping[str, str]
) -> list[RuleWords]:
    """Write a version's rules as people read them, in their order."""
    return [
        RuleWords(
            number=number,
            name=str(rule["name"]),
            conditions=[condition_words(condition) for condition in rule["when"]],
            queue=queues.get(rule["queue"], rule["queue"]),
            settings=settings_words(rule),
        )
        for number, rule in enumerate(content, start=1)
    ]


def condition_words(condition: Sequence[Any]) -> str:
    """Write one condition: views still to come: at least 500."""
    name, operator, value = condition
    values = value if isinstance(value, list) else [value]
    said = ", ".join(value_words(name, each) for each in values)
    return _SAID[operator] % {"field": FIELD_WORDS[name], "value": said}


def value_words(name: str, value: Any) -> str:
    """Name a value in the reader's language where the house knows it."""
    if isinstance(value, (int, float)):
        return decimal(value)
    known: dict[str, Any] = {
        "report_source": dict(ReportSource.choices),
        "kind": dict(ItemKind.choices),
        "protection": dict(Protection.choices),
        "ground_gone": {"yes": _("yes")},
        "misuse": {"warn": _("a warning"), "pause": _("a suspension")},
        "found_by": {"voting_procedure": _("the screening"), "fact_check": _("a fact-check")},
    }
    if name in ("topic", "undecidable"):
        return words.topic_words(value)
    return str(known.get(name, {}).get(value, value))


def settings_words(rule: Mapping[str, Any]) -> list[str]:
    """Write what else a rule sets: time to answer, weight, sureness."""
    found = []
    if minutes := rule.get("due_within_minutes"):
        found.append(_("answer within %(minutes)s min") % {"minutes": words.number(minutes)})
    if weight := rule.get("weight"):
        found.append(_("counts %(weight)s times") % {"weight": decimal(weight)})
    if probability := rule.get("probability"):
        found.append(_("taken as %(sure)s sure") % {"sure": decimal(probability)})
    return found


def changes(
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    *,
    queues: Mapping[str, str],
) -> list[Change]:
    """Compare two versions rule by rule, by name; an empty list means that they say the same."""
    before = {r.name: r for r in rules_in_words(old, queues=queues)}
    after = {r.name: r for r in rules_in_words(new, queues=queues)}
    raw_old, raw_new = {r["name"]: r for r in old}, {r["name"]: r for r in new}
    found = [Change("gone", name, _lines(r), []) for name, r in before.items() if name not in after]
    stayed = _in_the_same_order(before, after)
    for name, rule in after.items():
        if name not in before:
            found.append(Change("added", name, [], _lines(rule)))
        elif raw_old[name] != raw_new[name]:
            found.append(Change("changed", name, _lines(before[name]), _lines(rule)))
        elif name not in stayed:
            place = _("place %(n)d")
            found.append(
                Change("moved", name, [place % {"n": before[name].number}],
                       [place % {"n": rule.number}])
            )  # fmt: skip
    return found


def field_help(**more: Sequence[tuple[str, str]]) -> list[FieldHelp]:
    """Explain what conditions can ask about; `more` gives values that live in the database."""
    return [
        FieldHelp(
            name,
            str(said),
            list(more.get(name, ())) or [(v, value_words(name, v)) for v in VALUES.get(name, ())],
        )
        for name, said in FIELD_WORDS.items()
    ]


def backtest_tables(result: Backtest, *, queues: Mapping[str, str]) -> Tables:
    """Write the results of a backtest as the rows of its tables."""

    def side(name: str, tally: Tally) -> Side:
        return Side(
            name,
            words.number(tally.matched),
            rate_words(result.per_day(tally.matched)),
            share_words(tally.acted, tally.decided),
        )

    either = result.ours.matched + result.theirs.matched - result.both
    return Tables(
        sides=[
            side(_("This version"), result.ours),
            side(_("The live version"), result.theirs),
        ],
        overlap=share_words(result.both, either),
        rules=[side(name, tally) for name, tally in result.rules.items()],
        queues=[
            (queues.get(q, q), rate_words(result.per_day(ours)), rate_words(result.per_day(theirs)))
            for q, (ours, theirs) in result.queues.items()
        ],
    )


def shadow_tables(comparison: ShadowComparison, *, queues: Mapping[str, str]) -> Tables:
    """Write what a version did in the shadow as the rows of its tables."""
    nowhere = _("no queue")
    days = _days(comparison)

    def side(name: str, totals: tuple[int, int, int]) -> Side:
        items, decided, acted = totals
        per_day = rate_words(items / days) if days else ""
        return Side(name, words.number(items), per_day, share_words(acted, decided))

    def name_of(slug: str) -> str:
        return queues.get(slug, slug) or nowhere

    return Tables(
        sides=[
            side(_("This version"), comparison.total("shadow")),
            side(_("What routed"), comparison.total("live")),
        ],
        overlap=share_words(*comparison.overlap()),
        flows=[
            Flow(
                name_of(f.live_queue),
                name_of(f.shadow_queue),
                words.number(f.items),
                share_words(f.acted, f.decided),
                f.differs,
            )
            for f in comparison.flows
        ],
        differing=[
            (row, name_of(row.live_queue), name_of(row.shadow_queue))
            for row in comparison.differing
        ],
    )


def _days(comparison: ShadowComparison) -> float:
    if comparison.since is None or comparison.until is None:
        return 0.0
    # Less than a day says little about a day; it counts as one.
    return max(1.0, (comparison.until - comparison.since).total_seconds() / 86_400)


def share_words(part: int, whole: int) -> str:
    """Write a share with its counts: 86 % (12 of 14); a share of nothing is not known."""
    if not whole:
        return _("not known yet")
    counts = {"part": words.number(part), "whole": words.number(whole)}
    return f"{round(100 * part / whole)} % " + _("(%(part)s of %(whole)s)") % counts


def decimal(value: float) -> str:
    """Write a number with the reader's signs, and decimals only where it has them."""
    if float(value).is_integer():
        return words.number(value)
    return number_format(f"{value:.4f}".rstrip("0"), use_l10n=True, force_grouping=True)


def rate_words(per_day: float) -> str:
    """Write a number per day: whole from ten up."""
    return words.number(per_day) if per_day >= 10 else decimal(round(per_day, 1))


def _lines(rule: RuleWords) -> list[str]:
    return [*rule.conditions, f"→ {rule.queue}", *rule.settings]


def _in_the_same_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    shared_before = [name for name in before if name in after]
    shared_after = [name for name in after if name in before]
    matcher = SequenceMatcher(a=shared_before, b=shared_after, autojunk=False)
    return {
        name
        for block in matcher.get_matching_blocks()
        for name in shared_before[block.a : block.a + block.size]
    }
