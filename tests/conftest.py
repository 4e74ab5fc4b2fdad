"""The tests' ground: a real PostgreSQL and Redis of their own, and the people of the house."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
# Before Django reads its settings: own servers, own data, and rights to make test databases.
os.environ.setdefault("WAARBORG_VAR", str(REPOSITORY / "var" / "tests"))
os.environ.setdefault("WAARBORG_ACT_AS_OWNER", "1")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import pytest  # noqa: E402

from integrity.people.choices import Role  # noqa: E402


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


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that is not part of the project; tests that need it skip without it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the development data folder ../shared/data is not here")
    return folder


def _person(alias: str, *roles: Role, language: str = "nl"):
    from tests.factories import make_user

    return make_user(f"{alias}@waarborg.example", alias=alias.capitalize(), roles=roles, language=language)


@pytest.fixture
def moderator(db):
    """Decides jobs."""
    return _person("mila", Role.MODERATOR)


@pytest.fixture
def colleague(db):
    """Another moderator."""
    return _person("bram", Role.MODERATOR)


@pytest.fixture
def senior(db):
    """Confirms held decisions."""
    return _person("sanne", Role.SENIOR_MODERATOR)


@pytest.fixture
def policy_lead(db):
    """Owns policies, queues and keys."""
    return _person("noor", Role.POLICY_LEAD)


@pytest.fixture
def election_lead(db):
    """Publishes facts."""
    return _person("daan", Role.ELECTION_LEAD)


@pytest.fixture
def auditor(db):
    """Reads everything, changes nothing."""
    return _person("ava", Role.AUDITOR)


@pytest.fixture
def partner_member(db):
    """A fact-checker: no business on the desk."""
    return _person("finn", Role.PARTNER)
