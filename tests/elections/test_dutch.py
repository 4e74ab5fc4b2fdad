"""Every sentence of the Election Center exists in Dutch."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation.template import templatize

REPOSITORY = Path(__file__).resolve().parents[2]
CALLS = {"_", "lazy", "gettext", "gettext_lazy", "ngettext", "pgettext"}
SOURCES = [
    *(p for p in (REPOSITORY / "elections").rglob("*.py") if "migrations" not in p.parts),
    *(REPOSITORY / "templates" / "elections").glob("*.html"),
]


def said_in(path: Path) -> Iterator[str]:
    """Find what a file hands to gettext; a template first becomes the calls it stands for."""
    if path.suffix == ".html":
        calls = templatize(path.read_text())
        for quoted in re.findall(r"gettext\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", calls):
            yield ast.literal_eval(quoted)
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        words = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if node.func.id in CALLS and words:
            yield words[1] if node.func.id == "pgettext" else words[0]


@pytest.fixture(scope="module")
def dutch() -> dict[str, polib.POEntry]:
    catalogues = [
        REPOSITORY / folder / "nl" / "LC_MESSAGES" / "django.po"
        for folder in ("locale", "elections/locale")
    ]
    entries = [e for path in catalogues if path.exists() for e in polib.pofile(str(path))]
    return {entry.msgid: entry for entry in entries if entry.translated()}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_everything_a_voter_reads_is_there_in_dutch(path, dutch):
    assert [words for words in said_in(path) if words not in dutch] == []


def test_no_word_of_ours_changes_the_name_of_a_month_or_a_day():
    # One catalogue serves all: a button "May" once turned every date in May into "Mag".
    names = [*MONTHS.values(), *MONTHS_3.values(), *WEEKDAYS.values(), *WEEKDAYS_ABBR.values()]
    with translation.override("en"):
        words = {str(name) for name in names} | {str(name).capitalize() for name in names}
    sources = [REPOSITORY / "locale", *REPOSITORY.glob("*/locale")]

    ours = {
        entry.msgid
        for folder in sources
        for entry in polib.pofile(str(folder / "nl" / "LC_MESSAGES" / "django.po"))
        if entry.msgctxt is None
    }

    assert ours & words == set()


def test_no_placeholder_is_lost_in_dutch():
    holes = re.compile(r"%\(\w+\)s|\{\w+\}")
    for entry in polib.pofile(str(REPOSITORY / "elections/locale/nl/LC_MESSAGES/django.po")):
        wanted = set(holes.findall(entry.msgid + entry.msgid_plural))
        texts = [entry.msgstr_plural[1]] if entry.msgid_plural else [entry.msgstr]
        assert [set(holes.findall(text)) for text in texts] == [wanted], entry.msgid
