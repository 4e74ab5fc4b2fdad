"""An assignment is offered, answered, paused, passed on, and its clock is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from factcheck.choices import ASSIGNMENT_TRANSITIONS, AssignmentState, Harm
from factcheck.models import Assignment, DueTarget, Membership, Partner
from factcheck.rules import may_move
from factcheck.services import assigning, partners
from integrity.audit.models import AuditEvent
from integrity.outbox.models import Notification
from integrity.refusals import Refused
from tests.factcheck import makers
from tests.factcheck.makers import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)


def codes(error) -> str:
    return error.value.refusal.code


@pytest.mark.parametrize(
    ("harm", "hours"), [("critical", 1), ("high", 4), ("normal", 24), ("low", 72)]
)
def test_due_time_follows_the_level_of_harm(claim, lens, harm, hours):
    assignment = makers.make_assignment(claim, lens, harm=Harm(harm))

    assert assignment.due_at == NOW + timedelta(hours=hours)


def test_a_contract_sets_its_own_due_time(claim, lens):
    DueTarget.objects.create(partner=None, harm=Harm.HIGH, within=timedelta(hours=3))
    DueTarget.objects.create(partner=lens, harm=Harm.HIGH, within=timedelta(hours=2))

    assert makers.make_assignment(claim, lens, harm=Harm.HIGH).due_at == NOW + timedelta(hours=2)


def test_accepting_lays_a_draft_ready_with_the_claim(assignment, joost):
    accepted = assigning.accept_assignment(assignment=assignment, member=joost, at=LATER)

    assert accepted.state == AssignmentState.ACCEPTED
    assert accepted.assignee == joost
    assert accepted.draft.claim_text == assignment.claim.text
    assert AuditEvent.objects.filter(
        verb="assignment.accepted", actor_id=str(joost.user.public_id)
    ).exists()


def test_another_organisation_may_do_nothing_with_it(assignment, ilse):
    for verb in (
        lambda: assigning.accept_assignment(assignment=assignment, member=ilse, at=NOW),
        lambda: assigning.decline_assignment(
            assignment=assignment, reason="Geen tijd", member=ilse, at=NOW
        ),
        lambda: assigning.recuse(assignment=assignment, reason="Belang", member=ilse, at=NOW),
        lambda: assigning.ask_back(assignment=assignment, question="Waar?", member=ilse, at=NOW),
        lambda: assigning.hand_over(assignment=assignment, to=ilse, note="", member=ilse, at=NOW),
    ):
        with pytest.raises(Refused) as error:
            verb()
        assert codes(error) == "forbidden"
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.OFFERED


def test_declining_and_recusing_need_a_reason(assignment, joost):
    with pytest.raises(Refused) as error:
        assigning.decline_assignment(assignment=assignment, reason="  ", member=joost, at=NOW)
    assert codes(error) == "reason_missing"

    given = assigning.recuse(
        assignment=assignment, reason="Wij schreven hier zelf over", member=joost, at=NOW
    )
    assert given.state == AssignmentState.RECUSED
    assert given.events.get(kind="recused").note == "Wij schreven hier zelf over"


@pytest.mark.parametrize("state", AssignmentState.values)
@pytest.mark.parametrize("to", AssignmentState.values)
def test_only_the_steps_of_the_table_are_allowed(state, to):
    assignment = Assignment(state=state)

    allowed = may_move(assignment, to=AssignmentState(to)) is None

    assert allowed == (to in ASSIGNMENT_TRANSITIONS[AssignmentState(state)])


def test_a_question_stops_the_clock_until_it_is_answered(assignment, joost, moderator):
    due = assignment.due_at
    asked = assigning.ask_back(
        assignment=assignment, question="Om welke gemeente gaat het?", member=joost, at=LATER
    )
    assert asked.state == AssignmentState.PAUSED
    assert not asked.is_overdue(at=due + timedelta(days=2))
    assert assigning.watch_deadlines(at=due + timedelta(days=2)) == 0

    answered = assigning.answer_question(
        assignment=asked, answer="Utrecht", by=moderator, at=LATER + timedelta(hours=5)
    )

    assert answered.state == AssignmentState.OFFERED
    assert answered.due_at == due + timedelta(hours=5)
    assert Notification.objects.filter(
        kind="assignment", recipient_id=str(joost.user.public_id), body__contains="Utrecht"
    ).exists()


def test_handing_over_stays_inside_the_organisation(assignment, joost, hanna, ilse):
    accepted = assigning.accept_assignment(assignment=assignment, member=joost, at=NOW)
    with pytest.raises(Refused) as error:
        assigning.hand_over(assignment=accepted, to=ilse, note="", member=joost, at=NOW)
    assert codes(error) == "stranger"

    handed = assigning.hand_over(
        assignment=accepted, to=hanna, note="Ik ben morgen vrij", member=joost, at=NOW
    )
    assert handed.assignee == hanna


def test_a_moderator_gives_it_to_another_partner(assignment, spiegel, moderator):
    new = assigning.reassign(
        assignment=assignment, to=spiegel, reason="Kent Utrecht beter", by=moderator, at=LATER
    )

    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.WITHDRAWN
    assert (new.partner, new.follows, new.question) == (spiegel, assignment, assignment.question)


def test_a_partner_member_may_not_send_claims(claim, spiegel, joost):
    with pytest.raises(Refused) as error:
        assigning.ask_partner(claim=claim, partner=spiegel, question="", by=joost.user, at=NOW)
    assert codes(error) == "forbidden"


def test_a_reminder_goes_out_once_when_a_quarter_of_the_time_is_left(assignment, joost):
    soon = assignment.due_at - timedelta(hours=5)
    assert assigning.watch_deadlines(at=soon - timedelta(hours=2)) == 0

    assert assigning.watch_deadlines(at=soon) == 1
    assert assigning.watch_deadlines(at=soon) == 0

    assert assignment.events.filter(kind="reminded").count() == 1
    assert Notification.objects.filter(recipient_id=str(joost.user.public_id)).count() == 1


def test_a_breach_asks_a_second_partner_and_keeps_the_first(assignment, spiegel, joost):
    after = assignment.due_at + timedelta(minutes=1)

    assert assigning.watch_deadlines(at=after) == 1
    assert assigning.watch_deadlines(at=after) == 0

    assignment.refresh_from_db()
    assert assignment.breached_at == after
    assert assignment.state == AssignmentState.OFFERED
    second = Assignment.objects.get(partner=spiegel)
    assert second.follows == assignment
    assert second.due_at > after
    assert assignment.events.get(kind="escalated").note == "→ Redactie De Spiegel"


def test_nobody_to_escalate_to_is_a_breach_all_the_same(assignment):
    assigning.watch_deadlines(at=assignment.due_at)

    assert list(assignment.events.values_list("kind", flat=True)) == ["offered", "breached"]


def test_a_partner_with_full_hands_or_without_contract_is_not_asked(claim, assignment, lens):
    Partner.objects.filter(pk=lens.pk).update(capacity=1)
    other = makers.make_claim("Blanco stemmen gaan naar de grootste partij.")
    lens.refresh_from_db()
    with pytest.raises(Refused) as error:
        makers.make_assignment(other, lens)
    assert codes(error) == "full"
    assert assigning.choose_partner(claim=other, at=NOW) is None

    Partner.objects.filter(pk=lens.pk).update(capacity=9, contract_until="2026-03-09")
    lens.refresh_from_db()
    with pytest.raises(Refused) as error:
        makers.make_assignment(other, lens)
    assert codes(error) == "no_contract"


def test_the_same_partner_has_a_claim_only_once(assignment, claim, lens):
    with pytest.raises(Refused) as error:
        makers.make_assignment(claim, lens)
    assert codes(error) == "asked"


def test_who_left_or_lost_the_contract_answers_nothing(assignment, joost, hanna):
    partners.end_membership(colleague=hanna, member=joost, at=NOW)
    gone = Membership.objects.select_related("partner", "user").get(pk=hanna.pk)
    with pytest.raises(Refused):
        assigning.accept_assignment(assignment=assignment, member=gone, at=LATER)

    Partner.objects.filter(pk=joost.partner_id).update(contract_until="2026-03-09")
    old = Membership.objects.select_related("partner", "user").get(pk=joost.pk)
    with pytest.raises(Refused) as error:
        assigning.accept_assignment(assignment=assignment, member=old, at=LATER)
    assert codes(error) == "no_contract"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "paused"},
        {"state": "accepted"},
        {"state": "delivered", "closed_at": NOW},
        {"state": "declined"},
        {"closed_at": NOW},
        {"due_at": NOW},
        {"accepted_at": NOW},
    ],
)
def test_the_database_refuses_states_that_cannot_be(assignment, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_accept_at_once_and_one_is_told(assignment, joost, hanna):
    def accept(member):
        try:
            assigning.accept_assignment(assignment=assignment, member=member, at=NOW)
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(accept, [joost, hanna]))

    assert outcomes == ["accepted", "state"]
    assert assignment.events.filter(kind="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_free_hand_is_given_once(lens):
    Partner.objects.filter(pk=lens.pk).update(capacity=1)
    sentences = ["Rode potloden zijn uit te gummen.", "De uitslag staat al vast."]
    asked = [makers.make_claim(text) for text in sentences]

    def ask(claim):
        try:
            makers.make_assignment(claim, Partner.objects.get(pk=lens.pk))
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()
        return "asked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, asked)) == ["asked", "full"]
