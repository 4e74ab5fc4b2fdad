"""Words for claims and fact-checks, and how an assignment may move between its states."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimantKind(models.TextChoices):
    """Who makes a claim."""

    PARTY = "party", _("Party")
    CANDIDATE = "candidate", _("Candidate")
    MEDIA = "media", _("Medium")
    ACCOUNT = "account", _("Account")
    UNKNOWN = "unknown", _("Unknown")


class ClaimState(models.TextChoices):
    """Where a claim stands before a partner has said anything about it."""

    PROPOSED = "proposed", _("Proposed")
    OPEN = "open", _("Open")
    DISMISSED = "dismissed", _("Not for checking")


class ClaimTopic(models.TextChoices):
    """What a claim is about."""

    PROCEDURE = "procedure", _("How to vote")
    CANDIDATE = "candidate", _("Candidate or party")
    FRAUD = "fraud", _("Fraud")
    RESULT = "result", _("Result")
    OTHER = "other", _("Other")


class Harm(models.TextChoices):
    """How much depends on a quick answer."""

    CRITICAL = "critical", _("Voters would miss their vote today")
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")
    LOW = "low", _("Low")


# How long a partner has, unless a contract says otherwise (DueTarget).
DUE_WITHIN: dict[Harm, timedelta] = {
    Harm.CRITICAL: timedelta(hours=1),
    Harm.HIGH: timedelta(hours=4),
    Harm.NORMAL: timedelta(hours=24),
    Harm.LOW: timedelta(hours=72),
}


class MemberRole(models.TextChoices):
    """What a member may do in the own organisation."""

    ADMIN = "admin", _("Administrator")
    CHECKER = "checker", _("Checker")


class AssignmentState(models.TextChoices):
    """Where an assignment stands."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    PAUSED = "paused", _("Paused")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    RECUSED = "recused", _("Recused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# From → to, with what a person or the clock does.
ASSIGNMENT_TRANSITIONS: dict[AssignmentState, dict[AssignmentState, str]] = {
    AssignmentState.OFFERED: {
        AssignmentState.ACCEPTED: "accept",
        AssignmentState.DECLINED: "decline, with a reason",
        AssignmentState.RECUSED: "recuse, with a reason",
        AssignmentState.PAUSED: "ask back",
        AssignmentState.WITHDRAWN: "re-assign or withdraw",
    },
    AssignmentState.ACCEPTED: {
        AssignmentState.PAUSED: "ask back",
        AssignmentState.DELIVERED: "publish",
        AssignmentState.DECLINED: "give back, with a reason",
        AssignmentState.RECUSED: "recuse, with a reason",
        AssignmentState.WITHDRAWN: "re-assign or withdraw",
    },
    AssignmentState.PAUSED: {
        AssignmentState.OFFERED: "answer, when nobody had accepted yet",
        AssignmentState.ACCEPTED: "answer",
        AssignmentState.DECLINED: "give back, with a reason",
        AssignmentState.RECUSED: "recuse, with a reason",
        AssignmentState.WITHDRAWN: "re-assign or withdraw",
    },
    AssignmentState.DELIVERED: {},
    AssignmentState.DECLINED: {},
    AssignmentState.RECUSED: {},
    AssignmentState.WITHDRAWN: {},
}
OPEN_ASSIGNMENT_STATES = [s for s in AssignmentState if ASSIGNMENT_TRANSITIONS[s]]


class AssignmentEventKind(models.TextChoices):
    """What happened to an assignment."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    RECUSED = "recused", _("Recused")
    HANDED_OVER = "handed_over", _("Handed over to a colleague")
    ASKED_BACK = "asked_back", _("Asked back")
    ANSWERED = "answered", _("Question answered")
    REASSIGNED = "reassigned", _("Given to another partner")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REMINDED = "reminded", _("Reminded")
    BREACHED = "breached", _("Deadline passed")
    ESCALATED = "escalated", _("Also asked from another partner")
    DELIVERED = "delivered", _("Delivered")


class PartnerEvent(models.TextChoices):
    """What a partner's own system can hear of."""

    OFFERED = "assignment.offered", _("A new assignment")
    ANSWERED = "assignment.answered", _("Your question was answered")
    REMINDED = "assignment.reminded", _("An assignment is due soon")
    BREACHED = "assignment.breached", _("A deadline has passed")
    WITHDRAWN = "assignment.withdrawn", _("An assignment was withdrawn")
    ACCEPTED = "claim.accepted", _("Your proposal will be checked")
    DISMISSED = "claim.dismissed", _("Your proposal is not for checking")
    CORRECTION = "correction.requested", _("Somebody says that a check is wrong")


