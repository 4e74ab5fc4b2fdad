"""Compiles the translations from their source, so that no machine needs GNU gettext.

`python -m integrity.translations` writes each `locale/*/LC_MESSAGES/*.mo`; `make setup` runs it.
"""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write the compiled file beside each source; returns what was written.

    A file appears whole or not at all, so that a server starting meanwhile reads no half of it.
    """
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        beside = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(beside))
        beside.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_all():
        sys.stdout.write(f"{path.relative_to(LOCALE.parent)}\n")
