"""Addresses inside the Election Center that keep the reader's language and place."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from elections import languages
from elections.choices import IncidentKind
from elections.sentences import Words, clock, in_readers_language
from elections.topics import TOPICS, topic_of

register = template.Library()


@register.simple_tag(takes_context=True)
def center_url(
    context: Context, key: str = "", *, lang: str = "", place: str | None = None, page: str = ""
) -> str:
    """Write the address of a page, a topic or a statement of the election at hand."""
    asked = context["asked"]
    language = lang or asked.language
    election = asked.sheet.election
    slug = next((t.slugs.get(language, t.slug) for t in TOPICS if t.slug == key), key)
    if page:
        path = reverse(page, kwargs={"election": election})
    elif key:
        path = reverse("center_topic", kwargs={"election": election, "key": slug})
    else:
        path = reverse("center", kwargs={"election": election})
    query = {}
    told = key and any(slug == t.slugs.get(language) for t in TOPICS)
    if not told and language != languages.default_for(asked.sheet.name):
        query["lang"] = language
    chosen = asked.place if place is None else place
    if chosen:
        query["place"] = chosen
    return f"{path}?{urlencode(query)}" if query else path


@register.simple_tag(takes_context=True)
def statement_url(context: Context, key: str, *, place: str | None = None) -> str:
    """Write the address of the page that begins with this statement."""
    return center_url(context, key, place=place) if topic_of(key) else center_url(context)


@register.filter
def hour(at: datetime | None) -> str:
    """Write the time of day of a moment, in the election's own zone."""
    return clock(timezone.localtime(at).time()) if at else ""


@register.filter
def is_web(address: str) -> bool:
    """Say whether an address may become a link."""
    return address.startswith(("https://", "http://"))


@register.filter
def incident_title(kind: str) -> str:
    """Name what an incident notice is about."""
    return str(IncidentKind(kind).label)


@register.filter
def spoken(texts: Mapping[str, str]) -> Words | None:
    """Choose the reader's language, else another, with the language it is in."""
    return in_readers_language(texts)


@register.filter
def soft(words: str) -> str:
    """Put soft hyphens in the long compounds of election names, for narrow screens."""
    for part in ("Gemeenteraads", "Eilanden", "Waterschaps", "Provinciale", "Parlements"):
        words = words.replace(f"{part}verkiezing", f"{part}\u00adverkiezing")
    return words
