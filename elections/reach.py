"""How far a change of what is official reaches: which statements may now be answered otherwise."""

from dataclasses import replace
from datetime import UTC, datetime

from elections.comparisons import COMPARISONS
from elections.facts import FactSheet

INCIDENT = "incident"
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)

# Statements that are answered with the help of other facts than their own.
ALSO_READ: dict[str, frozenset[str]] = {
    "polls_open": frozenset({"voting_day", "polls_close", "queue_may_vote", INCIDENT}),
    "polls_close": frozenset({"voting_day", "polls_open", "queue_may_vote", INCIDENT}),
    "voting_methods": frozenset({"voting_day", "online_voting_closes"}),
    "online_voting_closes": frozenset({"voting_methods"}),
    "registration_deadline": frozenset({"registration_required", INCIDENT}),
    "id_original_required": frozenset({"id_required"}),
    "non_eu_residence_years": frozenset({"eligible_nationality"}),
    "preliminary_result_date": frozenset({"official_result_date", INCIDENT}),
    "official_result_date": frozenset({"preliminary_result_date", INCIDENT}),
    "polling_place": frozenset({INCIDENT}),
}


def keys_reached(changed: str) -> frozenset[str]:
    """Return the keys of statements that a change under this key may answer otherwise."""
    own = {changed} & COMPARISONS.keys()
    return frozenset(own | {key for key, read in ALSO_READ.items() if changed in read})


def as_of(sheet: FactSheet, at: datetime) -> FactSheet:
    """Return the sheet as it stands at one moment, whenever a statement was made.

    What has ended or has not begun is left out, and what holds now counts for older words too.
    """
    return replace(
        sheet,
        facts=tuple(
            replace(fact, valid_from=None, valid_until=None)
            for fact in sheet.facts
            if fact.holds_at(at)
        ),
        incidents=tuple(
            replace(incident, starts_at=_ALWAYS, ends_at=None)
            for incident in sheet.incidents
            if incident.holds_at(at)
        ),
    )
