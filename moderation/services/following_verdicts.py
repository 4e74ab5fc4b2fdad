"""What follows a partner's verdict: the items get it as a signal, and their jobs are weighed anew.

A verdict restricts nothing by itself: a person decides with it on top.
"""

from datetime import datetime

import structlog
from django.db import transaction

from factcheck.choices import ConsumerKind, Verdict
from factcheck.models import FactCheck, VerdictPublished
from factcheck.services import checking
from moderation.models import Item, Signal
from moderation.models.appearances import Appearance, AppearanceState
from moderation.services import opening

log = structlog.get_logger(__name__)

SOURCE = "fact_check"
# What casework is told; a verdict without a row here takes an earlier signal back.
SIGNAL_OF = {
    Verdict.FALSE: "contradicts",
    Verdict.ALTERED: "contradicts",
    Verdict.PARTLY_FALSE: "contradicts",
    Verdict.MISSING_CONTEXT: "unverifiable",
    Verdict.TRUE_ELSEWHERE: "unverifiable",
    Verdict.UNVERIFIED: "unverifiable",
}


def follow_verdicts(*, at: datetime, limit: int = 50) -> int:
    """Follow the verdicts that nobody has followed yet, oldest first; returns how many."""
    waiting = VerdictPublished.objects.filter(followed_at=None).order_by("at", "pk")
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            done += _follow(pk, at=at)
        except Exception:
            # One that fails must not hold up the others; the sweep tries again.
            log.exception("verdict not followed", verdict=pk)
    return done


@transaction.atomic
def _follow(pk: int, *, at: datetime) -> bool:
    told = (
        VerdictPublished.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, followed_at=None)
        .select_related("fact_check__claim", "fact_check__partner")
        .first()
    )
    if told is None:
        return False
    check = told.fact_check
    # A correction reaches every item that got the version before it, and every one found since.
    for item_id in (
        Appearance.objects.filter(claim=check.claim, state=AppearanceState.CONFIRMED)
        .values_list("item", flat=True)
        .distinct()
        .order_by("item")
    ):
        _tell_item(item_id, check, at=at)
    VerdictPublished.objects.filter(pk=pk).update(followed_at=at)
    return True


def _tell_item(item_id: int, check: FactCheck, *, at: datetime) -> None:
    item = Item.objects.select_for_update(of=("self",)).get(pk=item_id)
    partner = str(check.partner.public_id)
    Signal.objects.filter(
        item=item, source=SOURCE, superseded_at=None, reasons__partner=partner,
        reasons__claim=str(check.claim.public_id),
    ).update(superseded_at=at)  # fmt: skip
    if hasattr(check, "corrected_by"):
        # A newer version waits behind this one: only that may speak.
        return
    kind = SIGNAL_OF.get(Verdict(check.verdict))
    if kind is not None:
        Signal.objects.create(
            item=item,
            item_version=item.versions.get(version=item.version),
            source=SOURCE,
            verdict=kind,
            score=1.0,
            topic=check.claim.topic[:20],
            claimed=check.claim_text[:300],
            official=check.truth[:300],
            because=f"{check.partner.name}: {check.rating_words}"[:200],
            reasons={
                "partner": partner,
                "claim": str(check.claim.public_id),
                "fact_check": str(check.public_id),
                "verdict": check.verdict,
                "article_url": check.article_url,
                "applies_in": check.applies_in.code if check.applies_in else None,
            },
            model_version=f"verdict-{check.version}",
            created_at=at,
        )
    job = None if item.deleted_at else opening.open_or_update_job(item=item, at=at)
    effect = "back_on_top" if kind and job else "released" if not kind and not job else "kept"
    consumer = ConsumerKind.RELEASE if effect == "released" else ConsumerKind.JOB
    checking.note_receipt(
        check=check, consumer=consumer, consumer_id=str(item.public_id), effect=effect, at=at
    )
