"""Items that say the same in nearly the same words: candidates by fingerprint, then compared."""

from django.db.models import F, Q

from moderation import likeness
from moderation.models import Fingerprint, Item, ItemVersion

AT_MOST = 200


def near_identical(item: Item, version: ItemVersion) -> list[ItemVersion]:
    """Return the current versions of other items that say the same, most seen first.

    A likeness carries no verdict: numbers, days and negations must agree, and a person reads them.
    """
    words = "\n".join(version.texts().values())
    value = likeness.simhash(words)
    if value is None:
        return []
    bands = zip(Fingerprint.BANDS, likeness.bands(value), strict=True)
    shares_a_band = Q()
    for name, band in bands:
        shares_a_band |= Q(**{name: band})
    candidates = (
        Fingerprint.objects.filter(
            shares_a_band,
            item_version__version=F("item_version__item__version"),
            item_version__item__deleted_at=None,
        )
        .exclude(item_version__item=item)
        .select_related("item_version__item__actor", "item_version__item__decision_in_force")
        .order_by("-item_version__item__views", "pk")[: AT_MOST * 2]
    )
    alike = (
        row.item_version
        for row in candidates
        if likeness.says_the_same(words, "\n".join(row.item_version.texts().values()))
    )
    return list(alike)[:AT_MOST]
