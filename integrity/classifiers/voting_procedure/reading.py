"""Reading one text: from words to propositions with stance, place in the text and election."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: PLR0917

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from integrity.classifiers.voting_procedure.claims import model as claims
from integrity.classifiers.voting_procedure.concepts import Hit, lexicon, tag
from integrity.classifiers.voting_procedure.context import Context, elections_named, read_context
from integrity.classifiers.voting_procedure.dates import DayMention, find_days
from integrity.classifiers.voting_procedure.encoder import model as encoder
from integrity.classifiers.voting_procedure.encoder.candidates import (
    Candidate,
    Values,
    chances_of,
)
from integrity.classifiers.voting_procedure.encoder.model import Claim
from integrity.classifiers.voting_procedure.encoder.words import masked
from integrity.classifiers.voting_procedure.hours import HourMention, find_hours
from integrity.classifiers.voting_procedure.language import LANGUAGES, guess_language
from integrity.classifiers.voting_procedure.normalise import Folded, fold
from integrity.classifiers.voting_procedure.patterns import Tagged
from integrity.classifiers.voting_procedure.places import find_places
from integrity.classifiers.voting_procedure.propositions import Proposition
from integrity.classifiers.voting_procedure.rules import (
    Rule,
    apply_rules,
    documents,
    people,
    silent,
    voting,
)
from integrity.classifiers.voting_procedure.rules.amounts import amount_statements
from integrity.classifiers.voting_procedure.rules.clock import hour_statements
from integrity.classifiers.voting_procedure.rules.days import Found, day_statements
from integrity.classifiers.voting_procedure.rules.money import money_hits
from integrity.classifiers.voting_procedure.stance import stance_of
from integrity.classifiers.voting_procedure.tokens import tokenize

# What the claim model must be sure of, and how faint the rules' reading must be for it to be asked.
GUESS_FROM = 0.3
GUESS_BELOW = 0.5
GUESSED = "claim model"
# What the encoder must be sure of before its reading stands as a statement of its own.
HEARD_FROM = 0.35
# The languages that it was trained on; a text in which no language is recognised is Dutch or
# English more often than not.
HEARD_LANGUAGES = {"nl", "en", "other"}
FEWEST_WORDS = 3
# How much of a sentence on a closed polling place is kept to compare with notices.
MAX_ABOUT = 200

RULES: tuple[Rule, ...] = (*documents.RULES, *people.RULES, *voting.RULES, *silent.RULES)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a text says about voting, before any fact is looked at."""

    language: str
    context: Context
    propositions: tuple[Proposition, ...] = ()
    folded: str = ""
    evasive: bool = False
    truncated: bool = False
    posted_at: str = ""
    places: tuple[str, ...] = field(default=())
    cues: frozenset[str] = frozenset()
    heard: bool = False
    candidates: tuple[dict[str, Any], ...] = ()
    nothing: dict[str, float] = field(default_factory=dict)


def read(
    text: str, *, posted_at: datetime | None = None, zone: tzinfo | None = None, language: str = ""
) -> Reading:
    """Read a text; days and hours are understood as of its posting in the election's time zone."""
    parts = prepare(text, posted_at=posted_at, zone=zone, language=language)
    return finish(parts, chances_of_all([parts])[0])


def chances_of_all(prepared: Sequence["Prepared"]) -> list[dict[Claim, float] | None]:
    """Ask the encoder about many texts at once; None where there is no encoder."""
    model = encoder.load()
    if model is None:
        return [None] * len(prepared)
    known = [n for n, parts in enumerate(prepared) if _can_be_heard(parts)]
    rows = model.chances([(masked(prepared[n].tagged), prepared[n].language) for n in known])
    heard = dict(zip(known, rows, strict=True))
    return [
        chances_of(heard[n], model.claims) if n in heard else None for n in range(len(prepared))
    ]


def _can_be_heard(parts: "Prepared") -> bool:
    """Say whether a text has words enough, in a language that the encoder was trained on."""
    words = sum(token.text.isalpha() for token in parts.tagged.tokens)
    return parts.language in HEARD_LANGUAGES and words >= FEWEST_WORDS


def finish(parts: "Prepared", chances: dict[Claim, float] | None) -> Reading:
    """Read the statements of a prepared text, beside what the encoder makes of it."""
    folded, tagged, local = parts.folded, parts.tagged, parts.local
    language = parts.language
    context = read_context(tagged)
    found = [*day_statements(tagged, parts.days), *hour_statements(tagged, parts.hours)]
    found += amount_statements(tagged, parts.taken)
    found += [
        Found(each.key, claim, each.topic, {}, hit, each.strength, each.needs, each.patterns[0])
        for each, claim, hit in apply_rules(RULES, tagged, context.level)
    ]
    likely: list[Candidate] = []
    if chances is None:
        found += _guess(tagged, found, context.level)
    else:
        values = Values(tagged, parts.days, parts.hours, parts.taken, tuple(found))
        likely = values.candidates(chances)
        found += _heard(found, likely)
    named = sorted(elections_named(tagged))
    places = find_places(tagged.tokens)
    reference = context.ref or ("+".join(named) if named else "")
    propositions = tuple(
        _proposition(
            each,
            tagged,
            folded,
            reference,
            places,
            local.isoformat() if local else "",
            language,
            context.level,
        )
        for each in found
        if each.needs <= context.level
    )
    return Reading(
        language=language,
        context=context,
        propositions=_without_doubles(propositions),
        folded=folded.text,
        evasive=folded.evasive,
        truncated=folded.truncated,
        posted_at=local.isoformat() if local else "",
        places=places,
        cues=frozenset(name for name, hits in tagged.hits.items() if hits),
        heard=chances is not None,
        candidates=tuple(each.as_json() for each in likely),
        nothing={c.claim: round(p, 3) for c, p in (chances or {}).items() if c.is_none},
    )


