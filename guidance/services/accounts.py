"""Official accounts: asked for with proof, checked by a person, until a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from elections.models import Election
from guidance import proofs, rules
from guidance.choices import AccountKind, RequestState
from guidance.models import AccountRequest, Proof
from guidance.proofs import Document
from guidance.services.telling import tell
from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from integrity.people.models import User
from integrity.people.rules import may
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation.choices import Protection
from moderation.services import protecting

VISITOR = AuditActor("visitor", "account form")
WITHIN = timedelta(days=2)
AT_MOST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class AccountIn:
    """Who asks, for which account."""

    kind: AccountKind
    organisation: str
    account: str
    contact: str
    email: str
    website: str = ""
    language: str = "nl"
    election: Election | None = None


@transaction.atomic
def ask_account(*, said: AccountIn, documents: Sequence[Document], at: datetime) -> AccountRequest:
    """Take in a request with its proof, which is kept sealed."""
    for document in documents:
        require(why_not_document(document))
    if not 0 < len(documents) <= proofs.MOST:
        require(Refusal(_("Send one to three documents."), code="documents"))
    request = AccountRequest.objects.create(
        election=said.election,
        kind=said.kind,
        organisation=said.organisation,
        account=said.account,
        contact=said.contact,
        email=said.email,
        website=said.website,
        language=said.language[:2],
        asked_at=at,
        due_at=at + WITHIN,
    )
    for document in documents:
        Proof.objects.create(
            request=request,
            name=document.safe_name(),
            content_type=document.content_type,
            size=len(document.content),
            sha256=document.sha256,
            stored=proofs.keep(document),
            received_at=at,
        )
    _record("account.asked", request, by=VISITOR, at=at, proofs=len(documents))
    _tell(request, "account/received", _("We received your request"), at=at)
    return request


@transaction.atomic
def approve_account(
    *, request: AccountRequest, account_id: str, ends_at: datetime, by: User, at: datetime
) -> AccountRequest:
    """Make an account official until a day: everybody's screens say whose it is."""
    request = _locked(request)
    require(rules.may_check(request, by=by))
    if not at < ends_at <= at + AT_MOST:
        require(Refusal(_("Choose a day within five years."), code="ends_at"))
    request.state, request.account_id, request.ends_at = RequestState.APPROVED, account_id, ends_at
    request.decided_by, request.decided_at = by, at
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        require(Refusal(_("This account is official already."), code="known"))
    protecting.protect(
        account_id=account_id,
        handle=request.account,
        protection=Protection(request.kind),
        by=actor_of(by),
        at=at,
    )
    _record("account.approved", request, by=actor_of(by), at=at, account=account_id)
    _tell(request, "account/approved", _("Your account is official"), at=at)
    return request


@transaction.atomic
def decline_account(
    *, request: AccountRequest, reason: str, by: User, at: datetime
) -> AccountRequest:
    """Decline a request, with the reason that the sender reads."""
    request = _locked(request)
    require(rules.may_check(request, by=by))
    return _end(request, RequestState.DECLINED, "account/declined", reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_account(
    *, request: AccountRequest, reason: str, by: User, at: datetime
) -> AccountRequest:
    """End an official account before its time, with the reason that its holder reads."""
    request = _locked(request)
    require(rules.may_take_back(request, by=by))
    _unprotect(request, by=actor_of(by), at=at)
    return _end(request, RequestState.WITHDRAWN, "account/withdrawn", reason=reason, by=by, at=at)


@transaction.atomic
def expire_account(*, request: AccountRequest, at: datetime) -> None:
    """End an official account whose time is over."""
    request = _locked(request)
    if request.state != RequestState.APPROVED or request.ends_at is None or request.ends_at > at:
        return
    request.state = RequestState.EXPIRED
    request.save(update_fields=["state"])
    _unprotect(request, by=audit.SYSTEM, at=at)
    _record("account.expired", request, by=audit.SYSTEM, at=at)
    _tell(request, "account/expired", _("Your account is no longer official"), at=at)


@transaction.atomic
def read_proof(*, proof: Proof, by: User, at: datetime) -> bytes:
    """Open a document, and write down who read it."""
    require(may(by, "guidance.check_account"))
    if not proof.stored:
        require(Refusal(_("This document has been erased."), code="erased"))
    audit.record(
        verb="proof.read",
        subject_type="account_request",
        subject_id=proof.request.public_id,
        by=actor_of(by),
        at=at,
        data={"proof": str(proof.public_id)},
    )
    return proofs.read(proof.stored)


def why_not_document(document: Document) -> Refusal | None:
    """Refuse what is too large or is no document that we take, whatever its name says."""
    if len(document.content) > proofs.BYTES_AT_MOST:
        return Refusal(_("A document may be 5 MB at most."), code="too_large")
    if not document.content_type:
        return Refusal(_("Send a PDF, a PNG or a JPEG picture."), code="content_type")
    return None


def _end(
    request: AccountRequest,
    state: RequestState,
    event: str,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> AccountRequest:
    request.state, request.reason = state, reason.strip()
    request.decided_by, request.decided_at = by, at
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _record(event.replace("/", "."), request, by=actor_of(by), at=at)
    _tell(request, event, _("About your request for an official account"), at=at)
    return request


def _unprotect(request: AccountRequest, *, by: AuditActor, at: datetime) -> None:
    was = Protection(request.kind)
    protecting.end_protection(account_id=request.account_id, was=was, by=by, at=at)


def _tell(request: AccountRequest, event: str, subject: str | Promise, *, at: datetime) -> None:
    tell(
        email=request.email,
        language=request.language,
        event=event,
        subject=subject,
        about=("account_request", str(request.public_id)),
        at=at,
        request=request,
    )


def _record(
    verb: str, request: AccountRequest, *, by: AuditActor, at: datetime, **data: object
) -> None:
    audit.record(
        verb=verb,
        subject_type="account_request",
        subject_id=request.public_id,
        by=by,
        at=at,
        data={"kind": request.kind, **data},
    )


def _locked(request: AccountRequest) -> AccountRequest:
    return AccountRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
