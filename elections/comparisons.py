"""One small comparison for each key: is the statement true, false, or beyond the facts?"""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: PLR0911

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from elections.facts import Fact, FactSheet
from integrity.classifiers.voting_procedure.propositions import Proposition


@dataclass(frozen=True, slots=True)
class Answer:
    """`true` is None where the facts are silent; `void` where nothing about it is claimed."""

    true: bool | None
    key: str = ""
    void: bool = False


SILENT = Answer(None)
VOID = Answer(None, void=True)


@dataclass(frozen=True, slots=True)
class Question:
    """A statement beside the fact that may decide it."""

    statement: Proposition
    facts: FactSheet
    fact: Fact | None
    place: str | None
    at: datetime | None

    def with_fact(self, fact: Fact) -> "Question":
        """Ask the same of another fact."""
        return replace(self, fact=fact, place=fact.place)

    def official(self, key: str) -> Any:
        """Return the value of another fact in force."""
        return self.facts.value(key, place=self.place, at=self.at)

    def says(self, *words: str) -> bool:
        """Say whether the fact's own explanation has one of these words."""
        texts = " ".join(self.fact.applies.values()).casefold() if self.fact else ""
        return any(re.search(rf"\b{word}", texts) for word in words)


def _yes_no(yes: str, no: str) -> Callable[[Question], Answer]:
    """Compare a statement that is answered by yes or no."""

    def answer(q: Question) -> Answer:
        if q.fact is None or not isinstance(q.fact.value, bool):
            return SILENT
        if q.statement.claim not in {yes, no}:
            return SILENT
        return Answer((q.statement.claim == yes) == q.fact.value)

    return answer


# --- days ---------------------------------------------------------------------------------------


def matches(mention: dict[str, Any], day: date) -> bool:
    """Say whether a day, however little of it is named, can be this one."""
    if "date" in mention:
        return bool(mention["date"] == day.isoformat())
    if "between" in mention:
        return bool(mention["between"][0] <= day.isoformat() <= mention["between"][1])
    parts = {"weekday": day.weekday(), "day": day.day, "month": day.month, "year": day.year}
    return all(mention[name] == part for name, part in parts.items() if name in mention)


def named_day(mention: dict[str, Any], posted: date | None) -> date | None:
    """Return the day that a mention most likely is, counted from the posting."""
    if "date" in mention:
        return date.fromisoformat(mention["date"])
    if posted is None:
        return None
    candidates = (posted + timedelta(days=n) for n in (*range(0, 200), *range(-1, -60, -1)))
    return next((day for day in candidates if matches(mention, day)), None)


def _voting_day(q: Question) -> Answer:
    days, claim, value = q.facts.voting_days, q.statement.claim, q.statement.value
    if not days:
        return SILENT
    if claim in {"postponed", "cancelled"}:
        return Answer(not q.statement.polarity)
    hit = any(matches(value, day) for day in days)
    named = any(part in value for part in ("date", "weekday", "day", "between"))
    if claim == "early" or (claim == "extra_day" and not named):
        return Answer((len(days) > 1) == q.statement.polarity)
    if not named:
        return VOID
    if claim == "extra_day":
        return Answer(hit == q.statement.polarity)
    if claim == "not_on" or not q.statement.polarity:
        return Answer(False) if hit else VOID
    posted = q.at.date() if q.at else None
    if posted and "from" in value and not hit and value.get("date", "9") < posted.isoformat():
        return VOID  # What somebody did yesterday is a story, not the day of voting.
    explicit = "month" in value or "day" in value
    if "year" in value and all(value["year"] != day.year for day in days):
        return VOID
    if posted and posted > days[-1] and not explicit:
        return VOID
    if "weekday" in value and not explicit and "date" not in value:
        return _weekday(hit, posted, days)
    if q.statement.group:
        return VOID if hit else Answer(False)
    return Answer(hit)


def _weekday(hit: bool, posted: date | None, days: tuple[date, ...]) -> Answer:
    """Compare a bare weekday: far from the vote it can be any."""
    if posted is None:
        return Answer(hit) if hit else SILENT
    ahead = (days[0] - posted).days
    if hit:
        return Answer(True) if ahead <= 28 else VOID
    return Answer(False) if ahead <= 21 else VOID


