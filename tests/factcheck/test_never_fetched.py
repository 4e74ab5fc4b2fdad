"""Addresses that partners, posters or imports name are text: nothing here ever opens one."""

import ast
from pathlib import Path

import pytest

ROOMS = ["factcheck", "integrity/classifiers/claim_matching", "integrity/classifiers/checkworthy"]
REPOSITORY = Path(__file__).resolve().parents[2]
OPENERS = {"socket", "ssl", "http", "httpx", "requests", "aiohttp", "ftplib", "smtplib", "urllib3"}
SOURCES = [path for room in ROOMS for path in sorted((REPOSITORY / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_file_of_the_claims_room_can_open_an_address(path):
    names = imported(path)

    assert not {name for name in names if name.split(".")[0] in OPENERS}
    assert not {name for name in names if name.startswith("urllib.request")}
