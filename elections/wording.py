"""Statements and facts in words: short forms for tables, and one sentence that explains."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501, PLR0911, PLR0917

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from elections.facts import Fact, FactSheet, Incident
from elections.phrases import CLAIMS, KEYS, MONTHS, VALUES, WEEKDAYS
from integrity.classifiers.voting_procedure.propositions import Proposition

LANGUAGES = ("nl", "en")
Texts = dict[str, str]


def claimed_in_words(statement: Proposition) -> str:
    """Give the short form of what is claimed: an ISO date, hh:mm, a number or a few words."""
    value, claim = statement.value, statement.claim
    no = "" if statement.polarity else "not "
    if value.get("minutes"):
        return no + "/".join(_clock(m) for m in value["minutes"])
    if "date" in value:
        return f"{no}{value['date']}"
    if {"day", "month"} <= set(value):
        year = str(value.get("year") or statement.posted_at[:4])
        return f"{no}{year}-{value['month']:02d}-{value['day']:02d}".replace(" -", " ")
    if "weekday" in value or "day" in value:
        words = [WEEKDAYS["en"][value["weekday"]]] if "weekday" in value else []
        return no + " ".join(words + ([str(value["day"])] if "day" in value else []))
    for part in ("count", "boxes", "years", "age"):
        if part in value:
            return f"{no}{value[part]}"
    return no + claim.replace("_", " ")


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def official_in_words(fact: Fact | None) -> str:
    """Give the short form of an official value."""
    return "" if fact is None else plain(fact.value)


def plain(value: Any) -> str:
    """Give the short form of a value: the same for every reader and in every place."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(plain(part) for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {plain(part)}" for name, part in value.items())
    return str(value)


def official_for_reader(key: str, value: Any, language: str) -> str:
    """Tell an official value so that it can stand alone: a day by itself, all else with its subject."""
    said = value_in_words(key, value, language)
    if key == "voting_day" or key not in KEYS:
        return said
    colon = ":" if isinstance(value, bool | int | float | Mapping) else ""
    return f"{KEYS[key][language]}{colon} {said}"


def said_for_reader(statement: Proposition, language: str) -> str:
    """Tell what is claimed so that it can stand alone beside what is official."""
    if (statement.key, statement.claim) == ("voting_day", "on") and statement.polarity:
        return _claimed_value(statement, language)
    return claim_in_words(statement, language)


def value_in_words(key: str, value: Any, language: str) -> str:
    """Write an official value out for a reader."""
    if isinstance(value, list) and key == "voting_day":
        return " / ".join(value_in_words(key, day, language) for day in value)
    if isinstance(value, bool):
        return {"nl": ("nee", "ja"), "en": ("no", "yes")}[language][value]
    if value is None:
        return {"nl": "geen", "en": "none"}[language]
    if isinstance(value, str):
        try:
            return _moment_in_words(value, language)
        except ValueError:
            return VALUES.get(value, {}).get(language, value)
    if isinstance(value, list):
        return ", ".join(VALUES.get(str(part), {}).get(language, str(part)) for part in value)
    if isinstance(value, Mapping):
        return _marking_in_words(value, language)
    return str(value)


def _moment_in_words(value: str, language: str) -> str:
    if len(value) < 10:
        if len(value) == 5 and value[2] == ":":
            return value.replace(":", ".") if language == "nl" else value
        raise ValueError(value)
    moment = datetime.fromisoformat(value)
    text = day_in_words(moment.date(), language)
    if "T" in value:
        joined = {"nl": "{} om {:%H.%M} uur", "en": "{} at {:%H:%M}"}[language]
        return joined.format(text, moment)
    return text


def day_in_words(day: date, language: str) -> str:
    """Write a day out: woensdag 18 maart 2026, Wednesday 18 March 2026."""
    weekday, month = WEEKDAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    return f"{weekday} {day.day} {month} {day.year}"


