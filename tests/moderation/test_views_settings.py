"""What the desk is furnished with: queues, saved replies and hosts of media, on their pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.choices import Action
from moderation.models import Job, MediaHost, Queue, SavedReply
from tests.factories import make_election, make_item, make_job
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
QUEUE = {
    "name_nl": "Stemprocedure vannacht",
    "name_en": "Voting procedure tonight",
    "due_minutes": "",
    "lead_minutes": "30",
    "position": "5",
    "visible_to": ["moderator", "senior moderator"],
    "hidden_actions": ["terminate"],
    "recommended_policies": ["voting-method"],
}
REPLY = {
    "name_nl": "Geldt niet meer",
    "name_en": "No longer holds",
    "text_nl": "Dit gold vroeger. Nu geldt: {official} ({source}).",
    "text_en": "This held before. Now: {official} ({source}).",
    "policies": ["voting-method"],
    "position": "60",
}


def edit(slug: str) -> str:
    return reverse("edit_queue", args=[slug])


def test_a_policy_lead_changes_a_queue_and_the_desk_follows(policy_lead, moderator):
    make_election()
    job = make_job(make_item(election="nl-gr2026"))

    response = client_of(policy_lead).post(edit("voting-procedure"), QUEUE)
    page = client_of(moderator).get(reverse("job", args=[job.public_id]))

    queue = Queue.objects.get(slug="voting-procedure")
    assert response["Location"] == reverse("queue_settings")
    assert str(queue) == "Stemprocedure vannacht"
    assert queue.hidden_actions == [Action.TERMINATE]
    assert "Stemprocedure vannacht" in page.content.decode()
    assert 'value="terminate"' not in page.content.decode()


def test_who_may_see_a_queue_is_set_here(policy_lead, moderator):
    client_of(policy_lead).post(
        edit("voting-procedure"), {**QUEUE, "visible_to": ["senior moderator"]}
    )

    assert client_of(moderator).get(reverse("queue", args=["voting-procedure"])).status_code == 404


def test_jobs_that_wait_follow_the_new_lead_time(policy_lead):
    make_election()
    job = make_job()
    due = timezone.now() + timedelta(hours=5)
    Job.objects.filter(pk=job.pk).update(due_at=due, urgent_at=due - timedelta(hours=2))

    client_of(policy_lead).post(edit("voting-procedure"), QUEUE)

    job.refresh_from_db()
    assert job.urgent_at == due - timedelta(minutes=30)


def test_the_form_begins_with_what_is_set(policy_lead):
    form = client_of(policy_lead).get(edit("reports")).context["form"]

    assert form.initial["due_minutes"] == 1440
    assert form.initial["name_en"] == "Reports"


@pytest.mark.parametrize(
    ("slug", "wrong", "status"),
    [
        ("reports", {"name_nl": ""}, 422),
        ("reports", {"name_nl": "a\x00b"}, 422),
        ("reports", {"lead_minutes": "-1"}, 422),
        ("reports", {"lead_minutes": "9" * 30}, 422),
        ("reports", {"due_minutes": "x"}, 422),
        ("reports", {"visible_to": ["king"]}, 422),
        ("reports", {"visible_to": ["fact-check partner"]}, 422),
        ("reports", {"hidden_actions": ["burn"]}, 422),
        ("reports", {"visible_to": ["auditor"]}, 409),
        ("reports", {"hidden_actions": Action.values}, 409),
        ("second-opinion", {"visible_to": ["moderator"], "independent": "on"}, 409),
        ("second-opinion", {"visible_to": ["senior moderator"]}, 409),
        ("second-opinion", {"visible_to": [], "independent": "on"}, 409),
    ],
)
def test_a_queue_that_could_not_work_is_refused(slug, wrong, status, policy_lead):
    before = Queue.objects.get(slug=slug).name

    response = client_of(policy_lead).post(edit(slug), {**QUEUE, **wrong})

    assert response.status_code == status
    assert Queue.objects.get(slug=slug).name == before
    assert "Voting procedure tonight" in response.content.decode()


def test_a_queue_is_added_and_its_short_name_is_its_own(policy_lead):
    client, url = client_of(policy_lead), reverse("new_queue")

    assert client.post(url, {**QUEUE, "slug": "Night"}).status_code == 302
    assert client.post(url, {**QUEUE, "slug": "night"}).status_code == 409
    assert client.post(url, {**QUEUE, "slug": "not a slug"}).status_code == 422
    assert Queue.objects.filter(slug="night").count() == 1


def test_fields_that_the_form_does_not_have_change_nothing(policy_lead):
    client_of(policy_lead).post(edit("reports"), {**QUEUE, "slug": "taken-over", "id": "1"})

    assert Queue.objects.get(slug="reports").name["en"] == "Voting procedure tonight"
    assert not Queue.objects.filter(slug="taken-over").exists()


def test_a_saved_reply_is_written_changed_and_removed(policy_lead):
    client = client_of(policy_lead)

    client.post(reverse("new_reply"), REPLY)
    client.post(reverse("new_reply"), REPLY)
    first, second = SavedReply.objects.filter(name__en="No longer holds").order_by("pk")
    client.post(reverse("edit_reply", args=[first.slug]), {**REPLY, "text_nl": "Anders."})
    client.post(reverse("remove_reply", args=[second.slug]))

    first.refresh_from_db()
    assert (first.slug, second.slug) == ("no-longer-holds", "no-longer-holds-2")
    assert first.text["nl"] == "Anders."
    assert not SavedReply.objects.filter(pk=second.pk).exists()


def test_a_new_reply_is_on_the_job_page_filled_in(policy_lead, moderator):
    from moderation.services import reviewing

    make_election()
    job = make_job(make_item(election="nl-gr2026"))
    reviewing.take_job(job=job, by=moderator, at=timezone.now())

    client_of(policy_lead).post(reverse("new_reply"), {**REPLY, "policies": []})
    page = client_of(moderator).get(reverse("job", args=[job.public_id]))

    assert "Nu geldt: woensdag 18 maart 2026 (Kiesraad)." in page.content.decode()


@pytest.mark.parametrize("text", ["Zie {link}.", "{claimed} en {__class__}", "", "a\x00b"])
def test_a_placeholder_that_nothing_fills_is_refused(text, policy_lead):
    response = client_of(policy_lead).post(reverse("new_reply"), {**REPLY, "text_en": text})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("media.plein.example", "media.plein.example"),
        ("MEDIA.Plein.Example.", "media.plein.example"),
        ("https://media.plein.example/", None),
        ("media.plein.example:8443", None),
        ("127.0.0.1", None),
        ("localhost", None),
        ("[::1]", None),
        ("media..example", None),
        ("-media.example", None),
        ("mediä.example", None),
        ("a@b.example", None),
        ("x" * 300 + ".example", None),
    ],
)
def test_only_a_plain_host_name_is_registered(host, kept, policy_lead):
    response = client_of(policy_lead).post(reverse("host_settings"), {"host": host, "note": "cdn"})

    assert response.status_code == (302 if kept else 422)
    assert list(MediaHost.objects.values_list("host", flat=True)) == ([kept] if kept else [])


def test_a_host_is_forgotten(policy_lead):
    MediaHost.objects.create(host="media.plein.example")

    client_of(policy_lead).post(reverse("forget_host", args=["media.plein.example"]))

    assert not MediaHost.objects.exists()


def test_who_changed_a_queue_is_kept(policy_lead):
    client_of(policy_lead).post(edit("reports"), QUEUE)

    events = Queue.pgh_event_model.objects.filter(slug="reports").order_by("-pgh_id")
    assert events[0].pgh_context.metadata["user"] == policy_lead.pk
    assert events[0].name["en"] == "Voting procedure tonight"


HOSTILE = "<script>alert(1)</script>"


def test_nothing_in_the_settings_becomes_markup(policy_lead):
    client = client_of(policy_lead)
    client.post(edit("reports"), {**QUEUE, "name_nl": HOSTILE, "name_en": HOSTILE})
    client.post(reverse("new_reply"), {**REPLY, "name_nl": HOSTILE, "text_nl": HOSTILE})
    client.post(reverse("host_settings"), {"host": "m.plein.example", "note": HOSTILE})

    for name in ("queue_settings", "reply_settings", "host_settings", "desk_settings", "routing"):
        page = client.get(reverse(name)).content.decode()
        assert "<script>alert" not in page, name
