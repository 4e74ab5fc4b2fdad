"""A lead makes and stops keys on the screen; the key itself is seen once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity.people import services
from integrity.people.choices import Scope
from integrity.people.keys import hash_key
from integrity.people.models import ApiKey
from tests.signing_in import sign_in, step_up

pytestmark = pytest.mark.django_db

FIELDS = {"name": "platform", "scopes": ["items:write", "actions:read"], "days": 30}


def test_making_a_key_asks_once_more_who_it_is_and_shows_it_once(client, policy_lead):
    sign_in(client, policy_lead)
    assert "reauthenticate" in client.post(reverse("new_api_key"), FIELDS)["Location"]
    assert not ApiKey.objects.exists()
    step_up(client)

    answer = client.post(reverse("new_api_key"), FIELDS)

    row = ApiKey.objects.get()
    key = answer.context["secret"]
    assert hash_key(key) == row.hashed
    assert key in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert row.created_by == policy_lead
    assert key not in client.get(reverse("api_keys")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": 0}, {"days": 99999}],
)
def test_a_key_without_name_scope_or_end_is_refused(client, policy_lead, wrong):
    sign_in(client, policy_lead)
    step_up(client)

    answer = client.post(reverse("new_api_key"), {**FIELDS, **wrong})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_on_the_screen(client, policy_lead):
    row, _ = services.issue_key(
        name="platform", scopes=[Scope.ITEMS_READ], by=None, at=timezone.now()
    )
    sign_in(client, policy_lead)

    client.post(reverse("revoke_api_key", args=[row.public_id]))

    row.refresh_from_db()
    assert row.revoked_at is not None


def test_an_auditor_sees_the_keys_and_no_button(client, auditor):
    services.issue_key(name="platform", scopes=[Scope.ITEMS_READ], by=None, at=timezone.now())
    sign_in(client, auditor)

    page = client.get(reverse("api_keys")).content.decode()

    assert "platform" in page
    assert "/revoke/" not in page
    assert reverse("new_api_key") not in page


def test_a_form_without_its_token_is_refused(policy_lead):
    from django.test import Client

    row, _ = services.issue_key(name="x", scopes=[Scope.ITEMS_READ], by=None, at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    client.force_login(policy_lead)
    from tests.signing_in import make_second_factor

    make_second_factor(policy_lead)

    assert client.post(reverse("revoke_api_key", args=[row.public_id])).status_code == 403
    row.refresh_from_db()
    assert row.revoked_at is None
