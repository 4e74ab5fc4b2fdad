"""Official facts as sentences that a voter reads. A sentence is made from the value alone, so that
a page and the screening can never say different things.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.dateformat import time_format
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from elections.fact_keys import as_list
from elections.facts import Fact


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language it is in; `translated` is false when the reader's was missing."""

    text: str
    language: str
    translated: bool = True


def in_readers_language(texts: Mapping[str, str]) -> Words | None:
    """Choose the reader's language, else Dutch, else English, else whichever there is."""
    wanted = (get_language() or "nl")[:2]
    for language in (wanted, "nl", "en", *texts):
        if texts.get(language):
            return Words(texts[language], language, language == wanted)
    return None


def full_day(value: str | date) -> str:
    """Write a day with its weekday and its year: it stays true on a page that has grown old."""
    return date_format(date.fromisoformat(value) if isinstance(value, str) else value, "l j F Y")


def clock(value: str | time) -> str:
    """Write a time of day as people here do: 21.00 in Dutch, 21:00 in English."""
    at = time.fromisoformat(value) if isinstance(value, str) else value
    return time_format(at, pgettext("time of day on the voter's pages, Django date format", "H:i"))


def moment(value: str) -> str:
    """Write a day, or a day and a time."""
    if len(value) == 10:
        return full_day(value)
    at = datetime.fromisoformat(value)
    return _("%(day)s, %(time)s") % {"day": full_day(at.date()), "time": clock(at.time())}


