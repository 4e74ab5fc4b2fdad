"""The one screening pipeline: texts and a fact sheet in, one outcome with its reasons for each.

It touches no database, raises for no text, and takes bounded time for each.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from elections.checking import compare, place_code
from elections.facts import Fact, FactSheet
from elections.fusing import Checked, Verdict, decide
from elections.scoring import contradiction_score
from integrity.classifiers.voting_procedure.gate import may_concern_voting
from integrity.classifiers.voting_procedure.opinions import Opinion, model_version, opinions
from integrity.classifiers.voting_procedure.propositions import Proposition, from_frame
from integrity.classifiers.voting_procedure.reading import Reading, read

RULES_VERSION = "rules-1.0"
# The statement stored for a text that concerns voting and states nothing that we can read.
GATE_ONLY = "unread"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to screen, with when and where it was posted and the election it came with."""

    text: str
    posted_at: datetime | None = None
    lang: str = ""
    place: str | None = None
    election: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What was read in a text before: its stored statements, compared again without the text."""

    frames: Sequence[Mapping[str, Any]]
    posted_at: datetime | None = None
    place: str | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one text: what is claimed, what is official, and why.

    `proposition` is the index of the statement that the verdict rests on. The span lies in the
    text as it was posted.
    """

    verdict: Verdict
    score: float = 0.0
    topic: str = "none"
    stance: str = "asserts"
    fact_key: str | None = None
    claimed: str | None = None
    official: str | None = None
    span: tuple[int, int] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    fact: Fact | None = None
    incident_id: str | None = None
    place: str | None = None
    proposition: int | None = None
    propositions: tuple[Checked, ...] = ()
    election: str = ""
    language: str = ""
    gate: float = 0.0
    passed: bool = False
    model_version: str = ""

    @property
    def fact_version(self) -> str | None:
        """Name the version of the fact that the verdict rests on."""
        return (self.fact.version or None) if self.fact else None

    def as_row(self) -> dict[str, Any]:
        """Give the row that the commands write."""
        return {
            "verdict": str(self.verdict),
            "score": round(self.score, 4),
            "topic": self.topic,
            "stance": self.stance,
            "fact_key": self.fact_key,
            "claimed": self.claimed,
            "official": self.official,
            "span": list(self.span) if self.span else None,
            "reasons": dict(self.reasons),
            "model_version": self.model_version,
            "election": self.election,
            "language": self.language,
            "gate": round(self.gate, 4),
            "fact_version": self.fact_version,
            "place": self.place,
            "propositions": [each.as_row() for each in self.propositions],
        }


def screen(texts: Iterable[Text], facts: FactSheet | Mapping[str, FactSheet]) -> list[Outcome]:
    """Screen a batch: the cheap gate on all, the full reading on what may concern voting."""
    batch = list(texts)
    gates = may_concern_voting([each.text for each in batch])
    passed = [n for n, gate in enumerate(gates) if gate.passed]
    found = dict(zip(passed, opinions([batch[n].text for n in passed]), strict=True))
    version = model_version(RULES_VERSION)
    outcomes = []
    for n, each in enumerate(batch):
        sheet = _sheet(each.election, facts)
        if n not in found:
            outcome = Outcome(Verdict.NOT_PROCEDURAL, election=each.election)
        elif sheet is None:
            outcome = _without_facts(each)
        else:
            outcome = _screen_one(each, sheet, found[n])
        outcomes.append(
            replace(outcome, gate=gates[n].score, passed=gates[n].passed, model_version=version)
        )
    return outcomes


def recheck(texts: Iterable[Said], facts: FactSheet) -> list[Outcome]:
    """Compare stored statements again with other facts; no text is read."""
    version = model_version(RULES_VERSION)
    return [replace(_recheck_one(each, facts), model_version=version) for each in texts]


def _sheet(election: str, facts: FactSheet | Mapping[str, FactSheet]) -> FactSheet | None:
    """Find the facts of the election that the text came with."""
    if isinstance(facts, FactSheet):
        return facts if election in {"", facts.election} else None
    if election:
        return facts.get(election)
    return next(iter(facts.values())) if len(facts) == 1 else None


def _without_facts(each: Text) -> Outcome:
    """Abstain where it is not known which election a text is about."""
    reasons = {
        "nl": "Onbekend over welke verkiezing dit gaat; niet vergeleken met feiten.",
        "en": "It is not known which election this is about; not compared with facts.",
    }
    return Outcome(Verdict.UNVERIFIABLE, 0.1, election=each.election, reasons=reasons)


def _screen_one(each: Text, facts: FactSheet, opinion: Opinion) -> Outcome:
    """Read one text and compare what it states; a fault in us is never a fault in the batch."""
    try:
        reading = read(
            each.text, posted_at=each.posted_at, zone=facts.zone(), language=each.lang or ""
        )
        statements = reading.propositions or (_unread(reading, opinion),)
        return _judge(statements, facts, each.place, reading.language, opinion)
    except Exception:
        # One strange text must not stop a batch of a thousand; it goes to people instead.
        logger.exception("screening failed", extra={"item": each.id})
        reasons = {
            "nl": "Deze tekst kon niet worden gelezen; een mens moet kijken.",
            "en": "This text could not be read; a person must look.",
        }
        return Outcome(Verdict.UNVERIFIABLE, 0.1, election=facts.election, reasons=reasons)


def _unread(reading: Reading, opinion: Opinion) -> Proposition:
    """Stand in for a statement that the rules could not read; the model may still name a topic."""
    told = {"DEBUNK", "NAY"} & reading.cues
    asked = reading.folded.rstrip().endswith("?")
    return Proposition(
        "",
        GATE_ONLY,
        opinion.likely_topic(),
        strength=0.0,
        modality="unread",
        stance="debunks" if told else "asks" if asked else opinion.likely_stance(),
        language=reading.language,
        election_ref=reading.context.ref,
        context=reading.context.level,
        posted_at=reading.posted_at,
        span=(0, 0),
    )


def _recheck_one(each: Said, facts: FactSheet) -> Outcome:
    """Compare the statements of one text."""
    statements = [from_frame(dict(frame)) for frame in each.frames]
    opinion = Opinion.from_frame(each.frames[0]) if each.frames else Opinion()
    return _judge(statements, facts, each.place, each.lang, opinion)


def _judge(
    statements: Sequence[Proposition],
    facts: FactSheet,
    place: str | None,
    language: str,
    opinion: Opinion,
) -> Outcome:
    """Compare every statement and fuse the answers."""
    statements = [each.with_(opinion=opinion.as_frame()) for each in statements]
    checked = [Checked(each, compare(each, facts, place=place)) for each in statements]
    verdict, ground = decide(checked, opinion)
    score = contradiction_score(verdict, ground, checked, opinion)
    outcome = Outcome(
        verdict,
        score,
        propositions=tuple(checked),
        election=facts.election,
        language=language,
        place=place,
    )
    if ground is None:
        return outcome
    said, comparison = ground.statement, ground.comparison
    decided = verdict in {Verdict.CONTRADICTS, Verdict.CONSISTENT}
    return replace(
        outcome,
        topic=said.topic,
        stance=said.stance,
        fact_key=(comparison.key or None) if decided else None,
        claimed=comparison.claimed or None,
        official=comparison.official or None,
        span=said.span if said.claim != GATE_ONLY else None,
        reasons=comparison.reasons,
        fact=comparison.fact,
        incident_id=comparison.incident.id if comparison.incident else None,
        place=place_code(said.place, facts) or place,
        proposition=next(n for n, other in enumerate(checked) if other is ground),
    )
