"""What people decided, as labels: of which items did they say that voting facts were wrong?

Only people's decisions that were carried out and that nobody overrode count. An item decided under
a policy about something else says nothing about facts and is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from elections.models import Election
from moderation.choices import Action
from moderation.models import DataConsent, Decision, Signal

SOURCE = "voting_procedure"
# What facts can settle; fraud, results and threats never are settled by text (routing).
SETTLED_BY_FACTS = [
    "date",
    "hours",
    "place",
    "method",
    "id",
    "pass",
    "registration",
    "proxy",
    "ballot",
    "cost",
    "eligibility",
    "health",
]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One decided item: how sure the screening was when it was decided, and what people said."""

    score: float
    wrong: bool


def decided(election: Election | None = None) -> list[Labelled]:
    """Return every label so far, of one election or of all."""
    rows = final_decisions(election).annotate(
        score=Subquery(
            Signal.objects.filter(
                Q(superseded_at=None) | Q(superseded_at__gt=OuterRef("decided_at")),
                item_version=OuterRef("item_version"),
                source=SOURCE,
                verdict="contradicts",
                created_at__lte=OuterRef("decided_at"),
            )
            .order_by()
            .values("item_version")
            .annotate(most=Max("score"))
            .values("most")
        )
    )
    return [
        Labelled(score or 0.0, action != Action.NO_ACTION)
        for action, score in rows.values_list("action", "score")
    ]


def final_decisions(election: Election | None = None) -> QuerySet[Decision]:
    """Return what people decided, that stands and that says something about facts."""
    rows = Decision.objects.filter(
        Q(action=Action.NO_ACTION) | Q(policy__topics__overlap=SETTLED_BY_FACTS),
        decided_by__isnull=False,
        carried_out_at__isnull=False,
        overridden_by=None,
        undo=None,
    )
    return rows.filter(item__election=election) if election is not None else rows


def scores_since(since: datetime, *, election: Election | None = None) -> list[float]:
    """Return the highest score of each item that was first found to contradict since then.

    What a changed fact turned into a contradiction is not what an ordinary day brings.
    """
    rows = Signal.objects.filter(
        source=SOURCE, verdict="contradicts", created_at__gte=since, because=""
    )
    if election is not None:
        rows = rows.filter(item__election=election)
    return [most for _, most in rows.values_list("item").annotate(most=Max("score"))]


def labels_of(rows: Iterable[Labelled], *, threshold: float) -> tuple[int, int, int]:
    """Count at a threshold: found and wrong, found and right, wrong and not found."""
    hit = miss = false = 0
    for row in rows:
        found = row.score >= threshold and row.score > 0
        hit += found and row.wrong
        false += found and not row.wrong
        miss += row.wrong and not found
    return hit, false, miss


# --- what may leave the house --------------------------------------------------------------

Consents = Mapping[tuple[int, int | None], DataConsent]


def consents_in_force() -> Consents:
    """Return what may be used for what, by election and queue."""
    rows = DataConsent.objects.filter(superseded_at=None).select_related(
        "election", "queue", "set_by"
    )
    return {(row.election_id, row.queue_id): row for row in rows.order_by("election", "queue")}


def consenting_elections() -> QuerySet[DataConsent, int]:
    """Return the elections of which anything may be used at all."""
    rows = DataConsent.objects.filter(Q(may_evaluate=True) | Q(may_train=True), superseded_at=None)
    return rows.values_list("election", flat=True)


def consent_for(decision: Decision, consents: Consents) -> DataConsent | None:
    """Return what was said of a decision's own queue, else of its whole election."""
    election = decision.item.election_id
    if election is None:
        return None
    return consents.get((election, decision.job.queue_id)) or consents.get((election, None))
