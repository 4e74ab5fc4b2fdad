"""Plain functions that make what a test needs, spelled with real election words."""

from collections.abc import Iterable

from integrity.people import services as people
from integrity.people.choices import Role
from integrity.people.models import User


def make_user(
    email: str, *, alias: str = "", roles: Iterable[Role] = (), language: str = "nl"
) -> User:
    """Open an account with roles."""
    return people.open_account(
        email=email,
        alias=alias or email.split("@")[0],
        roles=roles,
        language=language,
        password="een-lang-wachtwoord-19",
    )
