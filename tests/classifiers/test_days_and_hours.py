"""Days and hours are understood as people write them, as of the day of posting."""

from datetime import date

import pytest

from integrity.classifiers.voting_procedure.dates import find_days
from integrity.classifiers.voting_procedure.hours import find_hours
from integrity.classifiers.voting_procedure.tokens import tokenize

MONDAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("woensdag 18 maart", {"weekday": 2, "day": 18, "month": 3}),
        ("on the 18th of March", {"day": 18, "month": 3}),
        ("March 18th, 2026", {"day": 18, "month": 3, "year": 2026}),
        ("de achttiende", {"day": 18}),
        ("friday the 20th", {"weekday": 4, "day": 20}),
        ("op 18-3-2026", {"day": 18, "month": 3, "year": 2026}),
        ("2026-03-18", {"day": 18, "month": 3, "year": 2026}),
        ("overmorgen", {"date": "2026-03-18", "from": "posting time"}),
        ("tmrw", {"date": "2026-03-17", "from": "posting time"}),
        ("over precies een week", {"date": "2026-03-23", "from": "posting time"}),
        ("the day after tomorrow", {"date": "2026-03-18", "from": "posting time"}),
        ("afgelopen vrijdag", {"weekday": 4, "date": "2026-03-13", "from": "posting time"}),
        ("nog twee nachtjes", {"date": "2026-03-18", "from": "posting time"}),
        ("18 mart", {"day": 18, "month": 3}),
        ("donderdag", {"weekday": 3}),
    ],
)
def test_a_day_is_understood(text: str, day: dict[str, object]) -> None:
    (found,) = find_days(tokenize(text.lower()), MONDAY)

    assert found.as_value() == day


@pytest.mark.parametrize("text", ["'s morgens", "goedemorgen", "the second sheet", "doe mee", "vr"])
def test_what_looks_like_a_day_is_none(text: str) -> None:
    assert find_days(tokenize(text), MONDAY) == []


def test_a_list_of_days_shares_its_month() -> None:
    found = find_days(tokenize("15, 16 en 17 maart"), MONDAY)

    assert [day.as_value() for day in found] == [{"day": day, "month": 3} for day in (15, 16, 17)]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("open om 7.30 uur", ["07:30", "19:30"]),
        ("open om 07.30 uur", ["07:30"]),
        ("van 7.30 tot 21.00 uur", ["07:30", "21:00"]),
        ("until 9pm", ["21:00"]),
        ("klokslag negen", ["09:00", "21:00"]),
        ("negen uur 's avonds", ["21:00"]),
        ("half acht in de ochtend", ["07:30"]),
        ("half past seven in the morning", ["07:30"]),
        ("twintig uur", ["20:00"]),
        ("tot 19u", ["19:00"]),
        ("till noon", ["12:00"]),
        ("kwart over acht 's avonds", ["20:15"]),
    ],
)
def test_an_hour_is_understood(text: str, hours: list[str]) -> None:
    tokens = tokenize(text)

    found = find_hours(tokens, 12 * 60, set())

    read = {f"{m // 60 % 24:02d}:{m % 60:02d}" for hour in found for m in hour.minutes}
    assert set(hours) <= read if len(found) > 1 else set(hours) == read


def test_time_left_counts_from_the_posting() -> None:
    (found,) = find_hours(tokenize("nog 2 minuten"), 19 * 60 + 28, set())

    assert found.minutes == (19 * 60 + 30,)


@pytest.mark.parametrize("text", ["€ 7.30", "3 volmachten", "10 euro", "twee uur wachten"])
def test_what_looks_like_an_hour_is_none(text: str) -> None:
    assert find_hours(tokenize(text), 0, set()) == []
