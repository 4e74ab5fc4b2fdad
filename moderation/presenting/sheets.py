"""The sheet of one job: everything its page shows to one person at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from elections.models import in_language
from factcheck.choices import OPEN_ASSIGNMENT_STATES
from factcheck.models import Assignment
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal
from moderation import rules, saying, translating
from moderation.choices import GIVES_STRIKE, ON_ACCOUNT, Action, Field, HoldReason, JobState
from moderation.forecasting import Point
from moderation.models import Decision, ItemVersion, Job, Policy, Report, Signal
from moderation.presenting import curves, texts, words
from moderation.presenting.known_claims import KnownClaim, known_claims
from moderation.presenting.media import MediaSheet, media_sheets
from moderation.presenting.misuse import ReachedRow, reached_rows
from moderation.presenting.rows import headline, place_words
from moderation.queries.job_page import JobPage
from moderation.services.following_verdicts import SUGGESTED
from moderation.services.statements import Letter, letter_to_poster, reader_language

HEAVY = ON_ACCOUNT | GIVES_STRIKE


@dataclass(frozen=True, slots=True)
class Pair:
    """What is said beside what is official, with place, period, source and version."""

    claimed: str
    official: str
    where: str
    source: str
    source_url: str
    place: str
    item_place: str
    period: tuple[datetime | None, datetime | None]
    fact_version: int | None
    needs_check: bool


@dataclass(frozen=True, slots=True)
class OtherSignal:
    """Something else that was found, as a sentence."""

    words: str
    because: str
    version: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One text of an item: caption, transcript or on-screen text."""

    field: str
    title: str
    segments: tuple[texts.Segment, ...]
    lines: list[texts.Line]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen in the decision form."""

    value: str
    words: str
    about: str = ""
    is_chosen: bool = False
    digit: int = 0
    is_heavy: bool = False
    fits: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a job or item."""

    at: datetime
    who: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report, and how often whoever sent it had no ground; never who they are."""

    report: Report
    often: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What a partner was asked about this item, and how far they are."""

    partner: str
    sentence: str
    state: str
    due_at: datetime
    is_open: bool


@dataclass(slots=True)
class JobSheet:
    """A job's page, in words."""

    page: JobPage
    title: str
    tags: list[tuple[str, str]]
    reasons: list[str]
    pairs: list[Pair]
    other_signals: list[OtherSignal]
    texts: list[TextBlock]
    language: str
    older: list[ItemVersion]
    media: list[MediaSheet]
    chart: curves.Chart | None
    due: words.Due | None
    history: list[Event]
    is_mine: bool
    edited: bool
    may_take: Refusal | None
    may_decide: Refusal | None
    decision: Decision | None
    letter: Letter | None
    may_undo: Refusal | None
    may_confirm: Refusal | None
    hold: str
    form: "DecisionSheet"
    reached: list[ReachedRow]
    reports: list[ReportRow]
    asked: list[AskedRow]
    known: list[KnownClaim]
    claim: str
    may_ask: Refusal | None
    may_assign: Refusal | None
    may_translate: bool

    @property
    def job(self) -> Job:
        """The job itself."""
        return self.page.job


@dataclass(slots=True)
class DecisionSheet:
    """The decision form as it stands: what can be chosen, and what has been filled in."""

    suggested: list[Choice]
    other_policies: list[Choice]
    other_is_chosen: bool
    actions: list[Choice]
    label_kinds: list[Choice]
    replies: list[tuple[str, str]]
    reasoning: str
    notes: str
    ends_on: str
    territories: str
    letter_language: str
    letter_language_name: str


