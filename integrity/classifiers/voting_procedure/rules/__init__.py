"""The rules that turn concepts standing together into propositions, one module per subject."""

from collections.abc import Iterator
from dataclasses import dataclass

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.patterns import Tagged, compile_pattern

FLIP_REACH = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """When one of `patterns` holds, the text makes `claim` about `key`.

    A negation close by turns the claim into `negated`; a rule without `negated` does not hold
    then, unless `keep` says that its own negation is part of it. `needs` is how much the text must
    have to do with voting: 0 nothing, 1 a hint, 2 a word of voting, 3 a word of elections.
    """

    key: str
    claim: str
    topic: str
    patterns: tuple[str, ...]
    negated: str = ""
    keep: bool = False
    needs: int = 2
    strength: float = 1.0
    flips: tuple[str, ...] = ("NEG",)
    unless: tuple[str, ...] = ()


def rule(key: str, claim: str, topic: str, *patterns: str, **options: object) -> Rule:
    """Write a rule in one line."""
    return Rule(key, claim, topic, patterns, **options)  # type: ignore[arg-type]


def apply_rules(
    rules: tuple[Rule, ...], text: Tagged, context: int
) -> Iterator[tuple[Rule, str, Hit]]:
    """Give each rule that holds once, with its claim as negation leaves it and its words."""
    for each in rules:
        if each.needs > context or (each.unless and text.has(*each.unless)):
            continue
        for found in _matches(each, text):
            negations = 0 if each.keep else count_negations(text, found, each.flips)
            if negations % 2 == 0:
                yield each, each.claim, found
            elif each.negated and not each.keep:
                yield each, each.negated, found
            else:
                continue
            break


def _matches(each: Rule, text: Tagged) -> Iterator[Hit]:
    for source in each.patterns:
        yield from compile_pattern(source).find(text)


def count_negations(text: Tagged, found: Hit, names: tuple[str, ...] = ("NEG",)) -> int:
    """Count negations in or beside these words; "don't forget" is none."""
    start, end = text.sentence(found.start)[0], text.sentence(found.end)[1]
    near = max(start, found.start - FLIP_REACH), min(end, found.end + FLIP_REACH)
    hits = {h.start: h for h in text.within(*near, *names)}
    if "NEG" in names:
        # "... is for the council not possible": a denied predicate reaches over its whole clause.
        far = text.within(found.end + 1, min(end, found.end + 9), "NEG")
        hits |= {h.start: h for h in far if _word(text, h.end + 1) in _PREDICATES}
    count = 0
    for hit in hits.values():
        if _beyond_comma(text, found, hit):
            continue
        forget = text.within(hit.start - 5, hit.start + 3, "REMEMBER")
        word = text.tokens[hit.start].text
        after = text.tokens[hit.start + 1].text if hit.start + 1 < len(text.tokens) else ""
        only = (word, after) in _NO_DENIAL or (
            after in {"te", "too"} and _late(text, hit.start + 2)
        )
        if not forget and not only and not _is_tag(text, hit):
            count += 1
    return count


_PREDICATES = {
    "mogelijk", "possible", "toegestaan", "allowed", "nodig", "needed", "necessary", "verplicht",
    "required", "mandatory", "obliged", "geldig", "valid", "strafbaar", "illegal", "verboden",
}  # fmt: skip


def _word(text: Tagged, at: int) -> str:
    return text.tokens[at].text if 0 <= at < len(text.tokens) else ""


_NO_DENIAL = {
    ("not", "only"), ("niet", "alleen"), ("no", "matter"), ("niet", "zo"), ("nee", ","),
}  # fmt: skip


def _late(text: Tagged, at: int) -> bool:
    """Say whether "not too ..." only warns: "niet te laat", "niet te vergeten"."""
    word = text.tokens[at].text if at < len(text.tokens) else ""
    return word in {"laat", "late", "vroeg", "early", "vergeten", "missen", "lang", "long", "veel"}


def _beyond_comma(text: Tagged, found: Hit, hit: Hit) -> bool:
    """Say whether a comma or bracket parts a negation from the words it would deny."""
    if found.start <= hit.start <= found.end:
        return False
    low, high = sorted((hit.start, found.start if hit.start < found.start else found.end))
    return any(
        text.tokens[at].text in {",", "(", ")", ";", ":", "-"} for at in range(low, high + 1)
    )


def _is_tag(text: Tagged, hit: Hit) -> bool:
    """Say whether a "no" only opens the sentence: "No, you cannot"."""
    after = text.tokens[hit.start + 1].text if hit.start + 1 < len(text.tokens) else ""
    return text.tokens[hit.start].text in {"no", "nee", "nope"} and after in {",", "", "!", "."}
