"""What a verdict led to, as its partner reads it: numbers, and never whose item."""

import pytest
from django.urls import reverse

from factcheck.choices import Verdict
from factcheck.services import corrections
from moderation.queries.verdict_effects import effect_of
from moderation.services import appearing
from moderation.services.following_verdicts import follow_verdicts
from moderation.services.intake import TractionIn, record_traction
from tests.factcheck.conftest import hanna, ilse, joost, lens, spiegel  # noqa: F401
from tests.factcheck.test_portal import at_the_portal
from tests.factories import NOW, make_election
from tests.moderation.test_recalling import BLANK, checked, known, posted, recall

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(lens, joost, hanna):  # noqa: F811
    """A check whose label stands on two items."""
    election = make_election()
    claim = known(election=election)
    items = [posted("e-1", BLANK), posted("e-2", BLANK.upper())]
    seen(NOW.replace(hour=11), 100, 40)
    recall()
    check = checked(claim, lens, joost, hanna, verdict=Verdict.MISSING_CONTEXT)
    follow_verdicts(at=NOW)
    seen(NOW.replace(hour=13), 160, 50)
    return check, items


def seen(at, *views):
    rows = [TractionIn(f"e-{n}", at, count) for n, count in enumerate(views, 1)]
    record_traction(list(enumerate(rows)), at=at)


def test_labels_and_the_views_before_and_after_them_are_counted(followed):
    check, _items = followed

    effect = effect_of(check)

    assert (effect.items, effect.labelled, effect.labelled_now) == (2, 2, 2)
    assert (effect.views_before, effect.views_after) == (140, 70)
    assert (effect.taken_back, effect.requests, effect.corrected) == (0, 0, 0)


def test_what_a_person_takes_back_and_what_the_public_asks_is_counted(followed, moderator):
    check, items = followed
    appearing.reject(appearance=items[0].appearances.get(), by=moderator, at=NOW)
    corrections.request_correction(check=check, text="Klopt niet.", requester="", at=NOW)

    effect = effect_of(check)

    assert (effect.taken_back, effect.requests) == (1, 1)


def test_the_partner_reads_the_numbers_and_no_item(followed, joost):  # noqa: F811
    check, _items = followed
    client = at_the_portal(joost)
    address = reverse("partner_check_effect", args=[check.public_id])

    panel = client.get(address, headers={"HX-Request": "true"}).content.decode()
    page = client.get(address).content.decode()

    assert address in client.get(reverse("partner_check", args=[check.public_id])).content.decode()
    for shown in (panel, page):
        assert "140" in shown
        assert "70" in shown
        assert "e-1" not in shown


def test_another_partner_and_the_platforms_people_read_nothing(followed, ilse, moderator):  # noqa: F811
    check, _items = followed
    address = reverse("partner_check_effect", args=[check.public_id])

    assert at_the_portal(ilse).get(address).status_code == 404
    assert at_the_portal(moderator).get(address).status_code == 403
