"""Who reaches which address of the desk: person × URL × allowed, with no URL left out."""

import uuid

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from moderation import urls
from moderation.choices import Action
from moderation.models import Queue, RoutingVersion
from moderation.services import reviewing
from tests.factories import decide, make_election, make_item, make_job
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db

READ = {"moderator", "senior", "policy_lead", "election_lead", "auditor"}
WORK = {"moderator", "senior", "policy_lead"}
CONFIRM = {"senior", "policy_lead"}
SEE_RULES = {"senior", "policy_lead", "election_lead", "auditor"}
WRITE_RULES = {"policy_lead", "election_lead"}
# URL name: (method, who may). Everybody else gets 403.
TABLE = {
    "home": ("get", READ),
    "queue": ("get", READ),
    "take_next": ("post", WORK),
    "job": ("get", READ),
    "take_job": ("post", WORK),
    "release_job": ("post", WORK),
    "extend_job": ("post", WORK),
    "still_here": ("post", READ),
    "skip_job": ("post", WORK),
    "hand_over_job": ("post", WORK),
    "move_job": ("post", WORK),
    "decide_job": ("post", WORK),
    "preview_decision": ("post", WORK),
    "undo_decision": ("post", WORK),
    "confirm_decision": ("post", CONFIRM),
    "send_back_decision": ("post", CONFIRM),
    "find": ("get", READ),
    "held": ("get", READ),
    "my_jobs": ("get", WORK),
    "actor": ("get", READ),
    "media": ("get", READ),
    "media_blurred": ("get", READ),
    "media_original": ("get", READ),
    "media_away": ("get", READ),
    "media_defaults": ("get", READ),
    "assign_job": ("post", CONFIRM),
    "ask_partner": ("post", WORK | {"election_lead"}),
    "claim_places": ("get", WORK | {"election_lead"}),
    "confirm_appearance": ("post", WORK | {"election_lead"}),
    "reject_appearance": ("post", WORK | {"election_lead"}),
    "translate_item": ("post", READ),
    "job_reports": ("get", READ),
    "disagree_with_decision": ("post", CONFIRM),
    "keys": ("get", READ),
    "routing": ("get", SEE_RULES),
    "new_routing": ("get", WRITE_RULES),
    "routing_version": ("get", SEE_RULES),
    "routing_backtest": ("get", SEE_RULES),
    "routing_shadow": ("get", SEE_RULES),
    "shadow_routing": ("post", SEE_RULES),
    "deploy_routing": ("post", {"election_lead"}),
    "retire_routing": ("post", SEE_RULES),
    "desk_settings": ("get", SEE_RULES),
    "queue_settings": ("get", SEE_RULES),
    "new_queue": ("get", {"policy_lead"}),
    "edit_queue": ("get", {"policy_lead"}),
    "reply_settings": ("get", SEE_RULES),
    "new_reply": ("get", {"policy_lead"}),
    "edit_reply": ("get", {"policy_lead"}),
    "remove_reply": ("post", {"policy_lead"}),
    "host_settings": ("get", {"policy_lead"}),
    "forget_host": ("post", {"policy_lead"}),
    "misuse": ("get", SEE_RULES),
    "new_limit": ("get", {"policy_lead"}),
    "edit_limit": ("get", {"policy_lead"}),
    "retire_limit": ("post", {"policy_lead"}),
    "warn_reporter": ("post", CONFIRM),
    "pause_reporter": ("post", CONFIRM),
    "lift_pause": ("post", CONFIRM),
    "lift_strike": ("post", CONFIRM),
}
# Pages that answer to both: the form and what it sends.
FORMS = {
    "new_routing", "new_queue", "edit_queue", "new_reply", "edit_reply", "host_settings",
    "new_limit", "edit_limit",
    "media_defaults",
}  # fmt: skip
OPEN_TO_ALL = {"set_look"}
PEOPLE = [
    "moderator",
    "senior",
    "policy_lead",
    "election_lead",
    "auditor",
    "partner_member",
]
OF_A_VERSION = [n for n in TABLE if "routing" in n and n not in ("routing", "new_routing")]
OF_A_CLAIM = ["claim_places", "confirm_appearance", "reject_appearance"]
OF_A_MEDIUM = ["media", "media_blurred", "media_original", "media_away"]
OF_A_JOB = [
    name
    for name in TABLE
    if name.endswith("_job")
    or name in ("job", "still_here", "ask_partner", "translate_item", "job_reports")
]


@pytest.fixture
def at_the_desk(colleague):
    """A job that a colleague decided and that waits for a second person."""
    election = make_election()
    item = make_item(election=election.slug)
    return decide(make_job(item), by=colleague, action=Action.TERMINATE)


