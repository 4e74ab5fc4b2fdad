"""Pages that come with the house, so that nobody begins with an empty one; editors own them."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from guidance.models import GuidanceIndex, GuidancePage, RuleChange
from integrity.audit import services as audit

DATA = Path(__file__).resolve().parent.parent / "data"
LANGUAGES = ("nl", "en")
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "waarborg:guidance")


@dataclass(slots=True)
class Delivered:
    """How many pages are new, and how many were here already and stay as they are."""

    new: int = 0
    known: int = 0


@transaction.atomic
def deliver_pages(*, at: datetime) -> Delivered:
    """Make the first pages in each language; a page that is here already is the editors'."""
    delivered = Delivered()
    root = Page.get_first_root_node()
    for language in LANGUAGES:
        content = json.loads((DATA / f"{language}.json").read_text())
        locale, _created = Locale.objects.get_or_create(language_code=language)
        front = _front(root, locale, content["front"], delivered)
        for row in content["pages"]:
            _page(front, locale, row, delivered)
        if language == LANGUAGES[0]:
            _make_home(front)
    if delivered.new:
        audit.record(
            verb="guidance.delivered",
            subject_type="guidance",
            subject_id="pages",
            by=audit.SYSTEM,
            at=at,
            data={"pages": delivered.new},
        )
    return delivered


def _front(root: Page, locale: Locale, row: dict[str, Any], delivered: Delivered) -> GuidanceIndex:
    key = uuid.uuid5(_NAMES, "front")
    front = GuidanceIndex.objects.filter(translation_key=key, locale=locale).first()
    if front is not None:
        delivered.known += 1
        return front
    front = GuidanceIndex(
        title=row["title"],
        slug=row["slug"],
        intro=row["intro"],
        locale=locale,
        translation_key=key,
        live=False,
    )
    root.add_child(instance=front)
    front.publish_as_delivered(front.save_revision())
    delivered.new += 1
    return front


def _page(front: GuidanceIndex, locale: Locale, row: dict[str, Any], delivered: Delivered) -> None:
    key = uuid.uuid5(_NAMES, row["key"])
    if GuidancePage.objects.filter(translation_key=key, locale=locale).exists():
        delivered.known += 1
        return
    page = GuidancePage(
        title=row["title"],
        slug=row["slug"],
        intro=row["intro"],
        in_short="\n".join(row["in_short"]),
        locale=locale,
        translation_key=key,
        live=False,
        body=json.dumps([_section(key, n, section) for n, section in enumerate(row["sections"])]),
    )
    for n, change in enumerate(row["changes"]):
        page.rule_changes.add(
            RuleChange(
                day=date.fromisoformat(change["day"]),
                what=change["what"],
                sort_order=n,
                locale=locale,
                translation_key=uuid.uuid5(key, f"change {n}"),
            )
        )
    GuidanceIndex.objects.get(pk=front.pk).add_child(instance=page)
    page.publish_as_delivered(page.save_revision())
    delivered.new += 1


def _section(page: uuid.UUID, number: int, section: dict[str, Any]) -> dict[str, Any]:
    """Write a section as a page stores it; the same block has the same id in each language."""
    name = f"section {number}"
    content = [
        {"type": kind, "value": value, "id": str(uuid.uuid5(page, f"{name} {n}"))}
        for n, (kind, value) in enumerate(section["content"])
    ]
    value = {"title": section["title"], "content": content}
    return {"type": "section", "value": value, "id": str(uuid.uuid5(page, name))}


def _make_home(front: GuidanceIndex) -> None:
    """Let the guidance be the site's first page, instead of the welcome that Wagtail makes."""
    for site in Site.objects.select_related("root_page"):
        welcome = site.root_page
        if welcome.specific_class is Page:
            site.root_page = front
            site.save()
            Page.objects.get(pk=welcome.pk).delete()
