"""The screening's settings: who reaches them, what a change did, what a proposal would do."""

import pytest
from django.db import transaction
from django.urls import reverse

from elections.models import FactChange, Jurisdiction
from elections.services import proposing, publishing
from elections.services.publishing import Statement
from moderation import screening_urls
from moderation.models import Following, ScreeningModel, Signal
from moderation.services import following, foreseeing
from tests.factories import NOW, make_election, make_item
from tests.moderation.desk_client import client_of
from tests.moderation.test_assess_items import RIGHT_DAY, WRONG_DAY, Clock
from tests.moderation.test_follow_facts import LATER, assess, correct_day

pytestmark = pytest.mark.django_db

SEE = {"senior", "policy_lead", "election_lead", "second_lead", "auditor"}
LEADS = {"policy_lead", "election_lead", "second_lead"}
TABLE = {
    "fact_changes": ("get", SEE),
    "screening_preview": ("get", SEE),
    "screening_thresholds": ("get", SEE),
    "information_labels": ("get", SEE),
    "screening_versions": ("get", SEE),
    "new_screening_version": ("get", LEADS),
    "screening_version": ("get", SEE),
    "shadow_screening_version": ("post", SEE),
    "deploy_screening_version": ("post", LEADS),
    "retire_screening_version": ("post", LEADS),
    "labelled_data": ("get", SEE),
    "export_labelled": ("post", LEADS),
}
PEOPLE = [*sorted(SEE), "moderator", "partner_member"]


@pytest.fixture
def election():
    election = make_election()
    FactChange.objects.update(followed_at=NOW)
    return election


@pytest.fixture
def proposal(election, election_lead):
    day = election.facts.get(key="voting_day")
    statement = Statement(value="2026-03-19", source_name="Kiesraad")
    return proposing.propose_correction(fact=day, statement=statement, by=election_lead, at=NOW)


@pytest.fixture
def model(policy_lead):
    """A version of the weights, known by name alone."""
    return ScreeningModel.objects.create(version="weights-1", sha256="1", authored_at=NOW)


def address(name, proposal, model):
    args = {"screening_preview": [proposal.public_id]}
    if name.endswith("screening_version") and name != "new_screening_version":
        args[name] = [model.public_id]
    return reverse(name, args=args.get(name, []))


def test_every_address_is_in_the_table():
    assert {pattern.name for pattern in screening_urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("person", PEOPLE)
def test_who_reaches_what(person, proposal, model, request):
    client = client_of(request.getfixturevalue(person))

    wrong = {}
    for name, (method, allowed) in TABLE.items():
        with transaction.atomic():
            status = getattr(client, method)(address(name, proposal, model)).status_code
            transaction.set_rollback(True)
        if (status == 403) == (person in allowed):
            wrong[name] = status

    assert wrong == {}


def test_a_stranger_is_sent_to_the_door(client, proposal, model):
    for name, (method, _) in TABLE.items():
        response = getattr(client, method)(address(name, proposal, model))
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_the_list_of_changes_says_what_each_did(election, election_lead):
    make_item("right", text=RIGHT_DAY)
    make_item("wrong", text=WRONG_DAY)
    assess()
    correct_day(election, "2026-03-19")
    client = client_of(election_lead)
    waiting = client.get(reverse("fact_changes")).context["rows"][0]
    assert (waiting.is_done, waiting.percent) == (False, 0)

    following.follow_one_batch(at=LATER, batch=1)
    half = client.get(reverse("fact_changes"))
    assert half.context["rows"][0].percent == 50
    assert '<progress max="100" value="50"' in half.content.decode()

    following.follow_fact_changes(now=Clock(LATER))
    row = client.get(reverse("fact_changes")).context["rows"][0]
    assert row.is_done
    assert (row.following.compared, row.following.opened, row.following.closed) == (2, 1, 1)


def test_the_list_narrows_to_an_election_and_turns_its_pages(election, election_lead):
    for n in range(55):
        FactChange.objects.create(election=election, kind="published", key=f"k{n}", at=NOW)
    make_election("nl-ws2027", first_day="2027-03-17")
    client = client_of(election_lead)

    first = client.get(reverse("fact_changes"), {"election": "nl-gr2026"})
    second = client.get(
        reverse("fact_changes"), {"election": "nl-gr2026", "before": first.context["older"]}
    )

    seen = [row.change.pk for row in first.context["rows"] + second.context["rows"]]
    assert len(seen) == len(set(seen)) == 56
    assert second.context["older"] is None


@pytest.mark.parametrize("query", ["before=x", "before=-1", "election=%00", "before=" + "9" * 30])
def test_a_nonsensical_question_is_answered(query, election_lead):
    assert client_of(election_lead).get(f"{reverse('fact_changes')}?{query}").status_code == 200


def test_htmx_gets_the_rows_alone(election, election_lead):
    correct_day(election, "2026-03-19")

    page = client_of(election_lead).get(reverse("fact_changes"), headers={"HX-Request": "true"})

    assert "<html" not in page.content.decode()
    assert "stem ik?" in page.content.decode()


def test_a_proposal_is_foreseen_and_nothing_is_written(election, proposal, election_lead):
    make_item("right", text=RIGHT_DAY)
    make_item("wrong", text=WRONG_DAY)
    make_item("other", text="Heerlijk weer vandaag in het park.")
    assess()

    page = client_of(election_lead).get(reverse("screening_preview", args=[proposal.public_id]))

    foreseen = page.context["foreseen"]
    assert (foreseen.concerned, foreseen.sampled) == (2, 2)
    assert (foreseen.newly_wrong, foreseen.no_longer_wrong) == (1, 1)
    assert foreseen.labels == 2
    assert not Following.objects.exists()
    assert set(Signal.objects.filter(superseded_at=None).values_list("verdict", flat=True)) == {
        "consistent",
        "contradicts",
    }


def test_a_new_rule_of_one_municipality_is_foreseen_there(election, election_lead):
    everywhere = Statement(value="21:00", source_name="Kiesraad")
    publishing.publish_fact(
        election=election, key="polls_close", statement=everywhere, by=None, at=NOW
    )
    for code in ("GM0344", "GM0147"):
        make_item(f"in-{code}", text="De stembureaus sluiten om 21.00 uur.", place=code)
    assess()
    proposal = proposing.propose_fact(
        election=election,
        key="polls_close",
        place=Jurisdiction.objects.get(code="GM0147"),
        statement=Statement(value="20:00", source_name="Gemeente Borne"),
        by=election_lead,
        at=NOW,
    )

    foreseen = foreseeing.foresee(proposal)

    assert (foreseen.concerned, foreseen.newly_wrong) == (1, 1)
