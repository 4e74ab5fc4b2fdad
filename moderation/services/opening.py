"""Opening, re-ordering and closing jobs as signals, reports and traction change."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from integrity.audit import services as audit
from moderation import routing
from moderation.choices import JobState, RoutingState
from moderation.models import (
    Item,
    ItemVersion,
    Job,
    Queue,
    RoutingVersion,
    ShadowRouting,
)
from moderation.models.screening import LabelEnd
from moderation.queries import casework
from moderation.services import informing
from moderation.services.gathering import gather_inputs

# A waiting job's stored key is rewritten only when its harm moves by more than this share.
MATERIAL_CHANGE = 0.25
REROUTED = [
    "item_version",
    "reasons",
    "harm",
    "inputs",
    "routed_by",
    "routed_at",
    "queue",
    "due_at",
    "urgent_at",
]


def rules_in_use() -> dict[str, RoutingVersion]:
    """Return the live version of the rules, and the shadow version where one runs along."""
    return {
        version.state: version
        for version in RoutingVersion.objects.filter(
            state__in=[RoutingState.LIVE, RoutingState.SHADOW]
        )
    }


@transaction.atomic
def open_or_update_jobs(*, items: Iterable[Item], at: datetime) -> dict[int, Job | None]:
    """Make the open job of each item fit what is known now; open one, or close one nobody needs.

    A job that a person has in hand keeps its queue and its person; one already decided is left
    alone, and its item is looked at again once the decision is carried out. Call it with the
    items' rows locked and related rows joined (`casework.items_to_route`).
    """
    items = list(items)
    versions = rules_in_use()
    live, shadow = versions.get(RoutingState.LIVE), versions.get(RoutingState.SHADOW)
    jobs = {
        job.item_id: job
        for job in Job.objects.open()
        .filter(item__in=items)
        .select_for_update()
        .prefetch_related("queue")
        .order_by("pk")
    }
    moved = set(
        Job.objects.filter(pk__in=[j.pk for j in jobs.values()], moves__isnull=False).values_list(
            "pk", flat=True
        )
    )
    queues = {queue.slug: queue for queue in Queue.objects.all()}
    current = casework.current_versions(items)
    by_pk = {item.pk: item for item in items}
    fresh: list[Job] = []
    kept: list[Job] = []
    gone: list[Job] = []
    results: dict[int, Job | None] = {}
    for pk, inputs in gather_inputs(items, at=at).items():
        item = by_pk[pk]
        route = None
        if item.deleted_at is None:
            route = routing.route(
                inputs, rules=live.content if live else routing.FIRST_RULES, at=at
            )
        if shadow is not None and item.deleted_at is None:
            _remember_shadow(item, shadow, inputs, live, route, at=at)
        job = jobs.get(pk)
        if route is None:
            if job is not None and job.state == JobState.WAITING and job.pk not in moved:
                # That nobody needs to look is a routing too: it can be made again.
                job.inputs, job.routed_by, job.routed_at = inputs.as_json(), live, at
                gone.append(job)
            results[pk] = None
        elif job is None:
            queue = queues[route.queue]
            fresh.append(
                _new(item, current[pk], queue, route=route, inputs=inputs, live=live, at=at)
            )
        else:
            stays = job.pk in moved or job.queue.slug == routing.PRIORITY_HELP
            to = None if stays else queues[route.queue]
            if _reroute(job, current[pk], to, route=route, inputs=inputs, live=live, at=at):
                kept.append(job)
            results[pk] = job
    results |= {job.item_id: job for job in _open_all(fresh, at=at)}
    Job.objects.bulk_update(kept, REROUTED)
    # One statement for what is the same in all of them, one for what differs.
    Job.objects.filter(pk__in=[job.pk for job in gone]).update(routed_by=live, routed_at=at)
    Job.objects.bulk_update(gone, ["inputs"])
    _close_all(gone, at=at)
    return results


def open_or_update_job(*, item: Item, at: datetime) -> Job | None:
    """Make the open job of one item fit what is known now; its row is locked here."""
    with transaction.atomic():
        locked = casework.items_to_route([item.pk], lock=True)
        return open_or_update_jobs(items=locked, at=at)[item.pk]


def open_beside(*, item: Item, like: Job, at: datetime) -> Job:
    """Open a job for an item near-identical to one that a person is deciding, in the same queue."""
    inputs = gather_inputs([item], at=at)[item.pk]
    route = routing.Routing(
        queue=like.queue.slug,
        harm=0.0,
        due_at=None,
        rule="",
        reasons=({"kind": "near_identical", "value": str(like.public_id)},),
    )
    version = casework.current_versions([item])[item.pk]
    job = _new(item, version, like.queue, route=route, inputs=inputs, live=like.routed_by, at=at)
    return _open_all([job], at=at)[0]


@transaction.atomic
def put_first(*, item: Item, due_at: datetime, reason: str, at: datetime) -> Job:
    """Have an item looked at by a moment, in the queue for calls for help.

    A job that somebody has in hand stays with them and gets the earlier due time.
    """
    queue = Queue.objects.get(slug=routing.PRIORITY_HELP)
    said: dict[str, object] = {"kind": "help", "value": reason}
    job = item.jobs.open().select_for_update(of=("self",)).select_related("queue").first()
    if job is None:
        route = routing.Routing(queue=queue.slug, harm=0.0, due_at=due_at, reasons=(said,))
        version = casework.current_versions([item])[item.pk]
        inputs = gather_inputs([item], at=at)[item.pk]
        job = _new(item, version, queue, route=route, inputs=inputs, live=None, at=at)
        return _open_all([job], at=at)[0]
    if job.state == JobState.WAITING:
        job.queue, job.reasons = queue, [said, *job.reasons]
    if job.due_at is None or due_at < job.due_at:
        job.due_at = due_at
    job.urgent_at = job.due_at - job.queue.lead_time
    job.save(update_fields=["queue", "reasons", "due_at", "urgent_at"])
    return job


def _due_at(queue: Queue, route: routing.Routing, at: datetime) -> datetime | None:
    moments = [route.due_at] if route.due_at else []
    if queue.due_within:
        moments.append(at + queue.due_within)
    return min(moments, default=None)


def _new(
    item: Item,
    version: ItemVersion,
    queue: Queue,
    *,
    route: routing.Routing,
    inputs: routing.Inputs,
    live: RoutingVersion | None,
    at: datetime,
) -> Job:
    due_at = _due_at(queue, route, at)
    return Job(
        item=item,
        item_version=version,
        queue=queue,
        harm=route.harm,
        due_at=due_at,
        urgent_at=due_at - queue.lead_time if due_at else None,
        reasons=list(route.reasons),
        inputs=inputs.as_json(),
        routed_by=live,
        routed_at=at,
        opened_at=at,
    )


def _open_all(jobs: list[Job], *, at: datetime) -> list[Job]:
    """Write new jobs together; where somebody was quicker, theirs is the job."""
    try:
        with transaction.atomic():
            opened = Job.objects.bulk_create(jobs)
            _record("job.opened", opened, at=at)
            return opened
    except IntegrityError:
        # Someone opened it between our look and our insert: the constraint keeps it one.
        if len(jobs) == 1:
            return [jobs[0].item.jobs.open().get()]
        return [opened for job in jobs for opened in _open_all([job], at=at)]


def _close_all(jobs: list[Job], *, at: datetime) -> None:
    for job in jobs:
        job.state, job.resolved_at, job.lease_until = JobState.RESOLVED, at, None
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        state=JobState.RESOLVED, resolved_at=at, lease_until=None
    )
    audit.record_many(
        verb="job.closed",
        subject_type="job",
        by=audit.SYSTEM,
        at=at,
        subjects={str(job.public_id): {} for job in jobs},
    )


def _record(verb: str, jobs: list[Job], *, at: datetime) -> None:
    audit.record_many(
        verb=verb,
        subject_type="job",
        by=audit.SYSTEM,
        at=at,
        subjects={
            str(job.public_id): {
                "item": str(job.item.public_id),
                "queue": job.queue.slug,
                "rule": next((str(r["value"]) for r in job.reasons if r["kind"] == "rule"), ""),
            }
            for job in jobs
        },
    )


def _reroute(
    job: Job,
    version: ItemVersion,
    queue: Queue | None,
    *,
    route: routing.Routing,
    inputs: routing.Inputs,
    live: RoutingVersion | None,
    at: datetime,
) -> bool:
    """Give an open job its new place, unsaved; False when nothing about it may change now."""
    if job.state not in (JobState.WAITING, JobState.TAKEN):
        return False
    job.item_version = version
    job.reasons = list(route.reasons)
    job.harm = route.harm
    job.inputs = inputs.as_json()
    job.routed_by = live
    job.routed_at = at
    if job.state == JobState.WAITING and queue is not None:
        job.queue = queue
    due_at = _due_at(job.queue, route, at)
    if due_at is not None and (job.due_at is None or due_at < job.due_at):
        job.due_at = due_at
    if job.due_at is not None:
        job.urgent_at = job.due_at - job.queue.lead_time
    return True


def _remember_shadow(
    item: Item,
    shadow: RoutingVersion,
    inputs: routing.Inputs,
    live: RoutingVersion | None,
    route: routing.Routing | None,
    *,
    at: datetime,
) -> None:
    other = routing.route(inputs, rules=shadow.content, at=at)
    seen = {
        "live_version": live,
        "live_queue": route.queue if route else "",
        "live_harm": route.harm if route else 0.0,
        "shadow_queue": other.queue if other else "",
        "shadow_harm": other.harm if other else 0.0,
        "inputs": inputs.as_json(),
        "at": at,
    }
    # What was answered leaves both queues; the comparison keeps where each had put it.
    if route is None and other is None:
        ShadowRouting.objects.get_or_create(item=item, version=shadow, defaults=seen)
    else:
        ShadowRouting.objects.update_or_create(item=item, version=shadow, defaults=seen)


@transaction.atomic
def follow_traction(*, items: Iterable[Item], at: datetime) -> None:
    """Let new view counts count: rewrite keys that moved materially, open what now travels.

    An item without a job is looked at again only if something was found or reported about it.
    """
    items = list(items)
    waiting = {
        job.item_id: job
        for job in Job.objects.open().filter(item__in=items).select_related("queue")
    }
    live = rules_in_use().get(RoutingState.LIVE)
    rules = live.content if live else routing.FIRST_RULES
    to_open = []
    for item, inputs in zip(items, gather_inputs(items, at=at).values(), strict=True):
        job = waiting.get(item.pk)
        if item.deleted_at is not None or (
            job is None and not inputs.signals and not inputs.reports
        ):
            continue
        route = routing.route(inputs, rules=rules, at=at)
        if job is None:
            if route is not None:
                to_open.append(item)
        elif (
            route is not None
            and job.state == JobState.WAITING
            and abs(route.harm - job.harm) > MATERIAL_CHANGE * max(job.harm, 1.0)
        ):
            Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
                harm=route.harm,
                reasons=list(route.reasons),
                inputs=inputs.as_json(),
                routed_by=live,
                routed_at=at,
            )
    if to_open:
        open_or_update_jobs(items=to_open, at=at)


@transaction.atomic
def refresh_waiting(*, at: datetime, limit: int = 500) -> int:
    """Forecast again for the jobs that stand first in each queue; returns how many were looked at.

    Views fade without a word from the platform, so what once travelled must sink by itself.
    """
    first = [
        pk
        for queue in Queue.objects.all()
        for pk in Job.objects.waiting()
        .filter(queue=queue, harm__gt=0)
        .order_by(F("harm").desc(), "pk")
        .values_list("item_id", flat=True)[: max(1, limit // 10)]
    ]
    items = casework.items_to_route(first[:limit], lock=True)
    follow_traction(items=items, at=at)
    return len(items)


def close_for_deletion(*, item: Item, at: datetime) -> None:
    """Close the open job of an item that its poster or the platform deleted; no label stays."""
    jobs = item.jobs.open().select_for_update()
    _close_all([job for job in jobs if job.state in (JobState.WAITING, JobState.TAKEN)], at=at)
    informing.end_labels(items=[item], because=LabelEnd.DELETED, at=at)
