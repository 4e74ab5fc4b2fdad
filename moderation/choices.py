"""Words for the casework, and how a job may move between its states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """What an item mostly is; the values map onto the DSA's content types."""

    TEXT = "text", _("Text")
    IMAGE = "image", _("Image")
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Audio")


class Protection(models.TextChoices):
    """Whose account needs a second person before anything happens to it."""

    NONE = "", _("None")
    CANDIDATE = "candidate", _("Candidate")
    PARTY = "party", _("Party")
    OFFICIAL = "official", _("Public authority")
    NEWSROOM = "newsroom", _("Newsroom")


class Field(models.TextChoices):
    """Where in an item a text stands."""

    TEXT = "text", _("Caption")
    TRANSCRIPT = "transcript", _("Transcript")
    ON_SCREEN = "on_screen", _("On-screen text")


class ReportSource(models.TextChoices):
    """Who reports."""

    ARTICLE_16 = "article_16", _("Notice under article 16 DSA")
    TRUSTED_FLAGGER = "trusted_flagger", _("Trusted flagger")
    AUTHORITY = "authority", _("Authority")
    PARTNER = "partner", _("Fact-check partner")
    USER = "user", _("User of the platform")
    OWN_INITIATIVE = "own_initiative", _("Own initiative")


class AssessmentState(models.TextChoices):
    """How far an owed assessment is."""

    OWED = "owed", _("Owed")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken")
    DECIDED = "decided", _("Decided, can still be undone")
    HELD = "held", _("Held for a second person")
    RESOLVED = "resolved", _("Resolved")


# From → to, with what a person or the system does. `docs/states.md` is drawn from this.
JOB_TRANSITIONS: dict[JobState, dict[JobState, str]] = {
    JobState.WAITING: {
        JobState.TAKEN: "take",
        JobState.RESOLVED: "the reason to look has gone",
    },
    JobState.TAKEN: {
        JobState.WAITING: "release, move, or the lease lapses",
        JobState.DECIDED: "decide",
        JobState.HELD: "decide something that needs a second person",
        JobState.RESOLVED: "the item was deleted",
    },
    JobState.DECIDED: {
        JobState.TAKEN: "undo",
        JobState.RESOLVED: "carry out",
    },
    JobState.HELD: {
        JobState.TAKEN: "undo",
        JobState.WAITING: "a second person sends it back, or disagrees",
        JobState.RESOLVED: "a second person confirms; carry out",
    },
    JobState.RESOLVED: {},
}
OPEN_JOB_STATES = [state for state in JobState if JOB_TRANSITIONS[state]]


class Action(models.TextChoices):
    """What a decision does."""

    NO_ACTION = "no_action", _("No action")
    LABEL = "label", _("Label")
    INELIGIBLE = "ineligible", _("Not recommended")
    AGE_RESTRICT = "age_restrict", _("Adults only")
    REMOVE = "remove", _("Remove")
    WARN = "warn", _("Warn")
    STRIKE = "strike", _("Strike")
    SUSPEND = "suspend", _("Suspend account")
    TERMINATE = "terminate", _("Terminate account")


# What DSA art. 17 calls a restriction: each of these owes a statement of reasons.
RESTRICTING = {
    Action.LABEL,
    Action.INELIGIBLE,
    Action.AGE_RESTRICT,
    Action.REMOVE,
    Action.SUSPEND,
    Action.TERMINATE,
}
# What takes an account away, and what concerns the account and leaves the item as it is.
ON_ACCOUNT = {Action.SUSPEND, Action.TERMINATE}
LEAVES_ITEM = {Action.WARN, Action.STRIKE, *ON_ACCOUNT}
# What may end by itself on a day; a removal or a closed account does not come back by itself.
TIME_LIMITED = {Action.LABEL, Action.INELIGIBLE, Action.AGE_RESTRICT, Action.SUSPEND}
# What counts against an account, where the policy says so.
GIVES_STRIKE = {Action.REMOVE, Action.STRIKE}


class UndoKind(models.TextChoices):
    """How a decision was taken back before it was carried out."""

    UNDONE = "undone", _("Undone by the person who decided")
    SENT_BACK = "sent_back", _("Sent back by a second person")
    DISAGREED = "disagreed", _("A second person disagrees")


class HoldReason(models.TextChoices):
    """Why a decision waits for a second person."""

    PROTECTED_ACCOUNT = "protected_account", _("The account belongs to a protected group")
    ACCOUNT = "account", _("It takes an account away")
    NEAR_POLLING_DAY = "near_polling_day", _("It removes an item close to polling day")


class RoutingState(models.TextChoices):
    """How far a version of the routing rules is."""

    DRAFT = "draft", _("Draft")
    SHADOW = "shadow", _("Runs along in the shadow")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Retired")


# From → to. Going back to a version that was live before needs no second look in the shadow.
ROUTING_TRANSITIONS: dict[RoutingState, set[RoutingState]] = {
    RoutingState.DRAFT: {RoutingState.SHADOW, RoutingState.RETIRED},
    RoutingState.SHADOW: {RoutingState.LIVE, RoutingState.RETIRED},
    RoutingState.LIVE: {RoutingState.RETIRED},
    RoutingState.RETIRED: {RoutingState.SHADOW, RoutingState.LIVE},
}


class MisuseBy(models.TextChoices):
    """Whose misuse a limit is about (DSA art. 23(1) and (2))."""

    ACTOR = "actor", _("Somebody who posts")
    REPORTER = "reporter", _("Somebody who reports")


class MisuseStep(models.TextChoices):
    """A step against somebody who reports without ground."""

    WARNED = "warned", _("Warned")
    PAUSED = "paused", _("Reports not dealt with for a time")
    LIFTED = "lifted", _("Reports dealt with again")


class Ground(models.TextChoices):
    """DSA art. 17(3)(d) and (e): against the law, or against the platform's terms."""

    ILLEGAL = "DECISION_GROUND_ILLEGAL_CONTENT", _("Against the law")
    INCOMPATIBLE = "DECISION_GROUND_INCOMPATIBLE_CONTENT", _("Against the platform's terms")
