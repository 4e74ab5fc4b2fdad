"""The one screening pipeline: texts and a fact sheet in, one outcome with its reasons for each.

It touches no database, raises for no text, and takes bounded time for each.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from elections import second_look
from elections.checking import compare, place_code
from elections.facts import Fact, FactSheet
from elections.fusing import Checked, Verdict, decide, is_threat
from elections.scoring import BY_RULE, FAST_LANE, contradiction_score
from elections.weighing import (
    agreed,
    best_grounded,
    features,
    hear,
    hears_a_threat,
    is_far_fetched,
    is_of_another_country,
    is_plain_value,
    is_whole_date,
    weights,
)
from elections.weighing import chances as weighed
from elections.wording import claim_in_words
from integrity.classifiers.voting_procedure.encoder.candidates import RULE as HEARD
from integrity.classifiers.voting_procedure.gate import may_concern_voting
from integrity.classifiers.voting_procedure.opinions import Opinion, model_version, opinions
from integrity.classifiers.voting_procedure.propositions import Proposition, from_frame
from integrity.classifiers.voting_procedure.reading import (
    Prepared,
    Reading,
    chances_of_all,
    finish,
    prepare,
)

RULES_VERSION = "rules-1.0"
# The statement stored for a text that concerns voting and states nothing that we can read.
GATE_ONLY = "unread"
# How seldom a contradiction that only the encoder hears, without a word of voting, is one.
FAR_FETCHED = 0.2

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
    sheets = [_sheet(each.election, facts) for each in batch]
    readings = _read_all({n: (batch[n], sheet) for n in passed if (sheet := sheets[n])})
    outcomes = []
    for n, each in enumerate(batch):
        sheet = sheets[n]
        if n not in found:
            outcome = Outcome(Verdict.NOT_PROCEDURAL, election=each.election)
        elif sheet is None:
            outcome = _without_facts(each)
        else:
            outcome = _screen_one(each, sheet, found[n], readings.get(n))
        outcomes.append(
            replace(outcome, gate=gates[n].score, passed=gates[n].passed, model_version=version)
        )
    return _look_again(batch, outcomes)


def _look_again(batch: Sequence[Text], outcomes: list[Outcome]) -> list[Outcome]:
    """Leave to people what a second reader denies, of the contradictions that are not plain."""
    doubtful = [
        n
        for n, each in enumerate(outcomes)
        if each.verdict is Verdict.CONTRADICTS and each.proposition is not None
        if each.score < FAST_LANE
    ]
    pairs = []
    for n in doubtful:
        said = outcomes[n].propositions[outcomes[n].proposition or 0].statement
        language = outcomes[n].language if outcomes[n].language in second_look.REASONS else "en"
        pairs.append((batch[n].text, claim_in_words(said, language)))
    for n, chance in zip(doubtful, second_look.denials(pairs), strict=True):
        if chance >= second_look.DENIED_FROM:
            outcomes[n] = replace(
                outcomes[n],
                verdict=Verdict.UNVERIFIABLE,
                score=outcomes[n].score * (1 - chance),
                reasons=second_look.REASONS,
            )
    return outcomes


def _read_all(chosen: Mapping[int, tuple[Text, FactSheet]]) -> dict[int, Reading]:
    """Read many texts, the encoder in one go; a text that cannot be read is left out."""
    prepared: dict[int, Prepared] = {}
    for n, (each, sheet) in chosen.items():
        try:
            prepared[n] = prepare(
                each.text, posted_at=each.posted_at, zone=sheet.zone(), language=each.lang or ""
            )
        except Exception:
            # One strange text must not stop a batch of a thousand; it goes to people instead.
            logger.exception("reading failed", extra={"item": each.id})
    readings: dict[int, Reading] = {}
    heard = chances_of_all(list(prepared.values()))
    for (n, parts), chances in zip(prepared.items(), heard, strict=True):
        try:
            readings[n] = finish(parts, chances)
        except Exception:
            logger.exception("reading failed", extra={"item": chosen[n][0].id})
    return readings


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


def _screen_one(each: Text, facts: FactSheet, opinion: Opinion, reading: Reading | None) -> Outcome:
    """Compare what a text states; a fault in us is never a fault in the batch."""
    try:
        if reading is not None:
            statements = reading.propositions or (_unread(reading, opinion),)
            if reading.heard:
                opinion = replace(
                    opinion, heard=True, claims=reading.candidates, nothing=reading.nothing
                )
            return _judge(statements, facts, each.place, reading.language, opinion)
    except Exception:
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
    verdict, ground, score = _weigh(checked, facts, place, opinion)
    if ground is not None and ground not in checked and ground.statement.claim != GATE_ONLY:
        ground = _same(ground, checked) or ground
        if ground not in checked:
            checked.append(ground)
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
        proposition=next((n for n, other in enumerate(checked) if other is ground), None),
    )


def _same(heard: Checked, checked: Sequence[Checked]) -> Checked | None:
    """Find what was heard among the statements of the text, where it stands among them already."""
    said = heard.statement
    return next(
        (
            each
            for each in checked
            if each.statement.rule == HEARD
            and (each.statement.key, each.statement.claim, each.statement.value)
            == (said.key, said.claim, said.value)
            and each.verdict() is heard.verdict()
        ),
        None,
    )


def _weigh(
    checked: Sequence[Checked], facts: FactSheet, place: str | None, opinion: Opinion
) -> tuple[Verdict, Checked | None, float]:
    """Give the verdict, what it rests on and the chance that the text contradicts the facts."""
    read = [each for each in checked if each.statement.rule != HEARD]
    if not read and checked:
        # Only the encoder heard something: the rules read nothing.
        around = checked[0].statement
        silent = around.with_(key="", claim=GATE_ONLY, rule="", modality="unread", strength=0.0)
        read = [Checked(silent, compare(silent, facts, place=place))]
    verdict, ground = decide(read, opinion)
    table = weights()
    if table is None or not opinion.heard or not checked:
        return verdict, ground, contradiction_score(verdict, ground, read, opinion)
    heard = hear(opinion, checked[0].statement, facts, place=place)
    # Fraud and threats go to people whatever else is heard.
    threat = ground is not None and is_threat(ground) and hears_a_threat(opinion)
    plain = [*agreed(read, heard), *(each for each in read if is_whole_date(each))]
    sure = plain + [each for each in read if is_plain_value(each, opinion)]
    if verdict is Verdict.NOT_PROCEDURAL and is_of_another_country(read, heard):
        return verdict, ground, contradiction_score(verdict, ground, read, opinion)
    if threat or sure:
        verdict, ground = (verdict, ground) if threat else decide(sure, opinion)
        score = contradiction_score(verdict, ground, read, opinion)
        # The fast lane is for what both readers take the text to claim, and for whole dates.
        return verdict, ground, score if ground in plain else min(score, BY_RULE)
    chances = weighed(features(read, verdict, ground, opinion, heard), table)
    best, rests_on = best_grounded(chances, checked, heard)
    if rests_on is not None and is_far_fetched(rests_on, opinion):
        return Verdict.NOT_PROCEDURAL, read[0], chances[Verdict.CONTRADICTS] * FAR_FETCHED
    if best is not verdict or ground not in checked:
        ground = rests_on
    return best, ground, chances[Verdict.CONTRADICTS]
