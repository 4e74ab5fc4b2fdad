"""The verbs of official facts: the only writers of this app's tables."""

from elections.services.ballots import import_eml
from elections.services.importing import ImportReport, import_polling_places
from elections.services.loading import LoadReport, load_pack
from elections.services.publishing import (
    Statement,
    correct_fact,
    publish_fact,
    publish_incident,
    withdraw_fact,
    withdraw_incident,
)

__all__ = [
    "ImportReport",
    "LoadReport",
    "Statement",
    "correct_fact",
    "import_eml",
    "import_polling_places",
    "load_pack",
    "publish_fact",
    "publish_incident",
    "withdraw_fact",
    "withdraw_incident",
]
