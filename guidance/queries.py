"""Reading the guidance: only what two people let through."""

from datetime import datetime

from wagtail.models import Locale

from guidance.models import Briefing, GuidanceIndex, GuidancePage, RuleChange
from guidance.models.pages import published_pages, rule_changes

MOST_CHANGES = 100


def front(language: str) -> GuidanceIndex | None:
    """Return the front page in a language as it is published."""
    rows = GuidanceIndex.objects.live().filter(locale__language_code=language)
    found = rows.select_related("live_revision").order_by("path").first()
    return found.as_published() if found else None


def page(slug: str, *, language: str | None) -> GuidancePage | None:
    """Find a page by its address, in the language asked for where it has that."""
    rows = GuidancePage.objects.live().filter(slug=slug).select_related("locale", "live_revision")
    found = sorted(rows, key=lambda row: row.locale.language_code != (language or "nl"))
    if not found:
        return None
    first: GuidancePage = found[0]
    if language is not None and first.locale.language_code != language:
        locale = Locale.objects.filter(language_code=language).first()
        other = first.get_translation_or_none(locale) if locale else None
        if other is not None and other.live:
            first = other
    return first.as_published()


def changes(language: str) -> list[RuleChange]:
    """List what changed in the rules, the newest first."""
    return rule_changes(published_pages(language))[:MOST_CHANGES]


def briefings(*, since: datetime) -> list[Briefing]:
    """List the meetings that are not over, the next one first."""
    return list(Briefing.objects.filter(ends_at__gte=since).order_by("starts_at", "pk"))
