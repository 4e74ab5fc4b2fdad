"""Versions of the screening's weights, and what the one in the shadow found beside the live one."""

from collections.abc import Mapping, Sequence
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

from moderation.choices import Action
from moderation.models import ScreeningModel, ShadowFinding
from moderation.models.screening import ModelState
from moderation.queries import labelled

WRONG = "contradicts"


@dataclass(frozen=True, slots=True)
class Pair:
    """One decided item: what each version gave it, and what people said."""

    live: float
    shadow: float
    wrong: bool


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """What a version in the shadow found so far, beside what the live one found."""

    cells: Mapping[tuple[str, str], int]
    pairs: Sequence[Pair]
    differing: Sequence[ShadowFinding]
    since: datetime | None
    until: datetime | None

    @property
    def texts(self) -> int:
        """How many texts both versions read."""
        return sum(self.cells.values())

    @property
    def differ(self) -> int:
        """In how many texts the two find something else."""
        return sum(n for (live, shadow), n in self.cells.items() if live != shadow)


def models() -> QuerySet[ScreeningModel]:
    """Return all versions: the live one first, then the one in the shadow, then the newest."""
    order = [ModelState.LIVE, ModelState.SHADOW, ModelState.READY, ModelState.RETIRED]
    whens = [When(state=state, then=Value(n)) for n, state in enumerate(order)]
    return (
        ScreeningModel.objects.select_related("authored_by", "deployed_by")
        .prefetch_related("files")
        .annotate(rank=Case(*whens, output_field=IntegerField()))
        .order_by("rank", "-authored_at", "-pk")
    )


def find_model(public_id: UUID) -> ScreeningModel | None:
    """Fetch one version with its people."""
    return models().filter(public_id=public_id).first()


def compare(model: ScreeningModel, *, size: int = 50) -> ModelComparison:
    """Lay what a version in the shadow found beside what the live one found."""
    rows = ShadowFinding.objects.filter(model=model)
    cells = {
        (row["live_verdict"], row["shadow_verdict"]): row["n"]
        for row in rows.values("live_verdict", "shadow_verdict").annotate(n=Count("pk")).order_by()
    }
    if model.both_silent:
        cells["not_procedural", "not_procedural"] = model.both_silent
    span = rows.aggregate(since=Min("at"), until=Max("at"))
    differing = (
        rows.exclude(live_verdict=F("shadow_verdict"))
        .select_related("item_version__item__actor")
        .order_by("-at", "-pk")[:size]
    )
    return ModelComparison(cells, _pairs(rows), list(differing), span["since"], span["until"])


def _pairs(rows: QuerySet[ShadowFinding]) -> list[Pair]:
    """Return what each gave the items on which people decided since: their labels."""
    found = (
        rows.values("item_version")
        .annotate(
            live=Max("live_score", filter=Q(live_verdict=WRONG)),
            shadow=Max("shadow_score", filter=Q(shadow_verdict=WRONG)),
        )
        .order_by()
    )
    said = labelled.final_decisions().filter(item_version=OuterRef("item_version"))
    found = found.annotate(
        decided=Exists(said), wrong=Exists(said.exclude(action=Action.NO_ACTION))
    ).filter(decided=True)
    return [Pair(row["live"] or 0.0, row["shadow"] or 0.0, row["wrong"]) for row in found]
