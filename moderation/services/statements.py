"""Writing what people read about a decision: the statement of reasons of DSA art. 17, the letters.

The letters are whole texts in each language, since a sentence that somebody may object to is not
put together from fragments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from elections.languages import default_for
from elections.models import in_language
from moderation import rules, saying
from moderation.choices import GIVES_STRIKE, Action, ItemKind
from moderation.models import Decision, Item, ItemVersion, Policy, Signal, StatementOfReasons
from moderation.services import verdict_words

# DSA art. 20(1): a complaint is possible for at least six months.
APPEAL_DAYS = 183

VISIBILITY = {
    Action.LABEL: "DECISION_VISIBILITY_CONTENT_LABELLED",
    Action.INELIGIBLE: "DECISION_VISIBILITY_CONTENT_DEMOTED",
    Action.AGE_RESTRICT: "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    Action.REMOVE: "DECISION_VISIBILITY_CONTENT_REMOVED",
}
ACCOUNT = {
    Action.SUSPEND: "DECISION_ACCOUNT_SUSPENDED",
    Action.TERMINATE: "DECISION_ACCOUNT_TERMINATED",
}
CONTENT_TYPE = {
    ItemKind.TEXT: "CONTENT_TYPE_TEXT",
    ItemKind.IMAGE: "CONTENT_TYPE_IMAGE",
    ItemKind.VIDEO: "CONTENT_TYPE_VIDEO",
    ItemKind.AUDIO: "CONTENT_TYPE_AUDIO",
}
SOURCE_TYPE = {
    "article_16": "SOURCE_ARTICLE_16",
    "trusted_flagger": "SOURCE_TRUSTED_FLAGGER",
    "own_initiative": "SOURCE_VOLUNTARY",
}
# The platform's service area: the Union's countries, as the public database spells them.
TERRITORIAL_SCOPE = sorted(rules.COUNTRIES - {"IS", "LI", "NO"})
SUBJECT_TO_POSTER = {
    "nl": "Een beslissing over wat u plaatste",
    "en": "A decision about what you posted",
}
SUBJECT_TO_REPORTER = {"nl": "Wat er met uw melding gebeurde", "en": "What became of your report"}
REDRESS = {
    "nl": (
        "U kunt binnen zes maanden bezwaar maken via het platform; iemand anders kijkt er dan "
        "naar. U kunt ook naar een erkende geschillencommissie of naar de rechter."
    ),
    "en": (
        "You can object within six months through the platform; another person looks at it. "
        "You can also go to a certified dispute settlement body or to court."
    ),
}
VERSION = {"nl": "versie", "en": "version"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to a person: what they read."""

    subject: str
    body: str


def reader_language(version: ItemVersion) -> str:
    """Choose the language we write to the poster in: the item's, where we speak it, else Dutch."""
    return spoken_here(version.language or version.item.language)


def spoken_here(language: str) -> str:
    """Choose the nearest language that we write: English for English, else Dutch."""
    return "en" if language[:2].lower() == "en" else "nl"


def letter_to_poster(
    *,
    item: Item,
    version: ItemVersion,
    action: Action,
    policy: Policy | None,
    reasoning: str,
    signal: Signal | None,
    ends_at: datetime | None = None,
    territories: Sequence[str] = (),
    overrides: bool = False,
    by_verdict: bool = False,
) -> Letter:
    """Write what the poster will read; the preview and the sent letter are the same words."""
    language = reader_language(version)
    counted = policy is not None and action in GIVES_STRIKE and _weighs(action, policy)
    with translation.override(language):
        context = {
            "action": str(action),
            "excerpt": _excerpt(version),
            "policy": policy,
            "policy_title": in_language(policy.title, language) if policy else "",
            "policy_text": in_language(policy.text, language) if policy else "",
            "reasoning": reasoning.strip(),
            "fact": signal.fact if signal else None,
            "official": saying.official(signal, language) if signal else "",
            "detected_automatically": signal is not None,
            "appeal_days": APPEAL_DAYS,
            "ends_on": timezone.localdate(ends_at) if ends_at else None,
            "territories": sorted(territories),
            "overrides": overrides,
            "by_verdict": by_verdict,
            "strikes_counted": policy.strike_days if policy and counted else None,
        }
        body = render_to_string(f"notifications/decision/affected.{language}.txt", context)
    return Letter(SUBJECT_TO_POSTER[language], body.strip())


