"""Filing claims, proposing and weighing them, and sharing exhibits without the poster."""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from elections.models import Election, Jurisdiction
from factcheck import rules
from factcheck.choices import ClaimantKind, ClaimState, ClaimTopic, Harm, PartnerEvent
from factcheck.models import Claim, Claimant, Exhibit, Membership, Partner
from factcheck.redaction import redact
from factcheck.services.records import record, tell_system
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal, require

MEDIA_AT_MOST = 25 * 1024 * 1024
PIXELS_AT_MOST = 40_000_000
PICTURE_FORMATS = {"JPEG", "PNG", "WEBP"}
SIDE_AT_MOST = 1600


@dataclass(frozen=True, slots=True)
class ClaimIn:
    """A claim as somebody words it."""

    text: str
    language: str
    topic: str = ClaimTopic.OTHER
    election: Election | None = None
    place: Jurisdiction | None = None
    claimant_kind: str = ClaimantKind.UNKNOWN
    claimant: str = ""
    party: str = ""
    proposition: Mapping[str, Any] | None = None
    harm: str = Harm.NORMAL
    first_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExhibitIn:
    """One place where a claim stands, before anything private is taken out."""

    source_id: str
    posted_at: datetime
    n: int = 0
    text: str = ""
    language: str = ""
    span: tuple[int, int] | None = None
    picture: bytes = b""
    seconds: tuple[float, float] | None = None
    views: int = 0
    private_words: Iterable[str] = field(default=())


def hash_text(text: str) -> str:
    """Hash a text without case, punctuation and spacing, so that one sentence is one claim."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"\w+(?:[.,:]\d+)*", plain)
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


@transaction.atomic
def file_claim(*, claim: ClaimIn, by: User | None, at: datetime) -> Claim:
    """File a claim that is worth a partner's time, or return it when it is known already.

    `by` None: a rule of the house. A proposal that somebody now files is open from here on.
    """
    if by is not None:
        require(may(by, "factcheck.assign_claim"))
    row, created = get_or_file(claim, state=ClaimState.OPEN, by=by, at=at)
    if created:
        record("claim.filed", "claim", row.public_id, by=by, at=at, data={"topic": row.topic})
    elif row.state == ClaimState.PROPOSED:
        row = accept_proposal(claim=row, by=by, at=at)
    return row


@transaction.atomic
def propose_claim(*, claim: ClaimIn, reason: str, member: Membership, at: datetime) -> Claim:
    """Let a partner say that a claim deserves a check; the platform's people weigh it."""
    require(rules.may_work(member, at=at))
    if not reason.strip():
        require(Refusal(_("Say why this claim deserves a check."), code="reason_missing"))
    row, created = get_or_file(
        claim, state=ClaimState.PROPOSED, by=member.user, at=at,
        proposed_by=member.partner, proposal=reason.strip()[:500],
    )  # fmt: skip
    if created:
        record("claim.proposed", "claim", row.public_id, by=member.user, at=at)
    return row


@transaction.atomic
def propose_checkworthy(*, claim: ClaimIn, score: float, reason: str, at: datetime) -> Claim:
    """Put a sentence that spreads before the people who decide what partners check."""
    row, created = get_or_file(
        claim, state=ClaimState.PROPOSED, by=None, at=at,
        checkworthiness=score, proposal=reason[:500],
    )  # fmt: skip
    if created:
        record("claim.proposed", "claim", row.public_id, by=None, at=at, data={"score": score})
    return row


@transaction.atomic
def accept_proposal(*, claim: Claim, by: User | None, at: datetime) -> Claim:
    """Say that a proposed claim will be checked; it may now be sent to partners."""
    if by is not None:
        require(may(by, "factcheck.assign_claim"))
    changed = Claim.objects.filter(pk=claim.pk, state=ClaimState.PROPOSED).update(
        state=ClaimState.OPEN
    )
    claim.refresh_from_db()
    if not changed:
        require(_not_proposed(claim))
    record("claim.accepted", "claim", claim.public_id, by=by, at=at)
    _tell_proposer(claim, PartnerEvent.ACCEPTED, at=at)
    return claim


@transaction.atomic
def dismiss_claim(*, claim: Claim, reason: str, by: User, at: datetime) -> Claim:
    """Say, with a reason, that a proposed claim is not for checking."""
    require(may(by, "factcheck.assign_claim"))
    if not reason.strip():
        require(Refusal(_("Say why this claim is not for checking."), code="reason_missing"))
    changed = Claim.objects.filter(pk=claim.pk, state=ClaimState.PROPOSED).update(
        state=ClaimState.DISMISSED, dismissal=reason.strip()[:300]
    )
    claim.refresh_from_db()
    if not changed:
        require(_not_proposed(claim))
    record("claim.dismissed", "claim", claim.public_id, by=by, at=at)
    _tell_proposer(claim, PartnerEvent.DISMISSED, at=at)
    return claim


