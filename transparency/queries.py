"""Counting what was done for an election, from the rows of the casework themselves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)

from elections.models import Election, FactChange, VotingFact
from factcheck.models import CorrectionRequest, FactCheck
from moderation.choices import RESTRICTING, Action, AssessmentState
from moderation.models import (
    Assessment,
    Decision,
    Following,
    InformationLabel,
    Item,
    Job,
    Label,
    Report,
    TractionSample,
)

# A big house takes seconds to count, and figures that follow each decision would point at it.
RECOUNT_AFTER = timedelta(minutes=5)
KEPT = 24 * 3600
COUNTING = 120  # seconds in which nobody else counts the same


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took: of how many, half within this long, nine of ten within that."""

    n: int
    half: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of an election as they stood at one moment."""

    at: datetime
    numbers: dict[str, int] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)


class Percentile(Aggregate):
    """The value within which a share of the rows lies."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def counted(election: Election, *, at: datetime) -> Counted:
    """Return the last count, at most five minutes old; while one counts, others get the last."""
    key = f"election-record-1-{election.pk}"
    kept = _unpacked(cache.get(key))
    if kept is not None:
        young = at - kept.at < RECOUNT_AFTER
        if young or not cache.add(f"{key}-counting", 1, COUNTING):
            return kept
    fresh = count(election, at=at)
    cache.set(key, _packed(fresh), KEPT)
    cache.delete(f"{key}-counting")
    return fresh


def count(election: Election, *, at: datetime) -> Counted:
    """Count everything now."""
    numbers = {
        **_came_in(election),
        **_looked_at(election),
        **_done(election),
        **_facts(election),
        **_put_right(election),
    }
    return Counted(at=at, numbers=numbers, spans=_spans(election))


def _came_in(election: Election) -> dict[str, int]:
    assessed = Assessment.objects.filter(
        item_version__item__election=election, state=AssessmentState.DONE
    )
    return {
        "items": Item.objects.filter(election=election).count(),
        "assessed": assessed.values("item_version__item").distinct().count(),
        "reports": Report.objects.filter(item__election=election).count(),
    }


def _looked_at(election: Election) -> dict[str, int]:
    carried_out = _carried_out(election)
    return {
        "decided": _items(carried_out),
        "by_people": _items(carried_out.filter(decided_by__isnull=False)),
        "two_people": _items(carried_out.filter(confirmation__isnull=False)),
        "waiting": Job.objects.open().filter(item__election=election).count(),
    }


def _done(election: Election) -> dict[str, int]:
    carried_out = _carried_out(election)
    restricted = carried_out.filter(action__in=sorted(RESTRICTING))
    told = TractionSample.objects.filter(item=OuterRef("item"))
    seen = told.filter(views__gt=0, at__lte=OuterRef("carried_out_at"))
    views_known = restricted.filter(Exists(told))
    pointers = InformationLabel.objects.filter(election=election)
    return {
        **{
            action.value: _items(carried_out.filter(action=action))
            for action in Action
            if action not in {Action.WARN, Action.STRIKE, Action.SUSPEND, Action.TERMINATE}
        },
        "account": carried_out.filter(action__in=[Action.SUSPEND, Action.TERMINATE])
        .values("item__actor")
        .distinct()
        .count(),
        "labels_now": Label.objects.filter(item__election=election, ended_at=None).count(),
        "pointers": pointers.values("item").distinct().count(),
        "pointers_now": pointers.filter(ended_at=None, shown=True).count(),
        "restricted": _items(restricted),
        "views_known": _items(views_known),
        "before_any_view": _items(views_known.exclude(Exists(seen))),
    }


def _facts(election: Election) -> dict[str, int]:
    changes = FactChange.objects.filter(election=election)
    checks = FactCheck.objects.filter(claim__election=election)
    return {
        "facts": VotingFact.objects.current().filter(election=election).count(),
        "changes": changes.filter(fact__isnull=False).count(),
        "incidents": changes.filter(incident__isnull=False).values("incident").distinct().count(),
        "checks": checks.values("series").distinct().count(),
        "compared_again": sum(
            Following.objects.filter(change__election=election).values_list("compared", flat=True)
        ),
    }


def _put_right(election: Election) -> dict[str, int]:
    asked = CorrectionRequest.objects.filter(fact_check__claim__election=election)
    changed = (
        _carried_out(election)
        .filter(overrides__isnull=False)
        .exclude(action=F("overrides__action"))
    )
    return {
        "changed_later": changed.values("overrides").distinct().count(),
        "corrections_asked": asked.count(),
        "corrections_answered": asked.filter(answered_at__isnull=False).count(),
    }


def _spans(election: Election) -> dict[str, Span]:
    read = Assessment.objects.filter(
        item_version__item__election=election, state=AssessmentState.DONE
    )
    people = _carried_out(election).filter(decided_by__isnull=False)
    answered = Report.objects.filter(item__election=election, answered_at__isnull=False)
    followed = Following.objects.filter(change__election=election, ended_at__isnull=False)
    found = {
        "to_read": _span(read, "owed_at", "done_at"),
        "to_decide": _span(people, "job__opened_at", "decided_at"),
        "to_answer": _span(answered, "received_at", "answered_at"),
        "to_follow": _span(followed, "change__at", "ended_at"),
    }
    return {key: span for key, span in found.items() if span is not None}


def _span(rows: QuerySet[Any], begins: str, ends: str) -> Span | None:
    took = ExpressionWrapper(F(ends) - F(begins), output_field=DurationField())
    # An edited item owes its reading anew: what is dated before its own beginning says nothing.
    found = rows.filter(Q(**{f"{ends}__gte": F(begins)})).aggregate(
        half=Percentile(took, share=0.5), most=Percentile(took, share=0.9), n=Count("pk")
    )
    return Span(n=found["n"], half=found["half"], most=found["most"]) if found["n"] else None


def _carried_out(election: Election) -> QuerySet[Decision]:
    return Decision.objects.filter(item__election=election, carried_out_at__isnull=False, undo=None)


def _items(decisions: QuerySet[Decision]) -> int:
    return decisions.values("item").distinct().count()


def _packed(found: Counted) -> dict[str, Any]:
    """Write a count in plain types, so that a later version of the house can read it."""
    spans = {key: (span.n, span.half, span.most) for key, span in found.spans.items()}
    return {"at": found.at, "numbers": found.numbers, "spans": spans}


def _unpacked(kept: dict[str, Any] | None) -> Counted | None:
    if kept is None:
        return None
    spans = {key: Span(*values) for key, values in kept["spans"].items()}
    return Counted(at=kept["at"], numbers=kept["numbers"], spans=spans)
