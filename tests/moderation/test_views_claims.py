"""What the job's page and the claim's page show of known claims, and what a person answers."""

import pytest
from django.urls import reverse

from factcheck.choices import Verdict
from moderation.models import Appearance, Queue
from moderation.services import appearing
from tests.factcheck import makers
from tests.factcheck.conftest import hanna, joost, lens  # noqa: F401
from tests.factories import NOW, make_election, make_job
from tests.moderation.desk_client import client_of
from tests.moderation.test_recalling import BLANK, PARAPHRASE, checked, known, posted, recall

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggested(lens, joost, hanna):  # noqa: F811
    """An item with a suggestion, and a job about it."""
    election = make_election()
    claim = known(election=election)
    checked(claim, lens, joost, hanna, verdict=Verdict.FALSE)
    item = posted("r-1", PARAPHRASE)
    recall()
    make_job(item)
    return Appearance.objects.get()


def page_of(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_the_job_shows_the_claim_the_verdict_and_how_it_was_found(suggested, moderator):
    job = suggested.item.jobs.open().get()

    page = page_of(client_of(moderator), "job", job.public_id)

    assert BLANK in page
    assert "Onjuist" in page
    assert "Voorgesteld" in page
    assert suggested.model_version.split("+", maxsplit=1)[0] in page
    assert "Bekende beweringen" in page


def test_yes_on_the_job_goes_back_to_it_with_the_verdict_on_top(suggested, moderator):
    job, client = suggested.item.jobs.open().get(), client_of(moderator)

    answer = client.post(
        reverse("confirm_appearance", args=[suggested.public_id]), {"job": job.public_id}
    )

    suggested.refresh_from_db()
    assert answer["Location"] == reverse("job", args=[job.public_id])
    assert (suggested.state, suggested.decided_by) == ("confirmed", moderator)
    assert "Redactie De Lens: Onjuist" in page_of(client, "job", job.public_id)
    again = client.post(reverse("confirm_appearance", args=[suggested.public_id]))
    assert again.status_code == 409


def test_no_leaves_the_item_as_it_is(suggested, moderator):
    client = client_of(moderator)

    answer = client.post(reverse("reject_appearance", args=[suggested.public_id]), {"job": "x"})

    suggested.refresh_from_db()
    assert answer["Location"] == reverse("claim", args=[suggested.claim.public_id])
    assert suggested.state == "rejected"
    assert suggested.item.decision_in_force is None


def test_the_claim_lists_its_items_as_a_panel_and_as_a_page(suggested, moderator):
    client = client_of(moderator)
    address = reverse("claim_places", args=[suggested.claim.public_id])

    panel = client.get(address, headers={"HX-Request": "true"}).content.decode()
    page = client.get(address).content.decode()

    assert "<html" not in panel
    for shown in (panel, page):
        assert "r-1" in shown
        assert PARAPHRASE[:30] in shown
    assert address in page_of(client, "claim", suggested.claim.public_id)


def test_an_item_in_a_queue_for_others_is_neither_shown_nor_answered(suggested, moderator):
    Queue.objects.filter(jobs__item=suggested.item).update(visible_to=["auditor"])
    client = client_of(moderator)

    page = page_of(client, "claim_places", suggested.claim.public_id)
    answer = client.post(reverse("confirm_appearance", args=[suggested.public_id]))

    assert "r-1" not in page
    assert answer.status_code == 404


def test_a_difference_is_named(lens, joost, hanna, moderator):  # noqa: F811
    election = make_election()
    claim = known("Een verlopen paspoort is niet geldig bij het stemmen.", election=election)
    checked(claim, lens, joost, hanna)
    item = posted("r-1", "Een verlopen paspoort is geldig bij het stemmen.")
    recall()
    job = make_job(item)

    page = page_of(client_of(moderator), "job", job.public_id)

    assert "Verschilt in" in page
    assert "een ‘niet’" in page


def test_a_confirmed_claim_is_undone_from_the_job(suggested, moderator):
    appearing.confirm(appearance=suggested, by=moderator, at=NOW)
    job = suggested.item.jobs.open().get()

    page = page_of(client_of(moderator), "job", job.public_id)

    assert "Dit staat hier niet" in page


def test_a_partner_reads_what_was_checked_before(lens, joost, hanna):  # noqa: F811
    from tests.factcheck.test_portal import at_the_portal

    first = known()
    checked(first, lens, joost, hanna)
    other = known("Blanco stemmers geven hun stem aan de grootste partij.")
    assignment = makers.make_assignment(other, lens)

    page = (
        at_the_portal(joost)
        .get(reverse("partner_assignment", args=[assignment.public_id]))
        .content.decode()
    )

    assert "al gecheckt" in page
    assert BLANK in page
