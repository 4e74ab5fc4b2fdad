"""Changing the routing rules: write a version, let it run along, switch it on, go back.

A version is its content. Whoever wrote it does not switch it on, and what it changes can be seen
before it does.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation import routing, routing_checks, rules
from moderation.choices import OPEN_JOB_STATES, RoutingState
from moderation.models import Item, Job, Queue, Report, RoutingVersion, Signal
from moderation.queries import casework
from moderation.services import opening

# So many items are looked at again in one transaction once new rules are live.
_AT_ONCE = 200


@transaction.atomic
def write_version(*, content: Sequence[Any], note: str, by: User, at: datetime) -> RoutingVersion:
    """Keep a version of the rules as a draft; rules that cannot be used are refused, with why."""
    require(rules.may_write_routing(by))
    queues = frozenset(Queue.objects.values_list("slug", flat=True))
    if problems := routing_checks.problems_of(content, queues=queues):
        require(Refusal(" ".join(problems), code="invalid"))
    digest = routing.digest(content)
    known = RoutingVersion.objects.filter(digest=digest).first()
    if known is not None:
        require(
            Refusal(
                _("These very rules exist already as version %(digest)s (%(state)s).")
                % {"digest": digest[:8], "state": known.get_state_display()},
                code="known",
            )
        )
    version = RoutingVersion.objects.create(
        content=list(content),
        digest=digest,
        note=note.replace("\x00", "").strip()[:300],
        authored_by=by,
        authored_at=at,
    )
    _record("routing.written", version, by=by, at=at)
    return version


@transaction.atomic
def put_in_shadow(*, version: RoutingVersion, by: User, at: datetime) -> RoutingVersion:
    """Let a version run along: it routes nothing, and what it would have done is kept.

    Only one runs along at a time; the one before it goes back to rest.
    """
    version = _locked(version)
    require(rules.may_shadow(version, by=by))
    for other in RoutingVersion.objects.filter(state=RoutingState.SHADOW):
        _become(other, RoutingState.RETIRED, by=by, at=at)
    return _become(version, RoutingState.SHADOW, by=by, at=at)


@transaction.atomic
def deploy_version(*, version: RoutingVersion, by: User, at: datetime) -> RoutingVersion:
    """Switch a version on: from now on it routes; what waits is looked at again by a sweep."""
    version = _locked(version)
    require(rules.may_deploy(version, by=by))
    for other in RoutingVersion.objects.filter(state=RoutingState.LIVE):
        _become(other, RoutingState.RETIRED, by=by, at=at)
    version.deployed_by, version.deployed_at = by, at
    version.applied_after, version.applied_at = 0, None
    return _become(version, RoutingState.LIVE, by=by, at=at)


@transaction.atomic
def retire_version(*, version: RoutingVersion, by: User, at: datetime) -> RoutingVersion:
    """Put a draft, or the version that runs along, aside."""
    version = _locked(version)
    require(rules.may_retire(version, by=by))
    return _become(version, RoutingState.RETIRED, by=by, at=at)


def apply_live(*, at: datetime, batches: int = 20) -> int:
    """Look again, under rules that were just switched on, at what waits and at what was found.

    Goes through the items in order and remembers how far it came, so a crash costs one batch at
    most. Returns how many items were looked at.
    """
    looked = 0
    for _batch in range(batches):
        n = _apply_batch(at=at)
        looked += n
        if n < _AT_ONCE:
            break
    return looked


@transaction.atomic
def _apply_batch(*, at: datetime) -> int:
    live = (
        RoutingVersion.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(state=RoutingState.LIVE, applied_at=None, deployed_by__isnull=False)
        .first()
    )
    if live is None:
        return 0
    waiting = Job.objects.filter(item=OuterRef("pk"), state__in=OPEN_JOB_STATES)
    found = Signal.objects.filter(item=OuterRef("pk"), superseded_at=None)
    reported = Report.objects.filter(item=OuterRef("pk"), answered_at=None)
    pks = list(
        Item.objects.filter(
            Q(Exists(waiting)) | Q(Exists(found)) | Q(Exists(reported)), pk__gt=live.applied_after
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:_AT_ONCE]
    )
    opening.open_or_update_jobs(items=casework.items_to_route(pks, lock=True), at=at)
    if pks:
        live.applied_after = pks[-1]
    if len(pks) < _AT_ONCE:
        live.applied_at = at
    live.save(update_fields=["applied_after", "applied_at"])
    return len(pks)


def _locked(version: RoutingVersion) -> RoutingVersion:
    """Lock all versions in one order: two people who switch at once wait for each other."""
    rows = {
        row.pk: row for row in RoutingVersion.objects.select_for_update(no_key=True).order_by("pk")
    }
    return rows[version.pk]


def _become(
    version: RoutingVersion, state: RoutingState, *, by: User, at: datetime
) -> RoutingVersion:
    version.state = state
    version.retired_at = at if state == RoutingState.RETIRED else None
    version.save(
        update_fields=[
            "state", "retired_at", "deployed_by", "deployed_at", "applied_after", "applied_at",
        ]
    )  # fmt: skip
    verb = {
        RoutingState.SHADOW: "routing.shadowed",
        RoutingState.LIVE: "routing.deployed",
        RoutingState.RETIRED: "routing.retired",
    }[state]
    _record(verb, version, by=by, at=at)
    return version


def _record(verb: str, version: RoutingVersion, *, by: User, at: datetime) -> None:
    audit.record(
        verb=verb,
        subject_type="routing_version",
        subject_id=version.public_id,
        by=actor_of(by),
        at=at,
        data={"digest": version.digest},
    )
