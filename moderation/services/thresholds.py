"""Setting from which score on a contradiction asks for a person, and letting the queues follow."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from elections.models import Election
from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import require
from moderation import screening_rules as rules
from moderation.models import Job, Signal, Threshold
from moderation.queries.labelled import SOURCE
from moderation.services import findings, opening
from moderation.sweeping import BATCH, SETTLES, batch_by_batch


@transaction.atomic
def set_threshold(
    *, value: float, reason: str, by: User, at: datetime, election: Election | None = None
) -> Threshold:
    """Put a threshold in force, for one election or wherever no election has its own."""
    require(rules.may_set_threshold(value, by=by))
    require(rules.says_why(reason))
    # The election's row is what two people who do this at once wait for.
    if election is not None:
        Election.objects.select_for_update(no_key=True).get(pk=election.pk)
    old = (
        Threshold.objects.select_for_update().filter(election=election, superseded_at=None).first()
    )
    if old is not None:
        old.superseded_at = at
        old.save(update_fields=["superseded_at"])
    new = Threshold.objects.create(
        election=election, value=value, reason=reason.strip()[:300], set_by=by, set_at=at
    )
    audit.record(
        verb="threshold.set",
        subject_type="threshold",
        subject_id=new.public_id,
        by=actor_of(by),
        at=at,
        data={
            "election": election.slug if election else None,
            "value": value,
            "before": old.value if old else None,
            "reason": new.reason,
        },
    )
    return new


def follow_thresholds(*, now: Callable[[], datetime], batch: int = BATCH) -> int:
    """Look again at what a new threshold concerns; returns how many items were looked at."""
    return batch_by_batch(follow_one_batch, now=now, batch=batch)


@transaction.atomic
def follow_one_batch(*, at: datetime, batch: int = BATCH) -> int | None:
    """Open and close the jobs of the next items under the newest threshold; None when idle."""
    threshold = (
        Threshold.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(followed_at=None, set_at__lte=at - SETTLES)
        .order_by("set_at", "pk")
        .first()
    )
    if threshold is None:
        return None
    found = _concerned(threshold).filter(item__gt=threshold.after_item)
    # One that was replaced before it was followed leaves everything to its successor.
    pks = list(found[:batch]) if threshold.superseded_at is None else []
    if pks:
        items = list(findings.lock_items(pks).values())
        before = _open_jobs(pks)
        opening.open_or_update_jobs(items=items, at=at)
        after = _open_jobs(pks)
        threshold.opened += len(after - before)
        threshold.closed += len(before - after)
        threshold.after_item = pks[-1]
    if len(pks) < batch:
        threshold.followed_at = at
    threshold.save()
    return len(pks)


def _concerned(threshold: Threshold) -> QuerySet[Signal, int]:
    found = Signal.objects.filter(source=SOURCE, verdict="contradicts", superseded_at=None)
    if threshold.election_id is not None:
        found = found.filter(item__election=threshold.election_id)
    else:
        own = Threshold.objects.filter(superseded_at=None, election=OuterRef("item__election"))
        found = found.filter(Q(item__election=None) | ~Exists(own))
    return found.values_list("item", flat=True).order_by("item").distinct()


def _open_jobs(items: list[int]) -> set[int]:
    return set(Job.objects.open().filter(item__in=items).values_list("item", flat=True))
