"""Messages to parties and candidates, by mail, in the language in which they asked."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from elections import languages
from integrity.outbox import services as outbox


def tell(
    *,
    email: str,
    language: str,
    event: str,
    subject: str | Promise,
    about: tuple[str, str],
    at: datetime,
    **words: Any,
) -> None:
    """Owe one mail (`notifications/<event>.<language>.txt`); who left no address hears nothing."""
    if not email:
        return
    language = languages.content_language(language)
    with translation.override(language):
        body = render_to_string(f"notifications/{event}.{language}.txt", words)
        title = str(subject)
    kind, _slash, role = event.partition("/")
    outbox.owe_notification(
        kind=kind,
        role=role,
        recipient_type=outbox.BY_ADDRESS,
        recipient_id=email,
        language=language,
        subject_type=about[0],
        subject_id=about[1],
        subject=title,
        body=body.strip(),
        at=at,
    )
