"""What a partner's verdict led to, in numbers: never which item, nor whose."""

import uuid
from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from factcheck.models import FactCheck, VerdictReceipt
from moderation.models import Decision, Label, TractionSample


@dataclass(frozen=True, slots=True)
class Effect:
    """Items that got a verdict, and what viewers and people did after."""

    items: int
    labelled: int
    labelled_now: int
    views_before: int
    views_after: int
    # Labels that a person at the platform took away or replaced, as an appeal would.
    taken_back: int
    # Requests of the public to correct the check, and those that led to a correction.
    requests: int
    corrected: int


def effect_of(check: FactCheck) -> Effect:
    """Count what became of all versions of a check."""
    labels = _labels(check.series)
    seen_then = (
        TractionSample.objects.filter(item=OuterRef("item"), at__lte=OuterRef("added_at"))
        .order_by("-at")
        .values("views")[:1]
    )
    # The first label of an item counts: what was seen after it was seen with a label.
    first = labels.order_by("item", "added_at").distinct("item").values("pk")
    views = (
        Label.objects.filter(pk__in=first)
        .annotate(then=Coalesce(Subquery(seen_then), 0))
        .aggregate(before=Sum("then"), now=Sum("item__views"))
    )
    before = views["before"] or 0
    requests = check_requests(check.series)
    return Effect(
        items=VerdictReceipt.objects.filter(
            fact_check__series=check.series, consumer__in=["job", "label", "release"]
        )
        .values("consumer_id")
        .distinct()
        .count(),
        labelled=labels.values("item").distinct().count(),
        labelled_now=labels.filter(ended_at=None).values("item").distinct().count(),
        views_before=before,
        views_after=max(0, (views["now"] or 0) - before),
        taken_back=Decision.objects.filter(
            overrides__fact_check__series=check.series,
            fact_check=None,
            decided_by__isnull=False,
        ).count(),
        requests=sum(requests.values()),
        corrected=requests.get("corrected", 0),
    )


def check_requests(series: uuid.UUID) -> dict[str, int]:
    """Count the public's requests to correct a check, by what came of them."""
    found = FactCheck.objects.filter(series=series, correction_requests__isnull=False)
    counts: dict[str, int] = {}
    for state in found.values_list("correction_requests__state", flat=True):
        counts[str(state)] = counts.get(str(state), 0) + 1
    return counts


def _labels(series: uuid.UUID) -> QuerySet[Label]:
    return Label.objects.filter(decision__fact_check__series=series, item=F("decision__item"))