def _marking_in_words(value: Mapping[str, Any], language: str) -> str:
    boxes, colour = value.get("boxes"), value.get("colour")
    shade = VALUES.get(f"colour_{colour}", {}).get(language, str(colour or ""))
    if language == "nl":
        text = f"{boxes} hokje{'s' if boxes != 1 else ''}"
    else:
        text = f"{boxes} box{'es' if boxes != 1 else ''}"
    return f"{text}, {shade}" if shade else text


def reasons_for(
    kind: str,
    statement: Proposition,
    fact: Fact | None,
    facts: FactSheet,
    *,
    places: tuple[str, ...] = (),
    incident: Incident | None = None,
) -> Texts:
    """Explain an outcome in one sentence a language, fit to be pasted."""
    return {
        language: _reason(kind, statement, fact, facts, places, incident, language)
        for language in LANGUAGES
    }


def _reason(
    kind: str,
    statement: Proposition,
    fact: Fact | None,
    facts: FactSheet,
    places: tuple[str, ...],
    incident: Incident | None,
    language: str,
) -> str:
    claim = claim_in_words(statement, language)
    if incident is not None:
        message = incident.message.get(language) or next(iter(incident.message.values()), "")
        start = {"nl": "Officiële melding", "en": "Official notice"}[language]
        return (
            f"{start}: {message} ({incident.source_url})"
            if incident.source_url
            else f"{start}: {message}"
        )
    if kind == "silent" or fact is None:
        return {
            "nl": f"Het bericht zegt: {claim}; de officiële feiten zeggen hier niets over.",
            "en": f"The text says: {claim}; the official facts are silent on this.",
        }[language]
    if kind == "depends":
        names = ", ".join(places)
        return {
            "nl": f"Het bericht zegt: {claim}; dat klopt in {names} en elders niet, en de plaats is onbekend.",
            "en": f"The text says: {claim}; this is right in {names} and wrong elsewhere, and the place is not known.",
        }[language]
    official = value_in_words(fact.key, fact.value, language)
    key = KEYS.get(fact.key, {}).get(language, fact.key)
    where = f" ({facts.places.get(fact.place, fact.place)})" if fact.place else ""
    source = f", {fact.source_name}" if fact.source_name else ""
    verb = {
        ("nl", True): "Klopt", ("nl", False): "Klopt niet", ("en", True): "Right", ("en", False): "Wrong",
    }[language, kind == "supported"]  # fmt: skip
    said = {"nl": "het bericht zegt", "en": "the text says"}[language]
    stated = {"nl": "officieel", "en": "official"}[language]
    return f"{verb}: {said}: {claim}; {stated}: {key}{where}: {official}{source}."


def claim_in_words(statement: Proposition, language: str) -> str:
    """Write out what is claimed for a reader."""
    template = CLAIMS.get((statement.key, statement.claim)) or CLAIMS.get(("", statement.claim))
    text = template[language] if template else statement.claim.replace("_", " ")
    if "{" in text:
        text = text.format(value=_claimed_value(statement, language))
    if not statement.polarity:
        text = {"nl": "niet: ", "en": "not: "}[language] + text
    return text


def _claimed_value(statement: Proposition, language: str) -> str:
    value = statement.value
    if value.get("minutes"):
        joined = {"nl": " of ", "en": " or "}[language]
        clock = joined.join(_clock(m) for m in value["minutes"])
        return clock.replace(":", ".") if language == "nl" else clock
    if "date" in value:
        return day_in_words(date.fromisoformat(value["date"]), language)
    words = []
    if "weekday" in value:
        words.append(WEEKDAYS[language][value["weekday"]])
    if "day" in value:
        words.append(str(value["day"]))
    if "month" in value:
        words.append(MONTHS[language][value["month"] - 1])
    if "year" in value:
        words.append(str(value["year"]))
    if words:
        return " ".join(words)
    return str(next((value[p] for p in ("count", "boxes", "years", "age") if p in value), ""))
