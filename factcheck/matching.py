"""Which known claims a text repeats: the same statement first, then the same words, then meaning.

Nothing here decides: what comes out is a likeness with its reasons. Opposite claims are near
neighbours, so each likeness says in what the two differ, and only the same words about the same
election and place are called the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q

from factcheck.choices import ClaimState
from factcheck.models import Claim, ClaimVector
from integrity.classifiers.claim_matching import encoder, guard, index, ranking
from integrity.classifiers.claim_matching.sentences import sentences

MODEL = f"{encoder.VERSION}+{ranking.VERSION}"
SHOWN_AT_MOST = 3
BY_WORDS, BY_MEANING, BY_PROPOSITION = 60, 20, 60
# How many neighbours the index looks at; more is surer and slower (docs/benchmarks.md).
EF_SEARCH = 100
NEAREST = (
    "SELECT claim_id FROM factcheck_claimvector WHERE encoder = %s "
    "ORDER BY vector <#> %s::halfvec LIMIT %s"
)
_CONFIG = {"nl": "dutch", "en": "english"}
_TOKEN = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Heard:
    """A text to look up: its words, language, election and place, and what was read in it."""

    text: str
    language: str = ""
    election: int | None = None
    place: int | None = None
    propositions: Sequence[Mapping[str, Any]] = ()
    # Whether it is worth the encoder's time; words and statements are compared in any case.
    by_meaning: bool = True


@dataclass(frozen=True, slots=True)
class Likeness:
    """One known claim that a text may repeat, how sure that is, and in what the two differ."""

    claim: Claim
    span: tuple[int, int]
    score: float
    how: str
    differs: tuple[str, ...] = ()
    # The same words about the same election and place: no person needs to say so.
    is_same: bool = False
    threshold: float = ranking.SUGGEST_AT
    model: str = MODEL


@dataclass(slots=True)
class _Try:
    """One sentence of one text, with the claims that may be it and how they came up."""

    heard: Heard
    text: str
    span: tuple[int, int]
    vector: Any = None
    found: dict[int, str] = field(default_factory=dict)


def likenesses(texts: Sequence[Heard]) -> list[list[Likeness]]:
    """Return for each text the known claims that it may repeat, the likeliest first."""
    if not Claim.objects.exists():
        return [[] for _ in texts]
    tries = [[_Try(h, s, span) for s, span in sentences(h.text)] for h in texts]
    _encode([each for group in tries for each in group if each.heard.by_meaning])
    return _compare(tries)


def claims_like(claim: Claim) -> list[Likeness]:
    """Return known claims that may say the same as this one; it is read already, or not found."""
    row = ClaimVector.objects.filter(claim=claim, encoder=encoder.VERSION).first()
    heard = Heard(
        claim.text,
        language=claim.language,
        election=claim.election_id,
        place=claim.place_id,
        propositions=[claim.proposition] if claim.proposition else [],
    )
    each = _Try(heard, claim.text, (0, len(claim.text)))
    if row is not None:
        each.vector = np.asarray(row.vector, dtype=np.float32)
    (found,) = _compare([[each]], without=claim.pk)
    return found


def nearest(vector: Any, *, limit: int = BY_MEANING) -> list[int]:
    """Return the claims whose meaning is nearest, by the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET hnsw.ef_search = {EF_SEARCH:d}")
        cursor.execute(NEAREST, [encoder.VERSION, literal(vector), limit])
        return [row[0] for row in cursor.fetchall()]


