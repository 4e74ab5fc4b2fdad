"""The tests' ground: a real PostgreSQL and Redis of their own, and a database migrated once.

Loaded by `-p tests.ground` before any other plugin, since pytest-django reads the settings first.
"""

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import psycopg
import pytest

from integrity.embedded import Servers

REPOSITORY = Path(__file__).resolve().parent.parent
os.environ.setdefault("WAARBORG_VAR", str(REPOSITORY / "var" / "tests"))
os.environ.setdefault("WAARBORG_ACT_AS_OWNER", "1")  # makes the test database
os.environ.setdefault("LOG_LEVEL", "ERROR")
_OWN_SERVERS = not os.environ.get("DATABASE_URL")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers once; let test databases be copies of the migrated one."""
    if not _OWN_SERVERS:
        return
    if not hasattr(config, "workerinput"):
        from integrity import embedded
        from integrity.env import load

        _migrate_once(embedded.ensure_running(load().var, durable=False))
    from django.db import connections

    connections["default"].settings_dict["TEST"]["TEMPLATE"] = _template()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them again."""
    if _OWN_SERVERS and not hasattr(config, "workerinput"):
        from integrity import embedded
        from integrity.env import load

        embedded.stop(load().var)


@cache
def _template() -> str:
    """Name the database that has just these migrations."""
    made_of = [
        REPOSITORY / "requirements.lock",
        REPOSITORY / "integrity" / "audit" / "append_only.py",
        REPOSITORY / "integrity" / "people" / "grants.py",
        *sorted(REPOSITORY.glob("*/migrations/*.py")),
        *sorted(REPOSITORY.glob("*/*/migrations/*.py")),
        *sorted(REPOSITORY.glob("*/data/*.json")),
    ]
    digest = hashlib.sha256()
    for path in made_of:
        if ".venv" not in path.parts:
            digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return f"waarborg_migrated_{digest.hexdigest()[:12]}"


def _migrate_once(servers: Servers) -> None:
    owner_url, name = servers.database_owner_url, _template()
    with psycopg.connect(owner_url, autocommit=True) as db:
        known = {
            row[0]
            for row in db.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'waarborg\\_migrated\\_%'"
            )
        }
        if name in known:
            return
        for old in known:
            db.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        db.execute("CREATE DATABASE waarborg_migrated_making")
        sys.stderr.write("Migrating a database for the tests to copy …\n")
        subprocess.run(
            [sys.executable, str(REPOSITORY / "manage.py"), "migrate", "--verbosity", "0"],
            check=True,
            env=os.environ
            | {
                "DATABASE_URL": owner_url.replace("/waarborg?", "/waarborg_migrated_making?"),
                "BROKER_URL": servers.broker_url,
                "DJANGO_SECRET_KEY": "only-for-tests",
            },
        )
        # The name says that it is whole: an interrupted making is thrown away the next time.
        db.execute(f"ALTER DATABASE waarborg_migrated_making RENAME TO {name}")
