"""What viewers and posters read when a partner's verdict, and no person, put a label there."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from factcheck import consequences, queries
from factcheck.choices import Verdict
from factcheck.consequences import Consequence
from factcheck.models import FactCheck, VerdictPolicy
from moderation.models import Decision, Item


@dataclass(frozen=True, slots=True)
class LabelWords:
    """A label as viewers get it."""

    text: dict[str, str]
    link: str
    not_recommended: bool
    share_prompt: dict[str, str]


def consequence(check: FactCheck, policy: VerdictPolicy) -> Consequence:
    """Return what follows a check under a version of the policy."""
    return consequences.read(policy.content)[Verdict(check.verdict)]


def label_of(decision: Decision) -> LabelWords:
    """Return the label of a decision that follows a verdict, in each language."""
    check, policy = decision.fact_check, decision.verdict_policy
    assert check is not None and policy is not None  # the database pairs them
    follows = consequence(check, policy)
    return LabelWords(
        text={language: _fill(text, check, language) for language, text in follows.text.items()},
        link=link_to(check, item=decision.item),
        not_recommended=follows.not_recommended,
        share_prompt=dict(follows.share_prompt),
    )


def link_to(check: FactCheck, *, item: Item) -> str:
    """Return where the check is read: our public page, else the partner's article."""
    election = check.claim.election or item.election
    base = settings.BASE_URL.rstrip("/")
    if check.claim.election is not None:
        return base + reverse("fact_check", args=[check.claim.election.slug, check.series])
    if check.article_url:
        return check.article_url
    return base + (reverse("center", args=[election.slug]) if election else reverse("centers"))


def reasoning(check: FactCheck, *, item: Item, follows: Consequence, language: str) -> str:
    """Tell the poster what was found about a claim in their item, and what we do for now."""
    told = _TOLD[language] % {
        "partner": check.partner.name,
        "claim": check.claim_text,
        "words": queries.words_for(check.partner, Verdict(check.verdict), language),
        "truth": check.truth,
        "link": link_to(check, item=item),
    }
    return f"{told} {_NOT_RECOMMENDED[language]}" if follows.not_recommended else told


def taking_back(check: FactCheck, *, language: str) -> str:
    """Tell the poster that an earlier label goes, since the partner says something else now."""
    return _TAKEN_BACK[language] % {
        "partner": check.partner.name,
        "claim": check.claim_text,
        "words": queries.words_for(check.partner, Verdict(check.verdict), language),
    }


def lifting(check: FactCheck, *, language: str) -> str:
    """Tell the poster that their label goes, since the claim does not stand in their item."""
    return _LIFTED[language] % {"claim": check.claim_text}


def _fill(text: str, check: FactCheck, language: str) -> str:
    return consequences.filled(
        text,
        partner=check.partner.name,
        place=check.applies_in.name if check.applies_in else "",
        words=queries.words_for(check.partner, Verdict(check.verdict), language),
        # What is true is the partner's own sentence, in the language it was written in.
        truth=check.truth,
    )


_TOLD = {
    "nl": (
        "In wat u plaatste staat een bewering die factchecker %(partner)s onderzocht: "
        "“%(claim)s”. Het oordeel: %(words)s. %(truth)s Het onderzoek staat op %(link)s."
    ),
    "en": (
        "What you posted holds a claim that the fact-checker %(partner)s examined: “%(claim)s”. "
        "The verdict: %(words)s. %(truth)s You can read the check at %(link)s."
    ),
}
_NOT_RECOMMENDED = {
    "nl": (
        "Zolang niet is vastgesteld of het klopt, bevelen wij het niet aan en vragen wij kijkers "
        "vóór het delen of zij dat willen. De factchecker kijkt opnieuw."
    ),
    "en": (
        "Until it is established whether this is true, we do not recommend it and ask viewers "
        "before they share it whether they want to. The fact-checker looks again."
    ),
}
_TAKEN_BACK = {
    "nl": (
        "Factchecker %(partner)s keek opnieuw naar de bewering “%(claim)s” en oordeelt nu: "
        "%(words)s. Ons label vervalt daarom."
    ),
    "en": (
        "The fact-checker %(partner)s looked again at the claim “%(claim)s” and now finds: "
        "%(words)s. Our label therefore goes."
    ),
}
_LIFTED = {
    "nl": "De bewering “%(claim)s” staat niet in wat u plaatste. Ons label vervalt daarom.",
    "en": "The claim “%(claim)s” does not stand in what you posted. Our label therefore goes.",
}
