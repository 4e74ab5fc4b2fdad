"""What the services need to know about items: found, reported, seen, counted against the actor."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import RowNumber

from moderation.choices import RESTRICTING, ReportSource
from moderation.models import (
    Decision,
    Item,
    ItemVersion,
    Policy,
    Report,
    ReporterStep,
    Signal,
    Strike,
    TractionSample,
)

ALWAYS_HEARD = (ReportSource.AUTHORITY, ReportSource.TRUSTED_FLAGGER)
# The source of signals that are partners' verdicts.
VERDICTS = "fact_check"
# The forecast reads the newest samples only.
SAMPLES = 24

Curve = list[tuple[datetime, int]]


def items_to_route(pks: Collection[int], *, lock: bool = False) -> list[Item]:
    """Fetch items with what routing reads of them; `lock` takes their rows, in one order."""
    items, around = Item.objects.filter(pk__in=pks).order_by("pk"), ("actor", "election", "place")
    if lock:
        # Fetched after the locks: a row that changed while we waited joins what it named before.
        return list(items.select_for_update().prefetch_related(*around))
    return list(items.select_related(*around))


def current_versions(items: Iterable[Item]) -> dict[int, ItemVersion]:
    """Return each item's current version, without its words."""
    return {
        version.item_id: version
        for version in ItemVersion.objects.filter(
            item__in=[item.pk for item in items], version=F("item__version")
        ).only("item_id", "version", "language")
    }


def traction_curves(items: Collection[int], *, samples: int = SAMPLES) -> dict[int, Curve]:
    """Return the newest view counts of each item, oldest first."""
    newest = (
        TractionSample.objects.filter(item__in=items)
        .annotate(
            n=Window(RowNumber(), partition_by=F("item"), order_by=F("at").desc()),
        )
        .filter(n__lte=samples)
        .order_by("at")
        .values_list("item_id", "at", "views")
    )
    curves: dict[int, Curve] = defaultdict(list)
    for item, at, views in newest:
        curves[item].append((at, views))
    return curves


def unanswered_signals(items: Collection[int]) -> dict[int, list[Signal]]:
    """Return the current signals that no carried-out decision on the same words has answered.

    A label that follows a verdict answers the verdicts, and nothing that was found otherwise.
    """
    answered = Decision.objects.filter(
        item_version=OuterRef("item_version"),
        carried_out_at__isnull=False,
        decided_at__gte=OuterRef("created_at"),
    )
    by_person = answered.filter(job__taken_by__isnull=False)
    by_verdict = answered.filter(fact_check__isnull=False)
    found: dict[int, list[Signal]] = defaultdict(list)
    for signal in (
        Signal.objects.filter(~Exists(by_person), item__in=items, superseded_at=None)
        .exclude(Q(source=VERDICTS) & ~Q(verdict="contradicts") & Exists(by_verdict))
        .only("item_id", "verdict", "score", "topic", "source")
        .order_by("pk")
    ):
        found[signal.item_id].append(signal)
    return found


def without_ground(items: Iterable[Item]) -> set[int]:
    """Return the items whose restriction rests on a contradiction that is there no more.

    A corrected fact or an edit took it away; somebody has to look whether the restriction stays.
    """
    resting = dict(
        Decision.objects.filter(
            pk__in=[item.decision_in_force_id for item in items if item.decision_in_force_id],
            action__in=RESTRICTING,
            signal__isnull=False,
        ).values_list("item_id", "pk")
    )
    still = Signal.objects.filter(
        item__in=resting, superseded_at=None, verdict="contradicts"
    ).values_list("item_id", flat=True)
    return set(resting) - set(still)


def unanswered_reports(items: Collection[int]) -> dict[int, list[Report]]:
    """Return the reports that nobody has answered yet.

    What somebody sends while their reports are left aside (DSA art. 23(2)) does not count; an
    authority's and a trusted flagger's always do.
    """
    step = ReporterStep.objects.filter(
        reporter=OuterRef("reporter"), taken_at__lte=OuterRef("received_at")
    ).order_by("-taken_at", "-pk")
    found: dict[int, list[Report]] = defaultdict(list)
    for report in (
        Report.objects.filter(item__in=items, answered_at=None)
        .annotate(aside_until=Subquery(step.values("until")[:1]))
        .filter(
            Q(source__in=ALWAYS_HEARD) | Q(aside_until=None) | Q(aside_until__lte=F("received_at"))
        )
        .only("item_id", "source", "received_at")
        .order_by("pk")
    ):
        found[report.item_id].append(report)
    return found


def active_strikes(actors: Collection[int], *, at: datetime) -> dict[int, int]:
    """Return what counts against each account now; accounts without strikes are absent."""
    return dict(
        Strike.objects.filter(actor__in=actors, given_at__lte=at, expires_at__gt=at, lifted_at=None)
        .values("actor")
        .annotate(total=Sum("weight"))
        .values_list("actor", "total")
    )


def policies_by_topic() -> Mapping[str, tuple[str, int]]:
    """Return for each topic the policy in force about it, the severest if several, with its grade.

    A topic that no policy names is absent.
    """
    return {
        topic: (policy.slug, policy.severity)
        for policy in Policy.objects.filter(retired_at=None).order_by("severity", "slug")
        for topic in policy.topics
    }


def top_signal(item: Item) -> Signal | None:
    """Return the signal that a decision rests on: the surest contradiction now known."""
    return (
        Signal.objects.filter(Q(item=item, superseded_at=None, verdict="contradicts"))
        .select_related("fact", "fact__place", "incident", "proposition")
        .order_by("-score", "pk")
        .first()
    )
