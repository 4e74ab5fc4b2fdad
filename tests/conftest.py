"""The people of the house, and where real data may lie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django.plugin import blocking_manager_key

from integrity.people.choices import Role

REPOSITORY = Path(__file__).resolve().parent.parent
_as_migrated = pytest.StashKey[dict[str, bytes]]()


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """Remember what the migrations wrote: roles and their rights, the first pages."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        rows = {}
        for table in _tables(cursor):
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
        request.config.stash[_as_migrated] = {table: data for table, data in rows.items() if data}
    yield
    # A browser's last request may still hold a connection, and a database in use stays.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user "
            "AND pid <> pg_backend_pid()"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Give that back after a test with real commits, which leaves every table empty."""
    try:
        return (yield)
    finally:
        _give_back(item)


def _give_back(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    # After the last test the connection is the real database's again: never touch that one.
    ours = str(connection.settings_dict["NAME"]).startswith("test_")
    if ours and marker and marker.kwargs.get("transaction") and _as_migrated in item.config.stash:
        with (
            item.config.stash[blocking_manager_key].unblock(),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("TRUNCATE " + ", ".join(_tables(cursor)))
            for table, data in item.config.stash[_as_migrated].items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(data)


def _tables(cursor) -> list[str]:
    names = {table.name for table in connection.introspection.get_table_list(cursor)}
    return sorted(names - {"django_migrations"})


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """Hash the passwords of made-up people quickly; scrypt's slowness is for real ones."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that is not part of the project; tests that need it skip without it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the development data folder ../shared/data is not here")
    return folder


def _person(alias: str, *roles: Role, language: str = "nl"):
    from tests.factories import make_user

    return make_user(
        f"{alias}@waarborg.example", alias=alias.capitalize(), roles=roles, language=language
    )


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
def second_lead(db):
    """Confirms what a first election lead proposes."""
    return _person("esra", Role.ELECTION_LEAD)


@pytest.fixture
def auditor(db):
    """Reads everything, changes nothing."""
    return _person("ava", Role.AUDITOR)


@pytest.fixture
def partner_member(db):
    """A fact-checker: no business on the desk."""
    return _person("finn", Role.PARTNER)


@pytest.fixture(autouse=True)
def forget_public_pages():
    """A page kept in memory belongs to the database of its own test."""
    from elections.caching import memory

    memory.clear()
