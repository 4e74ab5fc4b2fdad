"""Writing what the poster reads: the statement of reasons of DSA art. 17, and its letter."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from elections.models import in_language
from moderation.choices import ON_ACCOUNT, Action, ItemKind
from moderation.models import Decision, Item, ItemVersion, Policy, Signal, StatementOfReasons

# DSA art. 20(1): a complaint is possible for at least six months.
APPEAL_DAYS = 183

VISIBILITY = {
    Action.LABEL: "DECISION_VISIBILITY_CONTENT_LABELLED",
    Action.INELIGIBLE: "DECISION_VISIBILITY_CONTENT_DEMOTED",
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
TERRITORIAL_SCOPE = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to the poster: what they read."""

    subject: str
    body: str


def reader_language(version: ItemVersion) -> str:
    """Choose the language we write in: the item's, where we speak it, else Dutch."""
    return "en" if version.language[:2] == "en" else "nl"


def letter_to_poster(
    *,
    item: Item,
    version: ItemVersion,
    action: Action,
    policy: Policy | None,
    reasoning: str,
    signal: Signal | None,
) -> Letter:
    """Write what the poster will read; the preview and the sent letter are the same words."""
    language = reader_language(version)
    with translation.override(language):
        context = {
            "action": action,
            "item": item,
            "policy": policy,
            "policy_title": in_language(policy.title) if policy else "",
            "policy_text": in_language(policy.text) if policy else "",
            "reasoning": reasoning,
            "fact": signal.fact if signal else None,
            "official": signal.official if signal else "",
            "detected_automatically": signal is not None,
            "appeal_days": APPEAL_DAYS,
        }
        body = render_to_string("notifications/decision/affected.txt", context)
        subject = _("A decision about what you posted")
    return Letter(subject, body.strip())


def letter_to_reporter(*, decision: Decision, language: str) -> Letter:
    """Write what a reporter reads: the outcome, and how to object (DSA art. 16(5))."""
    with translation.override("en" if language == "en" else "nl"):
        body = render_to_string(
            "notifications/decision/reporter.txt",
            {"decision": decision, "acted": decision.action != Action.NO_ACTION},
        )
        return Letter(_("What became of your report"), body.strip())


def write_statement(decision: Decision, *, on: date) -> StatementOfReasons:
    """Write the statement of reasons of a decision that restricts; unsaved."""
    item, version, policy = decision.item, decision.item_version, decision.policy
    assert policy is not None  # the database refuses a restricting decision without one
    language = reader_language(version)
    with translation.override(language):
        report = item.reports.order_by("received_at").first()
        return StatementOfReasons(
            decision=decision,
            decision_visibility=VISIBILITY.get(Action(decision.action), ""),
            decision_account=ACCOUNT.get(Action(decision.action), ""),
            decision_ground=policy.ground,
            ground_text=f"{policy.code} ({_('version')} {policy.version}): "
            f"{in_language(policy.title)}"[:500],
            explanation=in_language(policy.text)[:2000],
            facts=decision.reasoning[:5000],
            category=policy.dsa_category,
            category_keyword=policy.dsa_keyword,
            content_type=CONTENT_TYPE[ItemKind(item.kind)],
            content_language=version.language[:2].upper(),
            content_date=item.posted_at.date(),
            source_type=SOURCE_TYPE.get(report.source, "SOURCE_TYPE_OTHER_NOTIFICATION")
            if report
            else "SOURCE_VOLUNTARY",
            automated_detection=decision.signal is not None,
            automated_decision="AUTOMATED_DECISION_NOT_AUTOMATED",
            territorial_scope=TERRITORIAL_SCOPE,
            application_date=on,
            redress=_(
                "You can object within six months through the platform; another person looks at "
                "it. You can also go to a certified dispute settlement body or to court."
            ),
            language=language,
        )


def label_text(decision: Decision) -> dict[str, str]:
    """Write what viewers see on a labelled item: where the official information is, no more."""
    texts = {}
    for language in ("nl", "en"):
        with translation.override(language):
            texts[language] = _("Read what is official about this.")
    return texts


def label_link(decision: Decision) -> str:
    """Return the Election Center page about the fact that the item gets wrong."""
    item = decision.item
    fact = decision.signal.fact if decision.signal else None
    with translation.override(reader_language(decision.item_version)):
        if item.election is None:
            path = reverse("centers")
        elif fact is None:
            path = reverse("center", kwargs={"election": item.election.slug})
        else:
            path = reverse(
                "center_topic", kwargs={"election": item.election.slug, "key": fact.key}
            )
    return settings.BASE_URL.rstrip("/") + path


def concerns_account(action: Action) -> bool:
    """Say whether an action is on the account rather than on the item."""
    return action in ON_ACCOUNT