@transaction.atomic
def share_exhibit(*, claim: Claim, exhibit: ExhibitIn, at: datetime) -> Exhibit:
    """Share a redacted copy of a place where the claim stands; a second call refreshes its views.

    Pictures are drawn anew, so that no location or camera data travels with them.
    """
    text, span = redact(exhibit.text, private_words=exhibit.private_words, span=exhibit.span)
    known = (
        Exhibit.objects.filter(claim=claim, source_id=exhibit.source_id, n=exhibit.n)
        .select_for_update()
        .first()
    )
    if known is not None:
        known.views, known.withdrawn_at = max(known.views, exhibit.views), None
        known.save(update_fields=["views", "withdrawn_at"])
        return known
    media = _keep_picture(exhibit.picture) if exhibit.picture else ("", "", "")
    row = Exhibit.objects.create(
        claim=claim,
        source_id=exhibit.source_id,
        n=exhibit.n,
        text=text,
        language=exhibit.language,
        span_start=span[0] if span else None,
        span_end=span[1] if span else None,
        media=media[0],
        media_type=media[1],
        sha256=media[2],
        second_from=exhibit.seconds[0] if exhibit.seconds else None,
        second_until=exhibit.seconds[1] if exhibit.seconds else None,
        posted_at=exhibit.posted_at,
        views=exhibit.views,
        added_at=at,
    )
    record("exhibit.shared", "exhibit", row.public_id, by=None, at=at,
           data={"claim": str(claim.public_id)})  # fmt: skip
    return row


@transaction.atomic
def withdraw_exhibits(*, source_id: str, at: datetime, claim: Claim | None = None) -> int:
    """Stop showing an item to partners, because its poster deleted it or the claim is not in it."""
    shown = Exhibit.objects.filter(source_id=source_id, withdrawn_at=None)
    if claim is not None:
        shown = shown.filter(claim=claim)
    ids = [str(public_id) for public_id in shown.values_list("public_id", flat=True)]
    shown.update(withdrawn_at=at)
    for public_id in ids:
        record("exhibit.withdrawn", "exhibit", public_id, by=None, at=at)
    return len(ids)


def record_reading(
    *,
    exhibits: Iterable[Exhibit],
    partner: Partner,
    at: datetime,
    member: Membership | None = None,
    key: str = "",
) -> None:
    """Note in the audit log that a partner read these copies: a person, or the key of a system."""
    for exhibit in exhibits:
        record(
            "exhibit.read", "exhibit", exhibit.public_id, by=member.user if member else None,
            at=at, data={"partner": str(partner.public_id), **({"key": key} if key else {})},
        )  # fmt: skip


def get_or_file(
    claim: ClaimIn, *, state: ClaimState, by: User | None, at: datetime, **extra: Any
) -> tuple[Claim, bool]:
    """Return the claim with these words in this election and place, made now when it is new."""
    if not claim.text.strip():
        require(Refusal(_("A claim is a sentence: write it."), code="text_missing"))
    if len(claim.text) > 1000:
        require(Refusal(_("A claim is one sentence, of at most 1000 signs."), code="too_long"))
    proposition = dict(claim.proposition) if claim.proposition else None
    return Claim.objects.get_or_create(
        text_hash=hash_text(claim.text),
        election=claim.election,
        place=claim.place,
        defaults={
            "text": claim.text.strip(),
            "language": claim.language,
            "topic": claim.topic,
            "claimant": _claimant(claim),
            "proposition": proposition,
            "proposition_key": proposition["key"] if proposition else "",
            "harm": claim.harm,
            "state": state,
            "first_seen_at": claim.first_seen_at or at,
            "created_at": at,
            "created_by": by,
            **extra,
        },
    )


def _tell_proposer(claim: Claim, event: PartnerEvent, *, at: datetime) -> None:
    if claim.proposed_by is not None:
        tell_system(
            claim.proposed_by,
            event,
            subject=("claim", claim.public_id),
            payload={
                "claim": {"id": str(claim.public_id), "text": claim.text},
                "reason": claim.dismissal,
            },
            at=at,
        )


def _claimant(claim: ClaimIn) -> Claimant | None:
    if claim.claimant_kind == ClaimantKind.UNKNOWN or not claim.claimant.strip():
        return None
    name = claim.claimant.strip()
    found = Claimant.objects.filter(kind=claim.claimant_kind, name__iexact=name).first()
    party = name if claim.claimant_kind == ClaimantKind.PARTY else claim.party
    return found or Claimant.objects.create(kind=claim.claimant_kind, name=name, party=party)


def _keep_picture(content: bytes) -> tuple[str, str, str]:
    if len(content) > MEDIA_AT_MOST:
        require(Refusal(_("This picture is too large to share."), code="too_large"))
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURE_FORMATS)) as picture:
            if picture.width * picture.height > PIXELS_AT_MOST:
                require(Refusal(_("This picture is too large to share."), code="too_large"))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        require(Refusal(_("This is not a picture that we can show."), code="not_a_picture"))
    upright.thumbnail((SIDE_AT_MOST, SIDE_AT_MOST))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    digest = hashlib.sha256(out.getvalue()).hexdigest()
    name = default_storage.save(f"exhibits/{digest[:2]}/{digest}.jpg", ContentFile(out.getvalue()))
    return name, "image/jpeg", digest


def _not_proposed(claim: Claim) -> Refusal:
    return Refusal(
        _("This claim is no longer a proposal: %(state)s.")
        % {"state": claim.get_state_display().lower()},
        code="not_proposed",
    )
