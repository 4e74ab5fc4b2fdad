"""What a proposed change of a fact would do to posts: compared in memory, nothing written."""

from collections import Counter
from dataclasses import dataclass, field

from elections import screening
from elections.desk.previewing import sheet_after
from elections.models import FactProposal
from elections.queries import fact_sheet
from moderation.models import InformationLabel, Item, Signal
from moderation.queries import casework
from moderation.services import findings, following

# Comparing takes well under a millisecond each: the page stays quick.
SAMPLE = 500


@dataclass(slots=True)
class Foreseen:
    """How many items would be compared, and what a sample of the newest would become."""

    concerned: int = 0
    sampled: int = 0
    altered: int = 0
    newly_wrong: int = 0
    no_longer_wrong: int = 0
    labels: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)


def foresee(proposal: FactProposal, *, sample: int = SAMPLE) -> Foreseen:
    """Compare the newest items that a proposal reaches with the facts as they would be."""
    reached = following.concerned(
        election=proposal.election, key=proposal.key, place=proposal.place
    )
    found = Foreseen(concerned=reached.count())
    found.labels = InformationLabel.objects.filter(
        election=proposal.election, ended_at=None, shown=True, link__contains=f"/{proposal.key}/"
    ).count()
    pks = sorted(reached.order_by("-item")[:sample])
    items: dict[int, Item] = {item.pk: item for item in casework.items_to_route(pks)}
    groups = findings.current_propositions(pks)
    outcomes = screening.recheck(
        following.said_in(groups, items), sheet_after(fact_sheet(proposal.election), proposal)
    )
    known = {
        (signal.item_id, signal.field): signal
        for signal in Signal.objects.filter(
            item__in=pks, source=findings.SOURCE, superseded_at=None
        )
    }
    found.sampled = len(items)
    for key, outcome in zip(groups, outcomes, strict=True):
        signal = known.get(key)
        if not following.reads_differently(signal, outcome):
            continue
        before = signal.verdict if signal else findings.SILENT
        after = findings.verdict_of(outcome)
        found.altered += 1
        found.verdicts[before, after] += 1
        found.newly_wrong += after == "contradicts" != before
        found.no_longer_wrong += before == "contradicts" != after
    return found