def _day_of(key_value: Any) -> date | None:
    return date.fromisoformat(key_value[:10]) if isinstance(key_value, str) else None


def _result_day(q: Question) -> Answer:
    days = [_day_of(q.official(key)) for key in ("preliminary_result_date", "official_result_date")]
    if not any(days):
        return SILENT
    own = _day_of(q.fact.value) if q.fact else None
    if own and matches(q.statement.value, own):
        return Answer(True)
    other = next((d for d in days if d and d != own and matches(q.statement.value, d)), None)
    if other:
        key = (
            "official_result_date"
            if q.statement.key.startswith("prelim")
            else "preliminary_result_date"
        )
        return Answer(True, key) if q.statement.key.startswith("prelim") else Answer(False)
    if q.statement.key.startswith("prelim") and q.at:
        day = named_day(q.statement.value, q.at.date())
        first = days[0]
        # The night after the vote is the day after, too.
        if day and first and day == first + timedelta(days=1):
            return Answer(True)
    return Answer(False)


# --- hours --------------------------------------------------------------------------------------


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _hours(q: Question) -> Answer:
    claim, value = q.statement.claim, q.statement.value
    if claim in {"queue_allowed", "queue_refused"}:
        allowed = q.official("queue_may_vote")
        if allowed is None:
            if not q.says("in line", "queue", "stands in", "rij", "binnen"):
                return SILENT
            allowed = True
        return Answer((claim == "queue_allowed") == bool(allowed))
    if q.fact is None:
        return SILENT
    official = _minutes(q.fact.value)
    minutes = value.get("minutes") or []
    if not minutes:
        return SILENT
    if claim == "within":
        return _within(q, minutes)
    if claim == "from_now":
        if q.at is None or q.at.date() not in q.facts.voting_days:
            return VOID
        slack = 6 if value.get("from_now", 0) <= 30 else 20
        return Answer(any(abs(m - official) <= slack for m in minutes))
    near = any(m % 1440 == official % 1440 for m in minutes)
    if not q.statement.polarity:
        return Answer(False) if near else VOID
    return Answer(near)


def _within(q: Question, minutes: list[int]) -> Answer:
    """Compare a plan to vote at some hour with the opening hours."""
    opens, closes = q.official("polls_open"), q.official("polls_close")
    if not opens or not closes:
        return SILENT
    inside = any(_minutes(opens) <= m <= _minutes(closes) for m in minutes)
    if inside:
        return Answer(True) if q.statement.polarity and q.statement.value.get("may") else VOID
    return Answer(False) if q.statement.polarity else Answer(True)


# --- ways and places ----------------------------------------------------------------------------


