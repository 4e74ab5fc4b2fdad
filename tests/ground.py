"""The tests' ground: a real PostgreSQL and Redis of their own.

Loaded by `-p tests.ground` before any other plugin, since pytest-django reads the settings first.
"""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
os.environ.setdefault("WAARBORG_VAR", str(REPOSITORY / "var" / "tests"))
os.environ.setdefault("WAARBORG_ACT_AS_OWNER", "1")  # makes the test database
os.environ.setdefault("LOG_LEVEL", "ERROR")


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers once, before any worker asks for a database."""
    if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL"):
        from integrity import embedded
        from integrity.env import load

        embedded.ensure_running(load().var, durable=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them again."""
    if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL"):
        from integrity import embedded
        from integrity.env import load

        embedded.stop(load().var)
