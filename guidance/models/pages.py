"""The pages of guidance and what changed in their rules.

What readers see is the revision that two people let through, never a draft: a page's own row may
hold words of a translation that nobody has read yet.
"""

from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PagePermissionTester, Revision, Site, TranslatableMixin

from elections.asking import chrome
from guidance import blocks
from guidance.models.review import let_through_by_two

RECENT = 5  # changes of rules on the front page; all of them have their own page
AnyPage = TypeVar("AnyPage", bound="Reviewed")


class TwoPeoplePublish(PagePermissionTester):
    """Nobody publishes a page alone, whatever their rights: the review does."""

    def can_publish(self) -> bool:
        """Say no: what two people let through is published by that."""
        return False

    def can_publish_subpage(self) -> bool:
        """Say no, for a new page as for a changed one."""
        return False

    def can_unpublish(self) -> bool:
        """Let who may publish elsewhere take a wrong page down alone, and at once."""
        may: bool = super().can_unpublish()
        return may


class Reviewed(Page):
    """A page that stays a draft until two other people have let it through."""

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Give the rights of a page that nobody publishes alone."""
        return TwoPeoplePublish(user, self)

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> None:
        """Publish what two people have let through; anything else stays a draft."""
        if let_through_by_two(revision):
            super().publish(revision, user=user, **{**options, "skip_permission_checks": True})

    def publish_as_delivered(self, revision: Revision) -> None:
        """Publish what comes with the house, from its command line."""
        super().publish(revision, skip_permission_checks=True)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str]:
        """Name the page's address: one for all languages, and the language asked for in it."""
        language = self.locale.language_code
        path = self.path_for(self.slug)
        site = Site.objects.filter(is_default_site=True).values_list("pk", flat=True).first()
        return site or 0, settings.BASE_URL.rstrip("/"), path + _asking(language)

    def path_for(self, slug: str) -> str:
        """Name the address of a page, without its language."""
        return reverse("guidance_page", args=[slug])

    def as_published(self: AnyPage) -> AnyPage:
        """Return the page as its published revision has it; its row may be ahead of that."""
        if self.live_revision is None:
            return self
        published: AnyPage = self.live_revision.as_object()
        published.last_published_at = self.last_published_at
        return published


def frame(language: str, *, canonical: str = "", preview: bool = False) -> dict[str, Any]:
    """What the frame around every page of guidance needs.

    In the editor's preview Wagtail's checker of accessibility looks at the page.
    """
    return {**chrome(language), "canonical": canonical, "preview": preview}


def _asking(language: str) -> str:
    return "" if language == "nl" else f"?lang={language}"


class GuidanceIndex(Reviewed):
    """The front page of the guidance."""

    intro = models.TextField(_("introduction"), max_length=600, blank=True)

    template = "guidance/index.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["guidance.GuidancePage"]
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("front page of the guidance")

    def path_for(self, slug: str) -> str:
        """Name the front page's address."""
        return reverse("guidance")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the frame and the pages below."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        language = self.locale.language_code
        pages = published_pages(language)
        return {
            **context,
            **frame(language, canonical=self.full_url, preview=_is_preview(request)),
            "pages": pages,
            "changes": rule_changes(pages)[:RECENT],
        }


class GuidancePage(Reviewed):
    """One subject for parties and candidates."""

    intro = models.TextField(_("introduction"), max_length=600, blank=True)
    in_short = models.TextField(
        _("in short"),
        max_length=1200,
        blank=True,
        help_text=_("One sentence on each line. These also stand on the page to print."),
    )
    body = StreamField([("section", blocks.SectionBlock())], verbose_name=_("content"), blank=True)

    template = "guidance/page.html"
    parent_page_types = ["guidance.GuidanceIndex"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("in_short"),
        FieldPanel("body"),
        InlinePanel(
            "rule_changes", label=_("Changed rule"), heading=_("What changed in the rules")
        ),
    ]

    class Meta:
        verbose_name = _("page of guidance")
        verbose_name_plural = _("pages of guidance")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the frame and the way to the other pages."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        language = self.locale.language_code
        return {
            **context,
            **frame(language, canonical=self.full_url, preview=_is_preview(request)),
            "others": [row for row in published_pages(language) if row.pk != self.pk],
            "changes": rule_changes([self]),
            "short": self.short(),
        }

    def short(self) -> list[str]:
        """Return the sentences that say it in short."""
        return [line.strip() for line in self.in_short.splitlines() if line.strip()]


def published_pages(language: str) -> list[GuidancePage]:
    """List the published pages in a language, in the editors' order."""
    rows = GuidancePage.objects.live().filter(locale__language_code=language)
    return [row.as_published() for row in rows.select_related("live_revision").order_by("path")]


def rule_changes(pages: list[GuidancePage]) -> list["RuleChange"]:
    """List what changed in the rules on these pages, the newest first."""
    rows = [change for page in pages for change in page.rule_changes.all()]
    return sorted(rows, key=lambda row: row.day, reverse=True)


def _is_preview(request: HttpRequest) -> bool:
    return bool(getattr(request, "is_preview", False))


class RuleChange(TranslatableMixin, Orderable):
    """On which day a rule changed, and what is different now."""

    page = ParentalKey(GuidancePage, on_delete=models.CASCADE, related_name="rule_changes")
    day = models.DateField(_("from this day"))
    what = models.CharField(_("what changed"), max_length=400)

    panels = [FieldPanel("day"), FieldPanel("what")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        unique_together = [("translation_key", "locale")]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="rule_change_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.what}"
