"""Reading what a media call sends: bytes of a known kind, or a reference as JSON."""

import io
import tempfile
from typing import Any

from rest_framework import exceptions, parsers, status

from moderation.api.batches import TooLarge, keepable, loads
from moderation.choices import ItemKind
from moderation.services.media import BYTES_AT_MOST, MediaProblem, Sent

_CHUNK = 256 * 1024
_IN_MEMORY = 2 * 1024 * 1024
_REFERENCE_AT_MOST = 16 * 1024


class MediaRefused(exceptions.ValidationError):
    """What was sent is no medium that we keep."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


def sent(data: object) -> Sent:
    """Return what the parsers made; an empty body, which DRF parses not at all, is no medium."""
    return data if isinstance(data, Sent) else Sent(file=io.BytesIO())


def refused(problem: MediaProblem) -> MediaRefused:
    """Turn the service's answer into the API's."""
    return MediaRefused({problem.field: [str(problem)]})


class MediaReference(parsers.BaseParser):
    """Reads `{"reference": "https://…"}`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the reference; anything else in the body is refused."""
        content = stream.read(_REFERENCE_AT_MOST + 1)
        if len(content) > _REFERENCE_AT_MOST:
            raise TooLarge
        try:
            body = loads(content.decode())
        except ValueError as error:
            raise exceptions.ParseError("This is not JSON.") from error
        if not isinstance(body, dict) or not {"reference"} <= set(body) <= {"reference", "kind"}:
            raise exceptions.ValidationError({"reference": "Send it, with `kind` at most beside."})
        if not isinstance(body["reference"], str) or not keepable(body["reference"]):
            raise exceptions.ValidationError({"reference": "Send a text."})
        kind = body.get("kind", ItemKind.VIDEO)
        if kind not in (ItemKind.IMAGE, ItemKind.VIDEO, ItemKind.AUDIO):
            raise exceptions.ValidationError({"kind": "Send image, video or audio."})
        return Sent(reference=body["reference"], kind=ItemKind(kind))


class MediaBytes(parsers.BaseParser):
    """Reads the bytes themselves, whatever type they claim to be: they are sniffed."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the bytes in a file that vanishes by itself, at most as many as may be kept."""
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (kept open)
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > BYTES_AT_MOST:
                file.close()
                raise TooLarge
            file.write(chunk)
        return Sent(file=file)
