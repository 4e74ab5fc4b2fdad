"""Anybody reports something about voting: no account, no cookie, and it reaches people."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factcheck.choices import ClaimState
from factcheck.models import Claim
from integrity.audit.models import AuditEvent
from integrity.outbox.mailing import mail_owed
from integrity.outbox.models import Notification
from integrity.people import open_forms
from integrity.people.models import CallCount
from moderation.choices import Action
from moderation.models import Job, Report, ReporterContact
from moderation.services import carrying_out, public_reports
from moderation.services.public_reports import KEPT_AFTER_ANSWER, find_item
from tests.factories import decide, make_election, make_item, make_job

pytestmark = pytest.mark.django_db

URL = "/nl-gr2026/report/"


@pytest.fixture
def election():
    return make_election()


@pytest.fixture
def item(election):
    return make_item(election=election.slug)


def filled(**changes):
    return {
        "opened": open_forms.stamp(),
        "where": "",
        "says": "Je moet twee rondjes kleuren.",
        "reason": "voting",
        "why": "",
        "email": "",
        **changes,
    }


def send(client=None, *, lang="en", headers=None, **changes):
    client = client or Client()
    return client.post(f"{URL}?lang={lang}", filled(**changes), headers=headers or {})


def test_the_form_is_open_to_all_without_a_cookie(election):
    client = Client(enforce_csrf_checks=True)

    page = client.get(URL)
    answer = send(client)

    assert page.status_code == 200
    assert page.cookies == answer.cookies == {}
    assert answer.status_code == 303
    assert page["Cache-Control"].startswith("public")
    assert "csrf" not in page.content.decode().lower()


@pytest.mark.parametrize(
    "where",
    [
        "{id}",
        "https://platform.example/v/{id}",
        "https://platform.example/v/{id}/?share=1",
        "https://platform.example/watch?v={id}&t=3",
    ],
)
def test_an_item_is_found_by_its_id_and_by_its_address(item, where):
    assert find_item(where.format(id=item.external_id)) == item


@pytest.mark.parametrize(
    "where", ["", "https://[", "x" * 5000, "\x00", "https://elders.example/v/1"]
)
def test_what_names_no_item_finds_none(item, where):
    assert find_item(where) is None


def test_a_report_about_an_item_opens_a_job_like_any_other(item):
    send(where=f"https://platform.example/v/{item.external_id}", why="Het is er één.")

    report = Report.objects.get()
    assert (report.item, report.source, report.reason) == (item, "user", "voting")
    assert report.text == "Je moet twee rondjes kleuren.\n\nHet is er één."
    assert Job.objects.open().filter(item=item).exists()


def test_the_same_report_twice_is_one(item):
    send(where=item.external_id)
    send(where=item.external_id)

    assert Report.objects.count() == 1


def test_what_is_not_known_here_becomes_a_claim_to_weigh(election):
    answer = send(where="https://elders.example/v/9", why="Gezien op een flat.")

    claim = Claim.objects.get()
    assert (claim.state, claim.election, claim.topic) == ("proposed", election, "procedure")
    assert "https://elders.example/v/9" in claim.proposal
    assert answer["Location"] == f"/nl-gr2026/report/{claim.public_id}/?lang=en"
    assert AuditEvent.objects.get(verb="claim.proposed").actor_type == "visitor"


def test_without_a_known_link_the_sentence_is_asked_for(election):
    answer = send(where="https://elders.example/v/9", says="")

    assert answer.status_code == 422
    assert "Write in one sentence what it says." in answer.content.decode()
    assert not Claim.objects.exists()


def test_the_form_says_what_is_missing_beside_the_field(election):
    html = send(reason="", email="geen adres").content.decode()

    assert re.search(r'role="alert"', html)
    assert 'href="#id_email"' in html


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://kwaad.example"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "null"}, False),
    ],
)
def test_another_site_cannot_send_it_for_a_visitor(election, headers, allowed):
    answer = send(headers=headers)

    assert answer.status_code == (303 if allowed else 422)
    assert Claim.objects.exists() is allowed


@pytest.mark.parametrize("opened", ["", "x", "a:b:c"])
def test_a_form_that_was_never_opened_here_is_refused(election, opened):
    assert send(opened=opened).status_code == 422
    assert not Claim.objects.exists()


def test_a_form_that_lay_open_too_long_is_asked_again(election, monkeypatch):
    old = open_forms.stamp()
    monkeypatch.setattr(open_forms, "_OLDEST", -1)

    answer = send(opened=old)

    assert "opened a long time ago" in answer.content.decode()


def test_nobody_sends_more_than_a_few_an_hour(election):
    answers = [send(says=f"Zin nummer {n}.").status_code for n in range(8)]

    assert answers == [303] * 6 + [422] * 2
    assert "127.0.0.1" not in " ".join(CallCount.objects.values_list("bucket", flat=True))


def test_who_leaves_an_address_hears_that_it_came_in_and_what_came_of_it(item, moderator):
    send(where=item.external_id, email="kiezer@post.example", lang="nl")
    report = Report.objects.get()

    decision = decide(make_job(item), by=moderator, action=Action.NO_ACTION)
    carrying_out.carry_out(decision=decision, at=timezone.now())
    mail_owed(clock=timezone.now)

    assert [m.to for m in mail.outbox] == [["kiezer@post.example"]] * 2
    assert str(report.public_id) in mail.outbox[0].body
    assert "Een mens heeft beslist" in mail.outbox[1].body
    assert "kiezer@post.example" not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_nobody_is_flooded_with_mail_by_others(election):
    for n in range(6):
        send(says=f"Zin nummer {n}.", email="Ander@Post.example")

    assert Notification.objects.filter(role="received").count() == 2


def test_addresses_are_erased_when_they_are_no_longer_needed(item):
    send(where=item.external_id, email="kiezer@post.example")
    at = timezone.now()
    Report.objects.update(answered_at=at)
    mail_owed(clock=lambda: at)

    public_reports.forget_contacts(at=at + KEPT_AFTER_ANSWER)
    assert ReporterContact.objects.exists()
    public_reports.forget_contacts(at=at + KEPT_AFTER_ANSWER + timedelta(days=1))

    assert not ReporterContact.objects.exists()
    assert set(Notification.objects.values_list("recipient_id", flat=True)) == {"forgotten"}


def test_the_number_says_how_far_it_is(item):
    answer = send(where=item.external_id)
    page = Client().get(answer["Location"])
    Report.objects.update(answered_at=timezone.now())

    later = Client().get(answer["Location"]).content.decode()

    assert "We have your report" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "A person has looked at it and decided." in later


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ClaimState.PROPOSED, "decide whether fact-checkers"),
        (ClaimState.OPEN, "Fact-checkers look at it."),
        (ClaimState.DISMISSED, "It will not be checked"),
    ],
)
def test_the_number_of_a_claim_says_how_far_it_is(election, state, words):
    answer = send()
    Claim.objects.update(
        state=state, dismissal="Een mening." if state == ClaimState.DISMISSED else ""
    )

    assert words in Client().get(answer["Location"]).content.decode()


def test_a_number_that_nobody_got_is_not_found(election):
    address = reverse("report_received", args=["nl-gr2026", "00000000-0000-4000-8000-000000000000"])

    assert Client().get(address).status_code == 404
    assert Client().get("/nl-ep2029/report/").status_code == 404


def test_behind_a_proxy_the_senders_own_words_do_not_count(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    at = timezone.now()

    def sender(passed):
        request = rf.post(URL, headers={"x-forwarded-for": passed})
        return open_forms.sender_of(request, at=at)

    assert sender("1.1.1.1, 9.9.9.9") == sender("2.2.2.2, 9.9.9.9")
    assert sender("9.9.9.9") != sender("8.8.8.8")