def job_sheet(
    page: JobPage, *, by: User, at: datetime, filled: Mapping[str, Any] | None = None
) -> JobSheet:
    """Decide what the page of one job shows; `filled` is what a refused form held."""
    job = page.job
    contradictions = [s for s in page.signals if s.verdict == "contradicts"]
    decision = next(
        (d for d in page.decisions if d.job_id == job.pk and not hasattr(d, "undo")), None
    )
    held = decision is not None and job.state == JobState.HELD
    return JobSheet(
        page=page,
        title=headline(page.top, job.reasons),
        tags=_tags(page),
        reasons=words.reasons_in_words(job.reasons),
        pairs=[_pair(s, page) for s in contradictions],
        other_signals=[
            _other(s) for s in page.signals if s.verdict != "contradicts" and s.source != SUGGESTED
        ],
        texts=_text_blocks(page),
        language=language_words(page.version.language or page.item.language),
        older=[v for v in page.versions if v.version != page.version.version],
        media=media_sheets(page.media, defaults=page.media_defaults),
        chart=curves.traction_chart([Point(*sample) for sample in page.points], now=at),
        due=words.due(job.due_at, at=at),
        history=_history(page),
        is_mine=job.state == JobState.TAKEN and job.taken_by_id == by.pk,
        edited=page.edited_since_seen,
        may_take=rules.may_take(job, by=by),
        may_decide=rules.may_decide(job, by=by, at=at),
        decision=decision,
        letter=letter_of(decision) if decision is not None and held else None,
        may_undo=rules.may_undo(decision, by=by, at=at) if decision else None,
        may_confirm=rules.may_confirm(decision, by=by) if decision else None,
        hold=hold_words(decision.hold_reason) if decision else "",
        form=decision_sheet(page, filled=filled),
        reached=reached_rows(page.misuse),
        reports=[_report(r, page) for r in page.reports],
        asked=[_asked(a) for a in page.assignments],
        known=known_claims(page.claims),
        claim=_sentence(page),
        may_ask=may(by, "factcheck.assign_claim"),
        may_assign=rules.may_assign(job, to=None, by=by),
        may_translate=translating.is_on() and bool(page.version.texts()),
    )


def _report(report: Report, page: JobPage) -> ReportRow:
    count = page.reporters.get(report.reporter)
    often = ""
    if count is not None and count.unfounded:
        often = _("%(part)d of their %(whole)d answered reports had no ground") % {
            "part": count.unfounded,
            "whole": count.answered,
        }
    return ReportRow(report, often)


def _asked(assignment: Assignment) -> AskedRow:
    return AskedRow(
        partner=assignment.partner.name,
        sentence=assignment.claim.text,
        state=str(assignment.get_state_display()),
        due_at=assignment.due_at,
        is_open=assignment.state in OPEN_ASSIGNMENT_STATES,
    )


def _sentence(page: JobPage) -> str:
    """Begin a question to a partner with what the item claims, as it stands there."""
    top = page.top
    if top is not None and top.proposition is not None:
        said = top.proposition
        text = page.version.texts().get(Field(said.field), "")
        if page.version.pk == said.item_version_id and text[said.span_start : said.span_end]:
            return _whole_sentence(text, said.span_start, said.span_end)
    return next(iter(page.version.texts().values()), "")[:1000]


def _whole_sentence(text: str, start: int, end: int) -> str:
    """Widen a span to the sentence around it."""
    begins = max((text.rfind(mark, 0, start) for mark in ".!?\n"), default=-1) + 1
    stops = [n for mark in ".!?\n" if (n := text.find(mark, end)) >= 0]
    return text[begins : min(stops) + 1 if stops else len(text)].strip()[:1000]


def letter_of(decision: Decision) -> Letter | None:
    """Write the letter that belongs to a held decision; None where the poster gets none."""
    if decision.action == Action.NO_ACTION and decision.overrides_id is None:
        return None
    return letter_to_poster(
        item=decision.item,
        version=decision.item_version,
        action=Action(decision.action),
        policy=decision.policy,
        reasoning=decision.reasoning,
        signal=decision.signal,
        ends_at=decision.ends_at,
        territories=decision.territories,
        overrides=decision.overrides_id is not None,
    )


def hold_words(reason: str) -> str:
    """Say why a decision needs a second person."""
    return str(HoldReason(reason).label) if reason in HoldReason.values else reason


def language_words(code: str) -> str:
    """Name a language in the reader's own; the code where it has no name here."""
    try:
        return str(get_language_info(code[:2].lower())["name_translated"]) if code else ""
    except KeyError:
        return code


def _tags(page: JobPage) -> list[tuple[str, str]]:
    tags = []
    top = page.top
    if top is not None and top.stance:
        tags.append((stance_words(top.stance), ""))
    if page.item.actor.protection:
        tags.append((str(page.item.actor.get_protection_display()), "act"))
    if page.item.deleted_at:
        tags.append((_("deleted by the poster or the platform"), "time"))
    return tags


