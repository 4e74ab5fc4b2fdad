"""May this happen? One question each; None means yes, a Refusal says why not."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity.people.choices import Role
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal
from moderation.choices import (
    ON_ACCOUNT,
    ROUTING_TRANSITIONS,
    TIME_LIMITED,
    Action,
    HoldReason,
    JobState,
    RoutingState,
)
from moderation.models import Decision, Item, Job, Policy, Queue, RoutingVersion, Strike
from moderation.routing import SECOND_OPINION

UNDO_WITHIN = timedelta(seconds=30)
LEASE = timedelta(minutes=10)
NEAR_POLLING_DAY = timedelta(days=2)
# Whose work it is to decide.
DECIDING_ROLES = frozenset({Role.MODERATOR, Role.SENIOR_MODERATOR, Role.POLICY_LEAD})
# The countries of the Union and the EEA, as the public database of statements spells them.
_EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
COUNTRIES = frozenset(_EEA.split())


def may_see_desk(user: User) -> Refusal | None:
    """Refuse the desk to those who do not work there."""
    return may(user, "moderation.see_item")


def may_see_queue(queue: Queue, *, by: User) -> Refusal | None:
    """Refuse a queue that is kept for other roles."""
    if refusal := may_see_desk(by):
        return refusal
    if not queue.is_visible_to(by):
        return Refusal(_("This queue is for other roles."), code="forbidden")
    return None


def may_take_from(queue: Queue, *, by: User) -> Refusal | None:
    """Refuse to take work to those who may not do it, here or anywhere."""
    return may(by, "moderation.take_job") or may_see_queue(queue, by=by)


def may_take(job: Job, *, by: User) -> Refusal | None:
    """Refuse to take a job that a colleague has or that is finished."""
    if refusal := may_take_from(job.queue, by=by):
        return refusal
    if job.state == JobState.TAKEN and job.taken_by_id == by.pk:
        return None
    return why_not_free(job, for_person=by)


def why_not_free(job: Job, *, for_person: User) -> Refusal | None:
    """Say why a job is not free for this person, whatever their role."""
    if job.state == JobState.TAKEN:
        return Refusal(_("%(name)s has taken this job.") % {"name": job.taken_by}, code="taken")
    if job.state != JobState.WAITING:
        return Refusal(_("This job has been decided."), code="decided")
    if job.assigned_to_id not in (None, for_person.pk):
        return Refusal(
            _("This job waits for %(name)s.") % {"name": job.assigned_to}, code="assigned"
        )
    if job.queue.independent and has_decided(job, by=for_person):
        return Refusal(
            _("You decided on this job before: somebody else looks at it now."), code="involved"
        )
    return None


def has_decided(job: Job, *, by: User) -> bool:
    """Say whether this person decided on the job, or on a colleague's decision on it."""
    return job.decisions.filter(
        Q(decided_by=by) | Q(undo__undone_by=by) | Q(confirmation__confirmed_by=by)
    ).exists()


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


def is_complete(action: Action, *, policy: Policy | None, reasoning: str) -> Refusal | None:
    """Refuse a decision that lacks what its reader is owed."""
    if action != Action.NO_ACTION and (policy is None or not reasoning.strip()):
        return Refusal(_("Choose a policy and write your reasoning."), code="incomplete")
    if policy is not None and policy.retired_at is not None:
        return Refusal(_("This version of the policy is no longer in force."), code="retired")
    if "\x00" in reasoning:
        return Refusal(_("The reasoning holds a character that cannot be kept."), code="invalid")
    return None


def may_be_limited(
    action: Action, *, ends_at: datetime | None, territories: Collection[str], at: datetime
) -> Refusal | None:
    """Refuse an end in time for what does not end by itself, and places that do not exist."""
    if ends_at is not None and action not in TIME_LIMITED:
        return Refusal(_("This action does not end by itself."), code="not_time_limited")
    if ends_at is not None and ends_at <= at:
        return Refusal(_("Choose an end that lies ahead."), code="ends_in_past")
    if unknown := sorted(set(territories) - COUNTRIES):
        return Refusal(
            _("Unknown country: %(codes)s.") % {"codes": ", ".join(unknown)}, code="territory"
        )
    return None


def may_release(job: Job, *, by: User) -> Refusal | None:
    """Refuse to put back a job that one does not have."""
    if job.state != JobState.TAKEN or job.taken_by_id != by.pk:
        return Refusal(_("You do not have this job."), code="not_taken")
    return None


def may_hand_over(job: Job, *, to: User, by: User) -> Refusal | None:
    """Refuse to hand a job to oneself, or to somebody who may not take it."""
    if refusal := may_release(job, by=by):
        return refusal
    if to.pk == by.pk:
        return Refusal(_("Choose a colleague."), code="self")
    return can_be_given(job, to=to)


