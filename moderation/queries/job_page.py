"""Everything that the page of one job shows, gathered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from integrity.people.models import User
from moderation.models import (
    Actor,
    Decision,
    Draft,
    HandOver,
    Item,
    ItemVersion,
    Job,
    JobMove,
    Label,
    LabelKind,
    Media,
    Policy,
    Presence,
    Proposition,
    Queue,
    Report,
    SavedReply,
    Signal,
    Skip,
    StatementOfReasons,
    Strike,
)
from moderation.queries import casework, desk

# Somebody whose page has not been heard of for this long is not looking any more.
LOOKING = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class ActorHistory:
    """What the house knows of an account from its own decisions. Never what it believes in."""

    actor: Actor
    items: int
    decisions: int
    restricting: int
    recent: list[Decision]
    strikes: list[Strike]
    strike_total: int


@dataclass(frozen=True, slots=True)
class JobPage:
    """One job with its item, evidence, history and what the person can choose from."""

    job: Job
    item: Item
    version: ItemVersion
    versions: list[ItemVersion]
    media: list[Media]
    signals: list[Signal]
    propositions: list[Proposition]
    points: Sequence[tuple[datetime, int]]
    reports: list[Report]
    history: ActorHistory
    moves: list[JobMove]
    hand_overs: list[HandOver]
    skips: list[Skip]
    decisions: list[Decision]
    labels: list[Label]
    looking: list[Presence]
    draft: Draft | None
    policies: list[Policy]
    label_kinds: list[LabelKind]
    replies: list[SavedReply]
    queues: list[Queue]

    @property
    def top(self) -> Signal | None:
        """The signal that stands out most."""
        return self.signals[0] if self.signals else None

    @property
    def edited_since_seen(self) -> bool:
        """Whether the item has a newer version than the one the job was opened for."""
        return self.item.version != self.job.item_version.version


def find_job(user: User, public_id: UUID | str) -> Job | None:
    """Fetch a job that this user may see; None otherwise, so that nobody learns it exists."""
    job = (
        Job.objects.select_related(
            "item",
            "item__actor",
            "item__election",
            "item__place",
            "item_version",
            "queue",
            "taken_by",
            "assigned_to",
            "routed_by",
            "item__decision_in_force",
        )
        .filter(public_id=public_id)
        .first()
    )
    return job if job is not None and job.queue.is_visible_to(user) else None


def job_page(job: Job, *, user: User, at: datetime) -> JobPage:
    """Gather the page of a job that `find_job` gave."""
    item = job.item
    versions = list(item.versions.order_by("-version"))
    signals = sorted(
        item.signals.filter(superseded_at=None).select_related(
            "fact", "fact__place", "incident", "proposition", "item_version"
        ),
        key=lambda s: (desk.weight(s), -s.pk),
        reverse=True,
    )
    return JobPage(
        job=job,
        item=item,
        version=next(v for v in versions if v.version == item.version),
        versions=versions,
        media=list(item.media.order_by("n", "-received_at")),
        signals=signals,
        propositions=list(
            Proposition.objects.filter(item_version__item=item, item_version__version=item.version)
            .select_related("election", "place")
            .order_by("field", "span_start")
        ),
        points=casework.traction_curves([item.pk], samples=200).get(item.pk, []),
        reports=list(item.reports.select_related("item_version").order_by("-received_at")),
        history=actor_history(item.actor, at=at),
        moves=list(
            job.moves.select_related("from_queue", "to_queue", "moved_by").order_by("moved_at")
        ),
        hand_overs=list(job.hand_overs.select_related("from_person", "to_person").order_by("at")),
        skips=list(job.skips.select_related("skipped_by").order_by("skipped_at")),
        decisions=decisions_on(item),
        labels=list(item.labels.filter(ended_at=None)),
        looking=looking_along(job, user=user, at=at),
        draft=Draft.objects.filter(job=job, person=user).select_related("policy").first(),
        policies=policies_for(job),
        label_kinds=list(LabelKind.objects.filter(retired_at=None).order_by("position", "slug")),
        replies=list(SavedReply.objects.order_by("position", "slug")),
        queues=desk.visible_queues(user),
    )


def decisions_on(item: Item) -> list[Decision]:
    """Return every decision on an item, newest first, with what became of it."""
    return list(
        Decision.objects.filter(item=item)
        .select_related(
            "policy",
            "decided_by",
            "undo",
            "undo__undone_by",
            "confirmation",
            "confirmation__confirmed_by",
            "item_version",
            "statement",
            "job",
            "ending",
        )
        .order_by("-decided_at", "-pk")
    )


def actor_history(actor: Actor, *, at: datetime, size: int = 10) -> ActorHistory:
    """Count and list what was decided about an account's items."""
    carried_out = Decision.objects.filter(item__actor=actor, carried_out_at__isnull=False)
    counts = carried_out.aggregate(
        all=Count("pk"), restricting=Count("pk", filter=Q(statement__isnull=False))
    )
    strikes = list(actor.strikes.select_related("decision__policy").order_by("-given_at"))
    return ActorHistory(
        actor=actor,
        items=actor.items.count(),
        decisions=counts["all"],
        restricting=counts["restricting"],
        recent=list(
            carried_out.select_related("item", "policy", "item_version").order_by(
                "-carried_out_at"
            )[:size]
        ),
        strikes=strikes,
        strike_total=sum(
            s.weight for s in strikes if s.lifted_at is None and s.given_at <= at < s.expires_at
        ),
    )


