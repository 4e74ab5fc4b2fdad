"""Documents that prove who asks: what they may be, and how they are kept."""

import hashlib
import re
import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from integrity import encryption

BYTES_AT_MOST = 5 * 1024 * 1024
MOST = 3
FOLDER = "proofs"
# What a file begins with says what it is; its name says nothing.
_BEGINS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it came."""

    name: str
    content: bytes

    @property
    def content_type(self) -> str:
        """What it is by its first bytes; empty where it is nothing that we take."""
        return next((kind for start, kind in _BEGINS.items() if self.content.startswith(start)), "")

    @property
    def sha256(self) -> str:
        """Its hash."""
        return hashlib.sha256(self.content).hexdigest()

    def safe_name(self) -> str:
        """Its name without anything but letters, digits and marks; its ending is what it is."""
        stem = re.sub(r"[^\w .-]+", "", self.name.rpartition(".")[0] or self.name).strip(" .")
        return f"{stem[:80] or 'document'}.{_ENDINGS.get(self.content_type, 'bin')}"


def keep(document: Document) -> str:
    """Seal a document and keep it; returns where."""
    sealed = ContentFile(encryption.seal(document.content))
    return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", sealed)


def read(stored: str) -> bytes:
    """Open a kept document."""
    with default_storage.open(stored) as file:
        return encryption.unseal(file.read())


def erase(stored: str) -> None:
    """Erase a kept document; one that is gone already is no trouble."""
    default_storage.delete(stored)