def stance_words(stance: str) -> str:
    """Say how an item stands to what it says."""
    return {
        "asserts": _("says so itself"),
        "instructs": _("tells people to do it"),
        "debunks": _("says that it is not so"),
        "quotes": _("quotes somebody"),
        "asks": _("asks"),
        "jokes": _("jokes"),
        "reports": _("reports on it"),
    }.get(stance, stance)


def _other(signal: Signal) -> OtherSignal:
    topic = words.topic_words(signal.topic) if signal.topic else ""
    said = {
        "consistent": _("Fits what is official: %(topic)s"),
        "unverifiable": _("Cannot be settled from its text: %(topic)s"),
        "not_procedural": _("Not about how to vote"),
    }.get(signal.verdict, "%(topic)s")
    name = signal.source.replace("_", " ")
    return OtherSignal(said % {"topic": topic}, signal.because, f"{name} {signal.model_version}")


def _pair(signal: Signal, page: JobPage) -> Pair:
    fact, said = signal.fact, signal.proposition
    same = [
        p for p in page.propositions if said and p.key == said.key and p.value == said.value
    ] or ([said] if said else [])
    fields = dict.fromkeys(Field(p.field).label for p in same)
    place = fact.place if fact else page.item.place
    # A partner's verdict names the partner, and its article where there is one.
    url = fact.source_url if fact else str(signal.reasons.get("article_url") or "")
    return Pair(
        claimed=saying.claimed(signal, words.reader()),
        official=saying.official(signal, words.reader()),
        where=", ".join(str(label).lower() for label in fields),
        source=fact.source_name if fact else signal.because,
        source_url=url if url.startswith("https://") else "",
        place=place_words(place),
        item_place=page.item.place.name if page.item.place else "",
        period=(fact.valid_from, fact.valid_until) if fact else (None, None),
        fact_version=fact.version if fact else None,
        needs_check=bool(fact and fact.status == "needs_check"),
    )


def _text_blocks(page: JobPage) -> list[TextBlock]:
    judged = {s.proposition_id for s in page.signals if s.proposition_id}
    said = {(p.key, str(p.value)) for p in page.propositions if p.pk in judged}
    spans: dict[str, list[tuple[int, int]]] = {}
    for p in page.propositions:
        if p.pk in judged or (p.key, str(p.value)) in said:
            spans.setdefault(p.field, []).append((p.span_start, p.span_end))
    blocks = []
    for name, text in page.version.texts().items():
        here = spans.get(name, [])
        is_caption = name == Field.TEXT
        blocks.append(
            TextBlock(
                field=str(name),
                title=str(Field(name).label),
                segments=texts.segments(text, here) if is_caption else (),
                lines=[] if is_caption else texts.lines(text, here),
            )
        )
    return blocks


def _history(page: JobPage) -> list[Event]:
    events = [Event(page.job.opened_at, "", _("opened"))]
    for hand in page.hand_overs:
        given = _("handed to %(name)s") % {"name": hand.to_person.alias}
        events.append(Event(hand.at, hand.from_person.alias, given, hand.note))
    for skip in page.skips:
        events.append(Event(skip.skipped_at, skip.skipped_by.alias, _("skipped"), skip.reason))
    for move in page.moves:
        route = {"from": move.from_queue, "to": move.to_queue}
        moved = _("moved from %(from)s to %(to)s") % route
        events.append(Event(move.moved_at, move.moved_by.alias, moved, move.reason))
    for d in page.decisions:
        why = " · ".join(
            part for part in (in_language(d.policy.title) if d.policy else "", d.reasoning) if part
        )
        who = d.decided_by.alias if d.decided_by else _("after a fact-check, by policy")
        events.append(Event(d.decided_at, who, d.get_action_display(), why))
        if hasattr(d, "undo"):
            events.append(
                Event(
                    d.undo.undone_at,
                    d.undo.undone_by.alias,
                    d.undo.get_kind_display(),
                    d.undo.reason,
                )
            )
        if hasattr(d, "confirmation"):
            by = d.confirmation.confirmed_by.alias
            events.append(Event(d.confirmation.confirmed_at, by, _("confirmed")))
        if d.carried_out_at:
            events.append(Event(d.carried_out_at, "", _("carried out")))
    return sorted(events, key=lambda e: e.at, reverse=True)