def address(name: str, decision) -> str:
    """The address under which this name finds something of the fixture."""
    job = decision.job
    version = RoutingVersion.objects.get(state="live")
    return reverse(
        name,
        args={
            "queue": [job.queue.slug],
            "edit_queue": [job.queue.slug],
            "edit_reply": ["no-violation"],
            "remove_reply": ["no-violation"],
            "forget_host": ["media.plein.example"],
            "edit_limit": ["repeated-violations"],
            "retire_limit": ["repeated-violations"],
            "warn_reporter": ["no-such-mark"],
            "pause_reporter": ["no-such-mark"],
            "lift_pause": ["no-such-mark"],
            "lift_strike": [uuid.uuid4()],
            "take_next": [job.queue.slug],
            "actor": [job.item.actor.public_id],
            **{key: [uuid.uuid4()] for key in OF_A_MEDIUM + OF_A_CLAIM},
            "disagree_with_decision": [decision.public_id],
            "undo_decision": [decision.public_id],
            "confirm_decision": [decision.public_id],
            "send_back_decision": [decision.public_id],
            **{key: [version.public_id] for key in OF_A_VERSION},
        }.get(name, [job.public_id] if name in OF_A_JOB or name == "preview_decision" else []),
    )


def test_every_address_of_the_desk_is_in_the_table():
    names = {pattern.name for pattern in urls.urlpatterns}

    assert names == set(TABLE) | OPEN_TO_ALL


def call(client: Client, name: str, decision, *, method: str = "") -> HttpResponse:
    """Ask for one address and take back whatever that changed."""
    with transaction.atomic():
        response = getattr(client, method or TABLE[name][0])(address(name, decision))
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_reaches_what_their_role_opens(person, at_the_desk, request):
    client = client_of(request.getfixturevalue(person))

    answers = {name: call(client, name, at_the_desk).status_code for name in TABLE}

    refused = {name for name, status in answers.items() if status == 403}
    assert refused == {name for name, (_, allowed) in TABLE.items() if person not in allowed}
    assert all(status < 500 for status in answers.values())


def test_a_stranger_is_sent_to_the_sign_in(at_the_desk):
    answers = {name: call(Client(), name, at_the_desk) for name in TABLE}

    assert {name for name, r in answers.items() if r.status_code != 302} == set()
    assert all(r["Location"].startswith("/accounts/login/") for r in answers.values())


def test_an_address_answers_to_its_own_method_only(at_the_desk, moderator):
    client = client_of(moderator)

    for name, (method, _) in TABLE.items():
        if name in FORMS:
            continue
        other = "get" if method == "post" else "post"
        assert call(client, name, at_the_desk, method=other).status_code == 405, name


def test_a_form_of_another_site_is_refused(at_the_desk, senior):
    client = client_of(senior, enforce_csrf_checks=True)

    for name, (method, _) in TABLE.items():
        if method == "post" or name in FORMS:
            answer = call(client, name, at_the_desk, method="post")
            assert answer.status_code == 403, name


def test_a_job_in_a_queue_for_other_roles_does_not_exist(at_the_desk, moderator):
    at_the_desk.job.queue.visible_to = ["auditor"]
    at_the_desk.job.queue.save()
    client = client_of(moderator)

    for name, (_, allowed) in TABLE.items():
        if (name in OF_A_JOB or "decision" in name) and "moderator" in allowed:
            assert call(client, name, at_the_desk).status_code == 404, name


def test_a_queue_for_other_roles_is_neither_listed_nor_taken_from(moderator, senior):
    hidden = Queue.objects.get(slug="authority")

    page = client_of(moderator).get(reverse("queue", args=["voting-procedure"]))
    took = client_of(moderator).post(reverse("take_next", args=[hidden.slug]))

    assert str(hidden) not in page.content.decode()
    assert took.status_code == 404
    assert (
        str(hidden)
        in client_of(senior).get(reverse("queue", args=["voting-procedure"])).content.decode()
    )


@pytest.mark.parametrize("name", ["release_job", "extend_job"])
def test_what_a_colleague_has_in_hand_stays_theirs(name, moderator, colleague):
    make_election()
    job = make_job(election="nl-gr2026")
    reviewing.take_job(job=job, by=colleague, at=timezone.now())

    response = client_of(moderator).post(reverse(name, args=[job.public_id]))

    job.refresh_from_db()
    assert response.status_code == 409
    assert job.taken_by == colleague


def test_nobody_undoes_a_decision_of_somebody_else(at_the_desk, moderator):
    response = client_of(moderator).post(reverse("undo_decision", args=[at_the_desk.public_id]))

    at_the_desk.refresh_from_db()
    assert response.status_code == 409
    assert not hasattr(at_the_desk, "undo")


def test_the_desk_is_mounted_once():
    assert reverse("home") == "/desk/"
    assert get_resolver().resolve("/desk/").func is not None
