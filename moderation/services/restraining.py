"""Steps against misuse (DSA art. 23): limits, reporters without ground, strikes that were wrong.

An account is warned or suspended by an ordinary decision; only people who report need steps of
their own, since no item of theirs is decided on.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from integrity.audit import services as audit
from integrity.outbox import services as outbox
from integrity.people.models import User
from integrity.people.rules import may
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation import rules
from moderation.choices import MisuseBy, MisuseStep
from moderation.models import MisuseLimit, Report, ReporterStep, Strike
from moderation.queries import misuse
from moderation.queries.misuse import Next
from moderation.services.statements import spoken_here

SUBJECT = {
    "warned": {"nl": "Een waarschuwing over uw meldingen", "en": "A warning about your reports"},
    "paused": {
        "nl": "Uw meldingen worden een tijd niet behandeld",
        "en": "Your reports are not dealt with for a time",
    },
    "lifted": {
        "nl": "Uw meldingen worden weer behandeld",
        "en": "Your reports are dealt with again",
    },
}


@dataclass(frozen=True, slots=True)
class LimitIn:
    """What a policy lead says of a limit."""

    name: dict[str, str]
    by: MisuseBy
    at_least: int
    within_days: int
    warned_days: int
    pause_days: int
    policy: str = ""
    share: float = 0.0


@transaction.atomic
def write_limit(*, limit: MisuseLimit | None, slug: str, said: LimitIn, by: User) -> MisuseLimit:
    """Add a limit, or change one; what was done under it stays done."""
    require(may(by, f"moderation.{'change' if limit else 'add'}_misuselimit"))
    if said.policy and said.by != MisuseBy.ACTOR:
        require(Refusal(_("Only strikes are counted by policy."), code="policy"))
    limit = limit or MisuseLimit(slug=slug)
    for name, value in asdict(said).items():
        setattr(limit, name, value)
    try:
        with transaction.atomic():
            limit.save()
    except IntegrityError:
        require(Refusal(_("There is a limit with this short name already."), code="known"))
    return limit


@transaction.atomic
def retire_limit(*, limit: MisuseLimit, by: User, at: datetime) -> MisuseLimit:
    """Let a limit count no more."""
    require(may(by, "moderation.change_misuselimit"))
    limit.retired_at = at
    limit.save(update_fields=["retired_at"])
    return limit


@transaction.atomic
def warn_reporter(
    *, reporter: str, limit: MisuseLimit, reason: str, by: User, at: datetime
) -> ReporterStep:
    """Warn somebody whose reports are often manifestly unfounded; the platform passes it on."""
    require(rules.may_restrain(by))
    _lock(reporter)
    _expect(reporter, limit, {Next.WARN, Next.WATCH}, at=at)
    return _step(MisuseStep.WARNED, reporter, limit, reason, by=by, at=at)


@transaction.atomic
def pause_reporter(
    *, reporter: str, limit: MisuseLimit, reason: str, by: User, at: datetime
) -> ReporterStep:
    """Leave somebody's reports aside for a time; only after a warning that did not help."""
    require(rules.may_restrain(by))
    _lock(reporter)
    _expect(reporter, limit, {Next.PAUSE}, at=at)
    until = at + timedelta(days=limit.pause_days)
    return _step(MisuseStep.PAUSED, reporter, limit, reason, by=by, at=at, until=until)


@transaction.atomic
def lift_pause(*, reporter: str, reason: str, by: User, at: datetime) -> ReporterStep:
    """Deal with somebody's reports again before the pause has ended."""
    require(rules.may_restrain(by))
    _lock(reporter)
    if "paused" not in misuse.latest_steps([reporter], at=at).get(reporter, {}):
        require(Refusal(_("These reports are dealt with already."), code="not_paused"))
    return _step(MisuseStep.LIFTED, reporter, None, reason, by=by, at=at)


@transaction.atomic
def lift_strike(*, strike: Strike, reason: str, by: User, at: datetime) -> Strike:
    """Let a strike that was wrong count no more, though the decision behind it stands."""
    strike = Strike.objects.select_for_update(of=("self",)).select_related("decision").get(
        pk=strike.pk
    )  # fmt: skip
    require(rules.may_lift(strike, by=by, at=at))
    reason = _said(reason)
    strike.lifted_at = at
    strike.save(update_fields=["lifted_at"])
    audit.record(
        verb="strike.lifted",
        subject_type="strike",
        subject_id=strike.public_id,
        by=actor_of(by),
        at=at,
        data={"decision": str(strike.decision.public_id)},
        personal_text=reason,
    )
    return strike


def _expect(reporter: str, limit: MisuseLimit, wanted: set[Next], *, at: datetime) -> None:
    reached = misuse.reporters_at_limits([reporter], at=at).get(reporter, [])
    mine = next((r for r in reached if r.limit.pk == limit.pk), None)
    if mine is None:
        require(Refusal(_("They have not come to this limit."), code="below"))
    elif mine.next not in wanted:
        words = {
            Next.WARN: _("Warn them first: nobody is paused without a warning."),
            Next.WATCH: _("They were warned, and reported nothing unfounded since."),
            Next.PAUSE: _("They were warned already."),
            Next.PAUSED: _("Their reports are left aside already."),
        }
        require(Refusal(words[mine.next], code=mine.next))


def _step(
    kind: MisuseStep,
    reporter: str,
    limit: MisuseLimit | None,
    reason: str,
    *,
    by: User,
    at: datetime,
    until: datetime | None = None,
) -> ReporterStep:
    step = ReporterStep.objects.create(
        reporter=reporter, kind=kind, limit=limit, reason=_said(reason), taken_by=by,
        taken_at=at, until=until,
    )  # fmt: skip
    audit.record(
        verb=f"reporter.{kind}",
        subject_type="reporter_step",
        subject_id=step.public_id,
        by=actor_of(by),
        at=at,
        data={
            "limit": limit.slug if limit else None,
            "until": until.isoformat() if until else None,
        },
    )
    _owe_letter(step, at=at)
    return step


def _owe_letter(step: ReporterStep, *, at: datetime) -> None:
    last = Report.objects.filter(reporter=step.reporter).order_by("-received_at").first()
    language = spoken_here(last.language if last else "nl")
    context: dict[str, Any] = {
        "kind": step.kind,
        "reason": step.reason,
        "limit": step.limit,
        "until": timezone.localdate(step.until) if step.until else None,
    }
    with translation.override(language):
        body = render_to_string(f"notifications/misuse/reporter.{language}.txt", context)
    outbox.owe_notification(
        kind="misuse",
        role="reporter",
        recipient_type="reporter",
        recipient_id=step.reporter,
        language=language,
        subject_type="reporter_step",
        subject_id=str(step.public_id),
        subject=SUBJECT[step.kind][language],
        body=body.strip(),
        at=at,
    )


def _lock(reporter: str) -> None:
    """Let two people's steps against one reporter come one after the other."""
    list(Report.objects.filter(reporter=reporter).order_by("pk").select_for_update()[:1])


def _said(words: str) -> str:
    words = words.replace("\x00", "").strip()[:1000]
    if not words:
        require(Refusal(_("Say why: the person concerned and a colleague read it."), code="reason"))
    return words
