"""Calls for help with priority: taken in, put before people by a moment, answered in words."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from elections.models import Election
from guidance import rules
from guidance.choices import HelpKind, HelpState
from guidance.models import HelpRequest
from guidance.services.telling import tell
from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.people.throttling import count_call
from integrity.refusals import require
from moderation.choices import ReportSource
from moderation.models import Actor, Item, Job
from moderation.services import intake, opening
from moderation.services.public_reports import find_item

VISITOR = AuditActor("visitor", "help form")
REASON = "priority_help"
# By when a person has looked: what spreads while we sleep goes first.
WITHIN = {
    HelpKind.TAKEOVER: timedelta(hours=2),
    HelpKind.IMPERSONATION: timedelta(hours=4),
    HelpKind.ATTACK: timedelta(hours=4),
    HelpKind.WRONGLY_REMOVED: timedelta(hours=8),
}
MAILS_AN_HOUR = 4


@dataclass(frozen=True, slots=True)
class HelpIn:
    """What somebody wrote; `account` is theirs, `where` the address of what it is about."""

    kind: HelpKind
    organisation: str
    account: str
    what: str
    email: str
    where: str = ""
    language: str = "nl"
    election: Election | None = None


@transaction.atomic
def ask_help(*, said: HelpIn, by: AuditActor = VISITOR, at: datetime) -> HelpRequest:
    """Take in a call for help; about an item that we know, a job is opened with its due time."""
    due_at = at + WITHIN[said.kind]
    item = find_item(said.where)
    call = HelpRequest.objects.create(
        election=said.election,
        kind=said.kind,
        organisation=said.organisation,
        account=said.account,
        where=said.where,
        what=said.what,
        email=said.email,
        language=said.language[:2],
        sent_by=f"{by.type} {by.id}"[:80],
        received_at=at,
        due_at=due_at,
        item=item,
        actor=item.actor if item else _find_actor(said.account),
    )
    if item is not None:
        call.job = _open_job(call, item, at=at)
        call.save(update_fields=["job"])
    audit.record(
        verb="help.asked",
        subject_type="help",
        subject_id=call.public_id,
        by=by,
        at=at,
        data={"kind": call.kind, "due_at": due_at.isoformat()},
    )
    _confirm(call, at=at)
    return call


@transaction.atomic
def take_help(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """Work on a call for help; a colleague may take it over."""
    call = _locked(call)
    require(rules.may_take(call, by=by))
    call.state, call.taken_by, call.taken_at = HelpState.TAKEN, by, at
    call.save(update_fields=["state", "taken_by", "taken_at"])
    _record("help.taken", call, by=by, at=at)
    return call


@transaction.atomic
def answer_help(*, call: HelpRequest, answer: str, by: User, at: datetime) -> HelpRequest:
    """Tell the sender what was done, and close the call."""
    call = _locked(call)
    require(rules.may_answer(call, by=by))
    call.state, call.answer = HelpState.ANSWERED, answer.strip()
    call.answered_by, call.answered_at = by, at
    call.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _record("help.answered", call, by=by, at=at)
    tell(
        email=call.email,
        language=call.language,
        event="help/answered",
        subject=_("Our answer to your call for help"),
        about=("help", str(call.public_id)),
        at=at,
        call=call,
    )
    return call


def _open_job(call: HelpRequest, item: Item, *, at: datetime) -> Job:
    """Write the call as a report of the item, as any other, and put its job first."""
    report = intake.ReportIn(
        external_id=f"help-{uuid.uuid4()}",
        item=item.external_id,
        source=ReportSource.USER,
        reason=REASON,
        reported_at=at,
        text=f"{call.get_kind_display()}\n\n{call.what}",
        language=call.language,
    )
    intake.accept_reports([(0, report)], by=VISITOR, at=at)
    return opening.put_first(item=item, due_at=call.due_at, reason=call.kind, at=at)


def _find_actor(account: str) -> Actor | None:
    """Find the account by the platform's id or by its handle, where that is one account's alone."""
    name = account.strip().replace("\x00", "")
    names = {name, name.removeprefix("@"), f"@{name.removeprefix('@')}"}
    found = list(Actor.objects.filter(external_id__in=names)[:1])
    found = found or list(Actor.objects.filter(handle__in=names)[:2])
    return found[0] if len(found) == 1 else None


def _confirm(call: HelpRequest, *, at: datetime) -> None:
    """Say by mail what happens now; few an hour to one address, against flooding."""
    bucket = f"help mail:{uuid.uuid5(uuid.NAMESPACE_URL, call.email.casefold())}"
    if count_call(bucket=bucket, seconds=3600, now=at.timestamp()) > MAILS_AN_HOUR:
        return
    tell(
        email=call.email,
        language=call.language,
        event="help/received",
        subject=_("We received your call for help"),
        about=("help", str(call.public_id)),
        at=at,
        call=call,
    )


def _locked(call: HelpRequest) -> HelpRequest:
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("taken_by")
    return rows.get(pk=call.pk)


def _record(verb: str, call: HelpRequest, *, by: User, at: datetime) -> None:
    audit.record(
        verb=verb,
        subject_type="help",
        subject_id=call.public_id,
        by=actor_of(by),
        at=at,
        data={"kind": call.kind},
    )
