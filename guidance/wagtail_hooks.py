"""What the page editor has of our own: briefings, and sending a translation in for review."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from guidance.models import Briefing, GuidancePage
from guidance.models.pages import Reviewed
from guidance.services import translating
from integrity.people.models import User
from integrity.refusals import Refused


class BriefingViewSet(SnippetViewSet):
    """Briefings in the editor's own menu."""

    model = Briefing
    icon = "calendar"
    menu_label = lazy("Briefings")
    add_to_admin_menu = True
    list_display = ["title", "starts_at", "language", "cancelled"]
    ordering = ["-starts_at"]


register_snippet(BriefingViewSet)


@hooks.register("register_admin_urls")
def own_addresses() -> list[URLPattern]:
    """Add the one address of our own."""
    return [
        path("guidance/translation/<int:page>/", send_translation, name="send_translation"),
    ]


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def translation_button(page: Any, user: Any, **more: Any) -> Iterator[Button]:
    """Offer to send a translation in, on pages that are one."""
    specific = page.specific_deferred
    if isinstance(specific, Reviewed) and translating.why_not(specific, by=user) is None:
        yield Button(
            _("Send the translation in for review"),
            reverse("send_translation", args=[page.pk]),
            icon_name="check",
            priority=90,
        )


@require_http_methods(["GET", "POST"])
@require_admin_access
def send_translation(request: HttpRequest, page: int) -> HttpResponse:
    """Ask once more, then send the translation in."""
    found = get_object_or_404(GuidancePage, pk=page)
    if request.method != "POST":
        return render(request, "guidance/cms/send_translation.html", {"page": found})
    try:
        translating.send_translation(page=found, by=cast(User, request.user))
        messages.success(request, _("Sent in. Two others read it before it is published."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("wagtailadmin_explore", found.get_parent().pk)
