"""Reading claims, assignments and checks; what a partner may see is decided here and only here."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from factcheck.choices import (
    DEFAULT_WORDS,
    DUE_WITHIN,
    OPEN_ASSIGNMENT_STATES,
    AssignmentState,
    ClaimState,
    Harm,
    Verdict,
)
from factcheck.models import (
    AskRule,
    Assignment,
    Claim,
    CorrectionRequest,
    Draft,
    DueTarget,
    Exhibit,
    FactCheck,
    Membership,
    Partner,
    RatingWord,
    VerdictPolicy,
)
from factcheck.models.assignments import AssignmentQuerySet
from integrity.outbox.models import WebhookEndpoint
from integrity.people.models import User

_OPEN_ASSIGNMENT = Q(assignments__state__in=OPEN_ASSIGNMENT_STATES)


def membership_of(user: User) -> Membership | None:
    """Return the one organisation that a person works for, or None."""
    if not user.is_authenticated:
        return None
    return Membership.objects.current().select_related("partner", "user").filter(user=user).first()


def inbox_of(member: Membership) -> AssignmentQuerySet:
    """Return all assignments of the member's organisation, and nothing of another's."""
    return inbox_of_partner(member.partner)


def inbox_of_partner(partner: Partner) -> AssignmentQuerySet:
    """Return all assignments of an organisation, with how far each claim spreads."""
    return (
        Assignment.objects.filter(partner=partner)
        .select_related(
            "claim",
            "claim__election",
            "claim__place",
            "claim__claimant",
            "assignee__user",
            "partner",
        )
        .annotate(
            items=Count("claim__exhibits", filter=Q(claim__exhibits__withdrawn_at=None)),
            views=Sum("claim__exhibits__views", filter=Q(claim__exhibits__withdrawn_at=None)),
        )
    )


def assignment_for(member: Membership, public_id: uuid.UUID) -> Assignment | None:
    """Find one assignment of the member's organisation."""
    return inbox_of(member).filter(public_id=public_id).first()


def exhibit_for(member: Membership, public_id: uuid.UUID) -> Exhibit | None:
    """Find an exhibit shared with the member's organisation, while it is shared."""
    return exhibit_of_partner(member.partner, public_id)


def exhibit_of_partner(partner: Partner, public_id: uuid.UUID) -> Exhibit | None:
    """Find an exhibit shared with an organisation, while it is shared.

    Shared means: of a claim that was sent to them and that they did not decline, hand back or lose.
    """
    return (
        Exhibit.objects.filter(
            public_id=public_id,
            withdrawn_at=None,
            claim__assignments__in=_sharing(partner),
        )
        .select_related("claim")
        .distinct()
        .first()
    )


def exhibits_for(assignment: Assignment) -> QuerySet[Exhibit]:
    """Return what is shared about a claim; nothing once the assignment was given up."""
    if not _sharing(assignment.partner).filter(pk=assignment.pk).exists():
        return Exhibit.objects.none()
    return assignment.claim.exhibits.filter(withdrawn_at=None).order_by("-views", "pk")


def _sharing(partner: Partner) -> QuerySet[Assignment]:
    given_up = [AssignmentState.DECLINED, AssignmentState.RECUSED, AssignmentState.WITHDRAWN]
    return Assignment.objects.filter(partner=partner).exclude(state__in=given_up)


def draft_for(member: Membership, claim: Claim) -> Draft | None:
    """Return the organisation's own draft about a claim."""
    return (
        Draft.objects.filter(partner=member.partner_id, claim=claim)
        .select_related("saved_by__user", "submitted_by__user", "applies_in", "assignment")
        .first()
    )


def drafts_of(partner: Partner) -> QuerySet[Draft]:
    """Return an organisation's own drafts."""
    return Draft.objects.filter(partner=partner).select_related(
        "claim__election", "partner", "assignment", "corrects", "applies_in",
        "saved_by__user", "submitted_by__user",
    )  # fmt: skip


def own_draft(member: Membership, public_id: uuid.UUID) -> Draft | None:
    """Find a draft of the member's organisation by its id."""
    return drafts_of(member.partner).filter(public_id=public_id).first()


def own_check(member: Membership, public_id: uuid.UUID) -> FactCheck | None:
    """Find a published check of the member's organisation, whatever its version."""
    return (
        FactCheck.objects.filter(partner=member.partner_id, public_id=public_id)
        .select_related("claim", "claim__election", "partner", "applies_in", "corrected_by")
        .prefetch_related("evidence", "receipts")
        .first()
    )