def _methods(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    claim = q.statement.claim
    allowed = set(q.fact.value)
    if claim == "in_person_only":
        return Answer(not allowed - {"in_person", "proxy", "post_abroad_only"})
    if claim == "proxy_only_some":
        return Answer(False)
    denied = claim.startswith("not_")
    method = claim.removeprefix("not_")
    abroad = bool(q.statement.value.get("abroad"))
    possible = method in allowed or (method == "post" and "post_abroad_only" in allowed and abroad)
    if q.at and q.facts.voting_days and q.at.date() > q.facts.voting_days[-1] and not denied:
        return VOID if possible else SILENT
    if method == "online" and possible and not denied:
        closes = q.official("online_voting_closes")
        local = q.at.replace(tzinfo=None) if q.at else None
        if (
            closes
            and local
            and local > datetime.fromisoformat(closes)
            and not q.statement.value.get("told")
        ):
            return Answer(False, "online_voting_closes")
    return Answer(possible != denied)


def _online_closes(q: Question) -> Answer:
    methods = q.official("voting_methods")
    if methods is not None and "online" not in methods:
        return Answer(False, "voting_methods")
    if q.fact is None:
        return SILENT
    closes = datetime.fromisoformat(q.fact.value)
    if q.statement.claim == "until_moment":
        minutes = q.statement.value.get("minutes") or []
        day = q.statement.value.get("date") or (q.at.date().isoformat() if q.at else "")
        if day != closes.date().isoformat():
            return Answer(False)
        return Answer(any(abs(m - closes.hour * 60 - closes.minute) <= 10 for m in minutes))
    if q.statement.claim == "until":
        return Answer(matches(q.statement.value, closes.date()))
    day_said = named_day(q.statement.value, q.at.date() if q.at else None)
    return SILENT if day_said is None else Answer(day_said <= closes.date())


def _scope(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    scope, claim = q.fact.value, q.statement.claim
    true = {
        "elsewhere": scope == "any_in_country",
        "not_elsewhere": scope != "any_in_country",
        "any_own": scope != "assigned",
        "not_any_own": scope == "assigned",
        "any": scope != "assigned",
        "assigned_only": scope == "assigned",
    }.get(claim)
    return Answer(true)


# --- documents ----------------------------------------------------------------------------------


def _id(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    claims = {
        "needed": True,
        "not_needed": False,
        "other_document": False,
        "other_document_refused": True,
    }
    return Answer(claims[q.statement.claim] == bool(q.fact.value))


def _original(q: Question) -> Answer:
    """Compare what is said of copies; a duty to show a document is not met by a picture of one."""
    if q.fact is None:
        if q.official("id_required") is not True or q.statement.claim != "copy_accepted":
            return SILENT
        return Answer(False, "id_required")
    return _yes_no("original_needed", "copy_accepted")(q)


def _expired(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    most = q.fact.value
    most = 99 if most is None else most
    if q.statement.claim == "years":
        years, refused = q.statement.value["years"], q.statement.value["refused"]
        if q.statement.value.get("limit") and not refused:
            return Answer(years == most)
        return Answer((years > most) == refused)
    return Answer((q.statement.claim == "accepted") == (most > 0))


def _replacement(q: Question) -> Answer:
    if q.fact is None or q.fact.value is None:
        return SILENT
    deadline = datetime.fromisoformat(q.fact.value)
    claim, value = q.statement.claim, q.statement.value
    local = q.at.replace(tzinfo=None) if q.at else None
    if claim == "until_time":
        official = deadline.hour * 60 + deadline.minute
        return Answer(any(m % 1440 == official % 1440 for m in value["minutes"]))
    if claim in {"possible", "impossible"}:
        return SILENT if local is None else Answer((local < deadline) == (claim == "possible"))
    day = named_day(value, local.date() if local else None)
    if day is None:
        return SILENT
    minutes = value.get("minutes") or []
    if claim == "open_on" and local and day == local.date() == deadline.date():
        return Answer(local < deadline)
    if claim == "open_on" and not minutes:
        return Answer(day <= deadline.date())
    if day != deadline.date():
        return Answer(False)
    official = deadline.hour * 60 + deadline.minute
    return Answer(not minutes or any(m % 1440 == official % 1440 for m in minutes))


def _registration(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    return Answer((q.statement.claim == "required") == bool(q.fact.value))


def _registration_deadline(q: Question) -> Answer:
    if q.official("registration_required") is False:
        return Answer(False, "registration_required")
    if q.fact is None or q.fact.value is None:
        return SILENT
    last = date.fromisoformat(q.fact.value[:10])
    if q.says("before this date", "vóór deze datum", "voor deze datum"):
        last -= timedelta(days=1)
    day = named_day(q.statement.value, q.at.date() if q.at else None)
    if day is None:
        return SILENT
    if q.statement.claim == "open_on":
        return Answer(day <= last)
    if q.statement.value.get("before"):
        day -= timedelta(days=1)
    return Answer(day == last)


# --- people -------------------------------------------------------------------------------------


def _age(q: Question) -> Answer:
    if q.fact is None or q.fact.value is None:
        return SILENT
    least, said = q.fact.value, q.statement.value
    if said.get("this_year") and said["age"] >= least:
        return Answer(False) if q.statement.polarity else VOID
    if said.get("least") and q.statement.polarity:
        return Answer(said["age"] == least)
    return Answer((said["age"] >= least) == q.statement.polarity)


def _nationality(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    may = set(q.fact.value)
    everyone, eu = "any" in may, bool(may & {"any", "EU"})
    others = bool(may & {"any", "non_EU_after_residence", "non_EU"})
    claim = q.statement.claim
    if claim == "extra_condition":
        return Answer(False)
    true = {
        "nl_only": not eu and not others,
        "nl_eu_only": eu and not others,
        "eu_may": eu,
        "eu_excluded": not eu,
        "noneu_may": others,
        "noneu_excluded": not others,
        "all_may": everyone,
        "not_all_may": not everyone,
    }.get(claim)
    return Answer(true)


def _residence(q: Question) -> Answer:
    may = set(q.official("eligible_nationality") or ())
    years, denied = q.statement.value["years"], q.statement.value.get("denied")
    if q.statement.claim == "eu_residence_years":
        if not may:
            return SILENT
        eu = bool(may & {"EU", "any"})
        return Answer(not eu if denied else False, "eligible_nationality")
    if q.fact is None:
        return SILENT
    needed = q.fact.value
    if needed is None:
        return Answer(bool(denied), "eligible_nationality")
    if denied:
        return Answer(years < needed)
    return Answer(
        years == needed
        or (years > needed and q.statement.claim == "noneu_residence_years" and needed > 0)
    )


def _compulsory(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    return Answer((q.statement.claim == "yes") == bool(q.fact.value))


def _proxies(q: Question) -> Answer:
    if q.fact is None or q.fact.value is None:
        return SILENT
    most, claim, said = q.fact.value, q.statement.claim, q.statement.value
    if claim in {"unlimited", "limited"}:
        return Answer(claim == "limited")
    if claim in {"together", "separately"}:
        if not q.says("together", "tegelijk", "samen met"):
            return SILENT
        return Answer(claim == "together")
    count = said["count"]
    if not q.statement.polarity:
        return Answer(count > most)
    if said.get("more"):
        return Answer(count < most)
    if said.get("max"):
        return Answer(count == most)
    return Answer(count <= most if count > 1 or most == 1 else True)


def _cost(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    return Answer((q.statement.claim == "paid") == bool(q.fact.value))


def _health(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    return Answer((q.statement.claim == "required") == bool(q.fact.value))


# --- the ballot ---------------------------------------------------------------------------------


def _marking(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    official, claim = q.fact.value, q.statement.claim
    if claim == "boxes":
        return Answer((q.statement.value["boxes"] == official["boxes"]) == q.statement.polarity)
    if claim == "two_marks":
        return Answer(official["boxes"] == 2)
    colour = official.get("colour")
    if colour is None:
        return SILENT
    if claim == "other_pen":
        return Answer(False)
    return Answer((claim == "any_colour") == (colour == "any"))


def _selfie(q: Question) -> Answer:
    if q.fact is None:
        return SILENT
    return Answer((q.statement.claim == "forbidden") == (q.fact.value == "forbidden"))


COMPARISONS: dict[str, Callable[[Question], Answer]] = {
    "voting_day": _voting_day,
    "polls_open": _hours,
    "polls_close": _hours,
    "voting_methods": _methods,
    "online_voting_closes": _online_closes,
    "polling_place_scope": _scope,
    "id_required": _id,
    "id_expired_max_years": _expired,
    "id_original_required": _original,
    "voter_pass_required": _yes_no("needed", "not_needed"),
    "voter_pass_replacement_deadline": _replacement,
    "registration_required": _registration,
    "registration_deadline": _registration_deadline,
    "min_age": _age,
    "eligible_nationality": _nationality,
    "non_eu_residence_years": _residence,
    "compulsory": _compulsory,
    "proxy_max": _proxies,
    "proxy_id_copy": _yes_no("needed", "not_needed"),
    "cost": _cost,
    "health_requirement": _health,
    "ballot_marking": _marking,
    "ballot_selfie": _selfie,
    "preliminary_result_date": _result_day,
    "official_result_date": _result_day,
}
