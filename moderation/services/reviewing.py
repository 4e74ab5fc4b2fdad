"""Taking jobs: the next one, a named one; keeping, releasing and moving them."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.rules import may
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation import rules
from moderation.choices import JobState
from moderation.models import Job, JobMove, Queue

# Two bands, one statement: first what is due within its queue's lead time, earliest due; then
# whatever prevents most harm per minute. COALESCE stops at the first band that has a job, each
# band walks its own partial index, and SKIP LOCKED steps over a job being taken this instant.
_TAKE_NEXT = """
UPDATE moderation_job SET state = 'taken', taken_by_id = %(user)s, taken_at = %(at)s,
       lease_until = %(until)s
 WHERE id = COALESCE(
   (SELECT id FROM moderation_job
     WHERE state = 'waiting' AND queue_id = %(queue)s AND urgent_at <= %(at)s
     ORDER BY urgent_at, id FOR UPDATE SKIP LOCKED LIMIT 1),
   (SELECT id FROM moderation_job
     WHERE state = 'waiting' AND queue_id = %(queue)s
     ORDER BY harm DESC, id FOR UPDATE SKIP LOCKED LIMIT 1))
RETURNING id
"""


@transaction.atomic
def take_next(*, queue: Queue, by: User, at: datetime) -> Job | None:
    """Take the first job of the queue in the house's order; None when nothing waits."""
    require(may(by, "moderation.take_job"))
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_NEXT,
            {"user": by.pk, "at": at, "until": at + rules.LEASE, "queue": queue.pk},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job = Job.objects.select_related("item", "queue", "taken_by").get(pk=row[0])
    _record("job.taken", job, by=by, at=at)
    return job


@transaction.atomic
def take_job(*, job: Job, by: User, at: datetime) -> Job:
    """Take this very job; whoever is slower reads who was quicker."""
    require(rules.may_take(job, by=by))
    mine_or_free = Q(state=JobState.WAITING) | Q(state=JobState.TAKEN, taken_by=by)
    taken = Job.objects.filter(mine_or_free, pk=job.pk).update(
        state=JobState.TAKEN, taken_by=by, taken_at=at, lease_until=at + rules.LEASE
    )
    job.refresh_from_db()
    if not taken:
        require(rules.may_take(job, by=by) or Refusal("This job is not free.", code="taken"))
    _record("job.taken", job, by=by, at=at)
    return job


@transaction.atomic
def extend_lease(*, job: Job, by: User, at: datetime) -> Job:
    """Give the person who has the job a fresh lease."""
    require(rules.may_release(job, by=by))
    kept = Job.objects.filter(pk=job.pk, state=JobState.TAKEN, taken_by=by).update(
        lease_until=at + rules.LEASE
    )
    job.refresh_from_db()
    if not kept:
        require(rules.may_release(job, by=by))
    return job


@transaction.atomic
def release_job(*, job: Job, by: User, at: datetime) -> Job:
    """Put a job back in its queue."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    require(rules.may_release(job, by=by))
    _put_back(job)
    _record("job.released", job, by=by, at=at)
    return job


@transaction.atomic
def move_job(*, job: Job, to: Queue, reason: str, by: User, at: datetime) -> JobMove:
    """Send a job to another queue, where somebody else decides; the job stays open."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    require(rules.may_release(job, by=by))
    if to.pk == job.queue_id:
        require(Refusal("The job is in this queue already.", code="same_queue"))
    if not reason.strip():
        require(Refusal("Say why you move the job: a colleague reads it.", code="reason_missing"))
    move = JobMove.objects.create(
        job=job, from_queue=job.queue, to_queue=to, moved_by=by, moved_at=at, reason=reason[:300]
    )
    job.queue = to
    if job.due_at is not None:
        job.urgent_at = job.due_at - to.lead_time
    _put_back(job)
    _record("job.moved", job, by=by, at=at, data={"to": to.slug})
    return move


@transaction.atomic
def release_lapsed(*, at: datetime, limit: int = 500) -> int:
    """Put back jobs whose person has not been heard of; returns how many."""
    lapsed = Job.objects.lapsed(at=at).select_for_update(skip_locked=True).order_by("pk")[:limit]
    for job in lapsed:
        _put_back(job)
        _record("job.lapsed", job, by=None, at=at)
    return len(lapsed)


def _put_back(job: Job) -> None:
    job.state = JobState.WAITING
    job.taken_by = job.taken_at = job.lease_until = None
    job.save()


def _record(
    verb: str, job: Job, *, by: User | None, at: datetime, data: dict | None = None
) -> None:
    audit.record(
        verb=verb,
        subject_type="job",
        subject_id=job.public_id,
        by=actor_of(by),
        at=at,
        data=data or {},
    )
