"""Around a job: a partner is asked, a colleague named, a translation shown, what was read kept."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.urls import reverse
from django.utils import timezone

from factcheck.models import Assignment, Partner
from integrity.audit.models import AuditEvent
from moderation.choices import Action, JobState, UndoKind
from moderation.models import Decision
from moderation.services import reviewing
from tests.factories import decide, make_election, make_item, make_job, make_report
from tests.moderation.desk_client import client_of
from tests.signing_in import PASSWORD, step_up

pytestmark = pytest.mark.django_db
WORDS = "Goedemorgen. Let op: je kunt pas donderdag 19 maart stemmen! Zegt het voort."


@pytest.fixture
def job(moderator):
    """A job that the moderator has in hand."""
    make_election()
    job = make_job(make_item(election="nl-gr2026", text=WORDS))
    return reviewing.take_job(job=job, by=moderator, at=timezone.now())


@pytest.fixture
def partner(db):
    return Partner.objects.create(
        name="De Nationale Factcheck", website="https://factcheck.example/", languages=["nl"],
        contract_from=timezone.localdate() - timedelta(days=30), created_at=timezone.now(),
    )  # fmt: skip


def url(name: str, job) -> str:
    return reverse(name, args=[job.public_id])


ASK = {"sentence": "je kunt pas donderdag 19 maart stemmen", "question": "", "harm": "high"}


def test_a_partner_is_asked_from_the_job_and_the_job_stays(job, moderator, partner):
    client = client_of(moderator)

    response = client.post(url("ask_partner", job), ASK)
    page = client.get(url("job", job)).content.decode()

    assignment = Assignment.objects.get()
    exhibit = job.item.appearances.get()
    job.refresh_from_db()
    assert response["Location"] == url("job", job)
    assert (assignment.partner, assignment.harm) == (partner, "high")
    assert WORDS[exhibit.span_start : exhibit.span_end] == ASK["sentence"]
    assert (job.state, job.taken_by) == (JobState.TAKEN, moderator)
    assert "De Nationale Factcheck" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"sentence": ""}, 422),
        ({"harm": "doom"}, 422),
        ({"partner": "00000000-0000-4000-8000-000000000000"}, 422),
        ({"partner": "x"}, 422),
        ({"sentence": "a\x00b"}, 422),
    ],
)
def test_a_question_that_cannot_be_sent_survives(wrong, status, job, moderator, partner):
    response = client_of(moderator).post(
        url("ask_partner", job), {**ASK, "question": "Q?", **wrong}
    )

    assert response.status_code == status
    assert "Q?" in response.content.decode()
    assert not Assignment.objects.exists()


def test_without_a_partner_the_reason_is_said(job, moderator):
    response = client_of(moderator).post(url("ask_partner", job), ASK)

    assert response.status_code == 409
    assert ASK["sentence"] in response.content.decode()


def test_the_question_begins_with_the_sentence_that_is_judged(job, moderator, partner):
    from moderation.models import Proposition

    start = WORDS.index("donderdag")
    Proposition.objects.update(span_start=start, span_end=start + 18)

    page = client_of(moderator).get(url("job", job))

    assert page.context["sheet"].claim == "Let op: je kunt pas donderdag 19 maart stemmen!"


def test_a_waiting_job_is_given_to_a_colleague_and_to_anybody_again(senior, colleague, moderator):
    make_election()
    job = make_job()
    client = client_of(senior)

    client.post(url("assign_job", job), {"to": str(colleague.public_id)})
    job.refresh_from_db()
    assert job.assigned_to == colleague
    assert client_of(moderator).post(url("take_job", job)).status_code == 409

    client.post(url("assign_job", job), {"to": ""})
    job.refresh_from_db()
    assert job.assigned_to is None


def test_a_job_is_not_given_to_somebody_who_may_not_take_it(senior, auditor):
    make_election()
    job = make_job()

    response = client_of(senior).post(url("assign_job", job), {"to": str(auditor.public_id)})

    job.refresh_from_db()
    assert response.status_code == 409
    assert job.assigned_to is None


def test_disagreeing_is_an_outcome_of_its_own_and_goes_to_a_senior(job, moderator, senior):
    held = decide(job, by=moderator, action=Action.SUSPEND, at=timezone.now())
    client = client_of(senior)
    address = reverse("disagree_with_decision", args=[held.public_id])

    silent = client.post(address, {"reason": ""})
    client.post(address, {"reason": "Een mening, geen overtreding"})

    job.refresh_from_db()
    assert silent.status_code == 422
    assert held.undo.kind == UndoKind.DISAGREED
    assert (job.queue.slug, job.state) == ("second-opinion", JobState.WAITING)
    assert client.post(url("take_job", job)).status_code == 409, "both know the job already"


# --- Step-up -----------------------------------------------


def decision(**fields) -> dict[str, str]:
    return {
        "action": "terminate",
        "policy": "voting-dates-and-places@1",
        "reasoning": "Steeds weer.",
        "seen_version": "1",
    } | fields


def test_closing_an_account_asks_who_you_are_and_then_does_what_was_sent(job, moderator):
    client = client_of(moderator)

    asked = client.post(url("decide_job", job), decision())
    assert "reauthenticate" in asked["Location"]
    assert not Decision.objects.exists()

    step_up(client, asked["Location"])
    assert Decision.objects.get().action == Action.TERMINATE, "what was sent is done at once"


def test_the_password_alone_closes_no_account(job, moderator):
    client = client_of(moderator)
    asked = client.post(url("decide_job", job), decision())

    tried = client.post(f"/accounts/reauthenticate/?next={url('job', job)}", {"password": PASSWORD})
    again = client.post(url("decide_job", job), decision())

    assert "/2fa/reauthenticate/" in asked["Location"]
    assert "/2fa/reauthenticate/" in tried["Location"]
    assert "reauthenticate" in again["Location"]
    assert not Decision.objects.exists()


def test_who_may_not_close_accounts_is_not_asked_who_they_are(job, auditor):
    response = client_of(auditor).post(url("decide_job", job), decision())

    assert response.status_code == 403


def test_another_action_does_not_ask(job, moderator):
    response = client_of(moderator).post(url("decide_job", job), decision(action="remove"))

    assert "reauthenticate" not in response["Location"]
    assert Decision.objects.exists()


def test_the_second_person_shows_who_they_are_too(job, moderator, senior):
    held = decide(job, by=moderator, action=Action.TERMINATE, at=timezone.now())
    client, address = client_of(senior), reverse("confirm_decision", args=[held.public_id])

    asked = client.post(address)
    assert "reauthenticate" in asked["Location"]
    held.refresh_from_db()
    assert held.carried_out_at is None
    step_up(client, asked["Location"])
    held.refresh_from_db()
    assert held.carried_out_at is not None


# --- Misuse and reports on the page -----------------------------------------------


def test_unfounded_reports_are_marked_with_the_decision(job, moderator):
    make_report(job.item, reporter="melder-1")
    client = client_of(moderator)
    page = client.get(url("job", job)).content.decode()

    client.post(url("decide_job", job), {"action": "no_action", "seen_version": "1",
                                         "unfounded": "yes"})  # fmt: skip

    assert 'name="unfounded"' in page
    assert Decision.objects.get().unfounded is True


def test_many_reports_are_a_page_away(job, moderator):
    for n in range(25):
        make_report(job.item, f"r-{n}", text=f"Melding {n}")
    client = client_of(moderator)

    page = client.get(url("job", job))
    reports = client.get(url("job_reports", job))

    assert len(page.context["sheet"].reports) == 20
    assert url("job_reports", job) in page.content.decode()
    assert len(reports.context["reports"]) == 25
    assert client.get(url("job_reports", job), {"after": "²"}).status_code == 200


def test_reading_a_job_is_recorded_once_an_hour(job, moderator, colleague):
    for person in (moderator, moderator, colleague):
        client_of(person).get(url("job", job))

    events = AuditEvent.objects.filter(verb="job.read", subject_id=str(job.public_id))
    assert {e.actor_id for e in events} == {str(moderator.public_id), str(colleague.public_id)}
    assert events.count() == 2


# --- Translation -----------------------------------------------


class Translator(BaseHTTPRequestHandler):
    answer = (200, {"translatedText": "You can only vote on Thursday <b>19</b> March"})
    seen: list[dict] = []

    def do_POST(self):
        self.seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, body = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def translator(settings, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Translator)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.TRANSLATE_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.TRANSLATE_KEY = "sleutel"
    monkeypatch.setattr(Translator, "seen", [])
    yield Translator
    server.shutdown()
    server.server_close()


def test_without_a_service_nothing_offers_a_translation(job, moderator):
    client = client_of(moderator)

    assert url("translate_item", job) not in client.get(url("job", job)).content.decode()
    assert client.post(url("translate_item", job)).status_code == 409


def test_a_translation_is_shown_beside_the_words_and_kept_nowhere(job, moderator, translator):
    client = client_of(moderator)
    offered = client.get(url("job", job)).content.decode()

    page = client.post(url("translate_item", job)).content.decode()
    part = client.post(url("translate_item", job), headers={"HX-Request": "true"})

    assert url("translate_item", job) in offered
    assert "&lt;b&gt;19&lt;/b&gt;" in page
    assert WORDS[:11] in page
    assert "<html" not in part.content.decode()
    assert translator.seen[0] == {
        "q": WORDS, "source": "nl", "target": "nl", "format": "text", "api_key": "sleutel",
    }  # fmt: skip
    assert AuditEvent.objects.filter(verb="item.translated").count() == 2


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (302, {}),
        (200, b"nonsense"),
        (200, {"text": "x"}),
        (200, {"translatedText": 7}),
        (200, [1]),
        (204, b""),
    ],
)
def test_a_service_that_does_not_answer_is_said_and_the_page_stays(
    answer, job, moderator, translator, monkeypatch
):
    monkeypatch.setattr(translator, "answer", answer)

    response = client_of(moderator).post(url("translate_item", job))

    assert response.status_code == 409
    assert WORDS[:11] in response.content.decode()
