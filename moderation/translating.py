"""Translating an item's words for whoever judges them, by a service that the operator chose.

Off until `TRANSLATE_URL` names one. It speaks the LibreTranslate interface, so that the service can
run on one's own machines; nothing is kept, and a translation is never evidence.
"""

import json
from collections.abc import Mapping
from typing import Any

import requests
import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from integrity.refusals import Refusal, Refused

log = structlog.get_logger(__name__)
_TIMEOUT = (3, 15)
_LONGEST = 20_000
_LONGEST_ANSWER = 1_000_000


def is_on() -> bool:
    """Say whether a service is set."""
    return bool(settings.TRANSLATE_URL)


def translate(texts: Mapping[str, str], *, source: str, target: str) -> dict[str, str]:
    """Translate texts by name; refuses where no service is set, or it does not answer."""
    if not is_on():
        raise Refused(Refusal(_("No translation service is set."), code="off"))
    return {name: _one(text[:_LONGEST], source, target) for name, text in texts.items()}


def _one(text: str, source: str, target: str) -> str:
    words: dict[str, Any] = {
        "q": text,
        "source": source[:2] or "auto",
        "target": target,
        "format": "text",
    }
    if settings.TRANSLATE_KEY:
        words["api_key"] = settings.TRANSLATE_KEY
    try:
        with requests.post(
            f"{settings.TRANSLATE_URL.rstrip('/')}/translate",
            json=words,
            timeout=_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            answer.raise_for_status()
            body = answer.raw.read(_LONGEST_ANSWER + 1, decode_content=True)
        if answer.status_code != requests.codes.ok or len(body) > _LONGEST_ANSWER:
            raise ValueError("not a translation")
        found = json.loads(body)["translatedText"]
        if not isinstance(found, str):
            raise TypeError("not a text")
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        log.warning("translation failed", error=type(error).__name__)
        refusal = Refusal(_("The translation service does not answer now."), code="unreachable")
        raise Refused(refusal) from error
    return found.replace("\x00", "")
