"""Counted statements: how many proxies, boxes, years, and which age."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501

import re
from collections.abc import Iterator

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.numbers import number_at
from integrity.classifiers.voting_procedure.patterns import Tagged
from integrity.classifiers.voting_procedure.rules import count_negations
from integrity.classifiers.voting_procedure.rules.days import Found

_YEARS = {"jaar", "jaren", "year", "years", "jr", "yrs", "jahre", "lat", "yıl", "yil"}
_AGES = {"jaar", "jarige", "jarigen", "years", "year", "plussers", "plus", "jarig", "yo"}


def amount_statements(text: Tagged, taken: set[int]) -> Iterator[Found]:
    """Read every counted statement."""
    yield from _proxies(text, taken)
    yield from _boxes(text, taken)
    yield from _years(text)
    yield from _ages(text, taken)


def _numbers(text: Tagged, taken: set[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the numbers between two words with their place."""
    for at in range(max(0, start), min(len(text.tokens), end + 1)):
        if at in taken:
            continue
        number = number_at(text.tokens, at, weak=True)
        word = text.tokens[at].text
        if number is not None and word not in {"a", "an", "'n", "half", "een", "paar", "couple"}:
            yield at, number
        elif word in {"een", "paar", "couple"} and at + 1 < len(text.tokens):
            follows = text.tokens[at + 1].text
            if (
                word == "een"
                and follows
                in {
                    "hokje",
                    "vakje",
                    "rondje",
                    "bolletje",
                    "cirkel",
                    "volmacht",
                    "machtiging",
                    "vinkje",
                }
                and text.within(
                    max(start, at - 4), at + 3, "ONLY", "MAX", "COLOUR", "RED", "BOX", "NEED"
                )
            ):
                yield at, 1


def _proxies(text: Tagged, taken: set[int]) -> Iterator[Found]:
    """Read how many votes one may cast for others."""
    anchors = text.hits.get("PROXY", []) + text.hits.get("PROXYACT", [])
    if not anchors and text.has("FAMILY") and text.has("PASS", "PASSW") and text.has("BRING"):
        anchors = text.hits.get("FAMILY", [])
    for anchor in sorted(anchors):
        start, end = text.sentence(anchor.start)
        for at, number in _numbers(
            text, taken, max(start, anchor.start - 9), min(end, anchor.end + 9)
        ):
            after = text.tokens[at + 1].text if at + 1 < len(text.tokens) else ""
            if (
                number > 60
                or number == 0
                or after
                in _YEARS | {"uur", "euro", "minuten", "%", "dagen", "days", "weken", "weeks"}
            ):
                continue
            hit = Hit(min(at, anchor.start), max(at, anchor.end))
            exact = not text.within(hit.start - 3, hit.end + 3, "MAX")
            near = text.within(max(start, at - 4), at, "NEG")
            more = "more" in {t.text for t in text.tokens[max(0, at - 3) : at]} or "meer" in {
                t.text for t in text.tokens[max(0, at - 3) : at]}  # fmt: skip
            value = {"count": number, "max": not exact, "more": bool(more and not near)}
            polarity = not near or bool(more)
            yield Found(
                "proxy_max", "count", "proxy", value, hit, 0.9, 1, "proxies", polarity=polarity
            )
            return


def _boxes(text: Tagged, taken: set[int]) -> Iterator[Found]:
    """Read how many boxes one fills in."""
    for anchor in text.hits.get("BOX", ()):
        start, end = text.sentence(anchor.start)
        for at, number in _numbers(text, taken, max(start, anchor.start - 4), anchor.start):
            if number > 10 or number == 0:
                continue
            if not text.within(
                start - 20,
                end + 20,
                "COLOUR",
                "BALLOT",
                "VOTE",
                "ALLOW",
                "PEN",
                "RED",
                "CAMPAIGN",
                "PARTY",
                "NEED",
            ):
                continue
            denied = bool(text.within(max(start, at - 3), at, "NEG")) or bool(
                text.within(anchor.end, min(end, anchor.end + 6), "INVALIDW", "REFUSE")
            )
            if number == 1 and text.within(max(start, at - 3), at, "ONLY"):
                denied = False
            yield Found(
                "ballot_marking",
                "boxes",
                "ballot",
                {"boxes": number},
                Hit(at, anchor.end),
                0.95,
                1,
                "boxes",
                polarity=not denied,
            )
            return