def may_assign(job: Job, *, to: User | None, by: User) -> Refusal | None:
    """Refuse to give waiting work to a person by name, except to those who lead the work."""
    if refusal := may(by, "moderation.confirm_decision"):
        return refusal
    if job.state != JobState.WAITING:
        return Refusal(_("Only a job that waits can be given to somebody."), code="not_waiting")
    return can_be_given(job, to=to) if to is not None else None


def can_be_given(job: Job, *, to: User) -> Refusal | None:
    """Refuse when that person's roles do not allow the work."""
    if may_take_from(job.queue, by=to) or may(to, "moderation.decide_job"):
        return Refusal(_("%(name)s may not take this job.") % {"name": to}, code="not_allowed")
    if job.queue.independent and has_decided(job, by=to):
        return Refusal(_("%(name)s decided on this job before.") % {"name": to}, code="involved")
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
        return HoldReason.PROTECTED_ACCOUNT
    if action in ON_ACCOUNT:
        return HoldReason.ACCOUNT
    if action == Action.REMOVE and item.election is not None:
        first, last = item.election.first_day, item.election.last_day
        if first - NEAR_POLLING_DAY <= at.date() <= last:
            return HoldReason.NEAR_POLLING_DAY
    return ""


def may_restrain(user: User) -> Refusal | None:
    """Refuse steps against people who report to those who do not lead the work."""
    return may(user, "moderation.pause_reporter")


def may_lift(strike: Strike, *, by: User, at: datetime) -> Refusal | None:
    """Refuse to lift a strike that counts no more, or that rests on one's own decision."""
    if refusal := may(by, "moderation.confirm_decision"):
        return refusal
    if strike.lifted_at is not None or strike.expires_at <= at:
        return Refusal(_("This strike counts no more."), code="gone")
    if strike.decision.decided_by_id == by.pk:
        return Refusal(_("You gave it yourself: a colleague looks at it."), code="own")
    return None


def is_workable(
    slug: str, *, hidden: Collection[str], visible_to: Collection[str], independent: bool
) -> Refusal | None:
    """Refuse a queue in which nobody could decide, or a second opinion that would be no other."""
    if visible_to and not set(visible_to) & DECIDING_ROLES:
        return Refusal(_("Nobody who decides would see this queue."), code="unseen")
    if set(Action.values) <= set(hidden):
        return Refusal(_("Leave at least one action."), code="no_action_left")
    if slug == SECOND_OPINION and (
        not independent or not visible_to or Role.MODERATOR in visible_to
    ):
        return Refusal(
            _("A second opinion is a senior colleague's, who did not decide on the job before."),
            code="second_opinion",
        )
    return None


def may_write_routing(user: User) -> Refusal | None:
    """Refuse the routing rules to those who do not write them."""
    return may(user, "moderation.write_routing")


def may_shadow(version: RoutingVersion, *, by: User) -> Refusal | None:
    """Refuse to let a version run along by those who neither write nor deploy rules."""
    if may_write_routing(by) and (refusal := may(by, "moderation.deploy_routing")):
        return refusal
    return _may_become(version, RoutingState.SHADOW)


def may_deploy(version: RoutingVersion, *, by: User) -> Refusal | None:
    """Refuse to switch on rules that one wrote oneself, or that never ran along in the shadow."""
    if refusal := may(by, "moderation.deploy_routing"):
        return refusal
    if version.authored_by_id == by.pk:
        return Refusal(
            _("You wrote this version yourself; somebody else switches it on."), code="own"
        )
    if version.state == RoutingState.DRAFT or (
        version.state == RoutingState.RETIRED and version.deployed_at is None
    ):
        return Refusal(
            _("Let this version run along in the shadow first: then it is clear what it changes."),
            code="not_shadowed",
        )
    return _may_become(version, RoutingState.LIVE)


def may_retire(version: RoutingVersion, *, by: User) -> Refusal | None:
    """Refuse to retire the live version: another takes its place instead."""
    if may_write_routing(by) and (refusal := may(by, "moderation.deploy_routing")):
        return refusal
    if version.state == RoutingState.LIVE:
        return Refusal(
            _("Items are routed by this version: switch another on instead."), code="live"
        )
    return _may_become(version, RoutingState.RETIRED)


def _may_become(version: RoutingVersion, state: RoutingState) -> Refusal | None:
    if state in ROUTING_TRANSITIONS[RoutingState(version.state)]:
        return None
    return Refusal(
        _("This version is already: %(state)s.") % {"state": version.get_state_display().lower()},
        code="state",
    )
