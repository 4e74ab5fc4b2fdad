"""Where known claims stand, or may stand, in items: for the job page and for the claim's own."""

import uuid

from django.db.models import F, Prefetch, Q, QuerySet

from factcheck.models import FactCheck
from integrity.people.models import User
from moderation.models import Item, ItemVersion, Job
from moderation.models.appearances import Appearance, AppearanceState
from moderation.queries import desk

AT_MOST = 10
PLACES_AT_MOST = 50


def claims_in(item: Item, version: ItemVersion) -> list[Appearance]:
    """Return the claims that stand in an item, and those suggested for the words it has now.

    What somebody confirmed comes first, then the likeliest.
    """
    found = Appearance.objects.filter(item=item).filter(
        Q(state=AppearanceState.CONFIRMED)
        | Q(state=AppearanceState.SUGGESTED, item_version=version)
    )
    return list(
        _with_checks(found).order_by("state", F("score").desc(nulls_first=True), "pk")[:AT_MOST]
    )


def places_of(claim: uuid.UUID, *, user: User) -> list[Appearance]:
    """Return the items in which a claim stands or may stand, as far as this person sees them."""
    found = Appearance.objects.filter(
        _visible(user),
        Q(state=AppearanceState.CONFIRMED) | Q(item_version__version=F("item__version")),
        claim__public_id=claim,
        item__deleted_at=None,
    ).exclude(state=AppearanceState.REJECTED)
    return list(
        _with_checks(found)
        .prefetch_related(Prefetch("item__jobs", Job.objects.order_by("-opened_at")))
        .order_by("-state", "-item__views", "pk")[:PLACES_AT_MOST]
    )


def find_appearance(user: User, public_id: uuid.UUID) -> Appearance | None:
    """Find one by its id; of an item that this person does not see there is none."""
    return (
        Appearance.objects.filter(_visible(user), public_id=public_id)
        .select_related("item", "claim")
        .first()
    )


def _visible(user: User) -> Q:
    """An item is seen by whoever sees a queue in which it was; one without a job by all."""
    queues = [queue.pk for queue in desk.visible_queues(user)]
    seen = Job.objects.filter(queue__in=queues).values("item")
    return Q(item__jobs=None) | Q(item__in=seen)


def _with_checks(found: QuerySet[Appearance]) -> QuerySet[Appearance]:
    current = FactCheck.objects.current().select_related("partner", "applies_in")
    return found.select_related(
        "item", "item_version", "claim__election", "claim__place", "decided_by"
    ).prefetch_related(Prefetch("claim__fact_checks", current.order_by("published_at")))
