"""Reading the guidance, of which only what two people let through; and what parties asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from wagtail.models import Locale

from elections.topics import DEADLINES
from guidance.choices import HelpState, RequestState
from guidance.models import (
    AccountRequest,
    Briefing,
    GuidanceIndex,
    GuidancePage,
    HelpRequest,
    OfficialFile,
    Proof,
    RuleChange,
)
from guidance.models.pages import published_pages, rule_changes

MOST_CHANGES = 100
MOST_ANSWERED = 50


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


def pages(language: str) -> list[GuidancePage]:
    """List the published pages in a language, in the editors' order."""
    return published_pages(language)


def changes(language: str) -> list[RuleChange]:
    """List what changed in the rules, the newest first."""
    return rule_changes(published_pages(language))[:MOST_CHANGES]


def briefings(*, since: datetime) -> list[Briefing]:
    """List the meetings that are not over, the next one first."""
    return list(Briefing.objects.filter(ends_at__gte=since).order_by("starts_at", "pk"))


def help_request(reference: UUID) -> HelpRequest | None:
    """Find a call for help by its number."""
    rows = HelpRequest.objects.select_related("election", "item", "actor", "job", "taken_by")
    return rows.filter(public_id=reference).first()


def open_help() -> list[HelpRequest]:
    """List what waits for an answer, the earliest due first."""
    rows = HelpRequest.objects.open().select_related("taken_by", "job", "election")
    return list(rows.order_by("due_at", "pk"))


def answered_help() -> list[HelpRequest]:
    """List what was answered last."""
    rows = HelpRequest.objects.filter(state=HelpState.ANSWERED).select_related("answered_by")
    return list(rows.order_by("-answered_at")[:MOST_ANSWERED])


def account_request(reference: UUID) -> AccountRequest | None:
    """Find a request for an official account by its number."""
    rows = AccountRequest.objects.select_related("election", "decided_by")
    return rows.filter(public_id=reference).first()


def waiting_accounts() -> list[AccountRequest]:
    """List the requests that nobody has checked, the earliest due first."""
    return list(AccountRequest.objects.waiting().order_by("due_at", "pk"))


def decided_accounts() -> list[AccountRequest]:
    """List what was decided last: official accounts and the rest."""
    rows = AccountRequest.objects.exclude(state=RequestState.ASKED).select_related("decided_by")
    return list(rows.order_by("-decided_at")[:MOST_ANSWERED])


def official_accounts(*, at: datetime) -> list[AccountRequest]:
    """List the accounts that are official at this moment."""
    rows = AccountRequest.objects.official(at=at).select_related("election")
    return list(rows.order_by("account_id"))


def proof(reference: UUID) -> Proof | None:
    """Find a document by its number."""
    return Proof.objects.filter(public_id=reference).select_related("request").first()


def history(asked: AccountRequest) -> list[Any]:
    """List what a request for an official account went through, as the database wrote it down."""
    events = apps.get_model("guidance", "AccountRequestEvent").objects
    rows = events.filter(pgh_obj=asked).select_related("decided_by").order_by("pgh_created_at")
    return list(rows)


def pages_with_fact(*, election: str, key: str) -> list[GuidancePage]:
    """List the published pages that show an official fact."""
    pages = [*published_pages("nl"), *published_pages("en")]
    return [page for page in pages if (election, key) in _facts_on(page)]


def _facts_on(page: GuidancePage) -> set[tuple[str, str]]:
    found = set()
    for section in page.body:
        for block in section.value["content"]:
            if block.block_type == "fact":
                found.add((block.value["election"], block.value["key"]))
            elif block.block_type == "calendar":
                found |= {(block.value["election"], key) for key in DEADLINES}
    return found


def official_files() -> list[OfficialFile]:
    """List the official files that were handed in, the newest first."""
    rows = OfficialFile.objects.defer("content").select_related(
        "election", "handed_in_by", "confirmed_by"
    )
    return list(rows.order_by("-handed_in_at", "-pk")[:MOST_ANSWERED])


def official_file(reference: UUID) -> OfficialFile | None:
    """Find an official file by its number."""
    rows = OfficialFile.objects.defer("content").select_related(
        "election", "handed_in_by", "confirmed_by"
    )
    return rows.filter(public_id=reference).first()
