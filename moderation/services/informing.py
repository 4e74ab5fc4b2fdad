"""The informational label: a pointer to the Election Center on what is about an election.

It is no decision and no restriction, owes nobody a statement of reasons, and gives way to the
label of a decision. The platform hears of it in batches.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from elections.labelling import GENERAL, LABEL_TOPICS
from elections.languages import default_for
from elections.models import Election, Jurisdiction
from elections.topics import TOPICS
from integrity.audit import services as audit
from integrity.outbox import services as outbox
from integrity.outbox.choices import EventType
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import require
from moderation import reference
from moderation import screening_rules as rules
from moderation.models import InformationLabel, Item, ItemVersion, LabelSwitch
from moderation.models.screening import LabelEnd
from moderation.queries.screening import switched_off
from moderation.services.statements import spoken_here
from moderation.sweeping import BATCH, SETTLES, batch_by_batch

ALL = "all"


@cache
def texts() -> Mapping[str, dict[str, str]]:
    """Return what viewers read, by topic and language."""
    return {row["topic"]: row["text"] for row in reference.read("information_labels")}


def follow_reading(
    topics: Mapping[int, tuple[ItemVersion, str]], *, items: Mapping[int, Item], at: datetime
) -> None:
    """Give each item that was just read the label of its topic, or take it away; rows locked.

    `topics` holds, by item, the version that was read and its topic, empty for none.
    """
    standing = {
        label.item_id: label
        for label in InformationLabel.objects.filter(item__in=topics, ended_at=None).select_related(
            "item", "item_version"
        )
    }
    off = switched_off({items[pk].election_id for pk in topics})
    inside = _inside([items[pk] for pk, (_, topic) in topics.items() if topic])
    fresh, gone = [], []
    for pk, (version, topic) in topics.items():
        item, known = items[pk], standing.get(pk)
        wanted = topic if item.election_id is not None and item.deleted_at is None else ""
        if known is not None and (known.topic, known.election_id) == (wanted, item.election_id):
            continue
        if known is not None:
            because = LabelEnd.REPLACED if wanted else LabelEnd.EDITED
            gone.append((known, LabelEnd.DELETED if item.deleted_at else because))
        if wanted:
            fresh.append(_label(item, version, wanted, off=off, inside=inside, at=at))
    _change(fresh, gone, at=at)


def end_labels(*, items: Collection[Item], because: LabelEnd, at: datetime) -> int:
    """Take the label off these items; returns from how many."""
    standing = InformationLabel.objects.filter(item__in=items, ended_at=None)
    rows = list(standing.select_related("item", "item_version").order_by("item"))
    _change([], [(row, because) for row in rows], at=at)
    return len(rows)


def link_to(
    election: Election, topic: str, *, language: str, place: Jurisdiction | None = None
) -> str:
    """Return the address of a topic's page, in a language that we speak and about a place."""
    found = next((each for each in TOPICS if each.slug == topic), None)
    with translation.override(language):
        if found is None:
            path = reverse("center", kwargs={"election": election.slug})
        else:
            key = found.slugs.get(language, found.slug)
            path = reverse("center_topic", kwargs={"election": election.slug, "key": key})
    # A topic's own address says its language; the first page's does not.
    named = found is not None or language == default_for(election.name)
    query = {} if named else {"lang": language}
    if place is not None:
        query["place"] = place.code
    return settings.BASE_URL.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")


def _inside(items: Collection[Item]) -> set[tuple[int, int]]:
    """Return which places of items take part in their election: the page knows no others."""
    rows = Election.places.through.objects.filter(
        election__in={item.election_id for item in items},
        jurisdiction__in={item.place_id for item in items},
    )
    return set(rows.values_list("election_id", "jurisdiction_id"))


def payload(label: InformationLabel, *, at: datetime) -> dict[str, Any]:
    """Return what the platform hears of one item: its label, or that it has none any more."""
    shown = label.shown and label.ended_at is None
    return {
        "item": label.item.external_id,
        "version": label.item_version.version,
        "at": at.isoformat(),
        "label": {
            "id": str(label.public_id),
            "topic": label.topic,
            "text": label.text,
            "link": label.link,
        }
        if shown
        else None,
    }


def _label(
    item: Item,
    version: ItemVersion,
    topic: str,
    *,
    off: Collection[tuple[int, str]],
    inside: Collection[tuple[int, int]],
    at: datetime,
) -> InformationLabel:
    assert item.election is not None  # asked by the caller
    language = spoken_here(version.language or item.language)
    place = item.place if (item.election_id, item.place_id) in inside else None
    return InformationLabel(
        item=item,
        item_version=version,
        election=item.election,
        topic=topic,
        text=texts().get(topic, texts()[GENERAL]),
        link=link_to(item.election, topic, language=language, place=place),
        shown=is_shown(item.election_id, topic, off=off),
        added_at=at,
    )


