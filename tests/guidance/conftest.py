"""Who writes guidance, and the pages that come with the house."""

import pytest

from guidance.services import delivering
from integrity.people.choices import Role
from tests.factories import NOW, make_election, make_user


@pytest.fixture
def author(db):
    """Writes guidance."""
    return make_user("lotte@waarborg.example", alias="Lotte", roles=[Role.GUIDANCE_AUTHOR])


@pytest.fixture
def second_author(db):
    """Another one who writes guidance."""
    return make_user("joris@waarborg.example", alias="Joris", roles=[Role.GUIDANCE_AUTHOR])


@pytest.fixture
def pages(db):
    """The pages that come with the house."""
    make_election()
    return delivering.deliver_pages(at=NOW)
