"""Pictures, film and sound: sent to whoever judges them, when they ask, and that is recorded."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity.audit import services as audit
from integrity.people.services import actor_of
from moderation.access import DeskRequest, desk_view
from moderation.choices import ItemKind
from moderation.forms import MediaDefaultsForm
from moderation.models import Media
from moderation.queries import job_page
from moderation.services import settling
from moderation.services.media import blurred_name, may_refer

_CHUNK = 64 * 1024


def _media(request: DeskRequest, public_id: UUID) -> Media:
    found = job_page.find_media(request.user, public_id)
    if found is None:
        raise Http404
    return found


def _opened(request: DeskRequest, media: Media) -> None:
    """Record that this person opened a medium; once an hour."""
    audit.record_read(
        subject_type="media",
        subject_id=media.public_id,
        by=actor_of(request.user),
        at=timezone.now(),
        data={"item": str(media.item.public_id), "kind": media.kind},
    )


def _file(name: str) -> Path:
    root = settings.MEDIA_ROOT.resolve()
    path = (root / name).resolve()
    if not name or not path.is_relative_to(root) or not path.is_file():
        raise Http404
    return path


def _harmless(response: HttpResponseBase) -> HttpResponseBase:
    """Let a file be nothing but a picture, film or sound, whatever its bytes say."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@desk_view("GET")
def media(request: DeskRequest, public_id: UUID) -> HttpResponseBase:
    """Send the harmless copy of a picture, and record that it was opened."""
    found = _media(request, public_id)
    path = _file(found.display)
    _opened(request, found)
    return _harmless(FileResponse(path.open("rb"), content_type="image/webp"))


@desk_view("GET")
def media_blurred(request: DeskRequest, public_id: UUID) -> HttpResponseBase:
    """Send a few blurred colours of a picture: it shows that there is one, and nothing of it."""
    path = _file(blurred_name(_media(request, public_id).display))
    return _harmless(FileResponse(path.open("rb"), content_type="image/webp"))


@desk_view("GET")
def media_original(request: DeskRequest, public_id: UUID) -> HttpResponseBase:
    """Send film or sound as it came, or the part that the player asks for; pictures never."""
    found = _media(request, public_id)
    if found.kind not in (ItemKind.VIDEO, ItemKind.AUDIO):
        raise Http404
    path = _file(found.original)
    _opened(request, found)
    size = path.stat().st_size
    part = wanted_part(request.headers.get("Range", ""), size)
    response: HttpResponseBase
    if part is None:
        response = FileResponse(path.open("rb"), content_type=found.content_type)
    else:
        first, last = part
        stream = _read(path.open("rb"), first, last - first + 1)
        response = StreamingHttpResponse(stream, status=206, content_type=found.content_type)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = "inline"
    return _harmless(response)


@desk_view("GET")
def media_away(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Lead to a medium on a registered host, in a tab of its own; the house fetches nothing."""
    found = _media(request, public_id)
    if not found.reference or not may_refer(found.reference):
        raise Http404
    _opened(request, found)
    response = redirect(found.reference)
    response["Referrer-Policy"] = "no-referrer"
    return response


@desk_view("GET", "POST")
def media_defaults(request: DeskRequest) -> HttpResponse:
    """Let a person set how pictures, film and sound begin for them."""
    defaults = job_page.media_defaults(request.user)
    if request.method != "POST":
        return render(request, "moderation/media_defaults.html", {"defaults": defaults})
    form = MediaDefaultsForm(request.POST)
    form.is_valid()
    settling.set_media_defaults(by=request.user, **form.cleaned_data)
    messages.success(request, _("Kept."))
    return redirect("media_defaults")


def wanted_part(header: str, size: int) -> tuple[int, int] | None:
    """Read a Range header for one part of the bytes; None for all of them, or for nonsense."""
    unit, _equals, spec = header.partition("=")
    first, dash, last = spec.strip().partition("-")
    numbers = [n for n in (first, last) if n]
    if unit.strip() != "bytes" or not dash or not numbers:
        return None
    if not all(n.isascii() and n.isdigit() and len(n) < 16 for n in numbers):
        return None
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    return (start, end) if start <= end else None


def _read(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(_CHUNK, length))):
            length -= len(chunk)
            yield chunk
