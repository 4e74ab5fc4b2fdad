"""Official accounts: proof kept sealed, a person who checks, an end, and a mark on the account."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guidance.models import AccountRequest, Proof
from guidance.proofs import BYTES_AT_MOST, Document
from guidance.services import accounts, tending
from integrity.audit.models import AuditEvent
from integrity.outbox.mailing import mail_owed
from integrity.people import open_forms
from integrity.refusals import Refused
from moderation.models import Actor
from tests.factories import make_item
from tests.moderation.desk_client import client_of
from tests.signing_in import sign_in, step_up

pytestmark = pytest.mark.django_db

URL = "/guidance/official-account/"
PDF = b"%PDF-1.7\nde officiele lijst"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(*files: bytes, name="lijst.pdf", **changes):
    names = ("proof", "proof_2", "proof_3")
    sent = {
        field: SimpleUploadedFile(name, content, content_type="application/pdf")
        for field, content in zip(names, files or (PDF,), strict=False)
    }
    row = {
        "opened": open_forms.stamp(),
        "kind": "party",
        "organisation": "Lokaal Belang Utrecht",
        "account": "@lokaalbelang",
        "website": "lokaalbelang.example",
        "election": "",
        "contact": "Noor de Wit",
        "email": "info@lokaalbelang.example",
        **sent,
        **changes,
    }
    return Client(enforce_csrf_checks=True).post(f"{URL}?lang=en", row)


@pytest.fixture
def asked():
    assert send().status_code == 303
    return AccountRequest.objects.get()


def approve(asked, by, *, account_id="account-7", days=200, at=None):
    at = at or timezone.now()
    ends_at = at + timedelta(days=days)
    return accounts.approve_account(
        request=asked, account_id=account_id, ends_at=ends_at, by=by, at=at
    )


def test_a_request_comes_in_with_proof_that_nobody_reads_on_the_disk(own_folder):
    answer = send(PDF, b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff....")

    kept = [path.read_bytes() for path in Path(own_folder).rglob("*") if path.is_file()]
    assert answer.status_code == 303
    assert answer.cookies == {}
    assert [p.content_type for p in Proof.objects.order_by("pk")] == [
        "application/pdf", "image/png", "image/jpeg",
    ]  # fmt: skip
    assert len(kept) == 3
    assert not any(b"officiele lijst" in content for content in kept)
    assert "A person has looked by" in Client().get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    "content", [b"MZ\x90 een programma", b"<svg onload=alert(1)>", b"PK\x03\x04", b" %PDF-1.7"]
)
def test_what_is_no_document_is_refused_whatever_its_name_says(content):
    answer = send(content)

    assert answer.status_code == 422
    assert "Send a PDF" in answer.content.decode()
    assert not AccountRequest.objects.exists()


def test_too_large_a_document_is_refused():
    assert send(PDF + b"x" * BYTES_AT_MOST).status_code == 422
    assert not Proof.objects.exists()


def test_too_large_a_form_is_not_even_read():
    client = Client()
    answer = client.post(URL, b"x", content_type="multipart/form-data; boundary=x",
                         headers={"content-length": str(10**9)})  # fmt: skip

    assert answer.status_code == 413


def test_without_proof_there_is_no_request():
    assert send(proof="").status_code == 422


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "document.pdf"), ("lijst.exe", "lijst.pdf"), ("<b>.pdf", "b.pdf"), ("", "document.pdf")],
)  # fmt: skip
def test_a_name_is_kept_without_what_could_harm(name, kept):
    assert Document(name, PDF).safe_name() == kept


def test_a_person_checks_it_and_the_account_gets_its_mark(asked, policy_lead):
    item = make_item()
    client = client_of(policy_lead)
    until = (timezone.localdate() + timedelta(days=100)).isoformat()

    assert (
        "Noor de Wit"
        in client.get(reverse("account_check", args=[asked.public_id])).content.decode()
    )
    answer = client.post(
        reverse("approve_account", args=[asked.public_id]),
        {"account_id": item.actor.external_id, "until": until},
    )
    mail_owed(clock=timezone.now)

    asked.refresh_from_db()
    item.actor.refresh_from_db()
    assert answer.status_code == 302
    assert (asked.state, asked.decided_by) == ("approved", policy_lead)
    assert item.actor.protection == "party"
    assert "official until" in mail.outbox[-1].body


def test_an_account_that_was_never_seen_is_written_down(asked, policy_lead):
    approve(asked, policy_lead, account_id="account-new")

    assert Actor.objects.get(external_id="account-new").protection == "party"


def test_a_request_is_declined_with_a_reason_that_they_read(asked, policy_lead):
    client = client_of(policy_lead)
    url = reverse("decline_account", args=[asked.public_id])

    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "De brief is niet ondertekend."})
    mail_owed(clock=timezone.now)

    asked.refresh_from_db()
    assert asked.state == "declined"
    assert "De brief is niet ondertekend." in mail.outbox[-1].body
    with pytest.raises(Refused):
        approve(asked, policy_lead)


def test_it_ends_by_itself_and_the_mark_goes(asked, policy_lead):
    now = timezone.now()
    approve(asked, policy_lead, days=10)

    tending.tend(at=now + timedelta(days=9))
    assert Actor.objects.get().protection == "party"
    tending.tend(at=now + timedelta(days=11))
    tending.tend(at=now + timedelta(days=12))

    asked.refresh_from_db()
    assert asked.state == "expired"
    assert Actor.objects.get().protection == ""


def test_it_is_ended_before_its_time_with_a_reason(asked, policy_lead):
    approve(asked, policy_lead)

    client_of(policy_lead).post(
        reverse("decline_account", args=[asked.public_id]), {"reason": "Account verkocht."}
    )

    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert Actor.objects.get().protection == ""


def test_a_mark_that_the_platform_gave_since_stays(asked, policy_lead):
    approve(asked, policy_lead)
    Actor.objects.update(protection="newsroom")

    accounts.withdraw_account(request=asked, reason="Anders.", by=policy_lead, at=timezone.now())

    assert Actor.objects.get().protection == "newsroom"


def test_two_requests_cannot_make_one_account_official(asked, policy_lead):
    approve(asked, policy_lead)
    send()
    other = AccountRequest.objects.latest("pk")

    with pytest.raises(Refused):
        approve(other, policy_lead)


@pytest.mark.parametrize("days", [-1, 3000])
def test_the_end_lies_ahead_and_not_too_far(asked, policy_lead, days):
    with pytest.raises(Refused):
        approve(asked, policy_lead, days=days)


def test_who_reads_a_document_shows_who_they_are_and_is_written_down(asked, policy_lead):
    proof = asked.proofs.get()
    url = reverse("read_proof", args=[proof.public_id])
    client = Client()
    sign_in(client, policy_lead)
    if "reauthenticate" in client.get(url).headers.get("Location", ""):
        step_up(client)

    answer = client.get(url)

    event = AuditEvent.objects.filter(verb="proof.read").latest("pk")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert event.data == {"proof": str(proof.public_id)}
    assert str(policy_lead.public_id) in str(event.actor_id)


def test_proof_is_erased_a_month_after_the_decision(asked, policy_lead, own_folder):
    now = timezone.now()
    approve(asked, policy_lead, at=now)

    tending.tend(at=now + timedelta(days=29))
    assert Proof.objects.get().stored
    tending.tend(at=now + timedelta(days=31))

    proof = Proof.objects.get()
    assert (proof.stored, proof.erased_at is None) == ("", False)
    assert not [path for path in Path(own_folder).rglob("*") if path.is_file()]
    with pytest.raises(Refused):
        accounts.read_proof(proof=proof, by=policy_lead, at=now)


def test_its_history_is_kept(asked, policy_lead):
    approve(asked, policy_lead)

    html = (
        client_of(policy_lead)
        .get(reverse("account_check", args=[asked.public_id]))
        .content.decode()
    )

    assert html.count("Waits for a person") + html.count("Wacht op een mens") == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "declined"}, "account_decided_has_moment"),
        ({"state": "approved", "decided_at": timezone.now()}, "account_official_until"),
        ({"state": "declined", "decided_at": timezone.now()}, "account_declined_with_reason"),
    ],
)
def test_the_database_refuses_what_cannot_be(asked, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        AccountRequest.objects.update(**changes)


def test_a_document_is_kept_or_erased(asked):
    with pytest.raises(IntegrityError, match="proof_kept_or_erased"):
        Proof.objects.update(stored="")
