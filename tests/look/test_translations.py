"""Dutch is complete: nothing is untranslated, doubtful, or says less than its English."""

import re
from pathlib import Path

import polib
import pytest

from integrity.translations import compile_all

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = sorted(REPOSITORY.glob("**/locale/nl/LC_MESSAGES/django.po"))
SOURCES = [path for path in SOURCES if ".venv" not in path.parts]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
MARKUP = re.compile(r"</?\w+>")


def translated_somewhere() -> set[tuple[str | None, str]]:
    return {
        (entry.msgctxt, entry.msgid)
        for path in SOURCES
        for entry in polib.pofile(str(path))
        if entry.translated()
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_sentence_has_its_dutch(path):
    known = translated_somewhere()

    missing = [e.msgid for e in polib.pofile(str(path)) if (e.msgctxt, e.msgid) not in known]

    assert missing == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_translation_is_a_guess(path):
    assert [entry.msgid for entry in polib.pofile(str(path)).fuzzy_entries()] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_placeholders_and_markup_are_the_same(path):
    wrong = []
    for entry in polib.pofile(str(path)):
        said = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(
            PLACEHOLDER.findall(entry.msgid_plural)
        )
        for dutch in filter(None, said):
            found = set(PLACEHOLDER.findall(dutch))
            if not found <= wanted or (not entry.msgid_plural and found != wanted):
                wrong.append(entry.msgid)
            if sorted(MARKUP.findall(entry.msgid)) != sorted(MARKUP.findall(dutch)):
                wrong.append(entry.msgid)

    assert wrong == []


def test_every_sentence_of_the_templates_is_in_the_catalogue():
    known = {entry.msgid for path in SOURCES for entry in polib.pofile(str(path))}
    literal = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")

    missing = {
        f"{path.relative_to(REPOSITORY)}: {one or other}"
        for path in (REPOSITORY / "templates").rglob("*.html")
        for one, other in literal.findall(path.read_text())
        if (one or other) not in known
    }

    assert missing == set()


def test_compiling_writes_what_the_browser_reads(tmp_path):
    folder = tmp_path / "locale" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "polling place"\nmsgstr "stembureau"\n'
    )

    (written,) = compile_all(tmp_path)

    assert polib.mofile(str(written)).find("polling place").msgstr == "stembureau"
