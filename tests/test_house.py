"""The house itself: its tour is true, its classifiers have cards, its dependencies have reasons."""

import importlib
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TOUR = (REPOSITORY / "ARCHITECTURE.md").read_text()
PATHS = sorted(set(re.findall(r"`((?:[a-z_]+/)+[a-zA-Z0-9_.]*|[A-Z]+\.md)`", TOUR)))
FUNCTIONS = sorted(
    set(re.findall(r"`((?:integrity|elections|moderation)(?:\.[a-z_]+){2,})`", TOUR))
)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_the_tour_exists(path):
    assert (REPOSITORY / path).exists()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_the_tour_exists(name):
    module, _, function = name.rpartition(".")

    assert callable(getattr(importlib.import_module(module), function))


def test_the_tour_fits_on_a_page():
    assert len(TOUR.split()) < 1000


def test_every_classifier_has_a_card():
    folders = [p for p in (REPOSITORY / "integrity" / "classifiers").iterdir() if p.is_dir()]

    without = [
        f.name for f in folders if (f / "__init__.py").exists() and not (f / "card.md").exists()
    ]

    assert without == []


@pytest.mark.parametrize("file", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_is_pinned_and_has_its_reason(file):
    reasons = (REPOSITORY / "docs" / "dependencies.md").read_text().lower()
    lines = [
        line
        for line in (REPOSITORY / file).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]

    unpinned = [line for line in lines if "==" not in line]
    unexplained = [
        n for n in (re.split(r"[\[=]", line)[0].lower() for line in lines) if n not in reasons
    ]

    assert (unpinned, unexplained) == ([], [])


def test_only_env_reads_the_environment():
    readers = {
        str(path.relative_to(REPOSITORY))
        for app in ("integrity", "elections", "moderation")
        for path in (REPOSITORY / app).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text())
    }

    assert readers <= {"integrity/env.py", "integrity/embedded.py", "integrity/supervisor.py"}


def test_no_path_of_a_machine_is_in_the_house():
    pattern = re.compile(r"(^|[^\w.])/(work|root|home)/[a-z]")
    guilty = [
        str(path.relative_to(REPOSITORY))
        for folder in (
            "integrity",
            "elections",
            "moderation",
            "templates",
            "docs",
            "demo",
            "docker",
        )
        for path in (REPOSITORY / folder).rglob("*")
        if path.suffix in {".py", ".md", ".html", ".txt", ".yaml", ""}
        and path.is_file()
        and pattern.search(path.read_text(errors="ignore"))
    ]

    assert guilty == []
