"""What a proposal would change for voters: each sentence before and after, on which pages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from elections import center, rumours
from elections.choices import ProposalKind
from elections.facts import Fact, FactSheet, Incident
from elections.models import FactProposal, VotingFact
from elections.queries import as_fact, fact_sheet, voting_days
from elections.services.proposing import announcement_of, statement_of
from elections.topics import DEADLINES, topic_of

LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Change:
    """What voters read in one language before and after; empty where nothing is said."""

    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page on which it is read."""

    title: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that voters would see differently."""

    changes: list[Change]
    pages: list[Page]


def preview(proposal: FactProposal, *, at: datetime) -> Preview:
    """Compare what the pages say with what they would say."""
    before = fact_sheet(proposal.election)
    after = sheet_after(before, proposal)
    place = proposal.place.code if proposal.place else None
    changes = []
    for language in LANGUAGES:
        with translation.override(language):
            was = _words(before, proposal, place=place, at=_when(proposal, at, after=False))
            will_be = _words(after, proposal, place=place, at=_when(proposal, at, after=True))
        changes.append(Change(language, was, will_be))
    return Preview(changes, list(_pages(proposal, after)))


def sheet_after(sheet: FactSheet, proposal: FactProposal) -> FactSheet:
    """Return the facts as they would stand once the proposal is confirmed."""
    if proposal.key == "incident":
        return replace(sheet, incidents=_incidents_after(sheet, proposal))
    facts = _facts_after(sheet, proposal)
    changed = replace(sheet, facts=facts)
    if proposal.key == "voting_day" and proposal.place is None:
        day = next((f.value for f in facts if f.key == "voting_day" and f.place is None), None)
        changed = replace(changed, voting_days=voting_days(proposal.election, day))
    return changed


def _facts_after(sheet: FactSheet, proposal: FactProposal) -> tuple[Fact, ...]:
    gone = str(proposal.fact.public_id) if proposal.fact else ""
    facts = [fact for fact in sheet.facts if not gone or fact.version != gone]
    if proposal.kind != ProposalKind.WITHDRAW:
        said = statement_of(proposal.content)
        row = VotingFact(
            election=proposal.election,
            key=proposal.key,
            place=proposal.place,
            published_at=proposal.proposed_at,
            **{name: getattr(said, name) for name in said.__dataclass_fields__},
        )
        facts.append(as_fact(row))
    return tuple(sorted(facts, key=lambda fact: fact.key))


def _incidents_after(sheet: FactSheet, proposal: FactProposal) -> tuple[Incident, ...]:
    if proposal.kind == ProposalKind.RECALL and proposal.incident:
        gone = str(proposal.incident.public_id)
        return tuple(incident for incident in sheet.incidents if incident.id != gone)
    assert proposal.place is not None  # an announcement always has its place
    said = announcement_of(proposal.content)
    new = Incident(
        id=str(proposal.public_id),
        kind=said.kind,
        place=proposal.place.code,
        polling_place=said.polling_place,
        message=said.message,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        source_url=said.source_url,
        source_name=said.source_name,
        changed_at=proposal.proposed_at,
    )
    return (*sheet.incidents, new)


def _when(proposal: FactProposal, at: datetime, *, after: bool) -> datetime:
    """Look at the moment from which a statement holds, where that lies ahead."""
    if proposal.key == "incident" or not after or not proposal.content:
        begins = proposal.fact.valid_from if proposal.fact else None
    else:
        begins = statement_of(proposal.content).valid_from
    return max(at, begins) if begins else at


def _words(sheet: FactSheet, proposal: FactProposal, *, place: str | None, at: datetime) -> str:
    """Say what a voter reads under the key in the place; for an incident, its own words."""
    if proposal.key == "incident":
        return _incident_words(sheet, proposal)
    said = center.said(sheet, proposal.key, place=place, at=at)
    if said is None:
        return ""
    lines = [said.words.text if said.words else "", *(step.text for step in said.steps)]
    lines.append(said.explanation.text if said.explanation else "")
    return "\n".join(line for line in lines if line)


def _incident_words(sheet: FactSheet, proposal: FactProposal) -> str:
    wanted = str((proposal.incident or proposal).public_id)
    notice = next((incident for incident in sheet.incidents if incident.id == wanted), None)
    if notice is None:
        return ""
    language = translation.get_language() or "nl"
    return notice.message.get(language) or next(iter(notice.message.values()), "")


def _pages(proposal: FactProposal, sheet: FactSheet) -> Iterator[Page]:
    election = proposal.election.slug
    at = f"?place={proposal.place.code}" if proposal.place else ""
    yield Page(_("Start page"), reverse("center", args=[election]) + at)
    if proposal.key == "incident":
        yield Page(_("Polling stations"), reverse("polling_places", args=[election]) + at)
        yield Page(_("What changed, as a feed"), reverse("center_changes", args=[election]))
        return
    topic = topic_of(proposal.key)
    if topic is not None:
        slug = topic.slugs.get((translation.get_language() or "nl")[:2], topic.slug)
        yield Page(topic.title, reverse("center_topic", args=[election, slug]) + at)
        label = reverse("center_topic", args=[election, proposal.key]) + at
        yield Page(_("Where labels about it lead"), label)
    if any(rumour.key == proposal.key for rumour in rumours.RUMOURS):
        yield Page(_("Fact or fiction"), reverse("facts_and_rumours", args=[election]) + at)
    if proposal.key in DEADLINES:
        yield Page(_("Calendar of days"), reverse("center_days", args=[election]) + at)
    yield Page(_("What changed, as a feed"), reverse("center_changes", args=[election]))
