"""Taking in checks that a partner published elsewhere: row by row, a bad one stops no good one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from factcheck import claimreview, rules
from factcheck.choices import ClaimState, ClaimTopic, Origin, Verdict
from factcheck.models import FactCheck, Membership, Partner, RatingWord
from factcheck.services import claims
from factcheck.services.checking import RECHECK_AFTER, announce
from factcheck.services.records import record
from integrity.refusals import Refusal, require

ROWS_AT_MOST = 1000


@dataclass(slots=True)
class RowResult:
    """What became of one row: created, unchanged, or what is wrong with it."""

    row: int
    status: str = "error"
    check: str | None = None
    problems: list[claimreview.Problem] = field(default_factory=list)


def import_reviews(*, rows: Sequence[Any], member: Membership, at: datetime) -> list[RowResult]:
    """Take in ClaimReview rows of the member's own organisation; safe to repeat."""
    require(rules.may_work(member, at=at))
    if len(rows) > ROWS_AT_MOST:
        require(Refusal(_("At most %(n)s rows at once.") % {"n": ROWS_AT_MOST}, code="too_many"))
    words = {
        word.words.casefold(): Verdict(word.verdict)
        for word in RatingWord.objects.filter(partner=member.partner)
    }
    host = urlsplit(member.partner.website).hostname or ""
    hosts = [host.removeprefix("www.")]
    return [
        _take_in(n, claimreview.read(row, words=words, hosts=hosts), member, at)
        for n, row in enumerate(rows, 1)
    ]


def _take_in(
    n: int, found: claimreview.Read | list[claimreview.Problem], member: Membership, at: datetime
) -> RowResult:
    if isinstance(found, list):
        return RowResult(n, problems=found)
    if found.published_at > at + timedelta(hours=24):
        return RowResult(n, problems=[claimreview.Problem("datePublished", _("It is to come."))])
    if found.verdict == Verdict.TRUE_ELSEWHERE:
        problem = _("Say in the portal where it does apply: a ClaimReview cannot.")
        return RowResult(n, problems=[claimreview.Problem("reviewRating", problem)])
    try:
        with transaction.atomic():
            return _write(n, found, member.partner, member, at)
    except IntegrityError:
        # The same row came in twice at once: the other one wrote it.
        with transaction.atomic():
            return _write(n, found, member.partner, member, at)


def _write(
    n: int, found: claimreview.Read, partner: Partner, member: Membership, at: datetime
) -> RowResult:
    claim, _created = claims.get_or_file(
        claims.ClaimIn(
            text=found.claim,
            language=found.language,
            topic=ClaimTopic.OTHER,
            claimant_kind=found.claimant_kind,
            claimant=found.claimant,
            first_seen_at=min(found.published_at, at),
        ),
        state=ClaimState.OPEN,
        by=member.user,
        at=at,
    )
    known = FactCheck.objects.current().filter(claim=claim, partner=partner).first()
    if known is not None:
        if (known.verdict, known.article_url) == (found.verdict, found.url):
            return RowResult(n, "unchanged", str(known.public_id))
        problem = _("You have checked this claim already: correct that check in the portal.")
        return RowResult(n, problems=[claimreview.Problem("claimReviewed", problem)])
    check = FactCheck.objects.create(
        claim=claim,
        partner=partner,
        claim_text=found.claim,
        verdict=found.verdict,
        rating_words=found.rating or str(found.verdict.label),
        truth=(found.headline or found.claim)[:300],
        assessment=found.headline,
        language=found.language,
        article_url=found.url,
        media_categories=list(found.media_categories),
        media_context=found.media_context,
        media_original_url=found.media_original_url,
        origin=Origin.IMPORTED,
        recheck_at=at + RECHECK_AFTER if found.verdict == Verdict.UNVERIFIED else None,
        published_at=min(found.published_at, at),
    )
    record("verdict.imported", "fact_check", check.public_id, by=member.user, at=at)
    announce(check, at=at)
    return RowResult(n, "created", str(check.public_id))
