"""Finding known claims again in items: suggested to a person; by itself only where nothing differs.

A match hides nothing. Only a text with the same words about the same election and place is
confirmed without a person; then what partners found about the claim follows, as for any item.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F, Q

from factcheck import matching
from factcheck.choices import ClaimState
from factcheck.matching import Heard, Likeness
from factcheck.models import Claim
from factcheck.services.indexing import canonical_of
from integrity.classifiers.checkworthy.model import NONE
from integrity.classifiers.loading import get_classifier
from moderation import likeness
from moderation.choices import AssessmentState, Field
from moderation.models import Assessment, Fingerprint, Item, ItemVersion, Proposition
from moderation.models.appearances import Appearance, AppearanceState, ClaimSought
from moderation.services import appearing, following_verdicts

log = structlog.get_logger(__name__)

BATCH = 16
# One call goes on no longer than this, so that reading is not held up; the next sweep continues.
AT_A_STRETCH = timedelta(seconds=15)
# A claim that becomes known is sought in the items of this long before, and in no more than these.
EARLIER = timedelta(days=14)
EARLIER_AT_MOST = 500
# Who only quotes, asks about or debunks a statement does not make it.
MAKES_IT = ("asserts", "instructs")


@dataclass(frozen=True, slots=True)
class Said:
    """One text of one version of an item, as matching takes it."""

    version: ItemVersion
    field: Field
    heard: Heard


def recall_owed(*, now: Callable[[], datetime], batch: int = BATCH) -> int:
    """Compare what was read with the known claims, the newest first; returns how many versions.

    While texts wait to be read, one batch a sweep: reading comes first.
    """
    started, done = now(), 0
    while now() - started < AT_A_STRETCH:
        compared = _recall(at=now(), batch=batch)
        if not compared:
            break
        done += compared
        if Assessment.objects.filter(state=AssessmentState.OWED, owed_at__lte=now()).exists():
            break
    return done


@transaction.atomic
def seek_new_claims(*, at: datetime, limit: int = 50) -> int:
    """Let earlier items be compared again where a new claim may stand in them; returns claims."""
    if not _alone():
        return 0
    waiting = Claim.objects.filter(sought=None, vector__isnull=False)
    found = list(waiting.exclude(state=ClaimState.DISMISSED).order_by("pk")[:limit])
    for claim in found:
        Assessment.objects.filter(item_version__in=_earlier(claim, at=at)).update(recalled_at=None)
    ClaimSought.objects.bulk_create(
        (ClaimSought(claim=claim, at=at) for claim in found), ignore_conflicts=True
    )
    return len(found)


@transaction.atomic
def _recall(*, at: datetime, batch: int) -> int:
    if not _alone():
        return 0
    owed = Assessment.objects.filter(state=AssessmentState.DONE, recalled_at=None)
    pks = list(owed.order_by("-done_at").values_list("pk", flat=True)[:batch])
    versions = list(
        ItemVersion.objects.filter(
            pk__in=pks, item__version=F("version"), item__deleted_at=None
        ).select_related("item")
    )
    said = _said(versions)
    for each, likenesses in sorted(
        zip(said, _likenesses(said), strict=True), key=lambda pair: pair[0].version.item_id
    ):
        if likenesses:
            _keep_safely(each, likenesses, at=at)
    Assessment.objects.filter(pk__in=pks).update(recalled_at=at)
    return len(pks)


def _said(versions: Sequence[ItemVersion]) -> list[Said]:
    frames: dict[tuple[int, str], list[dict[str, object]]] = {}
    current = Proposition.objects.filter(item_version__in=versions, superseded_at=None)
    for row in current.filter(stance__in=MAKES_IT).exclude(key=""):
        if form := canonical_of(row.frame):
            frames.setdefault((row.item_version_id, row.field), []).append(form)
    stirred = _stirred(versions)
    worth = get_classifier("checkworthy")
    return [
        Said(
            version,
            field,
            Heard(
                text,
                language=version.language or version.item.language,
                election=version.item.election_id,
                place=version.item.place_id,
                propositions=frames.get((version.pk, field), ()),
                by_meaning=version.item_id in stirred or worth.find([text])[0].label != NONE,
            ),
        )
        for version in versions
        for field, text in version.texts().items()
    ]


def _stirred(versions: Sequence[ItemVersion]) -> set[int]:
    """Return the items in which something was read, or that somebody reported."""
    items = Item.objects.filter(pk__in=[version.item_id for version in versions])
    return set(
        items.filter(
            Q(propositions__superseded_at=None, propositions__isnull=False)
            | Q(signals__superseded_at=None, signals__isnull=False)
            | Q(reports__isnull=False)
        ).values_list("pk", flat=True)
    )


def _likenesses(said: Sequence[Said]) -> list[list[Likeness]]:
    try:
        return matching.likenesses([each.heard for each in said])
    except Exception:
        # Whatever it is, one text must not stop the others: it is left out, with a note.
        log.exception("claims not compared", texts=len(said))
        if len(said) <= 1:
            return [[] for _ in said]
        half = len(said) // 2
        return _likenesses(said[:half]) + _likenesses(said[half:])


def _keep_safely(each: Said, likenesses: Iterable[Likeness], *, at: datetime) -> None:
    try:
        _keep(each, likenesses, at=at)
    except Exception:
        log.exception("match not kept", item=str(each.version.item.public_id))


@transaction.atomic
def _keep(each: Said, likenesses: Iterable[Likeness], *, at: datetime) -> None:
    item = Item.objects.select_for_update(of=("self",)).get(pk=each.version.item_id)
    if item.version != each.version.version or item.deleted_at is not None:
        return
    for found in likenesses:
        if not found.is_same and found.claim.state == ClaimState.PROPOSED:
            # Nobody has said yet that it is worth a check: only its own words count for it.
            continue
        answered = item.appearances.filter(claim=found.claim)
        if not answered.exclude(state=AppearanceState.SUGGESTED).exists():
            _match(each, found, at=at)


def _match(each: Said, found: Likeness, *, at: datetime) -> None:
    # The span is that of the sentence in its text.
    appearance, created = Appearance.objects.get_or_create(
        item_version=each.version,
        claim=found.claim,
        field=each.field,
        defaults={
            "item": each.version.item,
            "span_start": found.span[0],
            "span_end": found.span[1],
            "state": AppearanceState.SUGGESTED,
            "score": found.score,
            "threshold": found.threshold,
            "model_version": found.model,
            "how": found.how,
            "differs": list(found.differs),
            "found_at": at,
        },
    )
    if found.is_same:
        Appearance.objects.filter(pk=appearance.pk).update(how=found.how, differs=[], score=1.0)
        appearing.settle(appearing.locked(appearance), by=None, at=at)
    elif created:
        following_verdicts.suggest_on_item(appearance=appearance, at=at)


def _earlier(claim: Claim, *, at: datetime) -> set[int]:
    """Return versions from before the claim with its words or its very statement."""
    since = at - EARLIER
    found: set[int] = set()
    value = likeness.simhash(claim.text)
    if value is not None:
        shares = Q()
        for name, band in zip(Fingerprint.BANDS, likeness.bands(value), strict=True):
            shares |= Q(**{name: band})
        alike = Fingerprint.objects.filter(shares, item_version__received_at__gte=since)
        found |= set(alike.values_list("item_version", flat=True)[:EARLIER_AT_MOST])
    if claim.proposition is not None:
        said = Proposition.objects.filter(
            election=claim.election,
            key=claim.proposition_key,
            superseded_at=None,
            created_at__gte=since,
        )
        found |= {
            row.item_version_id
            for row in said.order_by("-pk")[:EARLIER_AT_MOST]
            if matching.same_proposition(canonical_of(row.frame), claim.proposition)
        }
    return found


def _alone() -> bool:
    """Take the turn until this transaction ends; False when another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('claims in items'))")
        return bool(cursor.fetchone()[0])
