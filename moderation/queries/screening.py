"""What the pages about the screening show: changes of facts and what they did to posts."""

from dataclasses import dataclass
from datetime import datetime

from elections.models import FactChange
from elections.topics import QUESTIONS
from moderation.models import Following


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


def oldest_unfollowed() -> datetime | None:
    """Return since when a change waits to be followed; None when all are."""
    row = FactChange.objects.filter(followed_at=None).order_by("at").first()
    return row.at if row else None
