"""May this happen? One question each; None means yes, a Refusal says why not."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal
from moderation.choices import ON_ACCOUNT, Action, JobState
from moderation.models import Decision, Item, Job, Queue

UNDO_WITHIN = timedelta(seconds=30)
LEASE = timedelta(minutes=10)
NEAR_POLLING_DAY = timedelta(days=2)


def may_see_desk(user: User) -> Refusal | None:
    """Refuse the desk to those who do not work there."""
    return may(user, "moderation.see_item")


def may_take(job: Job, *, by: User) -> Refusal | None:
    """Refuse to take a job that a colleague has or that is finished."""
    if refusal := may(by, "moderation.take_job"):
        return refusal
    if job.state == JobState.TAKEN and job.taken_by_id == by.pk:
        return None
    if job.state == JobState.TAKEN:
        return Refusal(
            _("%(name)s has taken this job.") % {"name": job.taken_by}, code="taken"
        )
    if job.state != JobState.WAITING:
        return Refusal(_("This job has been decided."), code="decided")
    return None


def may_decide(job: Job, *, by: User, at: datetime) -> Refusal | None:
    """Refuse a decision by anyone but the person who has the job."""
    if refusal := may(by, "moderation.decide_job"):
        return refusal
    if job.state != JobState.TAKEN:
        return Refusal(_("Take this job first."), code="not_taken")
    if job.taken_by_id != by.pk:
        return Refusal(_("%(name)s has taken this job.") % {"name": job.taken_by}, code="taken")
    if job.lease_until is not None and job.lease_until < at:
        return Refusal(_("Your time on this job has run out: take it again."), code="lease_lost")
    return None


def may_use(action: Action, *, queue: Queue) -> Refusal | None:
    """Refuse an action that this queue hides."""
    if action in queue.hidden_actions:
        return Refusal(_("This queue does not use this action."), code="action_hidden")
    return None


def may_release(job: Job, *, by: User) -> Refusal | None:
    """Refuse to put back a job that one does not have."""
    if job.state != JobState.TAKEN or job.taken_by_id != by.pk:
        return Refusal(_("You do not have this job."), code="not_taken")
    return None


def may_undo(decision: Decision, *, by: User, at: datetime) -> Refusal | None:
    """Refuse to undo a decision of somebody else, or one whose time has passed."""
    if decision.decided_by_id != by.pk:
        return Refusal(_("Only the person who decided can undo it."), code="forbidden")
    if hasattr(decision, "undo"):
        return Refusal(_("This decision has been undone already."), code="undone")
    if decision.carried_out_at is not None:
        return Refusal(_("This decision has been carried out."), code="carried_out")
    held = decision.needs_second_person and not hasattr(decision, "confirmation")
    if not held and at > decision.decided_at + UNDO_WITHIN:
        return Refusal(_("It is too late to undo this decision."), code="too_late")
    return None


def may_confirm(decision: Decision, *, by: User) -> Refusal | None:
    """Refuse a confirmation by the person who decided: four eyes need two people."""
    if refusal := may(by, "moderation.confirm_decision"):
        return refusal
    if decision.decided_by_id == by.pk:
        return Refusal(
            _("You took this decision yourself; a second person must confirm it."), code="own"
        )
    if (
        not decision.needs_second_person
        or decision.carried_out_at is not None
        or hasattr(decision, "undo")
        or hasattr(decision, "confirmation")
    ):
        return Refusal(_("This decision does not wait for a second person."), code="not_held")
    return None


def why_hold(action: Action, *, item: Item, at: datetime) -> str:
    """Say why this decision needs a second person; empty when it does not."""
    if action == Action.NO_ACTION:
        return ""
    if item.actor.protection:
        return "protected_account"
    if action in ON_ACCOUNT:
        return "account"
    if action == Action.REMOVE and item.election is not None:
        until = item.election.first_day - at.date()
        if timedelta(0) <= until <= NEAR_POLLING_DAY or (
            item.election.first_day <= at.date() <= item.election.last_day
        ):
            return "near_polling_day"
    return ""
