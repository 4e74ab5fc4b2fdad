"""What the pages about the screening show: changes of facts and what they did to posts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from elections.models import Election, FactChange
from elections.topics import QUESTIONS
from moderation.models import Following, InformationLabel, LabelSwitch, Threshold


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of what is official, with how far its comparison has come."""

    change: FactChange
    following: Following | None

    @property
    def about(self) -> str:
        """Say what changed as people say it: the question, or what happened."""
        if self.change.incident is not None:
            return str(self.change.incident)
        return str(QUESTIONS.get(self.change.key, self.change.key))

    @property
    def is_done(self) -> bool:
        """Say whether everything it can reach has been compared."""
        return self.change.followed_at is not None

    @property
    def has_begun(self) -> bool:
        """Say whether any comparison has begun."""
        return self.following is not None

    @property
    def percent(self) -> int:
        """Return how much is compared, as a whole percentage."""
        if self.following is None or not self.following.total:
            return 100 if self.is_done else 0
        return min(100, self.following.compared * 100 // self.following.total)


def change_rows(
    *, election: str = "", before: int | None = None, size: int = 50
) -> list[ChangeRow]:
    """List changes, the newest first; more than a page means that there are older ones."""
    rows = FactChange.objects.select_related("election", "place", "incident__place", "following")
    if election:
        rows = rows.filter(election__slug=election)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [ChangeRow(row, getattr(row, "following", None)) for row in rows.order_by("-pk")[:size]]


def thresholds_in_force() -> Mapping[int | None, float]:
    """Return the thresholds in force by election; under None the one for all others."""
    return dict(Threshold.objects.filter(superseded_at=None).values_list("election_id", "value"))


def threshold_history(election: Election | None, *, most: int = 20) -> list[Threshold]:
    """List the thresholds of an election, or of all others, the newest first."""
    rows = Threshold.objects.filter(election=election).select_related("set_by")
    return list(rows.order_by("-set_at", "-pk")[:most])


def switched_off(elections: Collection[int | None]) -> set[tuple[int, str]]:
    """Return which topics' labels are switched off, by election."""
    rows = LabelSwitch.objects.filter(election__in=elections, superseded_at=None, is_on=False)
    return set(rows.values_list("election_id", "topic"))


def label_counts(election: Election) -> Mapping[str, int]:
    """Count the labels that viewers see now, by topic."""
    rows = InformationLabel.objects.filter(election=election, ended_at=None, shown=True)
    return dict(rows.values_list("topic").annotate(n=Count("pk")))


def label_switches(election: Election) -> Mapping[str, LabelSwitch]:
    """Return the switch in force of each topic; a topic that nobody switched is absent."""
    rows = LabelSwitch.objects.filter(election=election, superseded_at=None)
    return {row.topic: row for row in rows.select_related("set_by")}


def oldest_unfollowed() -> datetime | None:
    """Return since when a change waits to be followed; None when all are."""
    row = FactChange.objects.filter(followed_at=None).order_by("at").first()
    return row.at if row else None
