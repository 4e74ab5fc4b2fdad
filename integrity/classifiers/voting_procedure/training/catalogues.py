"""Read everyday software sentences from installed message catalogues: text that is not voting.

Django, Wagtail and their neighbours ship translations under BSD and MIT licences. Their
sentences give the gate many ordinary words, logins, deadlines and permissions without an election.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("django", "wagtail", "allauth", "wagtail_localize", "taggit", "treebeard")
_MARKUP = re.compile(r"<[^>]+>|%\(?\w*\)?[sd]?|\{[^}]*\}|&\w+;|\\n")
_VOTING = re.compile(r"(?i)vote|voting|poll|ballot|elect|stem|kies|wahl|oy |seçim|głos|wybor|vot")
MIN_CHARS = 12
MAX_CHARS = 240


@cache
def sentences(lang: str) -> tuple[str, ...]:
    """List the sentences of a language, sorted; none where no catalogue is installed."""
    import polib

    found: set[str] = set()
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        root = Path(spec.origin).parent
        source = "nl" if lang == "en" else lang
        for path in sorted(root.glob(f"**/locale/{source}/LC_MESSAGES/*.po")):
            for entry in polib.pofile(str(path)):
                text = entry.msgid if lang == "en" else entry.msgstr
                found.add(_MARKUP.sub(" ", text).strip())
    return tuple(
        sorted(
            " ".join(text.split())
            for text in found
            if MIN_CHARS <= len(text) <= MAX_CHARS and not _VOTING.search(text)
        )
    )
