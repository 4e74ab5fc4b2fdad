"""Everything that the page of one job shows, gathered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from factcheck import queries as claims
from factcheck.models import Assignment, Partner
from integrity.people.models import User
from moderation.choices import Field
from moderation.models import (
    Actor,
    Appearance,
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
    MediaDefaults,
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
from moderation.queries import casework, desk, known_claims, misuse
from moderation.queries.misuse import Reached, ReporterCount

# So much of what can be endless stands on a job's page; the rest is a page away.
REPORTS = 20
MEDIA = 20
REPORTER_DAYS = 90
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
    media_defaults: MediaDefaults
    signals: list[Signal]
    propositions: list[Proposition]
    points: Sequence[tuple[datetime, int]]
    reports: list[Report]
    report_count: int
    unanswered: int
    reporters: dict[str, ReporterCount]
    misuse: list[Reached]
    assignments: list[Assignment]
    claims: list[Appearance]
    partners: list[Partner]
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

    def place_of(self, sentence: str) -> tuple[str, tuple[int, int] | None]:
        """Say in which text a sentence stands and where; the first text as a whole if in none."""
        texts = self.version.texts()
        for field, text in texts.items():
            start = text.find(sentence)
            if start >= 0:
                return field, (start, start + len(sentence))
        return next(iter(texts), Field.TEXT), None

    @property
    def edited_since_seen(self) -> bool:
        """Whether the item has a newer version than the one the job was opened for."""
        return self.item.version != self.job.item_version.version


def find_job(user: User, public_id: UUID | str) -> Job | None:
    """Fetch a job that this user may see; None otherwise, so that nobody learns it exists."""
    # Few joins on purpose: with ten, PostgreSQL plans for longer than it then reads.
    near = Job.objects.select_related("item__actor", "item_version", "queue", "taken_by")
    job = near.filter(public_id=public_id).first()
    return job if job is not None and job.queue.is_visible_to(user) else None


def job_page(job: Job, *, user: User, at: datetime) -> JobPage:
    """Gather the page of a job that `find_job` gave."""
    item, actor = job.item, job.item.actor
    queues = desk.visible_queues(user)
    reports, counts = reports_page(item), report_counts(item)
    versions = list(item.versions.order_by("-version"))
    version = next(v for v in versions if v.version == item.version)
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
        version=version,
        versions=versions,
        media=list(item.media.order_by("n", "-received_at")[:MEDIA]),
        media_defaults=media_defaults(user),
        signals=signals,
        propositions=list(
            Proposition.objects.filter(item_version__item=item, item_version__version=item.version)
            .select_related("election", "place")
            .order_by("field", "span_start")
        ),
        points=casework.traction_curves([item.pk], samples=200).get(item.pk, []),
        reports=reports,
        report_count=counts["all"],
        unanswered=counts["unanswered"],
        reporters=_reporters(reports, at=at),
        misuse=misuse.actors_at_limits([actor.pk], at=at).get(actor.pk, []),
        assignments=assignments_about(item),
        claims=known_claims.claims_in(item, version),
        partners=list(claims.partners_at_work(at=at)),
        history=actor_history(actor, queues=queues, at=at),
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
        queues=queues,
    )


def reports_page(item: Item, *, after: str = "", size: int = REPORTS) -> list[Report]:
    """Return a page of an item's reports, newest first; `after` is the last one's public id."""
    rows = item.reports.select_related("item_version").order_by("-pk")
    last = item.reports.filter(public_id=after).first() if after else None
    return list((rows.filter(pk__lt=last.pk) if last else rows)[:size])


def report_counts(item: Item) -> dict[str, int]:
    """Count an item's reports, and those that nobody has answered."""
    return item.reports.aggregate(
        all=Count("pk"), unanswered=Count("pk", filter=Q(answered_at=None))
    )


def _reporters(reports: Sequence[Report], *, at: datetime) -> dict[str, ReporterCount]:
    """Count how often the reports of whoever reports here had no ground lately."""
    known = {report.reporter for report in reports if report.reporter}
    if not known:
        return {}
    counted = misuse.reporter_counts(known, at=at, days=REPORTER_DAYS)
    return {row.reporter: row for row in counted}


def assignments_about(item: Item) -> list[Assignment]:
    """Return what partners were asked about this item, newest first."""
    return list(
        Assignment.objects.filter(claim__appearances__item=item)
        .select_related("partner", "claim")
        .order_by("-offered_at")
        .distinct()[:20]
    )


def media_defaults(user: User) -> MediaDefaults:
    """Return how pictures, film and sound begin for this person."""
    return MediaDefaults.objects.filter(person=user).first() or MediaDefaults(person=user)


def find_media(user: User, public_id: UUID | str) -> Media | None:
    """Fetch a medium of an item whose jobs this user may see; None otherwise."""
    found = Media.objects.select_related("item").filter(public_id=public_id).first()
    if found is None:
        return None
    queues = Queue.objects.filter(jobs__item=found.item).distinct()
    return found if any(queue.is_visible_to(user) for queue in queues) else None


def decisions_on(item: Item) -> list[Decision]:
    """Return every decision on an item, newest first, with what became of it."""
    return list(
        Decision.objects.filter(item=item)
        .select_related("undo__undone_by", "confirmation__confirmed_by", "statement", "ending")
        .prefetch_related("policy", "decided_by", "item_version", "job")
        .order_by("-decided_at", "-pk")
    )


def actor_history(
    actor: Actor, *, queues: Sequence[Queue], at: datetime, size: int = 10
) -> ActorHistory:
    """Count what was decided about an account's items, and list what came from these queues."""
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
            carried_out.filter(job__queue__in=queues)
            .select_related("item", "policy", "item_version")
            .order_by("-carried_out_at")[:size]
        ),
        strikes=strikes,
        strike_total=sum(
            s.weight for s in strikes if s.lifted_at is None and s.given_at <= at < s.expires_at
        ),
    )


def actor_timeline(
    actor: Actor, *, queues: Sequence[Queue], after: str = "", size: int = 50
) -> tuple[list[Decision], str]:
    """Return a page of what was decided in these queues about an account, and its cursor."""
    rows = Decision.objects.filter(
        item__actor=actor, carried_out_at__isnull=False, job__queue__in=queues
    )
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
