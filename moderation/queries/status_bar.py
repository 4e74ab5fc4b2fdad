"""What the status bar says of a person: the decision they can undo, and today's count."""

from datetime import datetime, timedelta

from django.utils import timezone

from integrity.people.models import User
from moderation.models import Decision


def last_undoable(user: User, *, at: datetime, within: timedelta) -> Decision | None:
    """Find this person's last decision if it may still be taken back."""
    return (
        Decision.objects.standing()
        .filter(decided_by=user, carried_out_at=None, decided_at__gte=at - within)
        .select_related("item", "item_version", "confirmation")
        .order_by("-decided_at")
        .first()
    )


def decided_today(user: User, *, at: datetime) -> int:
    """Count this person's standing decisions since midnight."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Decision.objects.standing().filter(decided_by=user, decided_at__gte=midnight).count()
