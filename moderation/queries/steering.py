"""What the settings pages read: versions of the routing rules and what a shadow version did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from moderation.choices import Action, RoutingState
from moderation.models import Decision, Queue, RoutingVersion, ShadowRouting


@dataclass(frozen=True, slots=True)
class ShadowFlow:
    """So many items went from one queue to another (empty: to none) under the shadow version."""

    live_queue: str
    shadow_queue: str
    items: int
    decided: int
    acted: int

    @property
    def differs(self) -> bool:
        """Whether the shadow version put them elsewhere."""
        return self.live_queue != self.shadow_queue


@dataclass(frozen=True, slots=True)
class ShadowComparison:
    """What a version that runs along did so far, beside what routed."""

    flows: list[ShadowFlow]
    since: datetime | None
    until: datetime | None
    differing: list[ShadowRouting]

    @property
    def items(self) -> int:
        """How many items both versions saw."""
        return sum(flow.items for flow in self.flows)

    def total(self, side: str) -> tuple[int, int, int]:
        """Return items queued, decided and acted on, on the `live` or the `shadow` side."""
        rows = [f for f in self.flows if getattr(f, f"{side}_queue")]
        return sum(f.items for f in rows), sum(f.decided for f in rows), sum(f.acted for f in rows)

    def overlap(self) -> tuple[int, int]:
        """Return how many items both versions queue, and how many either does."""
        both = sum(f.items for f in self.flows if f.live_queue and f.shadow_queue)
        either = sum(f.items for f in self.flows if f.live_queue or f.shadow_queue)
        return both, either


def routing_versions() -> QuerySet[RoutingVersion]:
    """Return all versions, the live one first, then shadow, drafts, the newest of the rest."""
    order = [RoutingState.LIVE, RoutingState.SHADOW, RoutingState.DRAFT, RoutingState.RETIRED]
    ranks = {state: n for n, state in enumerate(order)}
    whens = [When(state=state, then=Value(n)) for state, n in ranks.items()]
    return (
        RoutingVersion.objects.select_related("authored_by", "deployed_by")
        .annotate(rank=Case(*whens, output_field=IntegerField()))
        .order_by("rank", "-authored_at", "-pk")
    )


def find_version(public_id: UUID) -> RoutingVersion | None:
    """Fetch one version with its people."""
    versions = RoutingVersion.objects.select_related("authored_by", "deployed_by")
    return versions.filter(public_id=public_id).first()


def live_version() -> RoutingVersion | None:
    """Fetch the version that routes now."""
    return RoutingVersion.objects.filter(state=RoutingState.LIVE).first()


def queue_names() -> Mapping[str, str]:
    """Return the name of each queue by its slug, in the house's order."""
    return {queue.slug: str(queue) for queue in Queue.objects.order_by("position", "slug")}


def shadow_comparison(version: RoutingVersion, *, size: int = 50) -> ShadowComparison:
    """Count what a version in the shadow did with each item, beside the live one."""
    rows = ShadowRouting.objects.filter(version=version)
    answered = Decision.objects.standing().filter(
        item=OuterRef("item"), decided_at__gt=OuterRef("at")
    )
    flows = [
        ShadowFlow(**row)
        for row in rows.annotate(
            is_decided=Exists(answered),
            is_acted=Exists(answered.exclude(action=Action.NO_ACTION)),
        )
        .values("live_queue", "shadow_queue")
        .annotate(
            items=Count("pk"),
            decided=Count("pk", filter=Q(is_decided=True)),
            acted=Count("pk", filter=Q(is_acted=True)),
        )
        .order_by("-items", "live_queue", "shadow_queue")
    ]
    span = rows.aggregate(since=Min("at"), until=Max("at"))
    differing = (
        rows.exclude(live_queue=F("shadow_queue"))
        .select_related("item", "item__actor")
        .order_by("-at", "-pk")[:size]
    )
    return ShadowComparison(flows, span["since"], span["until"], list(differing))
