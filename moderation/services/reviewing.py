"""Taking jobs: the next one, a named one; keeping, releasing, skipping and moving them."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation import rules
from moderation.choices import Action, JobState
from moderation.models import (
    Draft,
    HandOver,
    Job,
    JobMove,
    LabelKind,
    Policy,
    Presence,
    Queue,
    Skip,
)

# One statement, at most three looks: what waits for this person by name; then what is due within
# its queue's lead time, earliest due; then whatever prevents most harm per minute. COALESCE stops
# at the first look that finds a job, each walks its own partial index, and SKIP LOCKED steps over
# a job that is being taken this instant.
_FREE = """state = 'waiting' AND queue_id = %(queue)s AND assigned_to_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM moderation_skip s
                        WHERE s.job_id = j.id AND s.skipped_by_id = %(user)s)"""
# Where only people may look who did not decide on the job before.
_INDEPENDENT = """
       AND NOT EXISTS (SELECT 1 FROM moderation_decision d
                         LEFT JOIN moderation_undo u ON u.decision_id = d.id
                         LEFT JOIN moderation_confirmation c ON c.decision_id = d.id
                        WHERE d.job_id = j.id
                          AND %(user)s IN (d.decided_by_id, u.undone_by_id, c.confirmed_by_id))"""
_TAKE_NEXT = """
UPDATE moderation_job SET state = 'taken', taken_by_id = %(user)s, taken_at = %(at)s,
       lease_until = %(until)s, assigned_to_id = NULL
 WHERE id = COALESCE(
   (SELECT id FROM moderation_job j
     WHERE state = 'waiting' AND queue_id = %(queue)s AND assigned_to_id = %(user)s
     ORDER BY urgent_at, harm DESC, id FOR UPDATE SKIP LOCKED LIMIT 1),
   (SELECT id FROM moderation_job j
     WHERE {free} AND urgent_at <= %(at)s
     ORDER BY urgent_at, id FOR UPDATE SKIP LOCKED LIMIT 1),
   (SELECT id FROM moderation_job j
     WHERE {free}
     ORDER BY harm DESC, id FOR UPDATE SKIP LOCKED LIMIT 1))