def actor_timeline(actor: Actor, *, after: str = "", size: int = 50) -> tuple[list[Decision], str]:
    """Return a page of what was decided about an account's items, newest first, and its cursor."""
    rows = Decision.objects.filter(item__actor=actor, carried_out_at__isnull=False)
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    page = list(
        rows.select_related("item", "policy", "item_version", "decided_by", "ending").order_by(
            "-pk"
        )[: size + 1]
    )
    return page[:size], str(page[size - 1].pk) if len(page) > size else ""


def looking_along(job: Job, *, user: User, at: datetime) -> list[Presence]:
    """Return the colleagues who have this job's page open now."""
    return list(
        job.presences.filter(seen_at__gte=at - LOOKING)
        .exclude(person=user)
        .select_related("person")
        .order_by("seen_at")
    )


def colleagues_for(job: Job, *, user: User) -> list[User]:
    """Return the colleagues who may take jobs of this queue, by alias."""
    may_take = Q(groups__permissions__codename="take_job") & Q(
        groups__permissions__content_type__app_label="moderation"
    )
    found = User.objects.filter(may_take, is_active=True).exclude(pk=user.pk).distinct()
    people = found.prefetch_related("groups").order_by("alias", "pk")[:200]
    return [person for person in people if job.queue.is_visible_to(person)]


def policies_for(job: Job) -> list[Policy]:
    """Return the policies in force, the queue's recommended ones first."""
    recommended = {slug: n for n, slug in enumerate(job.queue.recommended_policies)}
    return sorted(
        Policy.objects.filter(retired_at=None),
        key=lambda p: (recommended.get(p.slug, len(recommended)), -p.severity, p.code),
    )


def find_decision(user: User, public_id: UUID | str) -> Decision | None:
    """Fetch a decision in a queue that this user may see; None otherwise."""
    decision = (
        Decision.objects.select_related(
            "job__queue",
            "item__actor",
            "item__election",
            "item_version",
            "policy",
            "decided_by",
            "undo",
            "confirmation",
            "signal__fact",
        )
        .filter(public_id=public_id)
        .first()
    )
    if decision is None or not decision.job.queue.is_visible_to(user):
        return None
    return decision


def find_statement(public_id: UUID | str) -> StatementOfReasons | None:
    """Fetch a statement of reasons with what it is about."""
    return (
        StatementOfReasons.objects.select_related(
            "decision__item__actor", "decision__policy", "decision__item_version"
        )
        .filter(public_id=public_id)
        .first()
    )
