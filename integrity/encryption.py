"""Keeps small secrets unreadable in the database: sealed with a key drawn from SECRET_KEY."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class UnreadableError(Exception):
    """The secret was sealed with a key that this installation no longer has."""


def encrypt(text: str) -> str:
    """Seal a text with the present SECRET_KEY."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """Open a sealed text, also one sealed with a key now among SECRET_KEY_FALLBACKS."""
    try:
        box = _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableError(
            "Add the SECRET_KEY that sealed this to SECRET_KEY_FALLBACKS."
        ) from error


def seal(content: bytes) -> bytes:
    """Seal a document with the present SECRET_KEY."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """Open a sealed document."""
    try:
        return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(sealed)
    except InvalidToken as error:
        raise UnreadableError(
            "Add the SECRET_KEY that sealed this to SECRET_KEY_FALLBACKS."
        ) from error


@cache
def _box(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"waarborg sealed secrets")
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
