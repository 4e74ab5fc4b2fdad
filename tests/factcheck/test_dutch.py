"""Every sentence of the claims room exists in Dutch."""

from pathlib import Path

import polib
import pytest

from tests.elections.test_dutch import said_in

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = [
    *(p for p in (REPOSITORY / "factcheck").rglob("*.py") if "migrations" not in p.parts),
    *(REPOSITORY / "templates" / "factcheck").glob("*.html"),
]


@pytest.fixture(scope="module")
def dutch() -> set[str]:
    found = REPOSITORY.glob("**/locale/nl/LC_MESSAGES/django.po")
    paths = [path for path in found if ".venv" not in path.parts]
    return {
        entry.msgid for path in paths for entry in polib.pofile(str(path)) if entry.translated()
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_everything_a_partner_reads_is_there_in_dutch(path, dutch):
    assert [words for words in said_in(path) if words not in dutch] == []
