"""The tables of claims: what is claimed, who checks it, by when, and what they found."""

from factcheck.models.assignments import Assignment, AssignmentEvent
from factcheck.models.checks import (
    CorrectionRequest,
    Draft,
    Evidence,
    FactCheck,
    VerdictPublished,
    VerdictReceipt,
)
from factcheck.models.claims import Claim, Claimant, ClaimVector, Exhibit
from factcheck.models.partners import DueTarget, Membership, Partner, PartnerKey, RatingWord
from factcheck.models.policies import AskRule, VerdictPolicy

__all__ = [
    "AskRule",
    "Assignment",
    "AssignmentEvent",
    "Claim",
    "ClaimVector",
    "Claimant",
    "CorrectionRequest",
    "Draft",
    "DueTarget",
    "Evidence",
    "Exhibit",
    "FactCheck",
    "Membership",
    "Partner",
    "PartnerKey",
    "RatingWord",
    "VerdictPolicy",
    "VerdictPublished",
    "VerdictReceipt",
]
