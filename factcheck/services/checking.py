"""Writing a check: autosaved drafts, a second pair of eyes, publication, correction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from elections.caching import surrogate_key
from elections.models import Jurisdiction
from factcheck import queries, rules
from factcheck.choices import (
    AssignmentState,
    ConsumerKind,
    EvidenceKind,
    MediaCategory,
    Origin,
    Verdict,
)
from factcheck.models import (
    Assignment,
    AssignmentEvent,
    Draft,
    Evidence,
    FactCheck,
    Membership,
    VerdictPublished,
    VerdictReceipt,
)
from factcheck.services import drafts
from factcheck.services.records import record
from integrity.outbox import purging
from integrity.outbox import services as outbox
from integrity.refusals import Refusal, require

EVIDENCE_AT_MOST = 50
# What could not be verified is looked at again, unless the partner names another moment.
RECHECK_AFTER = timedelta(hours=24)

_web = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The words of a check as they stand in the form now; anything may still be empty."""

    claim_text: str = ""
    verdict: str = ""
    truth: str = ""
    assessment: str = ""
    facts: str = ""
    language: str = "nl"
    article_url: str = ""
    applies_in: Jurisdiction | None = None
    media_categories: Sequence[str] = ()
    media_context: str = ""
    media_original_url: str = ""
    correction: str = ""
    recheck_at: datetime | None = None
    evidence: Sequence[Mapping[str, Any]] = field(default=())


@transaction.atomic
def save_draft(
    *, draft: Draft, words: CheckIn, revision: int, member: Membership, at: datetime
) -> Draft:
    """Keep what stands in the form. Refused when a colleague saved since this form was loaded.

    Saving other words takes a draft back from the second checker.
    """
    draft = _locked(draft)
    require(rules.may_write(draft, member=member, at=at))
    if draft.revision != revision:
        require(
            Refusal(
                _("%(name)s changed this draft meanwhile: load it again before you go on.")
                % {"name": draft.saved_by.user},
                code="draft_changed",
            )
        )
    before = _content(draft)
    for name in drafts.WORDS:
        limit = getattr(Draft._meta.get_field(name), "max_length", None)
        setattr(draft, name, getattr(words, name).strip()[:limit])
    if draft.verdict and draft.verdict not in Verdict.values:
        require(Refusal(_("This verdict is not on the scale."), code="unknown_verdict"))
    draft.applies_in = words.applies_in
    draft.media_categories = [c for c in MediaCategory.values if c in words.media_categories]
    draft.recheck_at = words.recheck_at
    draft.evidence = clean_evidence(words.evidence)
    if _content(draft) == before:
        return draft
    draft.revision += 1
    draft.saved_by, draft.saved_at = member, at
    draft.submitted_by = draft.submitted_at = None
    draft.save()
    return draft


