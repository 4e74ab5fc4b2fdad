"""Reports from the public page: about an item that the platform has sent, else a claim to check."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from elections.models import Election
from factcheck.choices import ClaimState, ClaimTopic
from factcheck.models import Claim
from factcheck.services import claims
from factcheck.services.claims import ClaimIn
from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from integrity.outbox import services as outbox
from integrity.people.throttling import count_call
from moderation.choices import ReportSource
from moderation.models import Item, Report, ReporterContact
from moderation.services import intake
from moderation.services.statements import spoken_here

VISITOR = AuditActor("visitor", "report form")
# An address is a person's: after the answer there is half a year to object, then it goes.
KEPT_AFTER_ANSWER = timedelta(days=183)
KEPT_AT_MOST = timedelta(days=365)
MAILS_AN_HOUR = 2


@dataclass(frozen=True, slots=True)
class PublicReportIn:
    """What a visitor wrote; `where` is the address or the id of what they saw."""

    where: str
    says: str
    reason: str
    why: str = ""
    email: str = ""
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a report, under the number that the visitor keeps."""

    reference: uuid.UUID
    kind: str


@transaction.atomic
def accept_public_report(*, election: Election, report: PublicReportIn, at: datetime) -> Receipt:
    """Report the item that a visitor names; what is not known here becomes a claim to weigh."""
    item = find_item(report.where)
    receipt = _about_item(item, report, at) if item else _as_claim(election, report, at)
    if report.email:
        _confirm(receipt, report, at)
    return receipt


def find_item(where: str) -> Item | None:
    """Find the item that an address or an id names, by the platform's own id within it."""
    where = where.strip().replace("\x00", "")
    if not where:
        return None
    try:
        parts = urlsplit(where)
        names = [where, *parts.path.split("/")[::-1], *(v for _name, v in parse_qsl(parts.query))]
    except ValueError:
        names = [where]
    known = {
        row.external_id: row
        for row in Item.objects.filter(external_id__in=[name[:128] for name in names if name])
    }
    return next((known[name] for name in names if name in known), None)


def forget_contacts(*, at: datetime) -> int:
    """Erase the addresses of reporters that are no longer needed; returns how many."""
    late = ReporterContact.objects.filter(report__answered_at__lt=at - KEPT_AFTER_ANSWER)
    old = ReporterContact.objects.filter(received_at__lt=at - KEPT_AT_MOST)
    gone, _rows = (late | old).delete()
    return gone + outbox.forget_addresses(before=at - KEPT_AFTER_ANSWER)


def _about_item(item: Item, report: PublicReportIn, at: datetime) -> Receipt:
    """Write the report as any other; the same words about the same item are one report."""
    name = f"web-{uuid.uuid5(uuid.NAMESPACE_URL, f'{item.pk} {report.says} {report.why}')}"
    row = intake.ReportIn(
        external_id=name,
        item=item.external_id,
        source=ReportSource.USER,
        reason=report.reason,
        reported_at=at,
        text="\n\n".join(part for part in (report.says, report.why) if part),
        language=report.language,
    )
    intake.accept_reports([(0, row)], by=VISITOR, at=at)
    stored = Report.objects.get(external_id=name)
    if report.email:
        ReporterContact.objects.get_or_create(
            report=stored,
            defaults={
                "email": report.email,
                "language": spoken_here(report.language),
                "received_at": at,
            },
        )
    return Receipt(stored.public_id, "item")


def _as_claim(election: Election, report: PublicReportIn, at: datetime) -> Receipt:
    """Put what was seen before the people who decide what is checked."""
    told = _("Reported by a visitor: %(where)s %(why)s") % {
        "where": report.where,
        "why": report.why,
    }
    claim, created = claims.get_or_file(
        ClaimIn(
            text=report.says,
            language=report.language,
            topic=ClaimTopic.PROCEDURE if report.reason == "voting" else ClaimTopic.OTHER,
            election=election,
        ),
        state=ClaimState.PROPOSED,
        by=None,
        at=at,
        proposal=told.strip()[:500],
    )
    if created:
        audit.record(
            verb="claim.proposed",
            subject_type="claim",
            subject_id=claim.public_id,
            by=VISITOR,
            at=at,
            data={"election": election.slug},
        )
    return Receipt(claim.public_id, "claim")


def _confirm(receipt: Receipt, report: PublicReportIn, at: datetime) -> None:
    """Say by mail that it came in (DSA art. 16(4)); few an hour, against flooding."""
    bucket = f"report mail:{uuid.uuid5(uuid.NAMESPACE_URL, report.email.casefold())}"
    if count_call(bucket=bucket, seconds=3600, now=at.timestamp()) > MAILS_AN_HOUR:
        return
    language = spoken_here(report.language)
    with translation.override(language):
        body = render_to_string(
            f"notifications/report/received.{language}.txt",
            {"reference": receipt.reference, "about_item": receipt.kind == "item"},
        )
        subject = _("We received your report")
    outbox.owe_notification(
        kind="report",
        role="received",
        recipient_type=outbox.BY_ADDRESS,
        recipient_id=report.email,
        language=language,
        subject_type="report" if receipt.kind == "item" else "claim",
        subject_id=str(receipt.reference),
        subject=subject,
        body=body.strip(),
        at=at,
    )


def standing_of(reference: uuid.UUID) -> tuple[str, datetime] | None:
    """Say how far a report is, by its number: received, answered, to be checked, and since when."""
    report = Report.objects.filter(public_id=reference, external_id__startswith="web-").first()
    if report is not None:
        if report.answered_at:
            return "answered", report.answered_at
        return "received", report.received_at
    claim = Claim.objects.filter(public_id=reference).first()
    if claim is None:
        return None
    words = {ClaimState.PROPOSED: "weighed", ClaimState.DISMISSED: "dismissed"}
    return words.get(ClaimState(claim.state), "checked"), claim.created_at
