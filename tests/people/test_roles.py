"""Roles carry the rights that the apps declare for them."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_moderator_may_decide_and_not_confirm(moderator):
    assert moderator.has_perm("moderation.decide_job")
    assert not moderator.has_perm("moderation.confirm_decision")


def test_a_partner_has_no_business_on_the_desk(partner_member):
    assert not partner_member.has_perm("moderation.see_item")
