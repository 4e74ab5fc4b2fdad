"""The casework's tables: what came in, what was found, what waits, what was decided."""

from moderation.models.appearances import Appearance, ClaimSought
from moderation.models.decisions import (
    Confirmation,
    Decision,
    Ending,
    Label,
    LabelKind,
    Policy,
    StatementOfReasons,
    Strike,
    Undo,
)
from moderation.models.desk import Draft, HandOver, MediaDefaults, Presence, SavedReply, Skip
from moderation.models.items import (
    Actor,
    Fingerprint,
    Item,
    ItemVersion,
    Media,
    MediaHost,
    Report,
    TractionSample,
)
from moderation.models.jobs import Job, JobMove, Queue
from moderation.models.misuse import MisuseLimit, ReporterStep
from moderation.models.reporting import ReporterContact
from moderation.models.routing import RoutingVersion, ShadowRouting
from moderation.models.screening import (
    DataConsent,
    InformationLabel,
    LabelSwitch,
    ScreeningFile,
    ScreeningModel,
    ShadowFinding,
    Threshold,
)
from moderation.models.signals import Assessment, Following, Proposition, Signal

__all__ = [
    "Actor",
    "Appearance",
    "Assessment",
    "ClaimSought",
    "Confirmation",
    "DataConsent",
    "Decision",
    "Draft",
    "Ending",
    "Fingerprint",
    "Following",
    "HandOver",
    "InformationLabel",
    "Item",
    "ItemVersion",
    "Job",
    "JobMove",
    "Label",
    "LabelKind",
    "LabelSwitch",
    "Media",
    "MediaDefaults",
    "MediaHost",
    "MisuseLimit",
    "Policy",
    "Presence",
    "Proposition",
    "Queue",
    "Report",
    "ReporterContact",
    "ReporterStep",
    "RoutingVersion",
    "SavedReply",
    "ScreeningFile",
    "ScreeningModel",
    "ShadowFinding",
    "ShadowRouting",
    "Signal",
    "Skip",
    "StatementOfReasons",
    "Strike",
    "Threshold",
    "TractionSample",
    "Undo",
]
