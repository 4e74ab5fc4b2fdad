"""Compiles the translations from their source, so that no machine needs GNU gettext.

`python -m integrity.translations` writes each `*.mo` beside its `*.po`, in `locale/` and in the
apps that have a `locale/` of their own; `make setup` runs it.
"""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_all(root: Path = ROOT) -> list[Path]:
    """Write the compiled file beside each source; returns what was written.

    A file appears whole or not at all, so that a server starting meanwhile reads no half of it.
    """
    written = []
    folders = [root / "locale", *sorted(root.glob("*/locale"))]
    sources = (po for folder in folders for po in sorted(folder.glob("*/LC_MESSAGES/*.po")))
    for source in sources:
        target = source.with_suffix(".mo")
        beside = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(beside))
        beside.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_all():
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
