"""What the pages about official facts show, read in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from elections.models import Election, FactProposal, IncidentNotice, Jurisdiction, VotingFact
from elections.queries import as_fact
from elections.sentences import sentence
from elections.topics import QUESTIONS, TOPICS, topic_of
from elections.wording import value_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One statement in the list: what it answers, what it says, whether something is proposed."""

    fact: VotingFact
    question: str | Promise
    words: str
    waits: bool
    has_ended: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one topic."""

    title: str | Promise
    rows: list[Row]


def elections_with_work() -> list[tuple[Election, int]]:
    """List the elections, those with the latest day first, with how many proposals wait."""
    waiting = list(FactProposal.objects.waiting().values_list("election_id", flat=True))
    rows = Election.objects.order_by("-first_day", "slug")
    return [(election, waiting.count(election.pk)) for election in rows]


def groups(election: Election, *, place: Jurisdiction | None, at: datetime) -> list[Group]:
    """List what is official now, by topic: everywhere, or in one municipality alone."""
    facts = election.facts.current().filter(place=place).select_related("place", "election")
    waiting = set(
        FactProposal.objects.waiting().filter(fact__in=facts).values_list("fact_id", flat=True)
    )
    by_topic: dict[str, list[Row]] = {}
    for fact in sorted(facts, key=lambda f: (_order(f.key), f.valid_from or f.published_at)):
        topic = topic_of(fact.key)
        ended = fact.valid_until is not None and fact.valid_until <= at
        row = Row(fact, question(fact.key), words_of(fact), fact.pk in waiting, ended)
        by_topic.setdefault(topic.slug if topic else "", []).append(row)
    titles = {topic.slug: topic.title for topic in TOPICS}
    order = [*titles, ""]
    return [
        Group(titles.get(slug, _("Other")), by_topic[slug]) for slug in order if slug in by_topic
    ]


def question(key: str) -> str | Promise:
    """Return the question that a key answers, else the key itself."""
    return QUESTIONS.get(key, key)


def words_of(fact: VotingFact) -> str:
    """Say a statement as voters read it, else its value."""
    said = sentence(as_fact(fact))
    language = (get_language() or "nl")[:2]
    return said.text if said else value_in_words(fact.key, fact.value, language)


def waiting_proposals(election: Election | None = None) -> list[FactProposal]:
    """List what waits for a second person, the oldest first."""
    rows = FactProposal.objects.waiting().select_related("election", "place", "proposed_by")
    if election is not None:
        rows = rows.filter(election=election)
    return list(rows.order_by("proposed_at", "pk"))


def answered_proposals(election: Election, *, most: int = 20) -> list[FactProposal]:
    """List what was answered lately."""
    rows = election.proposals.exclude(answered_at=None)
    rows = rows.select_related("election", "place", "proposed_by", "answered_by")
    return list(rows.order_by("-answered_at", "-pk")[:most])


def standing_incidents(election: Election) -> list[IncidentNotice]:
    """List the notices that nobody has withdrawn, the newest first."""
    rows = election.incidents.filter(withdrawn_at=None).select_related("place")
    return list(rows.order_by("-starts_at", "-pk"))


def versions(fact: VotingFact) -> list[VotingFact]:
    """List all versions of a statement that lead to or from this one, the newest first."""
    found = [fact]
    while found[-1].supersedes is not None:
        found.append(found[-1].supersedes)
    while (newer := getattr(found[0], "superseded_by", None)) is not None:
        found.insert(0, newer)
    return found


def places_with_rules(election: Election) -> Iterable[Jurisdiction]:
    """List the municipalities that have statements of their own."""
    return (
        Jurisdiction.objects.filter(facts__election=election, facts__superseded_at=None)
        .distinct()
        .order_by("name")
    )


def proposal_title(proposal: FactProposal) -> str | Promise:
    """Name what a proposal is about."""
    if proposal.key == "incident":
        return proposal.get_kind_display()
    return question(proposal.key)


def _order(key: str) -> int:
    keys = [key for topic in TOPICS for key in topic.keys]
    return keys.index(key) if key in keys else len(keys)
