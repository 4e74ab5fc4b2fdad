"""Putting known claims in items into words: which, how it was found, in what it differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.models import FactCheck
from moderation.choices import Field
from moderation.models.appearances import Appearance, AppearanceState, Difference

EXCERPT = 240


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim that stands or may stand in an item, with what partners found about it."""

    appearance: Appearance
    sentence: str
    how: str
    differs: list[str]
    is_suggested: bool
    checks: list[FactCheck]
    disagree: bool
    job: UUID | None = None


def known_claims(found: Iterable[Appearance]) -> list[KnownClaim]:
    """Return rows for the screen."""
    return [_row(appearance) for appearance in found]


def places(found: Iterable[Appearance]) -> list[KnownClaim]:
    """Return the same with each item's newest job, for the claim's page."""
    return [_row(appearance, with_job=True) for appearance in found]


def _row(appearance: Appearance, *, with_job: bool = False) -> KnownClaim:
    checks = list(appearance.claim.fact_checks.all())
    text = appearance.item_version.texts().get(Field(appearance.field), "")
    jobs = list(appearance.item.jobs.all()[:1]) if with_job else []
    return KnownClaim(
        appearance=appearance,
        sentence=text[appearance.span_start : appearance.span_end][:EXCERPT],
        how=_how(appearance),
        differs=[str(Difference(name).label) for name in appearance.differs],
        is_suggested=appearance.state == AppearanceState.SUGGESTED,
        checks=checks,
        disagree=queries.disagree(checks),
        job=jobs[0].public_id if jobs else None,
    )


def _how(appearance: Appearance) -> str:
    """Say who or what found it: a person by alias, else by what it was found and how sure."""
    if appearance.decided_by is not None:
        return _("confirmed by %(who)s") % {"who": appearance.decided_by.alias}
    if appearance.state == AppearanceState.CONFIRMED:
        return _("found by its words, which are the same")
    return _("found by %(how)s: %(score)s, shown from %(threshold)s on; %(model)s") % {
        "how": appearance.get_how_display(),
        "score": f"{appearance.score:.2f}",
        "threshold": f"{appearance.threshold:.2f}",
        "model": appearance.model_version,
    }
