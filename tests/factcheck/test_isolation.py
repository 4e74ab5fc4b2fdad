"""Whatever address a partner types, it never reaches another partner's work."""

from dataclasses import replace

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from factcheck import urls
from factcheck.models import AssignmentEvent, Draft, FactCheck, Membership
from factcheck.services import checking, partners
from tests.factcheck import makers
from tests.factcheck.test_portal import at_the_portal, desk_form

pytestmark = pytest.mark.django_db
NAMES = sorted(pattern.name for pattern in urls.urlpatterns)
SECRET = "Alleen De Lens weet dat stembureau De Brug lekt."


@pytest.fixture
def work(lens, joost, hanna):
    """Something of De Lens behind every sort of address."""
    now = timezone.now()
    claim = makers.make_claim(SECRET)
    exhibit = makers.make_exhibit(claim, text=SECRET)
    published = makers.publish(
        makers.make_assignment(claim, lens, at=now),
        joost,
        hanna,
        at=now,
        words=replace(makers.WORDS, claim_text=SECRET, truth=SECRET),
    )
    correction = checking.open_correction(check=published, member=joost, at=now)
    other = makers.make_assignment(makers.make_claim(f"{SECRET} Ook in Borne."), lens, at=now)
    key, _readable = partners.issue_partner_key(member=joost, name="x", at=now)
    return {
        "assignment": other.public_id,
        "draft": correction.public_id,
        "check": published.public_id,
        "exhibit": exhibit.public_id,
        "member": hanna.public_id,
        "key": key.key.public_id,
    }


def addresses(ids):
    """Every address of the portal, with every id of De Lens in it."""
    for name in NAMES:
        parameters = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
        if not parameters:
            yield name, reverse(name)
            continue
        for public_id in ids.values():
            yield name, reverse(name, args=[public_id])


def state():
    return [
        sorted(Draft.objects.values_list("pk", "revision", "submitted_at", "facts")),
        sorted(FactCheck.objects.values_list("pk", flat=True)),
        sorted(AssignmentEvent.objects.values_list("pk", flat=True)),
        sorted(
            Membership.objects.filter(partner__name="Redactie De Lens").values_list(
                "pk", "role", "ended_at"
            )
        ),
    ]


@pytest.mark.parametrize("who", ["ilse", "omar"])
def test_no_address_shows_or_changes_another_partners_work(work, who, ilse, omar):
    client = at_the_portal({"ilse": ilse, "omar": omar}[who])
    before = state()
    tried = 0
    form = desk_form(1, reason="x", role="checker", to=str(work["member"]), note="")
    for name, address in addresses(work):
        for answer in (client.get(address), client.post(address, form)):
            tried += 1
            assert answer.status_code in {200, 302, 404, 405, 409, 422}, (name, answer.status_code)
            if not answer.streaming:
                assert SECRET.encode() not in answer.content, name
            if "public_id" in str(get_resolver().reverse_dict.getlist(name)[0][0][0][1]):
                assert answer.status_code in {404, 405}, (name, answer.status_code)

    assert state() == before
    assert tried > 150


def test_the_same_addresses_work_for_their_own_people(work, joost):
    client = at_the_portal(joost)

    for name, kind in {
        "partner_assignment": "assignment",
        "partner_draft": "draft",
        "partner_check": "check",
    }.items():
        answer = client.get(reverse(name, args=[work[kind]]))
        assert answer.status_code == 200
        assert SECRET in answer.content.decode()