def _years(text: Tagged) -> Iterator[Found]:
    """Read years of expiry and years of residence."""
    for at, token in enumerate(text.tokens):
        if token.text not in _YEARS:
            continue
        number = number_at(text.tokens, at - 1, weak=False) if at else None
        if (
            number is None
            and at
            and text.tokens[at - 1].text in {"een", "a", "one", "heel", "full", "één"}
        ):
            number = 1
        if number is None or number > 30:
            continue
        start, end = text.sentence(at)
        hit = Hit(at - 1, at)
        if text.has("ID") and text.within(start - 12, end + 12, "EXPIRED", "VALID"):
            refused = (
                bool(text.within(max(start, at - 9), min(end, at + 9), "REFUSE"))
                or count_negations(text, hit, ("NEG",)) % 2 == 1
            )
            yield Found(
                "id_expired_max_years",
                "years",
                "id",
                {
                    "years": number,
                    "refused": refused,
                    "limit": bool(
                        text.within(max(start, at - 5), at, "MAX", "UNTIL") or _less(text, at)
                    ),
                },
                hit,
                1.0,
                1,
                "expiry years",
            )
        elif (
            text.has("LIVE", "NONEU", "EUCIT", "RESIDEYEARS", "CONDITION")
            and text.has("VOTE", "ALLOW", "SUFFRAGE")
            and not text.has("AGEX")
        ):
            if text.has("CONDITION") and text.has("EUCIT"):
                claim = "eu_residence_years"
            elif text.has("NONEU"):
                claim = "noneu_residence_years"
            elif text.has("EUCIT"):
                claim = "eu_residence_years"
            else:
                claim = "residence_years"
            denied = count_negations(text, Hit(max(start, at - 6), min(end, at + 10))) % 2 == 1
            yield Found(
                "non_eu_residence_years",
                claim,
                "eligibility",
                {"years": number, "denied": denied},
                hit,
                0.9,
                1,
                "residence years",
            )


def _less(text: Tagged, at: int) -> bool:
    words = {token.text for token in text.tokens[max(0, at - 6) : at + 4]}
    return bool(
        words
        & {
            "korter",
            "minder",
            "less",
            "under",
            "within",
            "binnen",
            "zolang",
            "hooguit",
            "maximaal",
            "tot",
        }
    )


_TIGHT_AGE = re.compile(r"^(1[2-9]|2[0-9])$")


def _ages(text: Tagged, taken: set[int]) -> Iterator[Found]:
    """Read the age at which one may vote."""
    seen: list[tuple[int, int]] = [
        (hit.start, age)
        for name, age in (("AGE16", 16), ("AGE17", 17), ("AGE18", 18))
        for hit in text.hits.get(name, ())
    ]
    for at, token in enumerate(text.tokens):
        if at in taken:
            continue
        number = number_at(text.tokens, at, weak=False)
        if number is None or not 12 <= number <= 25:
            continue
        after = text.tokens[at + 1].text if at + 1 < len(text.tokens) else ""
        before = text.tokens[at - 1].text if at else ""
        around = {t.text for t in text.tokens[max(0, at - 3) : at + 4]}
        aged = after in _AGES or token.text.endswith("jarigen") or "leeftijd" in around or "age" in around or bool(
            around & {"wordt", "bent", "turn", "turning", "turns", "birthday", "verjaardag", "geworden", "word", "'m", "im", "ben", "older", "ouder", "aged"})  # fmt: skip
        if (
            after == "-"
            and at + 2 < len(text.tokens)
            and text.tokens[at + 2].text in {"year", "jarige", "jarigen"}
        ):
            aged = True
        if before == "van" and after in {"mag", "mogen", "kan", "may", "can"}:
            aged = True
        if before in {"om", "at", "tot", "lijst"} or after in {
            "uur",
            "euro",
            "keer",
            "pm",
            "am",
            "u",
        }:
            aged = False
        if aged:
            seen.append((at, number))
    for at, age in sorted(seen):
        start, end = text.sentence(at)
        reach = (max(0, start - 12), min(len(text.tokens) - 1, end + 16))
        if not text.within(*reach, "VOTE", "SUFFRAGE", "POLL", "ELECT"):
            continue
        if not text.within(
            *reach,
            "ALLOW",
            "SUFFRAGE",
            "NEED",
            "ONLY",
            "FROM",
            "NEG",
            "MUSTGO",
            "IMPER",
            "UNTIL",
            "REFUSE",
            "VOTE",
        ):
            continue
        least = bool(
            text.within(
                max(start, at - 4),
                at,
                "FROM",
                "NEED",
                "=minimaal",
                "=minimum",
                "=pas",
                "=minimumleeftijd",
                "=least",
                "=only",
            )
        )
        calendar = bool(
            {t.text for t in text.tokens[start : end + 1]}
            & {"kalenderjaar", "calendar", "december", "dit", "later", "jaar"}
            and {t.text for t in text.tokens[start : end + 1]}
            & {"kalenderjaar", "calendar", "december", "later", "eind", "year"}
        )
        denied = bool(text.within(max(start, at - 4), min(end, at + 9), "NEG", "REFUSE"))
        yield Found(
            "min_age",
            "age",
            "eligibility",
            {"age": age, "least": least, "this_year": calendar},
            Hit(at, at),
            0.9,
            1,
            "age",
            polarity=not denied,
        )
        return


