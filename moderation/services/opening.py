"""Opening, re-ordering and closing jobs as signals, reports and traction change."""

from datetime import datetime

from django.db import IntegrityError, transaction

from integrity.audit import services as audit
from moderation import routing
from moderation.choices import JobState
from moderation.forecasting import Point, views_to_come
from moderation.models import Item, Job, Policy, Queue

# A waiting job's stored key is rewritten only when its harm moves by more than this share.
MATERIAL_CHANGE = 0.25


def forecast(item: Item, *, at: datetime) -> int:
    """Forecast an item's views to come from its last samples, and remember the answer."""
    samples = item.traction.order_by("-at").values_list("at", "views")[:24]
    coming = views_to_come([Point(*s) for s in reversed(samples)], at)
    if coming != item.views_to_come:
        item.views_to_come = coming
        item.save(update_fields=["views_to_come"])
    return coming


def find_route(item: Item, *, at: datetime) -> routing.Routing | None:
    """Ask routing about an item as it stands now."""
    return routing.route(
        signals=[
            routing.SignalSeen(s.verdict, s.score, s.topic)
            for s in item.signals.filter(superseded_at=None)
        ],
        reports=[
            routing.ReportSeen(r.source, r.received_at)
            for r in item.reports.filter(answered_at=None)
        ],
        views_to_come=forecast(item, at=at),
        severities={
            topic: policy.severity
            for policy in Policy.objects.filter(retired_at=None)
            for topic in policy.topics
        },
    )


@transaction.atomic
def open_or_update_job(*, item: Item, at: datetime) -> Job | None:
    """Make the open job of an item fit what is known now; open one, or close one nobody needs.

    A job that a person has in hand keeps its queue and its person; only its version and reasons
    follow. Called whenever signals or reports change, with the item's row locked.
    """
    job = item.jobs.open().select_for_update().first()
    route = None if item.deleted_at else find_route(item, at=at)
    if route is None:
        if job is not None and job.state == JobState.WAITING:
            _resolve(job, at=at, verb="job.closed")
        return None
    queue = Queue.objects.get(slug=route.queue)
    due_at = route.due_at or (at + queue.due_within if queue.due_within else None)
    version = item.versions.get(version=item.version)
    if job is None:
        job = _open(item, at=at, version=version, queue=queue, due_at=due_at, route=route)
    else:
        job.item_version = version
        job.reasons = list(route.reasons)
        job.harm = route.harm
        if due_at is not None and (job.due_at is None or due_at < job.due_at):
            job.due_at, job.urgent_at = due_at, due_at - job.queue.lead_time
        if job.state == JobState.WAITING and not job.moves.exists():
            job.queue = queue
        job.save()
    return job


def _open(
    item: Item,
    *,
    at: datetime,
    version: object,
    queue: Queue,
    due_at: datetime | None,
    route: routing.Routing,
) -> Job:
    try:
        with transaction.atomic():
            job = Job.objects.create(
                item=item,
                item_version=version,
                queue=queue,
                harm=route.harm,
                due_at=due_at,
                urgent_at=due_at - queue.lead_time if due_at else None,
                reasons=list(route.reasons),
                opened_at=at,
            )
    except IntegrityError:
        # Someone opened it between our look and our insert: the constraint keeps it one.
        return item.jobs.open().get()
    audit.record(
        verb="job.opened",
        subject_type="job",
        subject_id=job.public_id,
        by=audit.SYSTEM,
        at=at,
        data={"item": str(item.public_id), "queue": queue.slug},
    )
    return job


@transaction.atomic
def reprioritise(*, job: Job, at: datetime) -> None:
    """Rewrite a waiting job's key when the forecast moved it materially."""
    route = find_route(job.item, at=at)
    if route is None or abs(route.harm - job.harm) <= MATERIAL_CHANGE * max(job.harm, 1.0):
        return
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        harm=route.harm, reasons=list(route.reasons)
    )


def close_for_deletion(*, item: Item, at: datetime) -> None:
    """Close the open job of an item that its poster or the platform deleted."""
    for job in item.jobs.open().select_for_update():
        if job.state in (JobState.WAITING, JobState.TAKEN):
            _resolve(job, at=at, verb="job.closed")


def _resolve(job: Job, *, at: datetime, verb: str) -> None:
    job.state = JobState.RESOLVED
    job.resolved_at = at
    job.lease_until = None
    job.save(update_fields=["state", "resolved_at", "lease_until"])
    audit.record(
        verb=verb, subject_type="job", subject_id=job.public_id, by=audit.SYSTEM, at=at
    )
