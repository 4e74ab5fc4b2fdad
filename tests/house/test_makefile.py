"""What a newcomer types works as the first page says."""

import os
import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def make(*words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", *words], cwd=REPOSITORY, env={**os.environ, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))


def test_ci_runs_the_two_commands_and_nothing_else():
    lines = (REPOSITORY / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]

    assert commands == ["make demo-check", "make test"]


def test_every_make_command_that_the_documents_name_exists(targets):
    documents = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]
    documents += (REPOSITORY / "docs").glob("*.md")
    for document in documents:
        for name in re.findall(r"`make ([a-z-]+)", document.read_text()):
            assert name in targets, f"{document.name}: make {name}"


def test_make_alone_says_what_there_is():
    said = make().stdout

    for name in ("make demo", "make demo-check", "make test", "make setup"):
        assert name in said


def test_a_python_that_is_too_old_is_explained(tmp_path):
    said = subprocess.run(
        ["make", "-f", str(REPOSITORY / "Makefile"), ".venv/bin/python", "PYTHON=none"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert said.returncode != 0
    assert "Python 3.11" in said.stdout + said.stderr


def test_the_demo_needs_nothing_that_only_tests_need():
    dry = make("-n", "-B", "demo").stdout

    assert "requirements-dev.lock" not in dry
    assert "requirements.lock" in dry
