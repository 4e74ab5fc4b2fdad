"""From the encoder's chances to statements with their values, ready to be compared with facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.dates import DayMention
from integrity.classifiers.voting_procedure.encoder.model import Claim
from integrity.classifiers.voting_procedure.hours import HourMention
from integrity.classifiers.voting_procedure.patterns import Tagged
from integrity.classifiers.voting_procedure.rules.amounts import forced_amount
from integrity.classifiers.voting_procedure.rules.days import Found, forced_vote

LEAST = 0.02
MOST = 6
RULE = "encoder"
NOWHERE = Hit(0, 0)
# Denials of statements that the facts know only in the affirmative.
DENIALS = {"not_postponed": "postponed", "not_extra_day": "extra_day", "not_early": "early"}
DEADLINES = {
    "registration_deadline at", "preliminary_result_date at", "official_result_date at",
    "voter_pass_replacement_deadline until",
}  # fmt: skip
COUNTED = {
    "proxy_max count", "ballot_marking boxes", "id_expired_max_years years", "min_age age",
    "non_eu_residence_years residence_years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that the text may make, with its chance."""

    chance: float
    key: str
    claim: str
    topic: str
    value: dict[str, Any] = field(default_factory=dict)
    polarity: bool = True
    group: str = ""
    hit: Hit = NOWHERE

    def as_found(self) -> Found:
        """Give it the form in which the rules give theirs."""
        return Found(
            self.key, self.claim, self.topic, self.value, self.hit, self.chance, 0, RULE,
            self.group, self.polarity,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Give the short form that is stored."""
        row: dict[str, Any] = {
            "p": round(self.chance, 3), "key": self.key, "claim": self.claim, "topic": self.topic,
        }  # fmt: skip
        if self.value:
            row["value"] = self.value
        if not self.polarity:
            row["polarity"] = False
        if self.group:
            row["group"] = self.group
        return row


def chances_of(rows: NDArray[np.float32], claims: Sequence[Claim]) -> dict[Claim, float]:
    """Join the stretches of a text: the stretch that most surely claims something counts."""
    if not len(rows):
        return {}
    nothing = [n for n, claim in enumerate(claims) if claim.is_none]
    best = rows[int(rows[:, nothing].sum(axis=1).argmin())]
    return {claim: float(best[n]) for n, claim in enumerate(claims) if best[n] >= LEAST}


@dataclass(frozen=True, slots=True)
class Values:
    """What the grammars and the rules found in a text, for statements to take their values from."""

    tagged: Tagged
    days: Sequence[DayMention]
    hours: Sequence[HourMention]
    taken: set[int]
    found: Sequence[Found]

    def candidates(self, chances: Mapping[Claim, float]) -> list[Candidate]:
        """Give the likeliest statements their values."""
        likely = sorted(
            (claim for claim in chances if not claim.is_none), key=lambda c: -chances[c]
        )
        return [
            candidate
            for claim in likely[:MOST]
            for candidate in self._with_values(claim, chances[claim])
        ]

    def _with_values(self, claim: Claim, chance: float) -> Iterator[Candidate]:
        """Give one statement as often as there are values for it; without a value it needs none."""
        name = f"{claim.key} {claim.claim}"
        if name == "voting_day on":
            readings = self._read("voting_day", "on", "not_on", "extra_day") or [
                found for day in self.days for found in forced_vote(self.tagged, day, self.days)
            ]
            most = max((found.strength for found in readings), default=0.0)
            yield from (_from(f, chance) for f in readings if f.group or f.strength == most)
        elif name in {"polls_open at", "polls_close at"}:
            yield from self._hour(claim, chance)
        elif name in COUNTED:
            readings = [found for found in self.found if found.key == claim.key and found.value]
            counted = readings or forced_amount(self.tagged, self.taken, claim.key)
            yield from (_from(found, chance) for found in counted)
        elif name in DEADLINES:
            readings = [found for found in self.found if found.key == claim.key and found.value]
            yield from (_from(found, chance) for found in readings)
            if not readings:
                yield from self._day(claim, chance)
        else:
            yield self._plain(claim, chance)

    def _read(self, key: str, *claims: str) -> list[Found]:
        return [found for found in self.found if found.key == key and found.claim in claims]

    def _plain(self, claim: Claim, chance: float) -> Candidate:
        key = "" if claim.key == "none_silent" else claim.key
        same = self._read(key, claim.claim)
        whole = Hit(0, max(len(self.tagged.tokens) - 1, 0))
        return Candidate(
            chance, key, DENIALS.get(claim.claim, claim.claim), claim.topic,
            polarity=claim.claim not in DENIALS, hit=same[0].hit if same else whole,
        )  # fmt: skip

    def _day(self, claim: Claim, chance: float) -> Iterator[Candidate]:
        """Take the first day that is named."""
        for day in self.days[:1]:
            hit = Hit(day.start, day.end - 1)
            yield Candidate(chance, claim.key, claim.claim, claim.topic, day.as_value(), hit=hit)

    def _hour(self, claim: Claim, chance: float) -> Iterator[Candidate]:
        """Take the hour that the rules read for this, else the last or first that is named."""
        readings = self._read(claim.key, "at", "from_now")
        yield from (_from(found, chance) for found in readings)
        named = [hour for hour in self.hours if hour.minutes]
        if readings or not named:
            return
        hour = named[-1] if claim.key == "polls_close" else named[0]
        value: dict[str, Any] = {"minutes": list(hour.minutes)}
        if hour.from_now is not None:
            value["from_now"] = hour.from_now
        how = "at" if hour.from_now is None else "from_now"
        hit = Hit(hour.start, hour.end - 1)
        yield Candidate(chance, claim.key, how, "hours", value, hit=hit)


def _from(found: Found, chance: float) -> Candidate:
    """Take over what the rules read, with the encoder's chance."""
    return Candidate(
        chance, found.key, found.claim, found.topic, dict(found.value), found.polarity,
        found.group, found.hit,
    )  # fmt: skip
