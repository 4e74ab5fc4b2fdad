"""Somebody says a check is wrong: the request, the partner's answer, both kept for the public."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import rules
from factcheck.choices import PartnerEvent, RequestState
from factcheck.models import CorrectionRequest, FactCheck, Membership
from factcheck.services.records import record, tell_system
from integrity.refusals import Refusal, require


@transaction.atomic
def request_correction(
    *, check: FactCheck, text: str, requester: str, at: datetime
) -> CorrectionRequest:
    """Write down what somebody says is wrong; their address is never shown in public."""
    if not text.strip():
        require(Refusal(_("Say what is wrong."), code="text_missing"))
    row = CorrectionRequest.objects.create(
        fact_check=check, text=text.strip()[:2000], requester=requester.strip(), received_at=at
    )
    record("correction.requested", "fact_check", check.public_id, by=None, at=at)
    # Whoever wrote to us is not told to a machine: the portal shows their address.
    tell_system(
        check.partner,
        PartnerEvent.CORRECTION,
        subject=("fact_check", check.public_id),
        payload={
            "request": str(row.public_id),
            "fact_check": str(check.public_id),
            "text": row.text,
        },
        at=at,
    )
    return row


@transaction.atomic
def answer_request(
    *, request: CorrectionRequest, corrected: bool, answer: str, member: Membership, at: datetime
) -> CorrectionRequest:
    """Let the partner say what came of a request."""
    require(rules.may_work(member, at=at))
    request = (
        CorrectionRequest.objects.select_for_update(of=("self",))
        .select_related("fact_check")
        .get(pk=request.pk)
    )
    if request.fact_check.partner_id != member.partner_id:
        require(Refusal(_("This check is not your organisation's."), code="forbidden"))
    if request.state != RequestState.OPEN:
        require(Refusal(_("This request was answered already."), code="answered"))
    if not answer.strip():
        require(Refusal(_("Write your answer: it is public."), code="reason_missing"))
    newer = FactCheck.objects.filter(
        series=request.fact_check.series, version__gt=request.fact_check.version
    )
    if corrected and not newer.exists():
        require(Refusal(_("Publish the correction first."), code="not_corrected"))
    request.state = RequestState.CORRECTED if corrected else RequestState.REFUSED
    request.answer, request.answered_at, request.answered_by = answer.strip()[:1000], at, member
    request.save()
    record("correction.answered", "fact_check", request.fact_check.public_id,
           by=member.user, at=at, data={"corrected": corrected})  # fmt: skip
    return request
