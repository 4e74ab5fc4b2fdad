"""Keeping what an item shows or lets hear: bytes under their own hash, or a reference.

Nothing is decoded in this process. Pictures are drawn again in a child with little memory and
time, and only that copy is ever shown; film and sound are kept as they came.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from integrity.audit import services as audit
from integrity.audit.services import Actor as AuditActor
from moderation import redraw
from moderation.choices import ItemKind
from moderation.models import Item, Media, MediaHost

BYTES_AT_MOST = 100 * 1024 * 1024
PER_ITEM = 20
PICTURE_AT_MOST = 25 * 1024 * 1024
SECONDS_TO_REDRAW = 15
_CHUNK = 1024 * 1024


class MediaProblem(ValueError):
    """What was sent cannot be kept; the text says what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform sends: an open file with the bytes, or a reference."""

    file: IO[bytes] | None = None
    reference: str = ""
    kind: ItemKind = ItemKind.VIDEO

    def __enter__(self) -> "Sent":
        """Give what was sent."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file: it vanishes."""
        if self.file is not None:
            self.file.close()


@dataclass(frozen=True, slots=True)
class Kept:
    """The row, and whether it is new."""

    media: Media
    created: bool


@dataclass(frozen=True, slots=True)
class _Picture:
    path: str
    width: int
    height: int


def keep(*, item: Item, n: int, sent: Sent, by: AuditActor, at: datetime) -> Kept:
    """Keep one medium of an item; sending the same again changes nothing."""
    if n >= PER_ITEM:
        raise MediaProblem("n", f"An item has at most {PER_ITEM} media, numbered from 0.")
    if sent.file is None:
        return _keep_reference(item, n, sent, by=by, at=at)
    sha256, size = _measure(sent.file)
    known = Media.objects.filter(item=item, n=n, sha256=sha256).first()
    if known is not None:
        return Kept(known, created=False)
    kind, content_type = sniff(_beginning(sent.file))
    original = _store(sent.file, sha256)
    picture = None
    if kind == ItemKind.IMAGE:
        if size > PICTURE_AT_MOST:
            raise MediaProblem("body", f"Send pictures of at most {PICTURE_AT_MOST >> 20} MB.")
        picture = _redraw(original)
    row = Media(
        item=item,
        n=n,
        kind=kind,
        content_type=content_type,
        size=size,
        sha256=sha256,
        original=original,
        display=picture.path if picture else "",
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        received_at=at,
    )
    return _write(row, by=by, at=at)


def blurred_name(display: str) -> str:
    """Name the file of blurred colours beside a picture's copy."""
    return f"{display}.blurred" if display else ""


def may_refer(url: str) -> bool:
    """Say whether a reference is plain https to a host that an administrator registered."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc
    printable = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    host = (parts.hostname or "").lower().rstrip(".")
    return plain and printable and MediaHost.objects.filter(host=host).exists()


def sniff(beginning: bytes) -> tuple[ItemKind, str]:
    """Recognise a medium by its first bytes, whatever type it claims to be."""
    for marks, kind, content_type in _SIGNATURES:
        if all(beginning[at : at + len(mark)] == mark for at, mark in marks):
            return kind, content_type
    if beginning[4:8] == b"ftyp":
        sound = beginning[8:12] in (b"M4A ", b"M4B ")
        return (ItemKind.AUDIO, "audio/mp4") if sound else (ItemKind.VIDEO, "video/mp4")
    if beginning[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return ItemKind.AUDIO, "audio/mpeg"
    raise MediaProblem("body", "Send JPEG, PNG, GIF, WebP, MP4, WebM, MP3, WAV, Ogg or FLAC.")


_SIGNATURES: list[tuple[list[tuple[int, bytes]], ItemKind, str]] = [
    ([(0, b"\xff\xd8\xff")], ItemKind.IMAGE, "image/jpeg"),
    ([(0, b"\x89PNG\r\n\x1a\n")], ItemKind.IMAGE, "image/png"),
    ([(0, b"GIF87a")], ItemKind.IMAGE, "image/gif"),
    ([(0, b"GIF89a")], ItemKind.IMAGE, "image/gif"),
    ([(0, b"RIFF"), (8, b"WEBP")], ItemKind.IMAGE, "image/webp"),
    ([(0, b"RIFF"), (8, b"WAVE")], ItemKind.AUDIO, "audio/wav"),
    ([(0, b"\x1a\x45\xdf\xa3")], ItemKind.VIDEO, "video/webm"),
    ([(0, b"ID3")], ItemKind.AUDIO, "audio/mpeg"),
    ([(0, b"OggS")], ItemKind.AUDIO, "audio/ogg"),
    ([(0, b"fLaC")], ItemKind.AUDIO, "audio/flac"),
]


def _keep_reference(item: Item, n: int, sent: Sent, *, by: AuditActor, at: datetime) -> Kept:
    url = sent.reference
    if len(url) > 2000 or not may_refer(url):
        raise MediaProblem(
            "reference", "Send an https address on a host that an administrator registered here."
        )
    sha256 = hashlib.sha256(url.encode()).hexdigest()
    known = Media.objects.filter(item=item, n=n, sha256=sha256).first()
    if known is not None:
        return Kept(known, created=False)
    row = Media(item=item, n=n, kind=sent.kind, sha256=sha256, reference=url, received_at=at)
    return _write(row, by=by, at=at)


def _write(row: Media, *, by: AuditActor, at: datetime) -> Kept:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.record(
                verb="media.kept",
                subject_type="item",
                subject_id=row.item.public_id,
                by=by,
                at=at,
                data={"n": row.n, "sha256": row.sha256, "kind": row.kind},
            )
    except IntegrityError:
        # The same bytes came twice at once: the constraint keeps one.
        return Kept(Media.objects.get(item=row.item, n=row.n, sha256=row.sha256), created=False)
    return Kept(row, created=True)


def _measure(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    if size == 0:
        raise MediaProblem("body", "Send the bytes of the medium.")
    return digest.hexdigest(), size


def _beginning(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(32)


def _store(file: IO[bytes], sha256: str) -> str:
    """Write the bytes under their hash; half a file never has its final name."""
    name = f"items/{sha256[:2]}/{sha256}"
    path = Path(settings.MEDIA_ROOT) / name
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as target:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    Path(target.name).replace(path)
    return name


def _redraw(original: str) -> _Picture:
    root = Path(settings.MEDIA_ROOT)
    name = f"{original}.webp"
    with tempfile.TemporaryDirectory(dir=root) as folder:
        drawn = Path(folder) / "drawn.webp"
        try:
            child = subprocess.run(  # noqa: S603  (our own script, no words of the sender)
                [sys.executable, "-I", redraw.__file__, str(root / original), str(drawn)],
                capture_output=True,
                timeout=SECONDS_TO_REDRAW,
                check=True,
                env={},
            )
            size = json.loads(child.stdout)
        except (subprocess.SubprocessError, ValueError) as error:
            raise MediaProblem("body", "This picture cannot be opened safely.") from error
        Path(f"{drawn}.blurred").replace(root / blurred_name(name))
        drawn.replace(root / name)
    return _Picture(name, size["width"], size["height"])
