"""What the status bar shows on every page of the desk, read only where a page asks."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from moderation import rules
from moderation.queries import status_bar


def desk(request: HttpRequest) -> dict[str, Any]:
    """Give templates `desk.undo` and `desk.decided_today`, lazily."""
    return {"desk": SimpleLazyObject(lambda: _status_bar(request))}


def _status_bar(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or rules.may_see_desk(user):
        return {}
    at = timezone.now()
    return {
        "undo": SimpleLazyObject(lambda: _undo(user, at)),
        "decided_today": SimpleLazyObject(lambda: status_bar.decided_today(user, at=at)),
    }


def _undo(user: Any, at: Any) -> dict[str, Any] | None:
    decision = status_bar.last_undoable(user, at=at, within=rules.UNDO_WITHIN)
    if decision is None or rules.may_undo(decision, by=user, at=at):
        return None
    left = decision.decided_at + rules.UNDO_WITHIN - at
    return {
        "said": decision.get_action_display(),
        "item": decision.item.external_id,
        "words": decision.item_version.text[:60],
        "url": reverse("undo_decision", args=[decision.public_id]),
        "seconds": 0 if decision.needs_second_person else max(0, left // timedelta(seconds=1)),
    }