def is_shown(election: int | None, topic: str, *, off: Collection[tuple[int, str]]) -> bool:
    """Say whether a topic's label is shown in an election."""
    return not {(election, topic), (election, ALL)} & set(off)


def _change(
    fresh: Sequence[InformationLabel],
    gone: Sequence[tuple[InformationLabel, LabelEnd]],
    *,
    at: datetime,
) -> None:
    """Write what ends and what begins, tell the platform, and leave one event for the batch."""
    told = []
    for label, because in gone:
        label.ended_at, label.ended_because = at, because
        if label.shown and not any(new.item_id == label.item_id and new.shown for new in fresh):
            told.append(label)
    InformationLabel.objects.bulk_update(
        [label for label, _ in gone], ["ended_at", "ended_because"]
    )
    InformationLabel.objects.bulk_create(fresh)
    _tell([*told, *(label for label in fresh if label.shown)], at=at)
    if fresh or gone:
        _record(added=len(fresh), ended=len(gone), at=at)


def _tell(labels: Iterable[InformationLabel], *, at: datetime) -> None:
    rows = [payload(label, at=at) for label in labels]
    if rows:
        outbox.publish(
            type=EventType.LABELS_INFORMATION,
            subject_type="items",
            subject_id=rows[0]["item"] if len(rows) == 1 else f"{len(rows)}",
            payload={"labels": rows},
            at=at,
        )


def _record(*, at: datetime, **counts: int) -> None:
    audit.record(
        verb="information_labels.changed",
        subject_type="items",
        subject_id=str(sum(counts.values())),
        by=audit.SYSTEM,
        at=at,
        data=counts,
    )


# --- switching -----------------------------------------------------------------------------


@transaction.atomic
def switch_label(
    *, election: Election, topic: str, is_on: bool, reason: str, by: User, at: datetime
) -> LabelSwitch:
    """Switch the label of a topic, or of all, on or off in an election."""
    require(rules.may_switch_label(topic, known=(ALL, *LABEL_TOPICS), by=by))
    require(rules.says_why(reason))
    Election.objects.select_for_update(no_key=True).get(pk=election.pk)
    LabelSwitch.objects.filter(election=election, topic=topic, superseded_at=None).update(
        superseded_at=at
    )
    switch = LabelSwitch.objects.create(
        election=election,
        topic=topic,
        is_on=is_on,
        reason=reason.strip()[:300],
        set_by=by,
        set_at=at,
    )
    audit.record(
        verb="information_label.switched",
        subject_type="election",
        subject_id=election.slug,
        by=actor_of(by),
        at=at,
        data={"topic": topic, "is_on": is_on, "reason": switch.reason},
    )
    return switch


def follow_switches(*, now: Callable[[], datetime], batch: int = BATCH) -> int:
    """Show or hide the labels that a switch concerns; returns how many were looked at."""
    return batch_by_batch(follow_one_batch, now=now, batch=batch)


@transaction.atomic
def follow_one_batch(*, at: datetime, batch: int = BATCH) -> int | None:
    """Show or hide the next labels under the oldest switch that nobody followed; None when idle."""
    switch = (
        LabelSwitch.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(followed_at=None, set_at__lte=at - SETTLES)
        .order_by("set_at", "pk")
        .first()
    )
    if switch is None:
        return None
    rows = InformationLabel.objects.filter(
        election=switch.election_id, ended_at=None, item__gt=switch.after_item
    )
    if switch.topic != ALL:
        rows = rows.filter(topic=switch.topic)
    labels = list(
        rows.select_related("item", "item_version")
        .select_for_update(of=("self",))
        .order_by("item")[:batch]
    )
    off = switched_off([switch.election_id])
    changed = [
        label
        for label in labels
        if label.shown != is_shown(switch.election_id, label.topic, off=off)
    ]
    for label in changed:
        label.shown = not label.shown
    InformationLabel.objects.bulk_update(changed, ["shown"])
    _tell(changed, at=at)
    if changed:
        shown = sum(label.shown for label in changed)
        _record(shown=shown, hidden=len(changed) - shown, at=at)
    if len(labels) < batch:
        switch.followed_at = at
    else:
        switch.after_item = labels[-1].item_id
    switch.save()
    return len(labels)
