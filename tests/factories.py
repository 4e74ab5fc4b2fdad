"""Plain functions that make what a test needs, spelled with real election words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from elections import services as elections
from elections.facts import Fact, FactSheet
from elections.models import Election
from integrity.people import services as people
from integrity.people.choices import Role
from integrity.people.models import User

BEFORE_THE_ELECTION = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)


def make_user(
    email: str, *, alias: str = "", roles: Iterable[Role] = (), language: str = "nl"
) -> User:
    """Open an account with roles."""
    return people.open_account(
        email=email,
        alias=alias or email.split("@", maxsplit=1)[0],
        roles=roles,
        language=language,
        password="een-lang-wachtwoord-19",
    )


def make_election(slug: str = "nl-gr2026", *, first_day: str = "2026-03-18") -> Election:
    """An election of the Netherlands in Utrecht, Nijmegen and Borne, with its voting day."""
    sheet = FactSheet(
        election=slug,
        name={"nl": "Gemeenteraadsverkiezingen 2026", "en": "Municipal elections 2026"},
        country="NL",
        time_zone="Europe/Amsterdam",
        voting_days=(date.fromisoformat(first_day),),
        facts=(
            Fact(
                key="voting_day",
                value=first_day,
                source_name="Kiesraad",
                source_url="https://www.kiesraad.nl/",
            ),
        ),
        places={"GM0344": "Utrecht", "GM0268": "Nijmegen", "GM0147": "Borne"},
    )
    elections.load_pack(pack=sheet, by=None, at=BEFORE_THE_ELECTION)
    return Election.objects.get(slug=slug)
