"""A version in the shadow reads what the live one read, and what it would have found is kept."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from integrity.classifiers.voting_procedure.chosen import weights_in
from moderation.models import ItemVersion, ScreeningModel, ShadowFinding
from moderation.models.screening import ModelState
from moderation.services import weights
from moderation.services.findings import SILENT, Finding, verdict_of

logger = logging.getLogger(__name__)


def read_along(
    versions: Sequence[ItemVersion],
    live: Sequence[Finding],
    *,
    read: Callable[[Sequence[ItemVersion]], list[Finding]],
    at: datetime,
) -> int:
    """Read the same texts with the version in the shadow, where there is one.

    Whatever goes wrong in it stays in it: what the live version found is stored before.
    """
    model = ScreeningModel.objects.filter(state=ModelState.SHADOW).first()
    if model is None or not live:
        return 0
    try:
        with weights_in(weights.folder_of(model)):
            found = read(versions)
        return _keep(model, live, found, at=at)
    except Exception:
        logger.exception("a version in the shadow failed", extra={"version": model.version})
        return 0


@transaction.atomic
def _keep(
    model: ScreeningModel, live: Sequence[Finding], found: Sequence[Finding], *, at: datetime
) -> int:
    pairs = list(zip(live, found, strict=True))
    speaking = [
        (ours, theirs)
        for ours, theirs in pairs
        if not {ours.outcome.verdict, theirs.outcome.verdict} <= {SILENT}
    ]
    ShadowFinding.objects.bulk_create(
        [_finding(model, ours, theirs, at=at) for ours, theirs in speaking], ignore_conflicts=True
    )
    ScreeningModel.objects.filter(pk=model.pk).update(
        both_silent=F("both_silent") + len(pairs) - len(speaking)
    )
    return len(pairs)


def _finding(
    model: ScreeningModel, live: Finding, shadow: Finding, *, at: datetime
) -> ShadowFinding:
    return ShadowFinding(
        item_version=live.version,
        field=live.field,
        model=model,
        live_version=live.outcome.model_version[:80],
        live_verdict=verdict_of(live.outcome),
        live_score=min(1.0, max(0.0, live.outcome.score)),
        shadow_verdict=verdict_of(shadow.outcome),
        shadow_score=min(1.0, max(0.0, shadow.outcome.score)),
        shadow_topic=shadow.outcome.topic[:20],
        shadow_claimed=(shadow.outcome.claimed or "")[:300],
        at=at,
    )