def letter_to_reporter(*, decision: Decision, language: str, reference: str) -> Letter:
    """Write what a reporter reads: the outcome, and how to object (DSA art. 16(5))."""
    language = spoken_here(language)
    with translation.override(language):
        body = render_to_string(
            f"notifications/decision/reporter.{language}.txt",
            {
                "acted": decision.action != Action.NO_ACTION,
                "reference": reference,
                "appeal_days": APPEAL_DAYS,
            },
        )
    return Letter(SUBJECT_TO_REPORTER[language], body.strip())


def write_statement(decision: Decision, *, at: datetime) -> StatementOfReasons:
    """Write the statement of reasons of a decision that restricts; unsaved."""
    item, version, policy = decision.item, decision.item_version, decision.policy
    assert policy is not None  # the database refuses a restricting decision without one
    spoken = version.language or item.language
    language = spoken_here(spoken)
    report = item.reports.order_by("received_at").first()
    title = in_language(policy.title, language)
    return StatementOfReasons(
        decision=decision,
        decision_visibility=VISIBILITY.get(Action(decision.action), ""),
        visibility_too=_visibility_too(decision),
        decision_account=ACCOUNT.get(Action(decision.action), ""),
        decision_ground=policy.ground,
        ground_text=f"{policy.code} ({VERSION[language]} {policy.version}): {title}"[:500],
        explanation=in_language(policy.text, language)[:2000],
        facts=decision.reasoning[:5000],
        category=policy.dsa_category,
        category_keyword=policy.dsa_keyword,
        content_type=CONTENT_TYPE[ItemKind(item.kind)],
        content_language=spoken[:2].upper(),
        content_date=timezone.localdate(item.posted_at),
        source_type=SOURCE_TYPE.get(report.source, "SOURCE_TYPE_OTHER_NOTIFICATION")
        if report
        else "SOURCE_VOLUNTARY",
        automated_detection=decision.signal is not None or _found_by_machine(decision),
        # The verdict is a person's; that its label follows is our policy's doing.
        automated_decision="AUTOMATED_DECISION_PARTIALLY"
        if decision.fact_check_id
        else "AUTOMATED_DECISION_NOT_AUTOMATED",
        territorial_scope=sorted(decision.territories) or TERRITORIAL_SCOPE,
        application_date=timezone.localdate(at),
        ends_on=_last_day(decision.ends_at),
        redress=REDRESS[language],
        language=language,
        issued_at=at,
    )


def _found_by_machine(decision: Decision) -> bool:
    """Say whether a machine, and no person, found the claim in the item that was labelled."""
    if decision.fact_check is None:
        return False
    places = decision.item.appearances.filter(claim=decision.fact_check.claim_id)
    return not places.filter(decided_by__isnull=False).exists()


def _visibility_too(decision: Decision) -> str:
    if decision.fact_check is None or decision.action != Action.LABEL:
        return ""
    return VISIBILITY[Action.INELIGIBLE] if verdict_words.label_of(decision).not_recommended else ""


def label_text(decision: Decision) -> dict[str, str]:
    """Return what viewers read on a labelled item, in each language."""
    assert decision.label_kind is not None  # a label decision always names its label
    return dict(decision.label_kind.text)


def label_link(decision: Decision) -> str:
    """Return the Election Center page about the fact that the item gets wrong.

    It is in the item's language and about its place, so that a rule of one municipality is never
    shown to readers in another.
    """
    item, language = decision.item, reader_language(decision.item_version)
    fact = decision.signal.fact if decision.signal else None
    if item.election is None:
        return settings.BASE_URL.rstrip("/") + reverse("centers")
    if fact is None:
        path = reverse("center", kwargs={"election": item.election.slug})
    else:
        path = reverse("center_topic", kwargs={"election": item.election.slug, "key": fact.key})
    query = {} if language == default_for(item.election.name) else {"lang": language}
    place = fact.place if fact is not None and fact.place is not None else item.place
    if place is not None and item.election.places.filter(pk=place.pk).exists():
        query["place"] = place.code
    return settings.BASE_URL.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")


def strike_weight(action: Action, policy: Policy) -> int:
    """Return what an action under a policy counts against the account; 0 for nothing."""
    if action not in GIVES_STRIKE:
        return 0
    return max(policy.strike_weight, 1 if action == Action.STRIKE else 0)


def strike_expires_at(policy: Policy, *, at: datetime) -> datetime:
    """Return when a strike given now no longer counts."""
    return at + timedelta(days=policy.strike_days)


def _weighs(action: Action, policy: Policy) -> bool:
    return strike_weight(action, policy) > 0


def _last_day(ends_at: datetime | None) -> date | None:
    return timezone.localdate(ends_at) if ends_at else None


def _excerpt(version: ItemVersion, *, length: int = 200) -> str:
    line = " ".join((version.text or version.on_screen or version.transcript).split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
