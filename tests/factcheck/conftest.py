"""Two organisations that must never see each other's work."""

import pytest

from tests.factcheck import makers


@pytest.fixture
def lens(db):
    """A partner for Dutch claims."""
    return makers.make_partner("Redactie De Lens")


@pytest.fixture
def spiegel(db):
    """Another partner for Dutch claims."""
    return makers.make_partner("Redactie De Spiegel", website="https://despiegel.example")


@pytest.fixture
def joost(lens):
    """Administrator of De Lens."""
    return makers.make_member(lens, "joost", admin=True)


@pytest.fixture
def hanna(lens):
    """Checker at De Lens."""
    return makers.make_member(lens, "hanna")


@pytest.fixture
def ilse(spiegel):
    """Administrator of De Spiegel."""
    return makers.make_member(spiegel, "ilse", admin=True)


@pytest.fixture
def omar(spiegel):
    """Checker at De Spiegel."""
    return makers.make_member(spiegel, "omar")


@pytest.fixture
def claim(db):
    """That there is an app to vote with."""
    return makers.make_claim()


@pytest.fixture
def assignment(claim, lens):
    """The claim, sent to De Lens."""
    return makers.make_assignment(claim, lens)