def _heard(found: list[Found], likely: list[Candidate]) -> list[Found]:
    """Take over what the encoder is fairly sure of and the rules did not read."""
    read_already = {(each.key, each.claim) for each in found if each.strength >= GUESS_BELOW}
    return [
        each.as_found()
        for each in likely
        if each.chance >= HEARD_FROM and (each.key, each.claim) not in read_already
    ]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text cut up and tagged, with the days and hours found in it."""

    folded: Folded
    language: str
    local: datetime | None
    tagged: Tagged
    days: list[DayMention]
    hours: list[HourMention]
    taken: set[int]


def prepare(
    text: str, *, posted_at: datetime | None = None, zone: tzinfo | None = None, language: str = ""
) -> Prepared:
    """Fold, cut and tag a text, and find what days, hours and amounts it names."""
    folded = fold(text, known=lexicon().restores)
    if language not in LANGUAGES:
        language = guess_language(folded.text)
    tokens = tokenize(folded.text)
    local = _local(posted_at, zone)
    days = find_days(tokens, local.date() if local else None, language)
    taken = {at for day in days for at in range(day.start, day.end)}
    hours = find_hours(tokens, local.hour * 60 + local.minute if local else None, taken)
    taken |= {at for hour in hours for at in range(hour.start, hour.end)}
    tagged = Tagged(tokens, tag(tokens, language))
    tagged.hits["DATE"] = [Hit(day.start, day.end - 1) for day in days]
    tagged.hits["TIME"] = [Hit(hour.start, hour.end - 1) for hour in hours]
    tagged.hits["MONEY"] = money_hits(tokens)
    return Prepared(folded, language, local, tagged, days, hours, taken)


def tagged_text(text: str, language: str = "") -> Tagged:
    """Cut and tag a text without a posting time, as the claim model is trained on it."""
    return prepare(text, language=language).tagged


def _guess(tagged: Tagged, found: list[Found], level: int) -> list[Found]:
    """Let the claim model name the statement where the rules read none that counts."""
    model = claims.load()
    read_already = any(
        each.key and each.strength >= GUESS_BELOW and each.needs <= level for each in found
    )
    if model is None or read_already or not tagged.tokens:
        return []
    guess = model.guess(tagged)
    if guess is None or guess.chance < GUESS_FROM:
        return []
    hit = Hit(0, len(tagged.tokens) - 1)
    strength = 0.5 + 0.3 * guess.chance
    return [Found(guess.key, guess.claim, guess.topic, {}, hit, strength, 0, GUESSED)]


def _local(posted_at: datetime | None, zone: tzinfo | None) -> datetime | None:
    """Give the posting time on the clocks of the election; None when the year cannot be right."""
    if posted_at is None:
        return None
    try:
        if zone is not None and posted_at.tzinfo is not None:
            posted_at = posted_at.astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return posted_at if 2000 <= posted_at.year <= 2100 else None


def _proposition(
    each: Found,
    tagged: Tagged,
    folded: Folded,
    reference: str,
    places: tuple[str, ...],
    posted_at: str,
    language: str,
    level: int,
) -> Proposition:
    """Give a statement its stance and its place in the original text."""
    stance = stance_of(tagged, each.hit)
    first, last = tagged.tokens[each.hit.start], tagged.tokens[each.hit.end]
    value = dict(each.value)
    if stance.rejected:
        value["rejected"] = stance.rejected
    if each.key == "polling_place":
        start, end = (tagged.tokens[at] for at in tagged.sentence(each.hit.start))
        value["about"] = folded.text[start.start : end.end][:MAX_ABOUT]
    if tagged.has("ABROAD"):
        value["abroad"] = True
    return Proposition(
        key=each.key,
        claim=each.claim,
        topic=each.topic,
        value=value,
        polarity=each.polarity,
        stance=stance.stance,
        modality=stance.modality,
        group=each.group,
        place=places[0] if places else "",
        election_ref=reference,
        posted_at=posted_at,
        language=language,
        context=level,
        span=folded.span(first.start, max(last.end, first.end)),
        strength=each.strength,
        rule=each.rule,
    )


def _without_doubles(found: tuple[Proposition, ...]) -> tuple[Proposition, ...]:
    """Keep the strongest of statements that say the same."""
    kept: dict[tuple[object, ...], Proposition] = {}
    for each in found:
        mark = (each.key, each.claim, str(sorted(each.value.items())), each.polarity, each.topic)
        if mark not in kept or kept[mark].strength < each.strength:
            kept[mark] = each
    return tuple(kept.values())
