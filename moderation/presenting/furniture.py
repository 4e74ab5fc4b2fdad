"""Queues and the index of the settings, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from integrity.people.choices import Role
from integrity.people.models import User
from moderation.choices import Action
from moderation.models import Queue
from moderation.presenting.words import span_words


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that can be set: where, and what it does."""

    url: str
    icon: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """One queue as the settings show it."""

    queue: Queue
    due: str
    lead: str
    seen_by: str
    hides: str
    policies: int


def cards(user: User) -> list[Card]:
    """List what this person may look at or change."""
    found = [
        (
            "moderation.see_routing", "routing", "list", _("Routing rules"),
            _("Which items go to which queue, how urgent they are and why."),
        ),
        (
            "moderation.see_routing", "queue_settings", "inbox", _("Queues"),
            _("Terms, who sees what, hidden actions, advised policies."),
        ),
        (
            "moderation.see_routing", "reply_settings", "message-square-text",
            _("Saved replies"), _("Reasoning kept ready, in both languages."),
        ),
        (
            "moderation.see_routing", "misuse", "scale", _("Misuse"),
            _("Limits for strikes and unfounded reports, and who has come to one."),
        ),
        (
            "moderation.change_mediahost", "host_settings", "link", _("Hosts of media"),
            _("From where items may name pictures, films and sound."),
        ),
    ]  # fmt: skip
    return [
        Card(reverse(name), icon, title, words)
        for permission, name, icon, title, words in found
        if user.has_perm(permission)
    ]


def queue_row(queue: Queue) -> SettingsRow:
    """Write what is set of a queue."""
    seen = [str(Role(role).label) for role in queue.visible_to]
    if queue.independent:
        seen.append(_("only who did not decide before"))
    return SettingsRow(
        queue=queue,
        due=span_words(queue.due_within) if queue.due_within else _("no term"),
        lead=span_words(queue.lead_time),
        seen_by=", ".join(seen) or _("everybody at the desk"),
        hides=", ".join(str(Action(action).label) for action in queue.hidden_actions),
        policies=len(queue.recommended_policies),
    )
