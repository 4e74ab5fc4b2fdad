"""Beginning a draft: from a claim, or from the published check that it will correct. Unsaved."""

from datetime import datetime

from factcheck.models import Assignment, Draft, FactCheck, Membership

# What a check says, and so what a correction starts from.
WORDS = (
    "claim_text", "verdict", "truth", "assessment", "facts", "language", "article_url",
    "media_context", "media_original_url", "correction",
)  # fmt: skip
COPIED = (*WORDS, "applies_in", "media_categories", "recheck_at")


def beginning(assignment: Assignment, *, member: Membership, at: datetime) -> Draft:
    """Begin a check with the claim as it was sent."""
    return Draft(
        claim=assignment.claim,
        partner=assignment.partner,
        claim_text=assignment.claim.text,
        language=assignment.claim.language,
        saved_by=member,
        saved_at=at,
    )


def correcting(check: FactCheck, *, member: Membership, at: datetime) -> Draft:
    """Begin a new version with the words of the one that stands."""
    draft = Draft(
        claim=check.claim,
        partner=check.partner,
        corrects=check,
        evidence=[row.as_json() for row in check.evidence.order_by("n")],
        saved_by=member,
        saved_at=at,
        **{name: getattr(check, name) for name in COPIED},
    )
    draft.correction, draft.recheck_at = "", None
    return draft
