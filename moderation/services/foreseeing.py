"""What a proposed change of a fact would do to posts: compared in memory, nothing written."""

from collections import Counter
from dataclasses import dataclass, field

from elections import screening
from elections.desk.previewing import sheet_after
from elections.models import FactProposal
from elections.queries import fact_sheet
from elections.topics import topic_of
from moderation.models import InformationLabel, Item, Label, Signal
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


def _labels(proposal: FactProposal) -> int:
    """Count the labels that viewers see now and that lead to where it is told."""
    topic = topic_of(proposal.key)
    path = f"/{proposal.election.slug}/{proposal.key}/"
    of_decisions = Label.objects.filter(ended_at=None, link__contains=path)
    pointers = InformationLabel.objects.filter(
        election=proposal.election, topic=topic.slug if topic else "", ended_at=None, shown=True
    )
    return of_decisions.count() + pointers.count()


def foresee(proposal: FactProposal, *, sample: int = SAMPLE) -> Foreseen:
    """Compare the newest items that a proposal reaches with the facts as they would be."""
    reached = following.concerned(
        election=proposal.election, key=proposal.key, place=proposal.place
    )
    found = Foreseen(concerned=reached.count())
    found.labels = _labels(proposal)
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