def forced_amount(text: Tagged, taken: set[int], key: str) -> Iterator[Found]:
    """Read the number of a counted statement, where something else knows what is counted."""
    last = len(text.tokens) - 1
    if key == "min_age":
        yield from _forced_age(text, taken)
    elif key in {"id_expired_max_years", "non_eu_residence_years"}:
        yield from _forced_years(text, key)
    elif key in {"proxy_max", "ballot_marking"}:
        most = 60 if key == "proxy_max" else 10
        for at, number in _numbers(text, taken, 0, last):
            after = text.tokens[at + 1].text if at < last else ""
            if not 0 < number <= most or after in _YEARS | _UNITS:
                continue
            hit = Hit(at, at)
            denied = bool(text.within(at - 3, at, "NEG"))
            if key == "proxy_max":
                value = {"count": number, "max": bool(text.within(at - 3, at + 3, "MAX"))}
                yield Found(key, "count", "proxy", value, hit, 0.8, polarity=not denied)
            else:
                value = {"boxes": number}
                yield Found(key, "boxes", "ballot", value, hit, 0.8, polarity=not denied)
            return


_UNITS = {"uur", "euro", "minuten", "%", "dagen", "days", "weken", "weeks", "minutes", "o'clock"}


def _forced_age(text: Tagged, taken: set[int]) -> Iterator[Found]:
    """Read the one number that can be an age."""
    named = [
        (hit.start, age)
        for name, age in (("AGE16", 16), ("AGE17", 17), ("AGE18", 18))
        for hit in text.hits.get(name, ())
    ]
    for at, number in [*named, *_numbers(text, taken, 0, len(text.tokens) - 1)]:
        if 10 <= number <= 30:
            denied = bool(text.within(at - 4, at + 9, "NEG", "REFUSE"))
            value = {"age": number, "least": bool(text.within(at - 4, at, "FROM", "NEED"))}
            yield Found("min_age", "age", "eligibility", value, Hit(at, at), 0.8, polarity=not denied)  # fmt: skip
            return


def _forced_years(text: Tagged, key: str) -> Iterator[Found]:
    """Read a number of years, of expiry or of residence."""
    for at, token in enumerate(text.tokens):
        if token.text not in _YEARS or not at:
            continue
        number = number_at(text.tokens, at - 1, weak=False)
        if number is None and text.tokens[at - 1].text in {"een", "a", "one", "full", "één"}:
            number = 1
        if number is None or not 0 < number <= 40:
            continue
        hit = Hit(at - 1, at)
        if key == "id_expired_max_years":
            near = (max(0, at - 9), at + 9)
            refused = bool(text.within(*near, "REFUSE")) or count_negations(text, hit) % 2 == 1
            limit = bool(text.within(at - 5, at, "MAX", "UNTIL") or _less(text, at))
            value = {"years": number, "refused": refused, "limit": limit}
            yield Found(key, "years", "id", value, hit, 0.8)
        else:
            denied = count_negations(text, Hit(max(0, at - 6), at)) % 2 == 1
            claim = "noneu_residence_years" if text.has("NONEU") else "residence_years"
            value = {"years": number, "denied": denied}
            yield Found(key, claim, "eligibility", value, hit, 0.8)
        return
