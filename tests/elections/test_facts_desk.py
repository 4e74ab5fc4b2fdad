"""The pages on which two people publish what is official."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from elections.choices import IncidentKind, ProposalState
from elections.desk import urls, values
from elections.fact_keys import VALUE_CHECKS, accepts
from elections.models import Election, FactProposal, IncidentNotice, Jurisdiction, VotingFact
from elections.packs import read_election_packs
from elections.services import load_pack, proposing, publishing
from elections.services.publishing import Statement
from elections.topics import QUESTIONS
from tests.elections.test_load_pack import PACKS
from tests.factories import BEFORE_THE_ELECTION as AT
from tests.factories import make_election
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
LEADS = {"election_lead", "second_lead"}
PEOPLE = [*sorted(LEADS), "moderator", "senior", "policy_lead", "auditor", "partner_member"]
POSTS = {
    "withdraw_statement",
    "withdraw_incident",
    "confirm_fact",
    "decline_fact",
    "take_back_fact",
}


@pytest.fixture
def election():
    return make_election()


@pytest.fixture
def proposal(election, election_lead):
    statement = Statement(value="21:00", source_name="Kiesraad")
    return proposing.propose_fact(
        election=election, key="polls_close", statement=statement, by=election_lead, at=AT
    )


@pytest.fixture
def incident(election):
    return publishing.publish_incident(
        election=election,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="De Brug",
        message={"nl": "Dicht door brand."},
        source_name="Gemeente Utrecht",
        starts_at=AT,
        by=None,
        at=AT,
    )


def address(name, proposal, incident):
    election = proposal.election.slug
    fact = VotingFact.objects.get(key="voting_day")
    return reverse(
        name,
        args={
            "official_facts": [],
            "election_facts": [election],
            "new_statement": [election],
            "new_incident": [election],
            "official_statement": [fact.public_id],
            "withdraw_statement": [fact.public_id],
            "withdraw_incident": [incident.public_id],
        }.get(name, [proposal.public_id]),
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_only_election_leads_reach_the_pages_about_facts(person, proposal, incident, request):
    client = client_of(request.getfixturevalue(person))

    wrong = {}
    for pattern in urls.urlpatterns:
        method = "post" if pattern.name in POSTS else "get"
        with transaction.atomic():
            response = getattr(client, method)(address(pattern.name, proposal, incident))
            transaction.set_rollback(True)
        if (response.status_code == 403) == (person in LEADS):
            wrong[pattern.name] = response.status_code

    assert wrong == {}


def test_a_stranger_and_the_wrong_method_are_refused(client, election_lead, proposal, incident):
    for pattern in urls.urlpatterns:
        where = address(pattern.name, proposal, incident)
        assert client.get(where).status_code in (302, 405)
        if pattern.name in POSTS:
            assert client_of(election_lead).get(where).status_code == 405


def test_a_statement_goes_from_one_person_to_the_voters_by_a_second(
    election, election_lead, second_lead
):
    typed = {
        "value": "21:00",
        "status": "confirmed",
        "applies_nl": "In elk stembureau.",
        "source_name": "Kiesraad",
        "source_url": "https://www.kiesraad.nl/",
        "reason": "Stond er nog niet",
    }
    first = client_of(election_lead)
    made = first.post(reverse("new_statement", args=[election.slug]) + "?key=polls_close", typed)
    proposal = FactProposal.objects.get()
    assert made["Location"] == reverse("fact_proposal", args=[proposal.public_id])
    page = first.get(made["Location"])
    assert reverse("confirm_fact", args=[proposal.public_id]) not in page.content.decode()
    assert page.context["preview"].changes[0].before == ""
    assert "21.00" in page.context["preview"].changes[0].after
    assert first.post(reverse("confirm_fact", args=[proposal.public_id])).status_code == 409

    second = client_of(second_lead)
    assert (
        reverse("confirm_fact", args=[proposal.public_id])
        in second.get(made["Location"]).content.decode()
    )
    done = second.post(reverse("confirm_fact", args=[proposal.public_id]), follow=True)

    assert done.status_code == 200
    fact = VotingFact.objects.get(key="polls_close")
    assert (fact.value, fact.applies) == ("21:00", {"nl": "In elk stembureau."})
    assert (fact.proposed_by, fact.published_by) == (election_lead, second_lead)


def test_a_statement_without_a_source_or_with_another_sort_of_value_is_not_even_proposed(
    election, election_lead
):
    where = reverse("new_statement", args=[election.slug]) + "?key=polls_close"
    client = client_of(election_lead)

    for wrong in (
        {"value": "21:00", "status": "confirmed", "source_name": " "},
        {"value": "kwart over negen", "status": "confirmed", "source_name": "Kiesraad"},
        {"status": "confirmed", "source_name": "Kiesraad"},
        {"value": "21:00", "status": "confirmed", "source_name": "K", "source_url": "javascript:1"},
    ):
        assert client.post(where, wrong).status_code == 422
    assert not FactProposal.objects.exists()


def test_a_refusal_of_the_rules_keeps_what_was_typed(election, election_lead):
    where = reverse("new_statement", args=[election.slug]) + "?key=voting_day"
    typed = {"value": "2026-03-19", "status": "confirmed", "source_name": "Kiesraad"}

    page = client_of(election_lead).post(where, typed)

    assert page.status_code == 409
    assert 'value="2026-03-19"' in page.content.decode()


def test_a_correction_and_a_withdrawal_are_proposed_from_the_statements_page(
    election, election_lead, second_lead
):
    day = election.facts.get(key="voting_day")
    where = reverse("official_statement", args=[day.public_id])
    client = client_of(election_lead)
    assert 'value="2026-03-18"' in client.get(where).content.decode()

    typed = {"value": "2026-03-18, 2026-03-17", "status": "confirmed", "source_name": "Kiesraad"}
    client.post(where, typed)
    proposal = FactProposal.objects.get()
    assert proposal.content["value"] == ["2026-03-17", "2026-03-18"]
    assert str(proposal.public_id) in client.get(where).content.decode()
    client_of(second_lead).post(
        reverse("decline_fact", args=[proposal.public_id]), {"reason": "Niet juist"}
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == (ProposalState.DECLINED, "Niet juist")

    withdraw = reverse("withdraw_statement", args=[day.public_id])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    client.post(withdraw, {"reason": "Verkeerde verkiezing"})
    waiting = FactProposal.objects.waiting().get()
    assert waiting.reason == "Verkeerde verkiezing"
    client.post(reverse("take_back_fact", args=[waiting.public_id]))
    assert not FactProposal.objects.waiting().exists()


def test_an_incident_is_told_in_the_elections_own_time(election, election_lead, second_lead):
    typed = {
        "place": "GM0344",
        "kind": "closed",
        "polling_place": "De Brug",
        "message_nl": "Dicht door brand. Stem in De Bron.",
        "starts_at": "2026-03-18T09:30",
        "source_name": "Gemeente Utrecht",
    }
    made = client_of(election_lead).post(reverse("new_incident", args=[election.slug]), typed)
    proposal = FactProposal.objects.get()
    page = client_of(second_lead).get(made["Location"])
    assert "Dicht door brand" in page.context["preview"].changes[0].after

    client_of(second_lead).post(reverse("confirm_fact", args=[proposal.public_id]))

    incident = IncidentNotice.objects.get()
    assert incident.starts_at == datetime(2026, 3, 18, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert (incident.place.code, incident.message) == (
        "GM0344",
        {"nl": "Dicht door brand. Stem in De Bron."},
    )
    listed = client_of(election_lead).get(reverse("election_facts", args=[election.slug]))
    assert "De Brug" in listed.content.decode()
    client_of(election_lead).post(
        reverse("withdraw_incident", args=[incident.public_id]), {"reason": "Weer open"}
    )
    assert FactProposal.objects.waiting().get().incident == incident


def test_every_statement_of_every_shipped_pack_can_be_corrected_without_losing_its_value(
    election_lead,
):
    from elections.desk.forms import StatementForm

    wrong = []
    for pack in sorted(PACKS.glob("*.json")):
        for sheet in read_election_packs(pack):
            load_pack(pack=sheet, by=None, at=AT)
    for fact in VotingFact.objects.current().select_related("election", "place"):
        with timezone.override(ZoneInfo(fact.election.time_zone)):
            shown = StatementForm(None, key=fact.key, election=fact.election, fact=fact)
            typed = {
                name: shown[name].value()
                for name in shown.fields
                if shown[name].value() is not None
            }
            typed |= {name: "on" for name in ("no_rule",) if typed.get(name) is True}
            if typed.get("no_rule") is False:
                typed.pop("no_rule")
            form = StatementForm(typed, key=fact.key, election=fact.election, fact=fact)
            same = form.is_valid() and form.statement().value == fact.value
            if not same:
                wrong.append((fact.election.slug, fact.key, fact.value, form.errors))

    assert wrong == []


@pytest.mark.parametrize("key", sorted(set(QUESTIONS) | set(VALUE_CHECKS)))
def test_every_key_has_a_field(key):
    assert values.field_for(key).clean is not None


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("voting_day", "morgen"),
        ("voting_day", "2026-02-30"),
        ("online_voting_closes", "2026-03-17T12:00+01:00"),
        ("ballot_marking", '{"boxes": '),
        ("ballot_marking", "[" * 5000),
        ("ballot_marking", '{"boxes": 1, "colour": "\\u0000"}'),
        ("proxy_max", "-1"),
        ("proxy_max", "inf"),
        ("proxy_max", "nan"),
        ("polling_place_scope", "overal"),
    ],
)
def test_a_value_of_another_sort_is_named_at_the_field(key, typed):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        values.field_for(key).clean(typed)


def test_the_pages_of_a_proposal_say_where_it_would_be_read(election, election_lead):
    day = election.facts.get(key="voting_day")
    later = Statement(
        value="2026-03-19", source_name="Kiesraad", valid_from=timezone.now() + timedelta(days=1)
    )
    proposal = proposing.propose_correction(fact=day, statement=later, by=election_lead, at=AT)

    page = client_of(election_lead).get(reverse("fact_proposal", args=[proposal.public_id]))

    found = {each.url for each in page.context["preview"].pages}
    assert "/nl-gr2026/voting_day/" in found
    assert "/nl-gr2026/days.ics" in found
    assert page.status_code == 200


def test_an_election_or_key_that_does_not_exist_is_not_found(election, election_lead):
    client = client_of(election_lead)

    assert client.get(reverse("election_facts", args=["nl-xx9999"])).status_code == 404
    listed = reverse("election_facts", args=[election.slug])
    assert client.get(listed, {"place": "GM9999"}).status_code == 404
    assert client.get(listed, {"place": "GM0344"}).status_code == 200
    unknown = reverse("new_statement", args=[election.slug]) + "?key=onbekend"
    assert client.get(unknown).status_code == 200
    assert Election.objects.count() == 1
    assert accepts(VALUE_CHECKS["cost"][0], 0)
