"""What the guidance keeps: pages, briefings, calls for help, official accounts."""

from guidance.models.accounts import AccountRequest, Proof
from guidance.models.briefings import Briefing
from guidance.models.files import OfficialFile
from guidance.models.helping import HelpRequest
from guidance.models.pages import GuidanceIndex, GuidancePage, RuleChange
from guidance.models.review import OtherPersonTask

__all__ = [
    "AccountRequest",
    "Briefing",
    "GuidanceIndex",
    "GuidancePage",
    "HelpRequest",
    "OfficialFile",
    "OtherPersonTask",
    "Proof",
    "RuleChange",
]
