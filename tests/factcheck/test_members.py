"""An organisation manages its own people, and only those."""

import pytest
from django.db import IntegrityError, transaction

from factcheck import queries
from factcheck.choices import MemberRole
from factcheck.models import Membership, Partner
from factcheck.services import partners
from integrity.people.models import ApiKey
from integrity.refusals import Refused
from tests.factcheck import makers
from tests.factcheck.makers import NOW

pytestmark = pytest.mark.django_db


def add(member, email, role=MemberRole.CHECKER):
    return partners.add_member(member=member, email=email, alias="Sara", role=role, at=NOW)


def test_an_administrator_adds_a_colleague(joost, lens):
    row = add(joost, "sara@lens.example")

    assert row.partner == lens
    assert queries.membership_of(row.user) == row
    assert row.user.has_perm("factcheck.answer_assignment")


def test_a_checker_manages_nobody(hanna):
    with pytest.raises(Refused) as error:
        add(hanna, "sara@lens.example")
    assert error.value.refusal.code == "not_admin"


def test_a_moderator_cannot_be_drawn_into_a_partner(joost, moderator):
    before = set(moderator.groups.values_list("name", flat=True))
    with pytest.raises(Refused) as error:
        add(joost, moderator.email)

    assert error.value.refusal.code == "other_role"
    assert set(moderator.groups.values_list("name", flat=True)) == before


def test_a_member_of_another_organisation_stays_there(joost, omar):
    with pytest.raises(Refused) as error:
        add(joost, omar.user.email)
    assert error.value.refusal.code == "member"


def test_nobody_touches_another_organisations_people(joost, omar):
    for verb in (
        lambda: partners.end_membership(colleague=omar, member=joost, at=NOW),
        lambda: partners.change_role(colleague=omar, role=MemberRole.ADMIN, member=joost, at=NOW),
        lambda: partners.change_profile(partner=omar.partner, member=joost, capacity=0, at=NOW),
        lambda: partners.set_rating_words(
            partner=omar.partner, words={("false", "nl"): "Waar"}, member=joost, at=NOW
        ),
    ):
        with pytest.raises(Refused) as error:
            verb()
        assert error.value.refusal.code == "forbidden"


def test_the_last_administrator_stays(joost, hanna):
    with pytest.raises(Refused) as error:
        partners.end_membership(colleague=joost, member=joost, at=NOW)
    assert error.value.refusal.code == "last_admin"

    partners.change_role(colleague=hanna, role=MemberRole.ADMIN, member=joost, at=NOW)
    partners.end_membership(colleague=joost, member=joost, at=NOW)

    assert queries.membership_of(joost.user) is None


def test_who_left_loses_the_right(joost, hanna):
    partners.end_membership(colleague=hanna, member=joost, at=NOW)

    user = type(hanna.user).objects.get(pk=hanna.user.pk)
    assert not user.has_perm("factcheck.answer_assignment")


def test_a_key_speaks_for_one_organisation(joost, ilse):
    row, readable = partners.issue_partner_key(member=joost, name="redactiesysteem", at=NOW)

    assert readable.startswith("wb_")
    assert row.key.scopes == ["checks:partner"]
    with pytest.raises(Refused):
        partners.revoke_partner_key(key=row.key, member=ilse, at=NOW)
    partners.revoke_partner_key(key=row.key, member=joost, at=NOW)
    assert ApiKey.objects.get(pk=row.key_id).revoked_at == NOW


def test_a_moderator_adds_no_partner(moderator, policy_lead):
    with pytest.raises(Refused):
        makers.make_partner("Nieuwe Redactie", by=moderator)
    assert makers.make_partner("Nieuwe Redactie", by=policy_lead).name == "Nieuwe Redactie"


def test_the_database_keeps_one_membership_at_a_time(joost, spiegel):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(partner=spiegel, user=joost.user, joined_at=NOW)


def test_the_database_keeps_contracts_in_order(lens):
    for change in ({"contract_until": "2023-01-01"}, {"languages": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Partner.objects.filter(pk=lens.pk).update(**change)
