"""Parties and candidates ask for help with priority: no account, a due time, a person answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guidance.models import HelpRequest
from guidance.services import helping, tending
from guidance.services.helping import WITHIN
from integrity.audit.models import AuditEvent
from integrity.outbox.mailing import mail_owed
from integrity.people import open_forms
from integrity.refusals import Refused
from moderation.models import Job, Report
from moderation.services import opening, reviewing
from tests.factories import make_election, make_item, make_job
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db

URL = "/guidance/help/"


def send(client=None, *, lang="nl", headers=None, **changes):
    row = {
        "opened": open_forms.stamp(),
        "kind": "takeover",
        "organisation": "Lokaal Belang Utrecht",
        "account": "@lokaalbelang",
        "where": "",
        "what": "Sinds vanochtend kunnen we niet meer inloggen.",
        "election": "",
        "email": "info@lokaalbelang.example",
        **changes,
    }
    return (client or Client()).post(f"{URL}?lang={lang}", row, headers=headers or {})


def test_the_form_is_open_to_all_without_a_cookie():
    client = Client(enforce_csrf_checks=True)

    page, answer = client.get(URL), send(client)

    assert page.status_code == 200
    assert answer.status_code == 303
    assert page.cookies == answer.cookies == {}
    assert page["Cache-Control"].startswith("public")


@pytest.mark.parametrize("kind", list(WITHIN))
def test_each_kind_has_its_due_time(kind):
    send(kind=kind)

    call = HelpRequest.objects.get()
    assert call.due_at - call.received_at == WITHIN[kind]


def test_the_sender_is_told_what_happens_with_a_number(election_lead):
    answer = send()
    call = HelpRequest.objects.get()
    mail_owed(clock=timezone.now)

    page = Client().get(answer["Location"])
    assert str(call.public_id) in page.content.decode()
    assert "Een mens heeft gekeken vóór" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert str(call.public_id) in mail.outbox[0].body


def test_about_a_known_item_a_job_opens_in_its_own_queue_with_that_due_time():
    election = make_election()
    item = make_item(election=election.slug)

    send(kind="impersonation", where=f"https://platform.example/v/{item.external_id}")

    call, job = HelpRequest.objects.get(), Job.objects.get()
    assert (call.job, call.actor) == (job, item.actor)
    assert (job.queue.slug, job.due_at) == ("priority-help", call.due_at)
    assert Report.objects.get().reason == "priority_help"
    # What is found out later moves it nowhere else.
    opening.open_or_update_job(item=item, at=timezone.now())
    job.refresh_from_db()
    assert (job.queue.slug, job.due_at) == ("priority-help", call.due_at)


def test_a_job_that_waits_already_comes_first_and_one_in_hand_stays_there(moderator):
    make_election()
    waiting, taken = make_job(election="nl-gr2026"), make_job(election="nl-gr2026")
    reviewing.take_job(job=taken, by=moderator, at=timezone.now())

    send(where=waiting.item.external_id)
    send(where=taken.item.external_id)

    waiting.refresh_from_db()
    taken.refresh_from_db()
    assert waiting.queue.slug == "priority-help"
    assert (taken.queue.slug, taken.taken_by) == ("voting-procedure", moderator)
    assert waiting.due_at and taken.due_at


def test_the_account_is_found_by_its_handle_where_only_one_has_it():
    item = make_item()
    item.actor.handle = "@lokaalbelang"
    item.actor.save()

    send(account="lokaalbelang")

    assert HelpRequest.objects.get().actor == item.actor


@pytest.mark.parametrize(
    "changes",
    [{"kind": "x"}, {"email": "geen"}, {"what": ""}, {"what": "x" * 4001}, {"opened": "x"},
     {"account": ""}, {"election": "nl-ep1800"}],
)  # fmt: skip
def test_what_is_missing_or_too_much_is_said(changes):
    assert send(**changes).status_code == 422
    assert not HelpRequest.objects.exists()


def test_another_site_cannot_send_it_and_nobody_sends_many():
    assert send(headers={"origin": "https://kwaad.example"}).status_code == 422

    assert [send().status_code for _ in range(7)] == [303] * 6 + [422]


def test_a_person_takes_and_answers_it_in_words(senior, policy_lead):
    answer = send()
    call = HelpRequest.objects.get()
    client = client_of(senior)

    assert "Lokaal Belang" in client.get(reverse("party_desk")).content.decode()
    early = client.post(reverse("answer_help", args=[call.public_id]), {"answer": "Ja."})
    client.post(reverse("take_help", args=[call.public_id]))
    empty = client.post(reverse("answer_help", args=[call.public_id]), {"answer": ""})
    client.post(reverse("answer_help", args=[call.public_id]), {"answer": "Het is weer van u."})
    mail_owed(clock=timezone.now)

    call.refresh_from_db()
    assert (early.status_code, empty.status_code) == (409, 422)
    assert (call.state, call.answered_by) == ("answered", senior)
    assert "Het is weer van u." in mail.outbox[-1].body
    assert (
        "Een mens heeft je per mail geantwoord."
        in Client().get(answer["Location"]).content.decode()
    )
    with pytest.raises(Refused):
        helping.take_help(call=call, by=policy_lead, at=timezone.now())
    verbs = set(AuditEvent.objects.filter(subject_type="help").values_list("verb", flat=True))
    assert verbs == {"help.asked", "help.taken", "help.answered"}


def test_a_colleague_may_take_it_over(senior, policy_lead):
    send()
    call = HelpRequest.objects.get()
    helping.take_help(call=call, by=senior, at=timezone.now())

    helping.take_help(call=call, by=policy_lead, at=timezone.now())

    call.refresh_from_db()
    assert call.taken_by == policy_lead
    with pytest.raises(Refused):
        helping.answer_help(call=call, answer="Nee.", by=senior, at=timezone.now())


def test_what_they_wrote_is_shown_as_words_and_nothing_else(senior):
    send(what="<script>alert(1)</script>", where="javascript:alert(1)")
    call = HelpRequest.objects.get()

    html = client_of(senior).get(reverse("help_call", args=[call.public_id])).content.decode()

    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_the_address_goes_half_a_year_after_the_answer(senior):
    send()
    call = HelpRequest.objects.get()
    now = timezone.now()
    helping.take_help(call=call, by=senior, at=now)
    helping.answer_help(call=call, answer="Klaar.", by=senior, at=now)

    tending.tend(at=now + timedelta(days=180))
    assert HelpRequest.objects.get().email
    tending.tend(at=now + timedelta(days=184))

    assert HelpRequest.objects.get().email == ""


def test_a_number_that_nobody_got_is_not_found():
    assert Client().get(f"{URL}00000000-0000-4000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "taken"}, "help_taken_by_somebody"),
        ({"answer": "Ja."}, "help_answered_in_words"),
        ({"due_at": timezone.now() - timedelta(days=400)}, "help_due_after_receipt"),
    ],
)
def test_the_database_refuses_what_cannot_be(changes, constraint):
    send()

    with pytest.raises(IntegrityError, match=constraint):
        HelpRequest.objects.update(**changes)
