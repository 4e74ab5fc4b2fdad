"""What every room's templates share: icons, key hints, clock times, and how the screen looks."""

from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

register = template.Library()

SCHEME_COOKIE = "waarborg_scheme"
LETTERS_COOKIE = "waarborg_letters"
SCHEMES = ("auto", "light", "dark")

# Each room of the desk: URL name, word, the permission that opens it. A room whose app is not
# mounted or that a person may not enter is not shown.
ROOMS = (
    ("home", _("Queues"), "moderation.see_item"),
    ("held", _("Second person"), "moderation.see_item"),
    ("my_jobs", _("My work"), "moderation.take_job"),
    ("claims", _("Claims"), "factcheck.assign_claim"),
    ("desk_partners", _("Partners"), "factcheck.manage_partner"),
    ("official_facts", _("Facts"), "elections.publish_fact"),
    ("wagtailadmin_home", _("Pages"), "wagtailadmin.access_admin"),
    ("party_desk", _("Parties"), "guidance.see_help"),
    ("fact_changes", _("Screening"), "moderation.see_screening"),
    ("delivery_desk", _("Deliveries"), "outbox.see_deliveries"),
    ("api_keys", _("Keys"), "people.view_apikey"),
    ("desk_settings", _("Settings"), "moderation.see_routing"),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration."""
    href = f"{static('vendor/lucide/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def key(*names: str) -> SafeString:
    """Show which key does this; the control itself says so to assistive technology."""
    caps = format_html_join("", "<kbd>{}</kbd>", ((name,) for name in names))
    return format_html('<span class="keys" aria-hidden="true">{}</span>', caps)


@register.filter
def clock(at: datetime | None) -> str:
    """Write a time of day as people here do: 21.40 in Dutch, 21:40 in English."""
    if at is None:
        return ""
    return date_format(timezone.localtime(at), pgettext("time of day, Django date format", "H:i"))


@register.filter
def day(at: datetime | None) -> str:
    """Write a day: 18 March 2026."""
    if at is None:
        return ""
    value = timezone.localtime(at) if isinstance(at, datetime) else at
    return date_format(value, pgettext("day, Django date format", "j F Y"))


@register.filter
def moment(at: datetime | None) -> str:
    """Write a moment as an absolute one: the clock alone today, with its day otherwise."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return clock(at)
    form = pgettext("day and time, Django date format", "j M Y H:i")
    return date_format(local, form)


def look(request: HttpRequest) -> dict[str, Any]:
    """Say how this person wants the screen, and which rooms of the desk they may enter."""
    scheme = request.COOKIES.get(SCHEME_COOKIE, "auto")
    return {
        "look": {
            "scheme": scheme if scheme in SCHEMES else "auto",
            "letters": request.COOKIES.get(LETTERS_COOKIE, "on") != "off",
            "rooms": SimpleLazyObject(lambda: rooms(request)),
        }
    }


def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """List the rooms that this person may enter, marking the one they are in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    found: list[dict[str, Any]] = []
    for name, word, permission in ROOMS:
        if not user.has_perm(permission):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"name": name, "word": word, "url": url})
    here = max(
        (room for room in found if request.path.startswith(room["url"])),
        key=lambda room: len(room["url"]),
        default=None,
    )
    for room in found:
        room["is_here"] = room is here
    return found