def response_times(partner: Partner) -> dict[str, object]:
    """Say how quickly a partner answered: median hours to delivery, and how many were on time."""
    delivered = partner.assignments.filter(state=AssignmentState.DELIVERED)
    rows = list(delivered.values_list("offered_at", "closed_at", "breached_at"))
    hours = sorted(
        (closed - offered).total_seconds() / 3600 for offered, closed, _b in rows if closed
    )
    return {
        "delivered": len(rows),
        "on_time": sum(breached is None for _o, _c, breached in rows),
        "median_hours": round(hours[len(hours) // 2], 1) if hours else None,
    }


def own_checks(member: Membership) -> QuerySet[FactCheck]:
    """Return the newest version of each check of the member's organisation, newest first."""
    return checks_of(member.partner)


def checks_of(partner: Partner) -> QuerySet[FactCheck]:
    """Return the newest version of each check of an organisation, newest first."""
    return (
        FactCheck.objects.current()
        .filter(partner=partner)
        .select_related("claim", "claim__election", "partner", "applies_in", "corrects")
        .prefetch_related("receipts")
        .order_by("-published_at")
    )


def checks_on(claim: Claim) -> list[FactCheck]:
    """Return what every partner now says about a claim, side by side."""
    return list(
        claim.fact_checks.current()
        .select_related("partner", "applies_in")
        .prefetch_related("evidence")
        .order_by("published_at")
    )


def disagree(checks: Iterable[FactCheck]) -> bool:
    """Say whether partners reached different verdicts; we show that and never average it."""
    return len({check.verdict for check in checks}) > 1


def triage_queue() -> QuerySet[Claim]:
    """Return proposed claims, the most check-worthy and most seen first."""
    return _with_spread(Claim.objects.proposed()).order_by(
        F("checkworthiness").desc(nulls_last=True), F("views").desc(nulls_last=True), "created_at"
    )


def proposals_for(rule: AskRule) -> QuerySet[Claim]:
    """Return the machine's proposals that a rule would send, the most seen first."""
    # The spread is an annotation, which the type of a plain queryset does not know.
    found: Any = triage_queue().filter(proposed_by=None, checkworthiness__gte=rule.score_at_least)
    found = found.filter(views__gte=rule.views_at_least)
    if rule.topic:
        found = found.filter(topic=rule.topic)
    if rule.election is not None:
        found = found.filter(election=rule.election)
    ordered: QuerySet[Claim] = found.order_by("-views", "pk")
    return ordered


def ask_rules() -> QuerySet[AskRule]:
    """Return the rules in force, then those that ended, the newest first."""
    found = AskRule.objects.select_related("election", "made_by", "ended_by")
    return found.order_by(F("ended_at").desc(nulls_first=True), "-made_at")


def claims_at_partners() -> QuerySet[Claim]:
    """Return the claims on which a partner still owes an answer, the first due first."""
    return (
        _with_spread(Claim.objects.filter(assignments__in=Assignment.objects.open()))
        .annotate(due=Min("assignments__due_at", filter=_OPEN_ASSIGNMENT))
        .order_by("due", "pk")
    )


def claims_unasked() -> QuerySet[Claim]:
    """Return open claims that no partner has now or has checked: somebody must be asked."""
    return (
        _with_spread(Claim.objects.filter(state=ClaimState.OPEN, fact_checks=None))
        .exclude(assignments__in=Assignment.objects.open())
        .order_by("-created_at", "-pk")
    )


def claims_checked() -> QuerySet[Claim]:
    """Return the claims that a partner published about, the newest verdict first."""
    return (
        _with_spread(Claim.objects.filter(fact_checks__isnull=False))
        .annotate(checked_at=Max("fact_checks__published_at"))
        .order_by("-checked_at", "-pk")
    )


def open_questions() -> QuerySet[Assignment]:
    """Return the assignments that wait for an answer of the platform, the oldest question first."""
    return (
        Assignment.objects.filter(state=AssignmentState.PAUSED)
        .select_related("claim", "partner")
        .order_by("paused_at")
    )


def assignment_at_desk(public_id: uuid.UUID) -> Assignment | None:
    """Find any assignment, for the people of the platform."""
    found = Assignment.objects.select_related("claim", "partner", "assignee__user")
    return found.filter(public_id=public_id).first()


def partner_at_desk(public_id: uuid.UUID) -> Partner | None:
    """Find a partner with what was agreed, for the people of the platform."""
    found = Partner.objects.prefetch_related("places", "due_targets")
    return found.filter(public_id=public_id).first()


def _with_spread(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    shown = Exhibit.objects.filter(claim=OuterRef("pk"), withdrawn_at=None).order_by()
    spread = shown.values("claim")
    return (
        claims.select_related("claimant", "election", "place", "proposed_by")
        .annotate(
            items=Coalesce(Subquery(spread.annotate(n=Count("pk")).values("n")), 0),
            views=Coalesce(Subquery(spread.annotate(n=Sum("views")).values("n")), 0),
        )
        .distinct()
    )


def claim_page(public_id: uuid.UUID) -> Claim | None:
    """Find a claim with everything the desk shows about it."""
    return (
        Claim.objects.filter(public_id=public_id)
        .select_related("claimant", "election", "place")
        .prefetch_related(
            Prefetch(
                "assignments",
                Assignment.objects.select_related("partner", "assignee__user").order_by("pk"),
            ),
            "assignments__events__by",
        )
        .first()
    )


def due_within(partner: Partner, harm: Harm) -> timedelta:
    """Return how long this partner has: its contract, else the house's target, else ours."""
    targets = DueTarget.objects.filter(Q(partner=partner) | Q(partner=None), harm=harm)
    own = sorted(targets, key=lambda target: target.partner_id is None)
    return own[0].within if own else DUE_WITHIN[harm]


def policy_in_force() -> VerdictPolicy:
    """Return the version of what follows a verdict that is in force."""
    return VerdictPolicy.objects.get(retired_at=None)


def words_for(partner: Partner, verdict: Verdict, language: str) -> str:
    """Return how a partner calls a verdict in a language."""
    own = RatingWord.objects.filter(partner=partner, verdict=verdict, language=language).first()
    if own is not None:
        return own.words
    known = DEFAULT_WORDS[verdict]
    return known.get(language, known["en"])


def open_load() -> dict[int, int]:
    """Return how many open assignments each partner has, by partner."""
    counted = (
        Assignment.objects.open()
        .values("partner")
        .annotate(n=Count("pk"))
        .values_list("partner", "n")
    )
    return dict(counted)


def partners_at_work(*, at: datetime) -> QuerySet[Partner]:
    """Return the partners under contract, with their places."""
    return Partner.objects.under_contract(on=at.date()).prefetch_related("places").order_by("name")


def balance_of(partner: Partner, *, since: datetime) -> list[dict[str, object]]:
    """Count a partner's verdicts by the claimant's party: the IFCN duty of non-partisanship."""
    rows = (
        FactCheck.objects.current()
        .filter(partner=partner, published_at__gte=since)
        .exclude(claim__claimant=None)
        .exclude(claim__claimant__party="")
        .values("claim__claimant__party", "verdict")
        .annotate(n=Count("pk"))
    )
    by_party: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = by_party.setdefault(row["claim__claimant__party"], {})
        counts[row["verdict"]] = row["n"]
    return [
        {
            "party": party,
            "counts": [counts.get(v, 0) for v in Verdict.values],
            "total": sum(counts.values()),
        }
        for party, counts in sorted(by_party.items())
    ]


def published(*, election: str | None = None) -> QuerySet[FactCheck]:
    """Return what the public may read: newest versions, newest first."""
    found = (
        FactCheck.objects.current()
        .exclude(claim__state=ClaimState.DISMISSED)
        .select_related("claim", "claim__claimant", "claim__election", "partner", "applies_in")
        .prefetch_related("evidence")
        .order_by("-published_at", "-pk")
    )
    return found.filter(claim__election__slug=election) if election else found


def answered_requests(series: uuid.UUID) -> QuerySet[CorrectionRequest]:
    """Return the requests to correct a check that were answered, for the public log."""
    return (
        CorrectionRequest.objects.filter(fact_check__series=series)
        .exclude(answered_at=None)
        .order_by("-answered_at")
    )


def open_requests(member: Membership) -> QuerySet[CorrectionRequest]:
    """Return the requests that the member's organisation still has to answer."""
    return requests_to(member.partner)


def colleagues_of(partner: Partner) -> QuerySet[Membership]:
    """Return the people who work for an organisation now, and who has set a second factor."""
    factor = Authenticator.objects.filter(user=OuterRef("user")).exclude(type="recovery_codes")
    return (
        Membership.objects.current()
        .filter(partner=partner)
        .select_related("user", "partner")
        .annotate(is_secured=Exists(factor))
        .order_by("joined_at", "pk")
    )


def webhooks_of(partner: Partner) -> QuerySet[WebhookEndpoint]:
    """Return the webhooks that an organisation keeps and has not stopped."""
    return (
        WebhookEndpoint.objects.active()
        .filter(audience=str(partner.public_id))
        .order_by("created_at", "pk")
    )


def requests_to(partner: Partner) -> QuerySet[CorrectionRequest]:
    """Return the requests that an organisation still has to answer."""
    return (
        CorrectionRequest.objects.filter(fact_check__partner=partner, answered_at=None)
        .select_related("fact_check")
        .order_by("received_at")
    )


def versions_of(series: uuid.UUID) -> list[FactCheck]:
    """Return every version of a check, newest first."""
    return list(
        FactCheck.objects.filter(series=series)
        .select_related("claim", "claim__claimant", "claim__election", "partner", "applies_in")
        .prefetch_related("evidence")
        .order_by("-version")
    )