def listed(words: Sequence[str], *, last: str | None = None) -> str:
    """Join words as in a sentence: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    joint = last or _("and")
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


METHODS: dict[str, str | Promise] = {
    "in_person": lazy("at a polling station"),
    "proxy": lazy("by letting somebody else vote for you"),
    "early": lazy("on an earlier day"),
    "post": lazy("by post"),
    "post_abroad_only": lazy("by post, only if you are abroad"),
    "online": lazy("on the internet"),
}
WHO: dict[str, str | Promise] = {
    "NL": lazy("people with Dutch nationality"),
    "EU": lazy("citizens of another country of the European Union"),
    "non_EU_after_residence": lazy(
        "people with another nationality who have lived here long enough"
    ),
    "any": lazy("people of every nationality"),
}


def _days(value: Any) -> str:
    return listed([full_day(day) for day in as_list(value)])


def _methods(value: list[str]) -> str:
    ways = listed([str(METHODS.get(way, way)) for way in value], last=_("or"))
    said = _("You can vote %(ways)s. There is no other way.") % {"ways": ways}
    if "online" in value:
        return said
    return said + " " + _("Voting with an app, on a website or by text message does not exist.")


def _scope(value: str) -> str:
    return {
        "any_in_own_municipality": _("You can vote at every polling station in your municipality."),
        "any_in_country": _("You can vote at every polling station in the country."),
        "assigned": _("You vote at the polling station that is assigned to you."),
    }.get(value, "")


def _nationality(value: list[str]) -> str:
    if value == ["NL"]:
        return _("Only people with Dutch nationality may vote.")
    who = listed([str(WHO.get(group, group)) for group in value])
    return _("These people may vote: %(who)s.") % {"who": who}


def _residence(value: int | None) -> str:
    if not value:
        return ""
    return ngettext(
        "Do you have a nationality from outside the European Union? "
        "Then you must have lived in the country for at least %(years)s year.",
        "Do you have a nationality from outside the European Union? "
        "Then you must have lived in the country for at least %(years)s years.",
        value,
    ) % {"years": value}


def _expired(value: int | None) -> str:
    if value is None:
        return ""
    if value == 0:
        return _("No. An expired document is not accepted.")
    return ngettext(
        "Yes, if it expired less than %(years)s year before the vote.",
        "Yes, if it expired less than %(years)s years before the vote.",
        value,
    ) % {"years": value}


def _marking(value: Mapping[str, Any]) -> str:
    red = value.get("colour") == "red"
    if value.get("also_number"):
        return _("Colour the party red, and colour the number of your candidate red.")
    boxes = value["boxes"]
    if boxes == 1:
        return _("Colour one circle red.") if red else _("Mark one box, in any colour.")
    return (
        _("Colour %(boxes)s circles red.") if red else _("Mark %(boxes)s boxes, in any colour.")
    ) % {"boxes": boxes}


def _replacements(value: int | None) -> str:
    if not value:
        return _("You do not get a new ballot.")
    return ngettext(
        "Then you get a new ballot, %(times)s time.",
        "Then you get a new ballot, %(times)s times at most.",
        value,
    ) % {"times": value}


def _proxies(value: int | None) -> str:
    if not value:
        return _("Nobody else can cast your vote.")
    return ngettext(
        "One person may vote for %(people)s other person at most.",
        "One person may vote for %(people)s other people at most.",
        value,
    ) % {"people": value}


def _either(yes: str | Promise, no: str | Promise) -> Callable[[Any], str]:
    return lambda value: str(yes if value else no)


def _with_day(text: Promise) -> Callable[[Any], str]:
    return lambda value: str(text) % {"day": _days(value)} if value else ""


def _with_moment(text: Promise) -> Callable[[Any], str]:
    return lambda value: str(text) % {"moment": moment(value)} if value else ""


def _help(value: str) -> str:
    return {
        "physical_need": _("Only if you have a physical disability."),
        "anyone": _("Yes, everybody may bring a helper."),
        "nobody": _("No, you go in alone."),
    }.get(value, "")


# One line per key: the value becomes a sentence; an empty sentence is not shown.
SENTENCES: dict[str, Callable[[Any], str]] = {
    "voting_day": _with_day(lazy("You vote on %(day)s.")),
    "polls_open": lambda v: _("The polling stations open at %(time)s.") % {"time": clock(v)},
    "polls_close": lambda v: _("The polling stations close at %(time)s.") % {"time": clock(v)},
    "takes_part": _either("", lazy("This municipality does not vote in this election.")),
    "early_voting": _either(
        lazy("Yes, you can vote on an earlier day."), lazy("No, you cannot vote on an earlier day.")
    ),
    "early_voting_days": _with_day(lazy("You can already vote on %(day)s.")),
    "voting_methods": _methods,
    "polling_place_scope": _scope,
    "online_voting_closes": _with_moment(lazy("You can vote on the internet until %(moment)s.")),
    "post_voting_deadline": _with_moment(lazy("You can vote by post until %(moment)s.")),
    "min_age": lambda v: _("You may vote from the age of %(age)s.") % {"age": v} if v else "",
    "eligible_nationality": _nationality,
    "non_eu_residence_years": _residence,
    "residence_reference_date": _with_day(
        lazy("You vote in the municipality where you were registered on %(day)s.")
    ),
    "registration_required": _either(
        lazy("You have to sign up. If you do not, you cannot vote."),
        lazy("No, you do not have to sign up."),
    ),
    "registration_deadline": _with_moment(lazy("You can sign up until %(moment)s.")),
    "voter_pass_required": _either(
        lazy("Bring your voting pass."), lazy("You do not need a voting pass.")
    ),
    "voter_pass_delivered_by": _with_day(lazy("You have your voting pass by %(day)s.")),
    "voter_pass_replacement_written": _with_day(
        lazy("You can ask for a new voting pass in writing until %(day)s.")
    ),
    "voter_pass_replacement_deadline": _with_moment(
        lazy("You can get a new voting pass in person until %(moment)s.")
    ),
    "id_required": _either(
        lazy("Bring your identity document."), lazy("You do not need an identity document.")
    ),
    "id_original_required": _either(
        lazy("Bring the real document."), lazy("A copy of your document is enough.")
    ),
    "id_expired_max_years": _expired,
    "id_valid_until_at_least": _with_day(
        lazy("Does it say ‘valid until %(day)s’, or a later day? Then it is fine.")
    ),
    "ballot_marking": _marking,
    "ballot_replacements": _replacements,
    "blank_vote_valid": _either(
        lazy("Yes. Then you fill in nothing."), lazy("No, a blank ballot is invalid.")
    ),
    "ballot_selfie": lambda v: (
        _("Yes, you may.") if v == "not_forbidden" else _("No, you may not.")
    ),
    "help_in_booth": _help,
    "compulsory": _either(
        lazy("You must vote: it is compulsory."), lazy("No. Voting is your own choice.")
    ),
    "cost": lambda v: _("No, voting is free.") if v == 0 else "",
    "health_requirement": lambda v: v or _("No. No vaccination, test or face mask is needed."),
    "proxy_max": _proxies,
    "proxy_id_copy": _either(
        lazy("Give a copy of your identity document to the person who votes for you."),
        lazy("A copy of your identity document is not needed."),
    ),
    "proxy_written_deadline": _with_day(lazy("You can ask for a written proxy until %(day)s.")),
    "preliminary_result_date": _with_day(lazy("The first results come on %(day)s.")),
    "official_result_date": _with_day(lazy("The official result is set on %(day)s.")),
    "result_objections_until": _with_moment(lazy("You can report a mistake until %(moment)s.")),
    "seats": lambda v: (
        _("There are %(seats)s seats in all.") % {"seats": number_format(v, force_grouping=True)}
    ),
}


def sentence(fact: Fact) -> Words | None:
    """Say a fact in the reader's language; None when there is nothing to say about it."""
    if make := SENTENCES.get(fact.key):
        text = make(fact.value)
        return Words(text, (get_language() or "nl")[:2]) if text else None
    if isinstance(fact.value, dict) and all(isinstance(v, str) for v in fact.value.values()):
        return in_readers_language(fact.value)
    return None


def steps(fact: Fact) -> list[Words]:
    """Say a fact that is a list of texts, such as the steps of voting."""
    if not isinstance(fact.value, list) or fact.key in SENTENCES:
        return []
    rows = [in_readers_language(row) for row in fact.value if isinstance(row, dict)]
    return [row for row in rows if row]
