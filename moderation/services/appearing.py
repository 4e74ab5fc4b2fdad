"""Sending what an item says to a fact-check partner: claim, redacted copy, assignment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck.choices import ClaimTopic, Harm
from factcheck.models import Assignment, Partner
from factcheck.services import assigning, claims
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal, require
from moderation.choices import Field
from moderation.models import Item
from moderation.models.appearances import Appearance, AppearanceState


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
    text = version.texts().get(Field(asked.field), "")
    span = asked.span or (0, len(text))
    if not text or not 0 <= span[0] <= span[1] <= len(text):
        require(Refusal(_("The sentence does not stand in this item."), code="span"))
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
    exhibit = claims.share_exhibit(
        claim=claim,
        exhibit=claims.ExhibitIn(
            source_id=str(item.public_id),
            n=list(Field).index(Field(asked.field)),
            posted_at=item.posted_at,
            text=text,
            language=version.language,
            span=span,
            views=item.views,
            private_words=[item.actor.handle, item.actor.external_id],
        ),
        at=at,
    )
    Appearance.objects.get_or_create(
        item_version=version,
        claim=claim,
        field=asked.field,
        defaults={
            "item": item,
            "exhibit": exhibit,
            "span_start": span[0],
            "span_end": span[1],
            "state": AppearanceState.CONFIRMED,
            "found_at": at,
            "decided_by": by,
        },
    )
    partner = asked.partner or assigning.choose_partner(claim=claim, at=at)
    if partner is None:
        require(Refusal(_("No partner for this language, topic and place is free."), code="nobody"))
    assert partner is not None
    return assigning.ask_partner(
        claim=claim, partner=partner, question=asked.question, harm=asked.harm, by=by, at=at
    )