RETURNING id
"""


def take_next_sql(*, independent: bool) -> str:
    """Return the one statement of `take_next`; the bench explains the very same text."""
    return _TAKE_NEXT.format(free=_FREE + _INDEPENDENT if independent else _FREE)


@transaction.atomic
def take_next(*, queue: Queue, by: User, at: datetime) -> Job | None:
    """Take the first job of the queue in the house's order; None when nothing waits."""
    require(rules.may_take_from(queue, by=by))
    with connection.cursor() as cursor:
        cursor.execute(
            take_next_sql(independent=queue.independent),
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
    require(rules.may_take(_fresh(job), by=by))
    free = Q(state=JobState.WAITING) & (Q(assigned_to=None) | Q(assigned_to=by))
    taken = Job.objects.filter(free | Q(state=JobState.TAKEN, taken_by=by), pk=job.pk).update(
        state=JobState.TAKEN,
        taken_by=by,
        taken_at=at,
        lease_until=at + rules.LEASE,
        assigned_to=None,
    )
    job = _fresh(job)
    if not taken:
        require(rules.may_take(job, by=by) or Refusal(_("This job is not free."), code="taken"))
    _record("job.taken", job, by=by, at=at)
    return job


@transaction.atomic
def extend_lease(*, job: Job, by: User, at: datetime) -> Job:
    """Give the person who has the job a fresh lease; one that ran out unnoticed counts as kept."""
    kept = Job.objects.filter(pk=job.pk, state=JobState.TAKEN, taken_by=by).update(
        lease_until=at + rules.LEASE
    )
    job = _fresh(job)
    if not kept:
        require(rules.may_release(job, by=by))
    return job


@transaction.atomic
def note_presence(*, job: Job, by: User, at: datetime) -> None:
    """Note that somebody has the job's page open, and keep their lease if the job is theirs."""
    require(rules.may_see_queue(job.queue, by=by))
    Presence.objects.update_or_create(job=job, person=by, defaults={"seen_at": at})
    Job.objects.filter(pk=job.pk, state=JobState.TAKEN, taken_by=by).update(
        lease_until=at + rules.LEASE
    )


def leave(*, job: Job, by: User) -> None:
    """Note that somebody closed the job's page."""
    Presence.objects.filter(job=job, person=by).delete()


@transaction.atomic
def release_job(*, job: Job, by: User, at: datetime) -> Job:
    """Put a job back in its queue."""
    job = _locked(job)
    require(rules.may_release(job, by=by))
    _put_back(job)
    _record("job.released", job, by=by, at=at)
    return job


@transaction.atomic
def skip_job(*, job: Job, reason: str, by: User, at: datetime) -> Job:
    """Leave a job to others, saying why; `take_next` does not offer it to this person again."""
    job = _locked(job)
    require(rules.may_release(job, by=by))
    reason = _said(reason, limit=300)
    Skip.objects.update_or_create(
        job=job, skipped_by=by, defaults={"skipped_at": at, "reason": reason}
    )
    _put_back(job)
    _record("job.skipped", job, by=by, at=at, data={"reason": reason})
    return job


@transaction.atomic
def move_job(*, job: Job, to: Queue, reason: str, by: User, at: datetime) -> JobMove:
    """Send a job to another queue, where somebody else decides; the job stays open."""
    job = _locked(job)
    require(rules.may_release(job, by=by))
    return move(job, to=to, reason=_said(reason, limit=300), by=by, at=at)


def move(job: Job, *, to: Queue, reason: str, by: User, at: datetime) -> JobMove:
    """Write the move of a locked job and put it back; whoever calls has asked the rules."""
    if to.pk == job.queue_id:
        require(Refusal(_("The job is in this queue already."), code="same_queue"))
    moved = JobMove.objects.create(
        job=job, from_queue=job.queue, to_queue=to, moved_by=by, moved_at=at, reason=reason
    )
    job.queue = to
    if job.due_at is None and to.due_within is not None:
        job.due_at = at + to.due_within
    if job.due_at is not None:
        job.urgent_at = job.due_at - to.lead_time
    _put_back(job)
    _record("job.moved", job, by=by, at=at, data={"to": to.slug})
    return moved


@transaction.atomic
def hand_over(*, job: Job, to: User, note: str, by: User, at: datetime) -> HandOver:
    """Give the job in hand to a colleague by name, with a note; it waits for them alone."""
    job = _locked(job)
    require(rules.may_hand_over(job, to=to, by=by))
    written = HandOver.objects.create(
        job=job, from_person=by, to_person=to, note=_said(note, limit=1000), at=at
    )
    _put_back(job, assigned_to=to)
    _record("job.handed_over", job, by=by, at=at, data={"to": str(to.public_id)})
    return written


@transaction.atomic
def assign_job(*, job: Job, to: User | None, by: User, at: datetime) -> Job:
    """Let a waiting job wait for one person, or with nobody named for anybody again."""
    job = _locked(job)
    require(rules.may_assign(job, to=to, by=by))
    job.assigned_to = to
    job.save(update_fields=["assigned_to"])
    _record("job.assigned", job, by=by, at=at, data={"to": str(to.public_id) if to else None})
    return job


@transaction.atomic
def release_lapsed(*, at: datetime, limit: int = 500) -> int:
    """Put back jobs whose person has not been heard of; returns how many."""
    lapsed = Job.objects.lapsed(at=at).select_for_update(skip_locked=True).order_by("pk")[:limit]
    for job in lapsed:
        _put_back(job)
        _record("job.lapsed", job, by=None, at=at)
    return len(lapsed)


@transaction.atomic
def save_draft(
    *,
    job: Job,
    by: User,
    at: datetime,
    action: Action | None = None,
    policy: Policy | None = None,
    label_kind: LabelKind | None = None,
    reasoning: str = "",
    private_notes: str = "",
    ends_on: date | None = None,
    territories: str = "",
) -> Draft:
    """Keep what somebody has filled in so far; the decision sweeps it away."""
    require(rules.may_release(job, by=by))
    draft, _created = Draft.objects.update_or_create(
        job=job,
        person=by,
        defaults={
            "action": action or "",
            "policy": policy,
            "label_kind": label_kind,
            "reasoning": reasoning.replace("\x00", ""),
            "private_notes": private_notes.replace("\x00", ""),
            "ends_on": ends_on,
            "territories": territories.replace("\x00", "")[:200],
            "saved_at": at,
        },
    )
    return draft


def _said(words: str, *, limit: int) -> str:
    words = words.replace("\x00", "").strip()
    if not words:
        require(Refusal(_("Say why: a colleague reads it."), code="reason_missing"))
    return words[:limit]


def _fresh(job: Job) -> Job:
    return _with_people().get(pk=job.pk)


def _locked(job: Job) -> Job:
    # Locked first, read after: a row that changed while we waited joins what it named before.
    Job.objects.select_for_update().only("pk").get(pk=job.pk)
    return _fresh(job)


def _with_people() -> QuerySet[Job]:
    return Job.objects.select_related("queue", "taken_by", "assigned_to", "item")


def _put_back(job: Job, *, assigned_to: User | None = None) -> None:
    job.state = JobState.WAITING
    job.taken_by = job.taken_at = job.lease_until = None
    job.assigned_to = assigned_to
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
