"""Two people publish: one proposes, another confirms, and until then nothing is official."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from elections.choices import ChangeKind, FactStatus, IncidentKind, ProposalState
from elections.models import FactChange, FactProposal, IncidentNotice, Jurisdiction, VotingFact
from elections.services import proposing, publishing
from elections.services.proposing import Announcement
from elections.services.publishing import Statement
from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from tests.factories import BEFORE_THE_ELECTION as AT
from tests.factories import make_election

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=5)
CLOSES = Statement(
    value="21:00",
    source_name="Gemeente Dinkelland",
    source_url="https://www.dinkelland.nl/",
    applies={"nl": "In elk stembureau."},
    valid_from=AT,
    valid_until=AT + timedelta(days=40),
)


@pytest.fixture
def election():
    found = make_election()
    FactChange.objects.all().delete()
    return found


@pytest.fixture
def proposal(election, election_lead):
    return proposing.propose_fact(
        election=election, key="polls_close", statement=CLOSES, by=election_lead, at=AT
    )


def refused_code(call, **arguments):
    with pytest.raises(Refused) as refused, transaction.atomic():
        call(**arguments)
    return refused.value.refusal.code


def announcement(**changes):
    given = {
        "kind": IncidentKind.CLOSED,
        "message": {"nl": "Stembureau De Brug is dicht door brand."},
        "polling_place": "De Brug",
        "source_name": "Gemeente Utrecht",
        "starts_at": AT,
        **changes,
    }
    return Announcement(**given)


def test_a_proposal_changes_nothing_until_a_second_person_confirms_it(
    proposal, second_lead, election_lead
):
    assert not VotingFact.objects.filter(key="polls_close").exists()
    assert not FactChange.objects.exists()

    proposing.confirm_proposal(proposal=proposal, by=second_lead, at=SOON)

    fact = VotingFact.objects.get(key="polls_close")
    assert (fact.proposed_by, fact.published_by) == (election_lead, second_lead)
    assert (fact.value, fact.applies, fact.valid_from) == ("21:00", CLOSES.applies, AT)
    assert FactChange.objects.get().kind == ChangeKind.PUBLISHED
    proposal.refresh_from_db()
    assert (proposal.state, proposal.new_fact) == (ProposalState.CONFIRMED, fact)
    published = AuditEvent.objects.get(verb="fact.published", subject_id=str(fact.public_id))
    assert published.data["proposed_by"] == str(election_lead.public_id)
    assert AuditEvent.objects.filter(verb="fact_proposal.confirmed").count() == 1


def test_nobody_confirms_or_declines_their_own(proposal, election_lead):
    confirm = {"proposal": proposal, "by": election_lead, "at": SOON}

    assert refused_code(proposing.confirm_proposal, **confirm) == "own"
    assert refused_code(proposing.decline_proposal, reason="Nee", **confirm) == "own"


def test_nobody_publishes_alone(election, election_lead):
    given = {"election": election, "key": "polls_close", "statement": CLOSES, "at": AT}

    assert refused_code(publishing.publish_fact, by=election_lead, **given) == "alone"
    own = {"by": election_lead, "proposed_by": election_lead}
    assert refused_code(publishing.publish_fact, **own, **given) == "own"


def test_both_people_need_the_right(proposal, election, moderator, second_lead):
    arguments = {"election": election, "key": "polls_close", "statement": CLOSES, "at": AT}

    assert refused_code(proposing.propose_fact, by=moderator, **arguments) == "forbidden"
    confirm = {"proposal": proposal, "by": moderator, "at": SOON}
    assert refused_code(proposing.confirm_proposal, **confirm) == "forbidden"
    alone = {"by": second_lead, "proposed_by": moderator}
    assert refused_code(publishing.publish_fact, **alone, **arguments) == "forbidden"


def test_a_proposal_is_answered_once(proposal, second_lead, election_lead):
    proposing.take_back_proposal(proposal=proposal, by=election_lead, at=SOON)

    arguments = {"proposal": proposal, "by": second_lead, "at": SOON}
    assert refused_code(proposing.confirm_proposal, **arguments) == "answered"
    assert not VotingFact.objects.filter(key="polls_close").exists()


def test_only_the_proposer_takes_it_back(proposal, second_lead):
    arguments = {"proposal": proposal, "by": second_lead, "at": SOON}

    assert refused_code(proposing.take_back_proposal, **arguments) == "forbidden"


def test_a_declined_proposal_says_why(proposal, second_lead):
    arguments = {"proposal": proposal, "by": second_lead, "at": SOON}
    assert refused_code(proposing.decline_proposal, reason=" ", **arguments) == "reason"

    proposing.decline_proposal(reason="De gemeente zegt 20 uur.", **arguments)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == (
        ProposalState.DECLINED,
        "De gemeente zegt 20 uur.",
    )
    assert not FactChange.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"source_name": " "}, "source"), ({"value": "kwart over negen"}, "value")],
)
def test_what_cannot_stand_is_not_even_proposed(election, election_lead, changes, code):
    statement = Statement(**{"value": "21:00", "source_name": "Kiesraad", **changes})

    given = {"election": election, "key": "polls_close", "statement": statement}
    assert refused_code(proposing.propose_fact, by=election_lead, at=AT, **given) == code
    assert not FactProposal.objects.exists()


def test_a_correction_is_confirmed_against_the_version_it_was_proposed_for(
    election, election_lead, second_lead
):
    day = election.facts.get(key="voting_day")
    statement = Statement(value="2026-03-19", source_name="Kiesraad")
    proposal = proposing.propose_correction(fact=day, statement=statement, by=election_lead, at=AT)
    publishing.correct_fact(fact=day, statement=statement, by=None, at=AT)

    arguments = {"proposal": proposal, "by": second_lead, "at": SOON}
    assert refused_code(proposing.confirm_proposal, **arguments) == "old"


def test_one_proposal_about_a_statement_waits_at_a_time(election, election_lead, second_lead):
    day = election.facts.get(key="voting_day")
    statement = Statement(value="2026-03-19", source_name="Kiesraad")
    proposing.propose_correction(fact=day, statement=statement, by=election_lead, at=AT)

    again = {"fact": day, "reason": "Klopt niet", "by": second_lead, "at": AT}
    assert refused_code(proposing.propose_withdrawal, **again) == "waiting"


def test_a_statement_that_is_there_already_is_corrected_not_published_beside(
    election, election_lead
):
    statement = Statement(value="2026-03-19", source_name="Kiesraad")

    given = {"election": election, "key": "voting_day", "statement": statement}
    assert refused_code(proposing.propose_fact, by=election_lead, at=AT, **given) == "exists"


def test_a_withdrawal_and_a_correction_are_carried_out(election, election_lead, second_lead):
    day = election.facts.get(key="voting_day")
    later = Statement(value="2026-03-19", source_name="Kiesraad", status=FactStatus.NEEDS_CHECK)
    first = proposing.propose_correction(fact=day, statement=later, by=election_lead, at=AT)
    proposing.confirm_proposal(proposal=first, by=second_lead, at=SOON)
    newer = election.facts.current().get(key="voting_day")
    assert (newer.value, newer.status, newer.version) == ("2026-03-19", "needs_check", 2)

    second = proposing.propose_withdrawal(fact=newer, reason="Fout", by=second_lead, at=SOON)
    proposing.confirm_proposal(proposal=second, by=election_lead, at=SOON)

    assert not election.facts.current().filter(key="voting_day").exists()
    kinds = list(FactChange.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [ChangeKind.CORRECTED, ChangeKind.WITHDRAWN]


def test_an_incident_needs_two_people_to_come_and_to_go(election, election_lead, second_lead):
    utrecht = Jurisdiction.objects.get(code="GM0344")
    proposal = proposing.propose_incident(
        election=election, place=utrecht, announcement=announcement(), by=election_lead, at=AT
    )
    assert not IncidentNotice.objects.exists()
    proposing.confirm_proposal(proposal=proposal, by=second_lead, at=SOON)
    incident = IncidentNotice.objects.get()
    assert (incident.proposed_by, incident.published_by) == (election_lead, second_lead)
    assert (incident.polling_place, incident.starts_at) == ("De Brug", AT)

    recall = proposing.propose_recall(incident=incident, reason="Open", by=second_lead, at=SOON)
    proposing.confirm_proposal(proposal=recall, by=election_lead, at=SOON)

    incident.refresh_from_db()
    assert incident.withdrawn_at == SOON
    arguments = {"incident": incident, "reason": "Open", "by": second_lead, "at": SOON}
    assert refused_code(proposing.propose_recall, **arguments) == "withdrawn"


def test_an_incident_without_words_is_not_proposed(election, election_lead):
    place = Jurisdiction.objects.get(code="GM0344")
    given = {"election": election, "place": place, "announcement": announcement(message={})}

    assert refused_code(proposing.propose_incident, by=election_lead, at=AT, **given) == "message"


def test_the_database_refuses_one_person_for_two(election, election_lead):
    row = {"election": election, "key": "polls_open", "value": "07:30", "source_name": "Kiesraad"}
    row |= {"status": FactStatus.CONFIRMED, "published_at": AT, "published_by": election_lead}

    with pytest.raises(IntegrityError, match="fact_published_by_two"), transaction.atomic():
        VotingFact.objects.create(**row)
    with pytest.raises(IntegrityError, match="fact_published_by_two"), transaction.atomic():
        VotingFact.objects.create(**row, proposed_by=election_lead)


def test_the_database_refuses_an_answer_by_the_proposer(proposal, election_lead):
    with pytest.raises(IntegrityError, match="answered_by_another"), transaction.atomic():
        FactProposal.objects.update(
            state=ProposalState.CONFIRMED, answered_by=election_lead, answered_at=SOON
        )


def test_a_statement_whose_end_has_come_is_told_once(election):
    fact = publishing.publish_fact(
        election=election, key="polls_close", statement=CLOSES, by=None, at=AT
    )
    publishing.publish_incident(
        election=election,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        message={"nl": "Dicht."},
        source_name="Gemeente Utrecht",
        starts_at=AT,
        ends_at=AT + timedelta(hours=2),
        by=None,
        at=AT,
    )
    ended = FactChange.objects.filter(kind=ChangeKind.EXPIRED)

    assert publishing.tell_what_ended(at=AT + timedelta(hours=1)) == 0
    assert publishing.tell_what_ended(at=AT + timedelta(hours=2)) == 1
    assert ended.get().incident is not None
    assert publishing.tell_what_ended(at=CLOSES.valid_until) == 1
    assert publishing.tell_what_ended(at=CLOSES.valid_until) == 0
    assert ended.get(fact=fact).followed_at is None
    assert AuditEvent.objects.filter(verb="fact.expired").count() == 1
    assert AuditEvent.objects.filter(verb="incident.expired").count() == 1


def test_what_was_corrected_or_withdrawn_does_not_end_again(election):
    fact = publishing.publish_fact(
        election=election, key="polls_close", statement=CLOSES, by=None, at=AT
    )
    longer = Statement(value="21:00", source_name="Kiesraad")
    publishing.correct_fact(fact=fact, statement=longer, by=None, at=AT)

    assert publishing.tell_what_ended(at=CLOSES.valid_until) == 0
