"""The keys that screening compares with, and what the value of each may be.

The format is described in docs/election-packs.md. Other keys are read as they are: they inform
people, and screening is silent on them.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

MARKINGS = {"boxes", "colour", "also_number"}


def as_list(value: Any) -> list[Any]:
    """Give a single value the form of a list."""
    return value if isinstance(value, list) else [value]


def accepts(check: Callable[[Any], bool], value: Any) -> bool:
    """Ask a check about a value of whatever type."""
    try:
        return bool(check(value))
    except (ValueError, TypeError, AttributeError, KeyError):
        return False


def _is_day(value: Any) -> bool:
    return len(value) == 10 and date.fromisoformat(value) is not None


def _is_time(value: Any) -> bool:
    return len(value) == 5 and time.fromisoformat(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _is_moment(value: Any) -> bool:
    return datetime.fromisoformat(value) is not None


def _is_marking(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= MARKINGS and value["boxes"] >= 1


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _or_null(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


_DAY = (_or_null(_is_day), "a day as YYYY-MM-DD, or null")
_MOMENT = (_or_null(_is_moment), "a moment as YYYY-MM-DDTHH:MM (local) or a day, or null")
_TIME = (_is_time, "a time as HH:MM")
_YES_NO = (lambda value: isinstance(value, bool), "true or false")
_NUMBER = (_or_null(_is_number), "a number of zero or more, or null")
_WORDS = (_is_words, "a list of words")
_SELFIE = (lambda value: value in {"not_forbidden", "forbidden"}, "not_forbidden or forbidden")
_SCOPES = ("any_in_own_municipality", "any_in_country", "assigned")

VALUE_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "voting_day": (
        lambda value: bool(value) and all(_is_day(day) for day in as_list(value)),
        "a day as YYYY-MM-DD, or a list of days",
    ),
    "polls_open": _TIME,
    "polls_close": _TIME,
    "voting_methods": _WORDS,
    "online_voting_closes": _MOMENT,
    "post_voting_deadline": _MOMENT,
    "polling_place_scope": (lambda value: value in _SCOPES, f"one of {', '.join(_SCOPES)}"),
    "id_required": _YES_NO,
    "id_expired_max_years": _NUMBER,
    "id_original_required": _YES_NO,
    "min_age": _NUMBER,
    "eligible_nationality": _WORDS,
    "non_eu_residence_years": _NUMBER,
    "residence_reference_date": _DAY,
    "registration_required": _YES_NO,
    "registration_deadline": _MOMENT,
    "voter_pass_required": _YES_NO,
    "voter_pass_delivered_by": _DAY,
    "voter_pass_replacement_deadline": _MOMENT,
    "proxy_max": _NUMBER,
    "proxy_id_copy": _YES_NO,
    "ballot_marking": (_is_marking, 'an object such as {"boxes": 1, "colour": "red"}'),
    "ballot_selfie": _SELFIE,
    "ballot_replacements": _NUMBER,
    "compulsory": _YES_NO,
    "cost": _NUMBER,
    "help_in_booth": (
        lambda value: value in {"physical_need", "anyone", "nobody"},
        "physical_need, anyone or nobody",
    ),
    "blank_vote_valid": _YES_NO,
    "preliminary_result_date": _DAY,
    "official_result_date": _DAY,
    "health_requirement": (_or_null(lambda value: isinstance(value, str)), "null, or a text"),
}