def same_proposition(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Say whether two canonical statements are equal: the same key, value and polarity."""
    if not one or not other:
        return False
    return all(one.get(part) == other.get(part) for part in ("key", "value", "polarity"))


def _compare(groups: Sequence[Sequence[_Try]], *, without: int = 0) -> list[list[Likeness]]:
    for each in (each for group in groups for each in group):
        for pk in _by_proposition(each.heard):
            each.found.setdefault(pk, "proposition")
        for pk in _by_words(each.text, each.heard.language):
            each.found.setdefault(pk, "words")
        if each.vector is not None:
            for pk in nearest(each.vector):
                each.found.setdefault(pk, "meaning")
    known = _claims({pk for group in groups for each in group for pk in each.found} - {without})
    return [_best(group, known) for group in groups]


def _encode(tries: Sequence[_Try]) -> None:
    if tries:
        vectors = encoder.load().encode([index.clean(each.text) for each in tries])
        for each, vector in zip(tries, vectors, strict=True):
            each.vector = vector


def _by_proposition(heard: Heard) -> list[int]:
    keys = {p["key"] for p in heard.propositions if p.get("key")}
    if not keys:
        return []
    rows = _open_claims().filter(
        Q(election=heard.election) | Q(election=None), proposition_key__in=keys
    )
    return [
        pk
        for pk, proposition in rows.values_list("pk", "proposition")[:BY_PROPOSITION]
        if any(same_proposition(proposition, said) for said in heard.propositions)
    ]


def _by_words(text: str, language: str) -> list[int]:
    query = _words_query(text)
    if not query:
        return []
    configs = [_CONFIG[language[:2]]] if language[:2] in _CONFIG else sorted(_CONFIG.values())
    found: list[int] = []
    for config in configs:
        rows = (
            _open_claims()
            .annotate(words=SearchVector("text", config=config))
            .filter(words=SearchQuery(query, config=config, search_type="raw"))
        )
        found += rows.values_list("pk", flat=True)[:BY_WORDS]
    return found


def _words_query(text: str) -> str:
    """Ask for claims with two of the rarest-looking words: long ones, and numbers."""
    words = sorted(
        {w.lower() for w in _TOKEN.findall(index.clean(text)) if index.terms(w)},
        key=lambda w: (not w.isdigit(), -len(w), w),
    )[:6]
    pairs = [f"('{a}' & '{b}')" for n, a in enumerate(words) for b in words[n + 1 :]]
    return " | ".join(pairs)


def _claims(pks: Iterable[int]) -> dict[int, tuple[Claim, Any, frozenset[str]]]:
    pks = set(pks)
    vectors = {
        row.claim_id: np.asarray(row.vector, dtype=np.float32)
        for row in ClaimVector.objects.filter(claim__in=pks, encoder=encoder.VERSION)
    }
    return {
        claim.pk: (claim, vectors.get(claim.pk), ranking.words_of(claim.text))
        for claim in _open_claims().filter(pk__in=pks)
    }


def _best(tries: Sequence[_Try], known: Mapping[int, Any]) -> list[Likeness]:
    best: dict[int, Likeness] = {}
    for each in tries:
        said = ranking.words_of(each.text)
        for pk, how in each.found.items():
            if pk in known:
                found = _weigh(each, *known[pk], how=how, said=said)
                if found is not None and (pk not in best or found.score > best[pk].score):
                    best[pk] = found
    return sorted(best.values(), key=lambda f: (not f.is_same, -f.score))[:SHOWN_AT_MOST]


def _weigh(
    each: _Try, claim: Claim, vector: Any, words: frozenset[str], *, how: str, said: frozenset[str]
) -> Likeness | None:
    differs = tuple(guard.conflicts(each.text, claim.text))
    is_same = (
        _is_whole(each)
        and guard.may_confirm(index.clean(each.text), index.clean(claim.text))
        and _same_facts(each.heard, claim)
    )
    if is_same:
        return Likeness(claim, each.span, 1.0, "same words", is_same=True)
    if how == "proposition":
        # The same statement, whatever the words: the slots that decide it are equal.
        return Likeness(claim, each.span, 1.0, how, differs)
    cosine = 0.0
    if vector is not None and each.vector is not None:
        cosine = float(vector @ each.vector)
    score = ranking.likeness(cosine=cosine, said=said, claimed=words)
    threshold = ranking.SUGGEST_DIFFERENT_AT if differs else ranking.SUGGEST_AT
    if score < threshold:
        return None
    return Likeness(claim, each.span, round(min(score, 1.0), 4), how, differs, threshold=threshold)


def _is_whole(each: _Try) -> bool:
    """Say whether the sentence is all that the text says: a quotation in a debunk is not."""
    return index.clean(each.heard.text) == index.clean(each.text)


def _same_facts(heard: Heard, claim: Claim) -> bool:
    return claim.election_id == heard.election and claim.place_id == heard.place


def _open_claims() -> Any:
    return Claim.objects.exclude(state=ClaimState.DISMISSED)


def literal(vector: Any) -> str:
    """Write a vector as the database reads it."""
    return "[" + ",".join(f"{x:.6g}" for x in vector) + "]"