class Verdict(models.TextChoices):
    """Our internal scale; each partner shows its own words (`RatingWord`)."""

    FALSE = "false", _("False")
    ALTERED = "altered_media", _("Manipulated")
    PARTLY_FALSE = "partly_false", _("Partly false")
    MISSING_CONTEXT = "missing_context", _("Missing context")
    TRUE_ELSEWHERE = "true_elsewhere", _("True elsewhere")
    UNVERIFIED = "unverified", _("Cannot be verified")
    SATIRE = "satire", _("Satire")
    TRUE = "true", _("True")


# schema.org's Rating from 1 to 5; where there is no number, no rating is published.
RATING_VALUE: dict[Verdict, int] = {
    Verdict.FALSE: 1,
    Verdict.ALTERED: 1,
    Verdict.PARTLY_FALSE: 2,
    Verdict.MISSING_CONTEXT: 3,
    Verdict.TRUE_ELSEWHERE: 3,
    Verdict.TRUE: 5,
}

# Words when a partner has set none: the gradations that dpa's Dutch fact-checks use.
DEFAULT_WORDS: dict[Verdict, dict[str, str]] = {
    Verdict.FALSE: {"nl": "Onjuist", "en": "False"},
    Verdict.ALTERED: {"nl": "Gemanipuleerd", "en": "Altered"},
    Verdict.PARTLY_FALSE: {"nl": "Grotendeels onjuist", "en": "Partly false"},
    Verdict.MISSING_CONTEXT: {"nl": "Ontbrekende context", "en": "Missing context"},
    Verdict.TRUE_ELSEWHERE: {"nl": "Geldt alleen elders", "en": "True elsewhere"},
    Verdict.UNVERIFIED: {"nl": "Niet vast te stellen", "en": "Cannot be verified"},
    Verdict.SATIRE: {"nl": "Satire", "en": "Satire"},
    Verdict.TRUE: {"nl": "Juist", "en": "True"},
}


class MediaCategory(models.TextChoices):
    """schema.org's MediaManipulationRatingEnumeration; several may hold at once."""

    DECONTEXTUALIZED = "DecontextualizedContent", _("Real, but out of its context")
    EDITED = "EditedOrCroppedContent", _("Edited or cropped")
    ORIGINAL = "OriginalMediaContent", _("Original")
    SATIRE = "SatireOrParodyContent", _("Satire or parody")
    STAGED = "StagedContent", _("Staged")
    TRANSFORMED = "TransformedContent", _("Transformed or synthetic")


# What is original has been neither edited, staged nor transformed.
CONTRADICTS_ORIGINAL = frozenset(
    {MediaCategory.EDITED, MediaCategory.STAGED, MediaCategory.TRANSFORMED}
)


class EvidenceKind(models.TextChoices):
    """What sort of source a piece of evidence is."""

    OFFICIAL = "official", _("Official source")
    PRIMARY = "primary", _("First-hand source")
    MEDIA = "media", _("News medium")


class Origin(models.TextChoices):
    """How a fact-check came here."""

    PORTAL = "portal", _("Written in the portal")
    API = "api", _("Sent by the partner's system")
    IMPORTED = "imported", _("Imported as ClaimReview")


class ConsumerKind(models.TextChoices):
    """Who or what received a verdict."""

    JOB = "job", _("A moderator's job")
    LABEL = "label", _("A label on an item")
    RELEASE = "release", _("An item released")
    WEBHOOK = "webhook", _("A webhook")
    PAGE = "page", _("The public page")
    FEED = "feed", _("The public feed")


class RequestState(models.TextChoices):
    """What became of somebody's request to correct a fact-check."""

    OPEN = "open", _("Open")
    CORRECTED = "corrected", _("Corrected")
    REFUSED = "refused", _("Not corrected")
