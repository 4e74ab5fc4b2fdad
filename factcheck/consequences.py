"""What follows a verdict, as data: back to a person, a label, a release, or nothing. Pure.

Nothing here removes an item: the four effects are all there are, so no version of the policy can.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from factcheck.choices import Verdict

LANGUAGES = ("nl", "en")
TEXT_AT_MOST = 200


class Effect(models.TextChoices):
    """What happens to an item with a claim, once a partner has given its verdict."""

    BACK_ON_TOP = "back_on_top", _("back to a moderator, with your verdict on top")
    LABEL = "label", _("a label with a link to your check")
    RELEASE = "release", _("no longer a reason to review the items")
    KEEP = "keep", _("items stay as they are")


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one verdict does. `text` and `share_prompt` are what viewers read, by language."""

    effect: Effect
    label: str = ""
    text: Mapping[str, str] = field(default_factory=dict)
    # Viewers are asked this before they share; empty: they are not asked.
    share_prompt: Mapping[str, str] = field(default_factory=dict)
    not_recommended: bool = False
    # A label for now: it ends so many hours after the partner said it would look again.
    ends_after_recheck_hours: int | None = None
    # The same picture under other words comes before a person too.
    same_media: bool = False

    def words(self) -> str:
        """Say it to the fact-checker who chooses."""
        said = str(self.effect.label)
        if self.effect == Effect.LABEL and self.not_recommended:
            return gettext("%(label)s, not recommended, asked before sharing") % {"label": said}
        return said


# The policy that a house begins with; a policy lead writes the next version.
FIRST: dict[str, dict[str, Any]] = {
    Verdict.FALSE: {
        "effect": "back_on_top",
        "label": "fact-checked",
        "text": {
            "nl": "Onderzocht door {partner}: {words}. {truth}",
            "en": "Examined by {partner}: {words}. {truth}",
        },
    },
    Verdict.ALTERED: {
        "effect": "back_on_top",
        "same_media": True,
        "label": "fact-checked",
        "text": {
            "nl": "Onderzocht door {partner}: {words}. {truth}",
            "en": "Examined by {partner}: {words}. {truth}",
        },
    },
    Verdict.PARTLY_FALSE: {
        "effect": "back_on_top",
        "label": "fact-checked",
        "text": {
            "nl": "Onderzocht door {partner}: {words}. {truth}",
            "en": "Examined by {partner}: {words}. {truth}",
        },
    },
    Verdict.MISSING_CONTEXT: {
        "effect": "label",
        "label": "missing-context",
        "text": {
            "nl": "Hier ontbreekt context. {partner} zocht het uit: {truth}",
            "en": "Context is missing here. {partner} looked into it: {truth}",
        },
    },
    Verdict.TRUE_ELSEWHERE: {
        "effect": "label",
        "label": "somewhere-else",
        "text": {
            "nl": "Dit geldt alleen in {place}. {partner} zocht het uit.",
            "en": "This applies only in {place}. {partner} looked into it.",
        },
    },
    Verdict.UNVERIFIED: {
        "effect": "label",
        "label": "not-verified",
        "not_recommended": True,
        "ends_after_recheck_hours": 24,
        "text": {
            "nl": "Onbevestigd: {partner} kon niet vaststellen of dit klopt.",
            "en": "Unverified: {partner} could not establish whether this is true.",
        },
        "share_prompt": {
            "nl": "Van dit bericht is niet vastgesteld of het klopt. Wil je het toch delen?",
            "en": "Whether this post is true has not been established. Share it anyway?",
        },
    },
    Verdict.SATIRE: {"effect": "keep"},
    Verdict.TRUE: {"effect": "release"},
}
_KNOWN = {
    "effect", "label", "text", "share_prompt", "not_recommended", "ends_after_recheck_hours",
    "same_media",
}  # fmt: skip
_HOLES = ("{partner}", "{place}", "{words}", "{truth}")


def read(content: Mapping[str, Mapping[str, Any]]) -> dict[Verdict, Consequence]:
    """Return the consequences by verdict of a content without problems."""
    return {
        Verdict(verdict): Consequence(**{**row, "effect": Effect(row["effect"])})
        for verdict, row in content.items()
    }


def problems_of(content: Any) -> list[str]:
    """Say what is wrong with a content, verdict by verdict; empty when it can be used."""
    if not isinstance(content, Mapping) or set(content) != set(Verdict.values):
        return [gettext("Say what follows each verdict of the scale, and no other.")]
    found: list[str] = []
    for verdict, row in content.items():
        name = str(Verdict(verdict).label)
        found += [f"{name}: {problem}" for problem in _problems_of_row(row)]
    if Effect.LABEL in (content[v].get("effect") for v in (Verdict.TRUE, Verdict.SATIRE)):
        found.append(gettext("What is true, or satire, gets no label."))
    return found


def _problems_of_row(row: Any) -> list[str]:
    if not isinstance(row, Mapping) or row.get("effect") not in Effect.values:
        return [gettext("choose what follows.")]
    if unknown := set(row) - _KNOWN:
        return [gettext("unknown: %(names)s.") % {"names": ", ".join(sorted(map(str, unknown)))}]
    found = []
    if row["effect"] == Effect.LABEL and not (row.get("label") and row.get("text")):
        found.append(gettext("a label needs its text."))
    for name in ("text", "share_prompt"):
        texts = row.get(name) or {}
        if texts and not (isinstance(texts, Mapping) and set(texts) == set(LANGUAGES)):
            found.append(gettext("write the text in Dutch and in English."))
        elif any(not str(t).strip() or len(str(t)) > TEXT_AT_MOST for t in texts.values()):
            found.append(gettext("a text has between 1 and %(n)s signs.") % {"n": TEXT_AT_MOST})
    hours = row.get("ends_after_recheck_hours")
    if hours is not None and not (isinstance(hours, int) and 1 <= hours <= 24 * 60):
        found.append(gettext("the hours lie between 1 and 1440."))
    return found


def filled(text: str, *, partner: str, place: str, words: str, truth: str) -> str:
    """Fill a text for viewers; what it does not name stays out."""
    for hole, value in zip(_HOLES, (partner, place, words, truth), strict=True):
        text = text.replace(hole, value)
    return text.strip()
