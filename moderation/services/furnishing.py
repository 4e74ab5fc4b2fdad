"""Changing what the desk is furnished with: queues, saved replies, hosts of media.

This is reference data: who changed what is kept in its history tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal, require
from moderation import rules
from moderation.models import Job, MediaHost, Queue, SavedReply


@dataclass(frozen=True, slots=True)
class QueueIn:
    """What a policy lead says of a queue."""

    name: Mapping[str, str]
    lead_time: timedelta
    due_within: timedelta | None = None
    hidden_actions: Sequence[str] = ()
    visible_to: Sequence[str] = ()
    independent: bool = False
    recommended_policies: Sequence[str] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class ReplyIn:
    """What a policy lead says of a saved reply."""

    name: Mapping[str, str]
    text: Mapping[str, str]
    policies: Sequence[str] = field(default_factory=list)
    position: int = 0


@transaction.atomic
def open_queue(*, slug: str, said: QueueIn, by: User) -> Queue:
    """Add a queue; its short name never changes, since rules and jobs go by it."""
    require(may(by, "moderation.add_queue"))
    require(rules.is_workable(slug, hidden=said.hidden_actions, visible_to=said.visible_to,
                              independent=said.independent))  # fmt: skip
    try:
        with transaction.atomic():
            return Queue.objects.create(slug=slug, **_columns(said))
    except IntegrityError:
        require(Refusal(_("There is a queue with this short name already."), code="known"))
        raise


@transaction.atomic
def change_queue(*, queue: Queue, said: QueueIn, by: User) -> Queue:
    """Change a queue; jobs that wait in it follow its new lead time."""
    require(may(by, "moderation.change_queue"))
    require(rules.is_workable(queue.slug, hidden=said.hidden_actions, visible_to=said.visible_to,
                              independent=said.independent))  # fmt: skip
    queue = Queue.objects.select_for_update(no_key=True).get(pk=queue.pk)
    before = queue.lead_time
    for name, value in _columns(said).items():
        setattr(queue, name, value)
    queue.save()
    if before != queue.lead_time:
        Job.objects.open().filter(queue=queue, due_at__isnull=False).update(
            urgent_at=F("due_at") - queue.lead_time
        )
    return queue


@transaction.atomic
def write_reply(*, reply: SavedReply | None, said: ReplyIn, by: User) -> SavedReply:
    """Add a saved reply, or change one; it is words only, so what was sent stays what it was."""
    require(may(by, f"moderation.{'change' if reply else 'add'}_savedreply"))
    if reply is None:
        reply = SavedReply(slug=_free_slug(said.name.get("en") or said.name.get("nl") or "reply"))
    reply.name, reply.text = dict(said.name), dict(said.text)
    reply.policies, reply.position = list(said.policies), said.position
    reply.save()
    return reply


@transaction.atomic
def remove_reply(*, reply: SavedReply, by: User) -> None:
    """Take a saved reply off the desk."""
    require(may(by, "moderation.delete_savedreply"))
    reply.delete()


@transaction.atomic
def register_host(*, host: str, note: str, by: User) -> MediaHost:
    """Let items name media on this host; nothing is ever fetched from it by the house."""
    require(may(by, "moderation.add_mediahost"))
    found, _created = MediaHost.objects.update_or_create(host=host, defaults={"note": note[:200]})
    return found


@transaction.atomic
def forget_host(*, host: MediaHost, by: User) -> None:
    """Let items no longer name media on this host; what they named stays on record."""
    require(may(by, "moderation.delete_mediahost"))
    host.delete()


def _columns(said: QueueIn) -> dict[str, object]:
    columns = asdict(said)
    for name in ("hidden_actions", "visible_to", "recommended_policies"):
        columns[name] = list(columns[name])
    return columns


def _free_slug(words: str) -> str:
    slug = slugify(words)[:50] or "reply"
    taken = set(SavedReply.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug not in taken:
        return slug
    return next(name for n in range(2, len(taken) + 3) if (name := f"{slug}-{n}") not in taken)