# --- The decision form -----------------------------------------------


def decision_sheet(page: JobPage, *, filled: Mapping[str, Any] | None = None) -> DecisionSheet:
    """Prepare the form: from what was just sent, else from the draft, else from the facts."""
    language = reader_language(page.version)
    known = filled if filled is not None else _from_draft(page)
    topics = {s.topic for s in page.signals}
    advised = set(page.job.queue.recommended_policies)
    fitting = [p for p in page.policies if topics & set(p.topics) or p.slug in advised]
    fitting.sort(key=lambda p: not topics & set(p.topics))
    shown = (fitting or page.policies)[:3]
    chosen = known.get("policy") or (policy_value(shown[0]) if fitting else "")
    others = [_policy(p, chosen=chosen) for p in page.policies if p not in shown]
    replies = _replies(page, language)
    # A reasoning begins with the reply that cites the fact; the person rewrites it.
    cites = page.top is not None and page.top.verdict == "contradicts"
    first_words = replies[0][1] if replies and cites else ""
    return DecisionSheet(
        suggested=[_policy(p, chosen=chosen, fits=bool(topics & set(p.topics))) for p in shown],
        other_policies=others,
        other_is_chosen=any(choice.is_chosen for choice in others),
        actions=_actions(page, chosen=str(known.get("action") or "")),
        label_kinds=[
            Choice(kind.slug, str(kind), is_chosen=known.get("label_kind") == kind.slug)
            for kind in page.label_kinds
        ],
        replies=replies,
        reasoning=str(known["reasoning"]) if "reasoning" in known else first_words,
        notes=str(known.get("private_notes") or ""),
        ends_on=str(known.get("ends_on") or ""),
        territories=str(known.get("territories") or ""),
        letter_language=language,
        letter_language_name=language_words(language),
    )


def _from_draft(page: JobPage) -> Mapping[str, Any]:
    draft = page.draft
    if draft is None:
        return {}
    return {
        "action": draft.action,
        "policy": policy_value(draft.policy) if draft.policy else "",
        "label_kind": draft.label_kind.slug if draft.label_kind else "",
        "reasoning": draft.reasoning,
        "private_notes": draft.private_notes,
        "ends_on": draft.ends_on.isoformat() if draft.ends_on else "",
        "territories": draft.territories,
    }


def policy_value(policy: Policy) -> str:
    """Name a version of a policy in a form."""
    return f"{policy.slug}@{policy.version}"


def _policy(policy: Policy, *, chosen: str, fits: bool = False) -> Choice:
    value = policy_value(policy)
    version = _("version %(n)d") % {"n": policy.version}
    about = f"{policy.code}, {version}"
    return Choice(value, in_language(policy.title), about, is_chosen=value == chosen, fits=fits)


def _actions(page: JobPage, *, chosen: str) -> list[Choice]:
    allowed = [a for a in Action if rules.may_use(a, queue=page.job.queue) is None]
    return [
        Choice(a.value, str(a.label), is_chosen=a.value == chosen, digit=n, is_heavy=a in HEAVY)
        for n, a in enumerate(allowed, start=1)
    ]


def _replies(page: JobPage, language: str) -> list[tuple[str, str]]:
    """Fill the saved replies that fit, in the poster's language; one that lacks a value is out."""
    top = page.top
    topics = {s.topic for s in page.signals}
    fitting = {p.slug for p in page.policies if topics & set(p.topics)}
    known = {
        "{claimed}": saying.claimed(top, language) if top else "",
        "{official}": saying.official(top, language) if top else "",
        "{source}": top.fact.source_name if top and top.fact else "",
        "{election}": in_language(page.item.election.name, language) if page.item.election else "",
    }
    found = []
    for reply in page.replies:
        text = in_language(reply.text, language)
        used = [mark for mark in known if mark in text]
        if (reply.policies and not fitting & set(reply.policies)) or not all(
            known[mark] for mark in used
        ):
            continue
        for mark in used:
            text = text.replace(mark, known[mark])
        found.append((str(reply), text))
    return found