def clean_evidence(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Check the shape of evidence rows; a row without an address is left out.

    Addresses are looked at as text only: we never fetch them.
    """
    if len(rows) > EVIDENCE_AT_MOST:
        require(Refusal(_("That are too many sources for one check."), code="too_many"))
    return [_evidence(n, row) for n, row in enumerate(rows, 1) if str(row.get("url", "")).strip()]


@transaction.atomic
def submit_draft(*, draft: Draft, member: Membership, at: datetime) -> Draft:
    """Hand a finished check to a colleague for the second look."""
    draft = _locked(draft)
    require(rules.may_submit(draft, member=member, at=at))
    draft.submitted_by, draft.submitted_at = member, at
    draft.save(update_fields=["submitted_by", "submitted_at"])
    record("draft.submitted", "draft", draft.public_id, by=member.user, at=at)
    return draft


@transaction.atomic
def publish_verdict(
    *, draft: Draft, revision: int, member: Membership, at: datetime, origin: Origin = Origin.PORTAL
) -> FactCheck:
    """Publish a check that a colleague handed in: from now on nobody changes it.

    `revision` is the one that the second checker read.
    """
    draft = _locked(draft)
    require(rules.may_publish(draft, member=member, at=at))
    if draft.revision != revision:
        require(
            Refusal(_("The draft was changed while you read: look again."), code="draft_changed")
        )
    check = _publish(draft, second=member, origin=origin, at=at)
    if draft.assignment is not None:
        _deliver(draft.assignment, member=member, at=at)
    draft.delete()
    return check


@transaction.atomic
def open_correction(*, check: FactCheck, member: Membership, at: datetime) -> Draft:
    """Start a new version of a published check; the old one stands until it is published."""
    FactCheck.objects.select_for_update().get(pk=check.pk)
    require(rules.may_correct(check, member=member, at=at))
    draft = Draft.objects.filter(claim=check.claim_id, partner=check.partner_id).first()
    if draft is not None:
        return draft
    draft = drafts.correcting(check, member=member, at=at)
    draft.save()
    record("correction.opened", "fact_check", check.public_id, by=member.user, at=at)
    return draft


def announce(check: FactCheck, *, at: datetime) -> None:
    """Tell the casework, the platform and the public pages of a new verdict or correction."""
    VerdictPublished.objects.create(fact_check=check, at=at)
    if check.claim.election is not None:
        purging.owe_purge(keys=[surrogate_key(check.claim.election.slug)], at=at)
    event = outbox.publish(
        type="verdict.corrected" if check.corrects else "verdict.published",
        subject_type="claim",
        subject_id=str(check.claim.public_id),
        payload=verdict_payload(check),
        at=at,
    )
    for delivery in event.deliveries.select_related("endpoint"):
        note_receipt(
            check=check, consumer=ConsumerKind.WEBHOOK,
            consumer_id=str(delivery.endpoint.public_id), effect=event.type, at=at,
        )  # fmt: skip
    for consumer in (ConsumerKind.PAGE, ConsumerKind.FEED):
        note_receipt(
            check=check, consumer=consumer, consumer_id=str(check.series), effect="shown", at=at
        )


def note_receipt(
    *, check: FactCheck, consumer: ConsumerKind, consumer_id: str, effect: str, at: datetime
) -> None:
    """Log that somebody or something now works with this version of a verdict."""
    VerdictReceipt.objects.get_or_create(
        fact_check=check,
        consumer=consumer,
        consumer_id=consumer_id,
        defaults={"effect": effect, "at": at},
    )


def verdict_payload(check: FactCheck) -> dict[str, Any]:
    """Return what machines receive about a verdict, in webhook and feed alike."""
    return {
        "fact_check": str(check.public_id),
        "series": str(check.series),
        "version": check.version,
        "corrects": str(check.corrects.public_id) if check.corrects else None,
        "correction": check.correction or None,
        "claim": {"id": str(check.claim.public_id), "text": check.claim_text},
        "partner": {"id": str(check.partner.public_id), "name": check.partner.name},
        "verdict": check.verdict,
        "rating": check.rating_words,
        "truth": check.truth,
        "language": check.language,
        "applies_in": check.applies_in.code if check.applies_in else None,
        "article_url": check.article_url or None,
        "published_at": check.published_at.isoformat(),
    }


def _publish(draft: Draft, *, second: Membership, origin: Origin, at: datetime) -> FactCheck:
    corrected = draft.corrects
    copied = {name: getattr(draft, name) for name in drafts.COPIED}
    if draft.verdict == Verdict.UNVERIFIED and (draft.recheck_at is None or draft.recheck_at <= at):
        copied["recheck_at"] = at + RECHECK_AFTER
    check = FactCheck.objects.create(
        series=corrected.series if corrected else uuid.uuid4(),
        version=corrected.version + 1 if corrected else 1,
        claim=draft.claim,
        partner=draft.partner,
        assignment=draft.assignment,
        rating_words=queries.words_for(draft.partner, Verdict(draft.verdict), draft.language),
        origin=origin,
        corrects=corrected,
        first_checker=draft.submitted_by,
        second_checker=second,
        published_at=at,
        **copied,
    )
    Evidence.objects.bulk_create(
        Evidence(
            fact_check=check, n=n, **{**row, "accessed_on": date.fromisoformat(row["accessed_on"])}
        )
        for n, row in enumerate(draft.evidence, 1)
    )
    record(
        "verdict.corrected" if corrected else "verdict.published", "fact_check", check.public_id,
        by=second.user, at=at, data={"verdict": check.verdict, "version": check.version},
    )  # fmt: skip
    announce(check, at=at)
    return check


def _deliver(assignment: Assignment, *, member: Membership, at: datetime) -> None:
    assignment.state, assignment.closed_at = AssignmentState.DELIVERED, at
    assignment.save(update_fields=["state", "closed_at"])
    AssignmentEvent.objects.create(
        assignment=assignment, kind="delivered", by=member.user, by_partner=True, at=at
    )


def _evidence(n: int, row: Mapping[str, Any]) -> dict[str, Any]:
    url, archive = str(row["url"]).strip(), str(row.get("archive_url") or "").strip()
    for address in filter(None, (url, archive)):
        try:
            _web(address)
        except ValidationError:
            require(
                Refusal(
                    _("Source %(n)s: '%(url)s' is not a web address.")
                    % {"n": n, "url": address[:80]},
                    code="evidence_url",
                )
            )
    kind = str(row.get("kind") or EvidenceKind.PRIMARY)
    publisher = str(row.get("publisher") or "").strip()[:200]
    if kind not in EvidenceKind.values or not publisher:
        require(
            Refusal(
                _("Source %(n)s: say whose it is and of what kind.") % {"n": n}, code="evidence"
            )
        )
    try:
        accessed_on = date.fromisoformat(str(row.get("accessed_on")))
    except ValueError:
        require(
            Refusal(
                _("Source %(n)s: give the day on which you saw it as YYYY-MM-DD.") % {"n": n},
                code="evidence_date",
            )
        )
    return {
        "kind": kind,
        "url": url[:500],
        "archive_url": archive[:500],
        "publisher": publisher,
        "excerpt": str(row.get("excerpt") or "").strip()[:2000],
        "accessed_on": accessed_on.isoformat(),
    }


def _content(draft: Draft) -> tuple[Any, ...]:
    return (
        *(getattr(draft, name) for name in drafts.WORDS),
        draft.applies_in_id,
        list(draft.media_categories),
        draft.recheck_at,
        draft.evidence,
    )


def _locked(draft: Draft) -> Draft:
    found = (
        Draft.objects.select_for_update(of=("self",))
        .select_related(
            "claim", "partner", "assignment", "corrects", "applies_in",
            "saved_by__user", "submitted_by__user",
        )
        .filter(pk=draft.pk)
        .first()
    )  # fmt: skip
    if found is None:
        require(Refusal(_("This check has been published already."), code="published"))
    assert found is not None
    return found
