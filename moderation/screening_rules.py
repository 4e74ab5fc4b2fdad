"""May this be done to the screening? One question each; None means yes, a Refusal says why not."""

import math
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal


def says_why(reason: str) -> Refusal | None:
    """Refuse what needs a reason and has none."""
    if not reason.strip() or "\x00" in reason:
        return Refusal(_("Write why, in a few words."), code="reason")
    return None


def may_set_threshold(value: float, *, by: User) -> Refusal | None:
    """Refuse a threshold by others than election leads, or one that is no probability."""
    if refusal := may(by, "moderation.set_threshold"):
        return refusal
    if not math.isfinite(value) or not 0 <= value <= 1:
        return Refusal(_("A threshold lies between 0 and 1."), code="value")
    return None


def may_switch_label(topic: str, *, known: Collection[str], by: User) -> Refusal | None:
    """Refuse to switch labels by others than election leads, or a topic that does not exist."""
    if refusal := may(by, "moderation.switch_label"):
        return refusal
    if topic not in known:
        return Refusal(_("There is no such topic."), code="topic")
    return None
