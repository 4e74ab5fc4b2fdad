"""The casework's tables: what came in, what was found, what waits, what was decided."""

from moderation.models.decisions import (
    Confirmation,
    Decision,
    Label,
    Policy,
    StatementOfReasons,
    Undo,
)
from moderation.models.items import (
    Actor,
    Item,
    ItemVersion,
    Media,
    MediaHost,
    Report,
    TractionSample,
)
from moderation.models.jobs import Job, JobMove, Queue
from moderation.models.signals import Assessment, Proposition, Signal

__all__ = [
    "Actor",
    "Assessment",
    "Confirmation",
    "Decision",
    "Item",
    "ItemVersion",
    "Job",
    "JobMove",
    "Label",
    "Media",
    "MediaHost",
    "Policy",
    "Proposition",
    "Queue",
    "Report",
    "Signal",
    "StatementOfReasons",
    "TractionSample",
    "Undo",
]
