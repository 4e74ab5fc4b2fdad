"""The languages of the public pages: named in the address, so that a page can be cached."""

from collections.abc import Mapping

READY = {"nl": "Nederlands", "en": "English"}
# Layout and dates work in these; our sentences are still to be translated, and the page says so.
PREPARED = {"ar": "العربية", "pl": "Polski", "tr": "Türkçe"}
RIGHT_TO_LEFT = {"ar"}


def default_for(names: Mapping[str, str]) -> str:
    """Choose the language of an address that names none: Dutch where the election has it."""
    return "nl" if "nl" in names else "en"


def known(asked: str | None) -> str | None:
    """Accept a language that we have or prepare."""
    return asked if asked in READY or asked in PREPARED else None


def content_language(language: str) -> str:
    """Name the language that our sentences are in on a page of this language."""
    return language if language in READY else "en"
