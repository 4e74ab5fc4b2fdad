"""Putting forward what spreads and can be checked: a proposal, which people weigh, and no more.

About candidates, procedure, fraud and results only, since text alone must never judge these.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext, override

from factcheck.choices import ClaimState, ClaimTopic
from factcheck.models import Claim
from factcheck.redaction import redact
from factcheck.services import claims
from integrity.classifiers.base import Finding
from integrity.classifiers.claim_matching.index import clean
from integrity.classifiers.loading import get_classifier
from moderation.choices import Field
from moderation.models import Item, ItemVersion, TractionSample
from moderation.models.appearances import Appearance, AppearanceState, HowFound
from moderation.services import appearing

log = structlog.get_logger(__name__)

# Seen this often, or about to be: what hardly anybody sees is not worth a partner's hours.
SPREADS_AT = 500
# Surer than "worth checking" (0.5): people weigh every proposal.
PROPOSE_AT = 0.7
TOPICS = (ClaimTopic.CANDIDATE, ClaimTopic.PROCEDURE, ClaimTopic.FRAUD, ClaimTopic.RESULT)
LANGUAGES = ("nl", "en")
# So many counts of views are gone through, and so many items weighed, in one sweep.
SAMPLES, ITEMS = 20_000, 1_000
# While this many of the machine's proposals wait, it puts nothing more on the pile.
WAITING_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Worthy:
    """A sentence in an item that is worth checking."""

    version: ItemVersion
    field: Field
    found: Finding

    @property
    def sentence(self) -> str:
        """The words, without what points to a person."""
        start, end = self.found.span or (0, 0)
        words = clean(self.version.texts()[self.field][start:end])
        actor = self.version.item.actor
        return redact(words, private_words=[actor.handle, actor.external_id])[0][:1000].strip()


def propose_spreading(*, at: datetime) -> int:
    """Propose the check-worthy sentences of items that spread now; returns how many claims."""
    waiting = Claim.objects.proposed().filter(checkworthiness__isnull=False).count()
    room = WAITING_AT_MOST - waiting
    if room <= 0:
        return 0
    worthy = sorted(_worthy(_spreading()), key=lambda w: -w.found.score * _reach(w.version.item))
    return sum(_propose(each, at=at) for each in worthy[:room])


def _reach(item: Item) -> int:
    return item.views + item.views_to_come


def _spreading() -> list[ItemVersion]:
    """Return the words of the items seen most lately, where no claim is known yet."""
    newest = TractionSample.objects.aggregate(n=Max("pk"))["n"] or 0
    lately = TractionSample.objects.filter(pk__gt=newest - SAMPLES)
    items = (
        Item.objects.filter(
            pk__in=lately.values("item"),
            deleted_at=None,
            decision_in_force=None,
            appearances=None,
            views__gte=SPREADS_AT,
        )
        # What official facts decide needs no partner.
        .exclude(signals__verdict="contradicts", signals__superseded_at=None)
        .order_by("-views", "pk")
    )
    versions = ItemVersion.objects.filter(
        item__in=list(items.values_list("pk", flat=True)[:ITEMS]), version=F("item__version")
    )
    return list(versions.select_related("item__actor", "item__election", "item__place"))


def _worthy(versions: Iterable[ItemVersion]) -> list[Worthy]:
    """Return the sentence of each item that is most worth checking, where there is one."""
    classifier: Any = get_classifier("checkworthy")
    found = []
    for version in versions:
        if (version.language or version.item.language)[:2] not in LANGUAGES:
            continue
        each = [
            Worthy(version, field, finding)
            for field, text in version.texts().items()
            for finding in classifier.find([text])
            if finding.score >= PROPOSE_AT and finding.label in TOPICS
        ]
        if each:
            found.append(max(each, key=lambda w: w.found.score))
    return found


@transaction.atomic
def _propose(worthy: Worthy, *, at: datetime) -> bool:
    item = Item.objects.select_for_update(of=("self",)).get(pk=worthy.version.item_id)
    sentence = worthy.sentence
    if item.version != worthy.version.version or item.deleted_at or not sentence:
        return False
    claim = claims.propose_checkworthy(
        claim=claims.ClaimIn(
            text=sentence,
            language=(worthy.version.language or item.language)[:2],
            topic=worthy.found.label,
            election=worthy.version.item.election,
            place=worthy.version.item.place,
            first_seen_at=item.posted_at,
        ),
        score=round(worthy.found.score, 4),
        reason=_reason(item),
        at=at,
    )
    appearance = Appearance.objects.create(
        item=item,
        item_version=worthy.version,
        claim=claim,
        field=worthy.field,
        span_start=(worthy.found.span or (0, 0))[0],
        span_end=(worthy.found.span or (0, 0))[1],
        state=AppearanceState.SUGGESTED,
        score=round(worthy.found.score, 4),
        threshold=PROPOSE_AT,
        model_version=worthy.found.model_version,
        how=HowFound.SAME,
        found_at=at,
    )
    appearing.share(appearance, at=at)
    return claim.state == ClaimState.PROPOSED


def _reason(item: Item) -> str:
    # Written once, for partners and colleagues alike: in the house's first language.
    with override("nl"):
        return gettext("Spreads: seen %(n)s times, and can be checked.") % {"n": _reach(item)}
