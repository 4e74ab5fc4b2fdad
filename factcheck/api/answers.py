"""How the partners' API answers: what their own people see in the portal, and nothing more."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from factcheck import presenting, queries
from factcheck.choices import PartnerEvent, Verdict
from factcheck.models import (
    Claim,
    CorrectionRequest,
    Draft,
    Exhibit,
    FactCheck,
    Membership,
    Partner,
)
from factcheck.services import drafts
from factcheck.services.checking import verdict_payload
from factcheck.services.importing import RowResult
from integrity.outbox.models import WebhookEndpoint


class AssignmentAnswer(serializers.Serializer):
    """An assignment; the whole one has exhibits, events, draft and like claims too."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    claim = serializers.DictField()
    question = serializers.CharField()
    harm = serializers.CharField()
    offered_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    assignee = serializers.EmailField(allow_null=True)
    items = serializers.IntegerField()
    views = serializers.IntegerField()


class PageAnswer(serializers.Serializer):
    """A page of something."""

    results = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(allow_null=True, help_text="Send it as `after` to go on.")


class PartnerFeedAnswer(serializers.Serializer):
    """A page of events."""

    events = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(help_text="Send it as `after` to go on from here.")
    more = serializers.BooleanField(help_text="Whether there is more at this moment.")


def claim(row: Claim) -> dict[str, Any]:
    """Return a claim."""
    return {
        "id": str(row.public_id),
        "text": row.text,
        "language": row.language,
        "topic": row.topic,
        "state": row.state,
        "election": row.election.slug if row.election else None,
        "place": row.place.code if row.place else None,
        "claimant": {"kind": row.claimant.kind, "name": row.claimant.name}
        if row.claimant
        else None,
        "first_seen_at": row.first_seen_at.isoformat(),
    }


def assignment(row: Any, *, at: datetime) -> dict[str, Any]:
    """Return an assignment of the inbox, with its spread."""
    return {
        "id": str(row.public_id),
        "state": row.state,
        "claim": claim(row.claim),
        "question": row.question,
        "harm": row.harm,
        "offered_at": row.offered_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "overdue": row.is_overdue(at=at),
        "paused_at": _moment(row.paused_at),
        "accepted_at": _moment(row.accepted_at),
        "closed_at": _moment(row.closed_at),
        "assignee": row.assignee.user.email if row.assignee else None,
        "items": row.items,
        "views": row.views or 0,
    }


def whole_assignment(
    row: Any, *, exhibits: Iterable[Exhibit], draft: Draft | None, at: datetime
) -> dict[str, Any]:
    """Return an assignment with everything that its page shows."""
    return {
        **assignment(row, at=at),
        "exhibits": [exhibit(one) for one in exhibits],
        "events": [
            {"kind": e.kind, "note": e.note, "by_you": e.by_partner, "at": e.at.isoformat()}
            for e in row.events.order_by("at", "pk")
        ],
        "draft": draft_of(draft) if draft else None,
        "like": [
            {
                "claim": one.claim.text,
                "differs": one.differs,
                "checks": [verdict_payload(check) for check in one.checks],
            }
            for one in presenting.like_claims(row.claim, checked_only=True)
        ],
    }


def exhibit(row: Exhibit) -> dict[str, Any]:
    """Return a redacted copy: its text, where the claim stands, where its picture is."""
    span = [row.span_start, row.span_end] if row.span_start is not None else None
    return {
        "id": str(row.public_id),
        "text": row.text,
        "language": row.language,
        "span": span,
        "media": reverse("api_partner_media", args=[row.public_id]) if row.media else None,
        "media_type": row.media_type or None,
        "seconds": [row.second_from, row.second_until] if row.second_from is not None else None,
        "posted_at": row.posted_at.isoformat(),
        "views": row.views,
    }


def draft_of(row: Draft) -> dict[str, Any]:
    """Return a draft as it stands."""
    return {
        "id": str(row.public_id),
        "revision": row.revision,
        **{name: getattr(row, name) for name in drafts.WORDS},
        "applies_in": row.applies_in.code if row.applies_in else None,
        "media_categories": row.media_categories,
        "recheck_at": _moment(row.recheck_at),
        "evidence": row.evidence,
        "corrects": str(row.corrects.public_id) if row.corrects else None,
        "saved_by": row.saved_by.user.email,
        "saved_at": row.saved_at.isoformat(),
        "submitted_by": row.submitted_by.user.email if row.submitted_by else None,
    }


def check(row: FactCheck) -> dict[str, Any]:
    """Return a published check, with what became of it."""
    return {
        **verdict_payload(row),
        "assessment": row.assessment,
        "facts": row.facts,
        "evidence": [one.as_json() for one in row.evidence.all()],
        "outcome": [
            {
                "who": str(line["consumer"]),
                "what": line["words"],
                "count": line["count"],
                "at": line["at"].isoformat(),
            }
            for line in presenting.outcome_of(row)
        ],
    }


def request_of(row: CorrectionRequest) -> dict[str, Any]:
    """Return what somebody says is wrong."""
    return {
        "id": str(row.public_id),
        "fact_check": str(row.fact_check.public_id),
        "text": row.text,
        "received_at": row.received_at.isoformat(),
        "state": row.state,
    }


def member(row: Membership) -> dict[str, Any]:
    """Return a colleague."""
    return {
        "id": str(row.public_id),
        "email": row.user.email,
        "alias": row.user.alias,
        "role": row.role,
        "joined_at": row.joined_at.isoformat(),
    }


def organisation(row: Partner, *, since: datetime) -> dict[str, Any]:
    """Return the organisation: its contract, people, load, speed and balance over parties."""
    return {
        "id": str(row.public_id),
        "name": row.name,
        "languages": row.languages,
        "topics": row.topics,
        "capacity": row.capacity,
        "open_assignments": row.assignments.open().count(),
        "contract": {
            "from": row.contract_from.isoformat(),
            "until": row.contract_until.isoformat() if row.contract_until else None,
            "terms": row.contract_terms,
        },
        "response_times": queries.response_times(row),
        "words": {f"{w.verdict}:{w.language}": w.words for w in row.rating_words.all()},
        "balance": [
            {**line, "counts": dict(zip(Verdict.values, line["counts"], strict=True))}  # type: ignore[call-overload]
            for line in queries.balance_of(row, since=since)
        ],
        "members": [
            member(one)
            for one in Membership.objects.current()
            .filter(partner=row)
            .select_related("user")
            .order_by("joined_at")
        ],
    }


def result(row: RowResult) -> dict[str, Any]:
    """Return what became of an imported row."""
    return {
        "row": row.row,
        "status": row.status,
        "fact_check": row.check,
        "problems": [{"field": p.field, "message": p.message} for p in row.problems],
    }


def webhook(row: WebhookEndpoint, *, secret: str = "") -> dict[str, Any]:
    """Return a webhook; its secret only in the answer that made it."""
    return {
        "id": str(row.public_id),
        "url": row.url,
        "events": PartnerEvent.values,
        "created_at": row.created_at.isoformat(),
        "failures_in_a_row": row.failures_in_a_row,
        **({"secret": secret} if secret else {}),
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
