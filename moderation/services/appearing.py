"""Where claims stand in items: sent to a partner, placed by hand, confirmed or rejected."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck.choices import ClaimTopic, Harm
from factcheck.models import Assignment, Claim, Exhibit, Partner
from factcheck.services import assigning, claims
from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.rules import may
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation.choices import Field
from moderation.models import Item, ItemVersion
from moderation.models.appearances import Appearance, AppearanceState
from moderation.services import following_verdicts


@dataclass(frozen=True, slots=True)
class Asked:
    """What a moderator wants to know: a sentence, where it stands, and a question."""

    sentence: str
    question: str = ""
    topic: str = ClaimTopic.OTHER
    harm: Harm = Harm.NORMAL
    field: str = Field.TEXT
    span: tuple[int, int] | None = None
    partner: Partner | None = None


@transaction.atomic
def ask_about(*, item: Item, asked: Asked, by: User, at: datetime) -> Assignment:
    """Send a claim in an item to a partner, the best fitting one unless one is named.

    The partner gets a copy without the poster; the item stays as it is.
    """
    require(may(by, "factcheck.assign_claim"))
    version = item.versions.get(version=item.version)
    span = _span(version, asked.field, asked.span)
    claim = claims.file_claim(
        claim=claims.ClaimIn(
            text=asked.sentence,
            language="en" if version.language[:2] == "en" else "nl",
            topic=asked.topic,
            election=item.election,
            place=item.place,
            harm=asked.harm,
            first_seen_at=item.posted_at,
        ),
        by=by,
        at=at,
    )
    _confirmed(version, claim, Field(asked.field), span, by=by, at=at)
    return assigning.ask_somebody(
        claim=claim, partner=asked.partner, question=asked.question, harm=asked.harm, by=by, at=at
    )


@transaction.atomic
def place_claim(
    *,
    item: Item,
    claim: Claim,
    by: User,
    at: datetime,
    span: tuple[int, int] | None = None,
    field: str = Field.TEXT,
) -> Appearance:
    """Say that a known claim stands in an item; what partners found about it follows at once."""
    require(may(by, "factcheck.assign_claim"))
    version = item.versions.get(version=item.version)
    here = _span(version, field, span)
    appearance = _confirmed(version, claim, Field(field), here, by=by, at=at)
    _record("appearance.confirmed", appearance, by=by, at=at)
    following_verdicts.follow_on_item(item=item, claim=claim, at=at)
    return appearance


@transaction.atomic
def confirm(*, appearance: Appearance, by: User, at: datetime) -> Appearance:
    """Say that a claim that a machine suggested does stand there; its verdicts follow at once."""
    require(may(by, "factcheck.assign_claim"))
    appearance = locked(appearance)
    if appearance.state != AppearanceState.SUGGESTED:
        require(Refusal(_("Somebody has answered this suggestion already."), code="answered"))
    settle(appearance, by=by, at=at)
    return appearance


@transaction.atomic
def reject(*, appearance: Appearance, by: User, at: datetime) -> Appearance:
    """Say that a claim does not stand there; whatever its verdicts did to the item is undone."""
    require(may(by, "factcheck.assign_claim"))
    appearance = locked(appearance)
    if appearance.state == AppearanceState.REJECTED:
        require(Refusal(_("Somebody has answered this suggestion already."), code="answered"))
    was_confirmed = appearance.state == AppearanceState.CONFIRMED
    appearance.state, appearance.decided_by = AppearanceState.REJECTED, by
    appearance.save(update_fields=["state", "decided_by"])
    _record("appearance.rejected", appearance, by=by, at=at)
    following_verdicts.forget_suggestion(item=appearance.item, claim=appearance.claim, at=at)
    if was_confirmed:
        claims.withdraw_exhibits(
            source_id=str(appearance.item.public_id), at=at, claim=appearance.claim
        )
        following_verdicts.take_back_from_item(
            item=appearance.item, claim=appearance.claim, by=by, at=at
        )
    return appearance


def settle(appearance: Appearance, *, by: User | None, at: datetime) -> None:
    """Confirm an appearance, share its copy and bring its verdicts. `by` None: the same words."""
    appearance.state, appearance.decided_by = AppearanceState.CONFIRMED, by
    appearance.save(update_fields=["state", "decided_by"])
    share(appearance, at=at)
    _record("appearance.confirmed", appearance, by=by, at=at)
    following_verdicts.forget_suggestion(item=appearance.item, claim=appearance.claim, at=at)
    following_verdicts.follow_on_item(item=appearance.item, claim=appearance.claim, at=at)


def share(appearance: Appearance, *, at: datetime) -> None:
    """Make the redacted copy that a partner who gets the claim will see."""
    span = (appearance.span_start, appearance.span_end)
    appearance.exhibit = _exhibit(
        appearance.item_version, appearance.claim, Field(appearance.field), span, at=at
    )
    appearance.save(update_fields=["exhibit"])


def locked(appearance: Appearance) -> Appearance:
    """Fetch an appearance with its item, both rows taken."""
    # The item's row first: the order in which everybody takes them.
    Item.objects.select_for_update().get(pk=appearance.item_id)
    return (
        Appearance.objects.select_for_update(of=("self",))
        .select_related("item__actor", "item_version__item__actor", "claim__election")
        .get(pk=appearance.pk)
    )


def _span(version: ItemVersion, field: str, span: tuple[int, int] | None) -> tuple[int, int]:
    text = version.texts().get(Field(field), "")
    start, end = span or (0, len(text))
    if not text or not 0 <= start <= end <= len(text):
        require(Refusal(_("The sentence does not stand in this item."), code="span"))
    return start, end


def _confirmed(
    version: ItemVersion,
    claim: Claim,
    field: Field,
    span: tuple[int, int],
    *,
    by: User,
    at: datetime,
) -> Appearance:
    exhibit = _exhibit(version, claim, field, span, at=at)
    appearance, created = Appearance.objects.get_or_create(
        item_version=version,
        claim=claim,
        field=field,
        defaults={
            "item": version.item,
            "exhibit": exhibit,
            "span_start": span[0],
            "span_end": span[1],
            "state": AppearanceState.CONFIRMED,
            "found_at": at,
            "decided_by": by,
        },
    )
    if not created and appearance.state != AppearanceState.CONFIRMED:
        # A machine had suggested it, or somebody rejected it: now a person says that it stands.
        appearance.state, appearance.decided_by = AppearanceState.CONFIRMED, by
        appearance.exhibit = exhibit
        appearance.save(update_fields=["state", "decided_by", "exhibit"])
    return appearance


def _exhibit(
    version: ItemVersion, claim: Claim, field: Field, span: tuple[int, int], *, at: datetime
) -> Exhibit:
    item = version.item
    return claims.share_exhibit(
        claim=claim,
        exhibit=claims.ExhibitIn(
            source_id=str(item.public_id),
            n=list(Field).index(field),
            posted_at=item.posted_at,
            text=version.texts().get(field, ""),
            language=version.language or item.language,
            span=span,
            views=item.views,
            private_words=[item.actor.handle, item.actor.external_id],
        ),
        at=at,
    )


def _record(verb: str, appearance: Appearance, *, by: User | None, at: datetime) -> None:
    audit.record(
        verb=verb,
        subject_type="item",
        subject_id=appearance.item.public_id,
        by=actor_of(by),
        at=at,
        data={"claim": str(appearance.claim.public_id)},
    )
