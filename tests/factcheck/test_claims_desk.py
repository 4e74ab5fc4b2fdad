"""The platform's pages about claims and partners: who reaches them, and what they do."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factcheck import desk_urls, queries
from factcheck.choices import AssignmentState, ClaimState, Harm, MemberRole
from factcheck.models import AskRule, Assignment, Claim, DueTarget, Partner
from factcheck.services import ask_rules, assigning, claims
from integrity.audit.models import AuditEvent
from integrity.people.choices import Role
from tests.factcheck import makers
from tests.factories import make_election
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
ASK = {"moderator", "senior", "policy_lead", "election_lead"}
KEEP = {"policy_lead", "election_lead"}
# URL name: (methods, who may). Everybody else gets 403.
TABLE = {
    "claims": ("get", ASK),
    "claim_new": ("get post", ASK),
    "claim_rules": ("get post", ASK),
    "claim_end_rule": ("post", ASK),
    "claim": ("get", ASK),
    "claim_accept": ("post", ASK),
    "claim_dismiss": ("post", ASK),
    "claim_ask": ("post", ASK),
    "claim_answer": ("post", ASK),
    "claim_reassign": ("post", ASK),
    "claim_withdraw": ("post", ASK),
    "desk_partners": ("get post", KEEP),
    "desk_partner": ("get", KEEP),
    "desk_partner_agreement": ("post", KEEP),
    "desk_partner_due": ("post", KEEP),
    "desk_partner_member": ("post", KEEP),
}
PEOPLE = ["moderator", "senior", "policy_lead", "election_lead", "auditor", "partner_member"]
AGREED = {
    "name": "Redactie De Toets",
    "website": "https://detoets.example",
    "languages": ["nl", "en"],
    "topics": ["fraud"],
    "places": "Utrecht, GM0268",
    "capacity": 5,
    "contract_from": "2026-01-01",
    "contract_until": "2026-12-31",
    "contract_terms": "Twee checkers per check.",
}


def address(name, claim, assignment, lens):
    thing = (
        assignment
        if name in ("claim_answer", "claim_reassign", "claim_withdraw")
        else lens
        if name.startswith("desk_partner")
        else claim
    )
    plain = name in ("claims", "claim_new", "claim_rules", "desk_partners")
    return reverse(name, args=[] if plain else [thing.public_id])


def test_every_address_is_in_the_table():
    assert {pattern.name for pattern in desk_urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_reaches_what_their_role_opens(person, claim, assignment, lens, request):
    client = client_of(request.getfixturevalue(person))

    refused = set()
    for name, (methods, _) in TABLE.items():
        for method in methods.split():
            with transaction.atomic():
                answer = getattr(client, method)(address(name, claim, assignment, lens))
                transaction.set_rollback(True)
            assert answer.status_code < 500, name
            if answer.status_code == 403:
                refused.add(name)

    assert refused == {name for name, (_, allowed) in TABLE.items() if person not in allowed}


def test_a_stranger_signs_in_and_another_method_is_refused(claim, assignment, lens, policy_lead):
    client = client_of(policy_lead)
    for name, (methods, _) in TABLE.items():
        here = address(name, claim, assignment, lens)
        assert getattr(Client(), methods.split()[0])(here)["Location"].startswith("/accounts/")
        if methods == "post":
            assert client.get(here).status_code == 405, name
        elif methods == "get":
            assert client.post(here).status_code == 405, name


def test_what_does_not_exist_is_not_found(policy_lead, claim, assignment, lens):
    client = client_of(policy_lead)
    for name, (methods, _) in TABLE.items():
        here = address(name, claim, assignment, lens)
        for known in (claim, assignment, lens):
            here = here.replace(str(known.public_id), str(uuid.uuid4()))
        if here != address(name, claim, assignment, lens):
            answer = getattr(client, methods.split()[0])(here)
            assert answer.status_code == 404, name


# --- Claims --------------------------------------------------------------------------------


@pytest.fixture
def proposed(hanna):
    return claims.propose_claim(
        claim=claims.ClaimIn("De stembus in Borne was al vol.", "nl"),
        reason="Gaat hard rond in Twente.",
        member=hanna,
        at=timezone.now(),
    )


def test_a_proposal_is_weighed_and_sent_on_its_way(proposed, lens, moderator):
    client = client_of(moderator)
    page = client.get(reverse("claims")).content.decode()
    assert "De stembus in Borne was al vol." in page
    assert "Gaat hard rond in Twente." in page

    client.post(reverse("claim_accept", args=[proposed.public_id]))
    client.post(
        reverse("claim_ask", args=[proposed.public_id]),
        {"partner": "", "question": "Klopt dit?", "harm": "high"},
    )

    made = Assignment.objects.get()
    assert (made.partner, made.question, made.harm) == (lens, "Klopt dit?", Harm.HIGH)
    assert made.offered_by == moderator
    assert list(queries.claims_at_partners()) == [made.claim]


def test_a_proposal_is_dismissed_only_with_a_reason(proposed, moderator):
    client = client_of(moderator)
    here = reverse("claim_dismiss", args=[proposed.public_id])

    assert client.post(here, {"reason": " "}).status_code == 422
    assert client.post(here, {"reason": "Een mening."}).status_code == 302
    assert client.post(here, {"reason": "Een mening."}).status_code == 409

    proposed.refresh_from_db()
    assert (proposed.state, proposed.dismissal) == (ClaimState.DISMISSED, "Een mening.")


def test_a_question_is_answered_on_the_claims_page(assignment, hanna, moderator):
    assigning.ask_back(
        assignment=assignment, question="Welke app?", member=hanna, at=timezone.now()
    )
    client = client_of(moderator)
    assert "Welke app?" in client.get(reverse("claim", args=[assignment.claim.public_id])).text
    assert "Redactie De Lens" in client.get(reverse("claims")).text

    here = reverse("claim_answer", args=[assignment.public_id])
    assert client.post(here, {"reason": ""}).status_code == 422
    client.post(here, {"reason": "De app uit de video."})
    again = client.post(here, {"reason": "De app uit de video."})

    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.OFFERED
    assert assignment.events.get(kind="answered").note == "De app uit de video."
    assert again.status_code == 409
    assert "Terug naar de beweringen" in again.text


def test_an_assignment_goes_to_another_partner_or_back(assignment, spiegel, moderator):
    client = client_of(moderator)
    here = reverse("claim_reassign", args=[assignment.public_id])
    assert client.post(here, {"to": str(spiegel.public_id), "reason": ""}).status_code == 422

    client.post(here, {"to": str(spiegel.public_id), "reason": "De Lens zit vol."})

    new = Assignment.objects.get(partner=spiegel)
    assert new.follows == assignment
    client.post(reverse("claim_withdraw", args=[new.public_id]), {"reason": "Niet meer nodig."})
    new.refresh_from_db()
    assert new.state == AssignmentState.WITHDRAWN
    assert list(queries.claims_unasked()) == [new.claim]


def test_a_claim_is_written_down_by_the_platform(moderator):
    client = client_of(moderator)
    form = {
        "text": "In Nijmegen zijn stembiljetten zoek.",
        "language": "nl",
        "topic": "fraud",
        "claimant_kind": "unknown",
        "harm": "high",
    }
    assert client.post(reverse("claim_new"), {**form, "text": ""}).status_code == 422

    answer = client.post(reverse("claim_new"), form)

    made = Claim.objects.get()
    assert answer["Location"] == reverse("claim", args=[made.public_id])
    assert (made.state, made.created_by, made.harm) == (ClaimState.OPEN, moderator, Harm.HIGH)


@pytest.mark.parametrize("shelf", ["proposed", "unasked", "partners", "checked"])
def test_every_shelf_shows_its_claims(shelf, claim, assignment, moderator, joost, hanna):
    page = client_of(moderator).get(reverse("claims"), {"shelf": shelf})

    assert (makers.APP in page.text) is (shelf == "partners")
    assert client_of(moderator).get(reverse("claims"), {"shelf": "x"}).status_code == 404


def test_spread_is_counted_once_however_many_partners_have_a_claim(claim, lens, spiegel):
    for n in range(2):
        makers.make_exhibit(claim, source_id=f"i-{n}", views=100)
    for partner in (lens, spiegel):
        makers.make_assignment(claim, partner)

    (found,) = queries.claims_at_partners()

    assert (found.items, found.views) == (2, 200)


# --- Partners ------------------------------------------------------------------------------


def test_a_policy_lead_adds_a_partner_and_its_first_member(policy_lead):
    client = client_of(policy_lead)
    make_election()
    answer = client.post(reverse("desk_partners"), AGREED)
    partner = Partner.objects.get()
    assert answer["Location"] == reverse("desk_partner", args=[partner.public_id])
    assert [p.code for p in partner.places.order_by("code")] == ["GM0268", "GM0344"]
    assert (partner.languages, partner.topics) == (["en", "nl"], ["fraud"])

    client.post(
        reverse("desk_partner_member", args=[partner.public_id]),
        {"email": "eva@detoets.example", "alias": "Eva"},
    )

    member = partner.memberships.get()
    assert (member.role, member.user.roles) == (MemberRole.ADMIN, {Role.PARTNER})
    assert "Eva" in client.get(reverse("desk_partner", args=[partner.public_id])).text
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert {"partner.added", "member.added"} <= set(verbs)


def test_an_agreement_is_changed_and_its_end_closes_the_portal(lens, joost, policy_lead):
    client = client_of(policy_lead)
    here = reverse("desk_partner_agreement", args=[lens.public_id])
    yesterday = timezone.localdate() - timedelta(days=1)
    changed = {**AGREED, "places": "", "contract_until": yesterday.isoformat()}

    assert client.post(here, {**changed, "languages": []}).status_code == 422
    assert client.post(here, {**changed, "contract_until": "2025-01-01"}).status_code == 409
    assert client.post(here, changed).status_code == 302

    lens.refresh_from_db()
    assert lens.contract_until == yesterday
    assert client_of(joost.user).get(reverse("partner_inbox")).status_code == 403


def test_two_partners_never_share_a_name(lens, policy_lead):
    answer = client_of(policy_lead).post(
        reverse("desk_partners"), {**AGREED, "name": "redactie de lens", "places": ""}
    )

    assert answer.status_code == 409
    assert Partner.objects.count() == 1


def test_due_times_are_agreed_by_level_of_harm(lens, claim, policy_lead):
    client = client_of(policy_lead)
    here = reverse("desk_partner_due", args=[lens.public_id])
    assert client.post(here, {"critical": "0"}).status_code == 422

    client.post(here, {"critical": "30", "normal": "600"})
    client.post(here, {"critical": "45", "normal": ""})

    assert list(DueTarget.objects.values_list("harm", "within")) == [
        ("critical", timedelta(minutes=45))
    ]
    made = makers.make_assignment(claim, lens, harm=Harm.CRITICAL)
    assert made.due_at == makers.NOW + timedelta(minutes=45)


def test_the_first_contract_day_is_today(policy_lead):
    page = client_of(policy_lead).get(reverse("desk_partners"))

    assert f'value="{timezone.localdate().isoformat()}"' in page.text


# --- Rules ---------------------------------------------------------------------------------


@pytest.fixture
def machine_proposal():
    """A proposal of the machine, seen 20,000 times."""
    claim = claims.propose_checkworthy(
        claim=claims.ClaimIn("Er verdwenen 1.200 stembiljetten in Borne.", "nl", topic="fraud"),
        score=0.95, reason="Verspreidt zich.", at=timezone.now(),
    )  # fmt: skip
    makers.make_exhibit(claim, text=claim.text, views=20_000)
    return claim


RULE = {
    "topic": "fraud", "election": "", "views_at_least": 10_000, "score_at_least": 0.9,
    "harm": "high", "question": "Klopt dit aantal?",
}  # fmt: skip


def test_a_rule_sends_what_spreads_to_the_partner_that_fits(machine_proposal, lens, policy_lead):
    client = client_of(policy_lead)
    assert client.post(reverse("claim_rules"), RULE).status_code == 302
    assert "Klopt dit aantal?" in client.get(reverse("claim_rules")).content.decode()

    assert ask_rules.follow_rules(at=timezone.now()) == 1
    assert ask_rules.follow_rules(at=timezone.now()) == 0

    asked = Assignment.objects.get()
    machine_proposal.refresh_from_db()
    assert (asked.partner, asked.harm, asked.question, asked.offered_by) == (
        lens, "high", "Klopt dit aantal?", None,
    )  # fmt: skip
    assert machine_proposal.state == "open"


@pytest.mark.parametrize(
    "changes",
    [{"topic": "result"}, {"views_at_least": 30_000}, {"score_at_least": 0.99}],
    ids=["topic", "spread", "score"],
)
def test_a_rule_leaves_what_it_does_not_name_to_people(
    changes, machine_proposal, lens, policy_lead
):
    client_of(policy_lead).post(reverse("claim_rules"), {**RULE, **changes})

    assert ask_rules.follow_rules(at=timezone.now()) == 0
    assert not Assignment.objects.exists()


def test_a_partners_own_proposal_is_weighed_by_people(proposed, lens, policy_lead):
    client_of(policy_lead).post(
        reverse("claim_rules"), {**RULE, "topic": "", "views_at_least": 0, "score_at_least": 0}
    )

    assert ask_rules.follow_rules(at=timezone.now()) == 0


def test_without_a_free_partner_the_proposal_waits(machine_proposal, lens, policy_lead):
    client_of(policy_lead).post(reverse("claim_rules"), RULE)
    lens.capacity = 0
    lens.save()

    assert ask_rules.follow_rules(at=timezone.now()) == 0
    machine_proposal.refresh_from_db()
    assert machine_proposal.state == "proposed"


def test_a_rule_that_ended_sends_nothing(machine_proposal, lens, policy_lead, moderator):
    client = client_of(policy_lead)
    client.post(reverse("claim_rules"), RULE)
    rule = AskRule.objects.get()
    refused = client_of(moderator).post(reverse("claim_end_rule", args=[rule.public_id]))
    assert refused.status_code == 409
    client.post(reverse("claim_end_rule", args=[rule.public_id]))

    assert ask_rules.follow_rules(at=timezone.now()) == 0
    assert AskRule.objects.get().ended_by == policy_lead


def test_only_who_answers_for_policy_writes_rules(moderator):
    answer = client_of(moderator).post(reverse("claim_rules"), RULE)

    assert answer.status_code == 409
    assert not AskRule.objects.exists()
