"""The people of the house, and where real data may lie."""

from pathlib import Path

import pytest

from integrity.people.choices import Role

REPOSITORY = Path(__file__).resolve().parent.parent


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
