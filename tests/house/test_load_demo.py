"""The demo is loaded whole, twice is the same as once, and nowhere else."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from elections.models import Election, VotingFact
from factcheck.models import Assignment, Claim, FactCheck, Membership, Partner
from integrity.outbox.models import WebhookEndpoint
from integrity.people.choices import Role
from integrity.people.models import ApiKey, User
from moderation.models import DataConsent, Policy, Queue, ScreeningModel, Threshold

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def load(settings, tmp_path):
    settings.DEMO = True

    def load(platform: str = "http://127.0.0.1:8001") -> dict:
        access = tmp_path / "access.json"
        call_command("load_demo", access=access, platform=platform, verbosity=0)
        assert stat.S_IMODE(access.stat().st_mode) == 0o600
        return json.loads(access.read_text())

    return load


def counts() -> list[int]:
    kinds = (
        User, ApiKey, WebhookEndpoint, Election, VotingFact, Queue, Policy,
        Partner, Membership, Assignment, FactCheck, Claim, Threshold, DataConsent, ScreeningModel,
    )  # fmt: skip
    return [kind.objects.count() for kind in kinds]


def test_the_demo_is_refused_elsewhere(tmp_path):
    with pytest.raises(CommandError, match="WAARBORG_DEMO=1"):
        call_command("load_demo", access=tmp_path / "a.json", platform="http://127.0.0.1:8001")

    assert not User.objects.exists()


def test_every_role_but_the_client_has_somebody(load):
    load()

    roles = {role for user in User.objects.all() for role in user.roles}
    assert roles == {str(role) for role in Role} - {str(Role.CLIENT)}


def test_loading_twice_changes_nothing(load):
    first = load()
    before = counts()

    assert load() == first
    assert counts() == before


def test_the_platforms_key_works_and_only_its_hash_is_kept(load):
    key = load()["api_key"]

    row = ApiKey.objects.usable(at=timezone.now()).get()
    assert row.prefix and key.startswith(row.prefix)
    assert key not in row.hashed


def test_a_platform_that_moved_keeps_its_secret_and_has_one_endpoint(load):
    first = load("http://127.0.0.1:8001")
    second = load("http://127.0.0.1:8009")

    assert first["webhook_secret"] == second["webhook_secret"]
    endpoint = WebhookEndpoint.objects.active().get()
    assert endpoint.url == "http://127.0.0.1:8009/webhooks/waarborg"


def test_there_are_three_elections_with_their_facts(load):
    load()

    assert {e.slug for e in Election.objects.all()} >= {"nl-gr2026", "nl-tk2025"}
    assert VotingFact.objects.filter(election__slug="nl-gr2026", key="voting_day").exists()


def test_a_partner_has_people_work_and_a_published_check(load):
    load()

    lens = Partner.objects.get(name="Redactie De Lens")
    assert {m.user.alias: m.role for m in lens.memberships.all()} == {
        "Finn": "admin",
        "Eva": "checker",
    }
    check = FactCheck.objects.get()
    assert (check.first_checker.user.alias, check.second_checker.user.alias) == ("Finn", "Eva")
    states = sorted(lens.assignments.values_list("state", flat=True))
    assert states == ["accepted", "delivered", "offered"]


def test_weights_read_along_and_a_threshold_is_in_force(load):
    load()

    model = ScreeningModel.objects.get()
    assert (model.state, model.authored_by.alias) == ("shadow", "Noor")
    assert Threshold.objects.get().election.slug == "nl-gr2026"
