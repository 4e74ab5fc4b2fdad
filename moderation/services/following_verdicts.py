"""What follows a partner's verdict: a signal on every item with the claim, and the policy's effect.

False or manipulated: a person decides, with the verdict on top. Otherwise a label that the policy
words, or the release of what only this claim had held up. Each item's effect is logged, so that
a correction reaches whoever got the version before it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from factcheck import queries as factchecks
from factcheck.choices import ConsumerKind, Verdict
from factcheck.consequences import Effect
from factcheck.models import Claim, FactCheck, VerdictPolicy, VerdictPublished, VerdictReceipt
from factcheck.services import checking
from integrity.people.models import User
from moderation.choices import Action
from moderation.models import Decision, Item, Job, Media, Signal
from moderation.models.appearances import Appearance, AppearanceState
from moderation.queries.casework import VERDICTS
from moderation.services import opening, verdict_decisions, verdict_words

log = structlog.get_logger(__name__)

# The source of signals that say: this may be a claim that was checked.
SUGGESTED = "claim_match"

# What casework is told; a verdict without a row here takes an earlier signal back.
SIGNAL_OF = {
    Verdict.FALSE: "contradicts",
    Verdict.ALTERED: "contradicts",
    Verdict.PARTLY_FALSE: "contradicts",
    Verdict.MISSING_CONTEXT: "unverifiable",
    Verdict.TRUE_ELSEWHERE: "unverifiable",
    Verdict.UNVERIFIED: "unverifiable",
}
# What the receipt of a label says.
LABEL_EFFECT = {
    Verdict.TRUE_ELSEWHERE: "context",
    Verdict.UNVERIFIED: "unverified",
}
_OF_AN_ITEM = [ConsumerKind.JOB, ConsumerKind.LABEL, ConsumerKind.RELEASE]


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
def follow_on_item(*, item: Item, claim: Claim, at: datetime) -> None:
    """Bring what partners found about a claim to an item in which it was just confirmed."""
    policy = factchecks.policy_in_force()
    for check in _current(claim):
        _tell_item(item.pk, check, policy, at=at)


@transaction.atomic
def take_back_from_item(*, item: Item, claim: Claim, by: User, at: datetime) -> None:
    """Take what partners found about a claim away from an item in which it does not stand."""
    _supersede(item, str(claim.public_id), at=at)
    verdict_decisions.lift(item=_locked(item.pk), claim_id=claim.pk, by=by, at=at)
    opening.open_or_update_job(item=item, at=at)


@transaction.atomic
def suggest_on_item(*, appearance: Appearance, at: datetime) -> None:
    """Tell whoever judges an item that it may repeat a claim that a partner has checked.

    No verdict goes over: a person says whether the claim stands there.
    """
    item = _locked(appearance.item_id)
    _supersede(item, str(appearance.claim.public_id), at=at, source=SUGGESTED)
    check = next((c for c in reversed(_current(appearance.claim)) if c.verdict in SIGNAL_OF), None)
    if check is not None and appearance.state == AppearanceState.SUGGESTED:
        _suggestion(item, appearance, check, at=at)
    opening.open_or_update_job(item=item, at=at)


@transaction.atomic
def forget_suggestion(*, item: Item, claim: Claim, at: datetime) -> None:
    """Take the suggestion back: somebody has answered it."""
    _supersede(item, str(claim.public_id), at=at, source=SUGGESTED)
    opening.open_or_update_job(item=_locked(item.pk), at=at)


@transaction.atomic
def _follow(pk: int, *, at: datetime) -> bool:
    told = (
        VerdictPublished.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, followed_at=None)
        .select_related(
            "fact_check__claim__election", "fact_check__partner", "fact_check__applies_in"
        )
        .first()
    )
    if told is None:
        return False
    check, policy = told.fact_check, factchecks.policy_in_force()
    for item_id in _items_concerned(check):
        _tell_item(item_id, check, policy, at=at)
    for appearance in _suggestions(check):
        suggest_on_item(appearance=appearance, at=at)
    if verdict_words.consequence(check, policy).same_media and not hasattr(check, "corrected_by"):
        _tell_items_with_the_same_media(check, at=at)
    VerdictPublished.objects.filter(pk=pk).update(followed_at=at)
    return True


def _items_concerned(check: FactCheck) -> list[int]:
    """Every item in which the claim stands, and every one that got a version before this one."""
    found = set(
        Appearance.objects.filter(claim=check.claim, state=AppearanceState.CONFIRMED).values_list(
            "item", flat=True
        )
    )
    earlier = VerdictReceipt.objects.filter(
        fact_check__series=check.series,
        fact_check__version__lt=check.version,
        consumer__in=_OF_AN_ITEM,
    ).values_list("consumer_id", flat=True)
    got_it = Item.objects.filter(public_id__in=list(earlier)).values_list("pk", flat=True)
    return sorted(found | set(got_it))


def _tell_item(item_id: int, check: FactCheck, policy: VerdictPolicy, *, at: datetime) -> None:
    item = _locked(item_id)
    _supersede(item, str(check.claim.public_id), at=at, partner=check.partner.public_id)
    if hasattr(check, "corrected_by"):
        # A newer version waits behind this one: only that may speak.
        return
    stands = item.appearances.filter(claim=check.claim, state=AppearanceState.CONFIRMED).exists()
    kind = SIGNAL_OF.get(Verdict(check.verdict)) if stands else None
    if kind is not None:
        _signal(item, check, kind, at=at)
    decision = verdict_decisions.follow(item=item, check=check, policy=policy, at=at)
    job = None if item.deleted_at else opening.open_or_update_job(item=item, at=at)
    for consumer, effect in _effects(check, policy, decision, job):
        checking.note_receipt(
            check=check, consumer=consumer, consumer_id=str(item.public_id), effect=effect, at=at
        )


def _locked(item_id: int) -> Item:
    return (
        Item.objects.select_for_update(of=("self",))
        .select_related("actor", "election", "decision_in_force__fact_check")
        .get(pk=item_id)
    )


def _effects(
    check: FactCheck, policy: VerdictPolicy, decision: Decision | None, job: Job | None
) -> Iterable[tuple[ConsumerKind, str]]:
    follows = verdict_words.consequence(check, policy)
    if decision is not None and decision.carried_out_at is None:
        yield ConsumerKind.LABEL, "label_waits"
    elif decision is not None and decision.action == Action.LABEL:
        yield ConsumerKind.LABEL, LABEL_EFFECT.get(Verdict(check.verdict), "labelled")
    elif decision is not None:
        yield ConsumerKind.LABEL, "label_ended"
    if follows.effect == Effect.BACK_ON_TOP and job is not None:
        yield ConsumerKind.JOB, "back_on_top"
    elif follows.effect == Effect.RELEASE and job is None:
        yield ConsumerKind.RELEASE, "released"
    elif decision is None:
        yield ConsumerKind.JOB, "kept"


def _tell_items_with_the_same_media(check: FactCheck, *, at: datetime) -> None:
    """Bring items with the same bytes before a person, though the words may differ."""
    here = Appearance.objects.filter(claim=check.claim, state=AppearanceState.CONFIRMED)
    seen = here.values_list("item", flat=True)
    prints = Media.objects.filter(item__in=seen).exclude(sha256="").values_list("sha256", flat=True)
    for media in (
        Media.objects.filter(sha256__in=set(prints))
        .exclude(item__in=seen)
        .select_related("item")
        .order_by("item", "pk")
        .distinct("item")
    ):
        item = Item.objects.select_for_update(of=("self",)).get(pk=media.item_id)
        if item.deleted_at is not None:
            continue
        _supersede(item, str(check.claim.public_id), at=at, partner=check.partner.public_id)
        _signal(item, check, "contradicts", at=at, same_media=media.sha256)
        job = opening.open_or_update_job(item=item, at=at)
        checking.note_receipt(
            check=check, consumer=ConsumerKind.JOB, consumer_id=str(item.public_id),
            effect="same_media" if job else "kept", at=at,
        )  # fmt: skip


def _signal(
    item: Item, check: FactCheck, kind: str, *, at: datetime, same_media: str = ""
) -> Signal:
    return Signal.objects.create(
        item=item,
        item_version=item.versions.get(version=item.version),
        source=VERDICTS,
        verdict=kind,
        score=1.0,
        topic=check.claim.topic[:20],
        claimed=check.claim_text[:300],
        official=check.truth[:300],
        because=f"{check.partner.name}: {check.rating_words}"[:200],
        reasons={
            "partner": str(check.partner.public_id),
            "claim": str(check.claim.public_id),
            "fact_check": str(check.public_id),
            "verdict": check.verdict,
            "article_url": check.article_url,
            "applies_in": check.applies_in.code if check.applies_in else None,
            **({"same_media": same_media} if same_media else {}),
        },
        model_version=f"verdict-{check.version}",
        created_at=at,
    )


def _suggestions(check: FactCheck) -> list[Appearance]:
    """Return where the claim may stand: in the words that an item has now."""
    found = Appearance.objects.filter(
        claim=check.claim,
        state=AppearanceState.SUGGESTED,
        item_version__version=F("item__version"),
        item__deleted_at=None,
    )
    return list(found.select_related("claim", "item_version").order_by("item", "pk"))


def _suggestion(item: Item, appearance: Appearance, check: FactCheck, *, at: datetime) -> None:
    Signal.objects.create(
        item=item,
        item_version=appearance.item_version,
        source=SUGGESTED,
        verdict="unverifiable",
        field=appearance.field,
        score=appearance.score or 0.0,
        topic=check.claim.topic[:20],
        claimed=check.claim_text[:300],
        official=check.truth[:300],
        because=f"{check.partner.name}: {check.rating_words}"[:200],
        reasons={
            "claim": str(check.claim.public_id),
            "fact_check": str(check.public_id),
            "threshold": appearance.threshold,
            "how": appearance.how,
            "differs": appearance.differs,
        },
        model_version=appearance.model_version,
        created_at=at,
    )


def _supersede(
    item: Item,
    claim: str,
    *,
    at: datetime,
    partner: UUID | None = None,
    source: str = VERDICTS,
) -> None:
    old = Signal.objects.filter(item=item, source=source, superseded_at=None, reasons__claim=claim)
    if partner is not None:
        old = old.filter(reasons__partner=str(partner))
    old.update(superseded_at=at)


def _current(claim: Claim) -> list[FactCheck]:
    return list(
        FactCheck.objects.current()
        .filter(claim=claim)
        .select_related("claim__election", "partner", "applies_in")
        .order_by("published_at", "pk")
    )
