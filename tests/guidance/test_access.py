"""Who reaches which address of the parties' desk: person × URL × allowed, none left out."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guidance import desk_urls, file_urls
from guidance.choices import FileKind
from guidance.models import AccountRequest, HelpRequest, OfficialFile, Proof
from guidance.proofs import Document
from guidance.services import accounts, helping, taking_over
from guidance.services.accounts import AccountIn
from guidance.services.helping import HelpIn
from guidance.services.taking_over import FileIn
from tests.factories import make_election
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db

SEE = {"senior", "policy_lead", "election_lead", "auditor"}
ANSWER = {"senior", "policy_lead", "election_lead"}
CHECK = {"policy_lead", "election_lead"}
TABLE = {
    "party_desk": ("get", SEE),
    "help_call": ("get", SEE),
    "take_help": ("post", ANSWER),
    "answer_help": ("post", ANSWER),
    "account_desk": ("get", CHECK),
    "account_check": ("get", CHECK),
    "approve_account": ("post", CHECK),
    "decline_account": ("post", CHECK),
    "read_proof": ("get", CHECK),
    "pages_with_fact": ("get", {"election_lead"}),
    "official_files": ("get", {"election_lead"}),
    "hand_in_file": ("get", {"election_lead"}),
    "official_file": ("get", {"election_lead"}),
    "confirm_file": ("post", {"election_lead"}),
    "lay_file_aside": ("post", {"election_lead"}),
}
FORMS = {"hand_in_file"}  # answers to both: the form and what it sends
PEOPLE = [
    "moderator", "senior", "policy_lead", "election_lead", "auditor", "partner_member", "author",
]  # fmt: skip


@pytest.fixture
def asked(settings, tmp_path, second_lead):
    """A call for help, a request with proof and an official file."""
    taking_over.hand_in(
        election=make_election(),
        said=FileIn(FileKind.EML, "lijst.eml.xml", b"<EML/>", "Gemeente Utrecht"),
        by=second_lead,
        at=timezone.now(),
    )
    settings.MEDIA_ROOT = tmp_path
    common = {"organisation": "Lokaal Belang", "account": "@lb", "email": "info@lb.example"}
    helping.ask_help(said=HelpIn(kind="takeover", what="Weg.", **common), at=timezone.now())
    accounts.ask_account(
        said=AccountIn(kind="party", contact="Noor", **common),
        documents=[Document("lijst.pdf", b"%PDF-1.7")],
        at=timezone.now(),
    )


def address(name: str) -> str:
    if name == "pages_with_fact":
        return reverse(name, args=["nl-gr2026", "voting_day"])
    if name in ("party_desk", "account_desk", "official_files", "hand_in_file"):
        return reverse(name)
    of = (
        OfficialFile
        if "file" in name
        else HelpRequest
        if "help" in name
        else Proof
        if name == "read_proof"
        else AccountRequest
    )
    return reverse(name, args=[of.objects.get().public_id])


def call(client: Client, name: str, method: str = "") -> int:
    with transaction.atomic():
        answer = getattr(client, method or TABLE[name][0])(address(name))
        transaction.set_rollback(True)
    return answer.status_code


def test_every_address_is_in_the_table():
    names = {p.name for p in (*desk_urls.urlpatterns, *file_urls.urlpatterns)}

    assert names == set(TABLE)


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_reaches_what_their_role_opens(person, asked, request):
    client = client_of(request.getfixturevalue(person))

    answers = {name: call(client, name) for name in TABLE}

    refused = {name for name, status in answers.items() if status == 403}
    assert refused == {name for name, (_, allowed) in TABLE.items() if person not in allowed}
    assert all(status < 500 for status in answers.values())


def test_a_stranger_is_sent_to_the_sign_in(asked):
    assert {call(Client(), name) for name in TABLE} == {302}


def test_an_address_answers_to_its_own_method_only(asked, policy_lead):
    client = client_of(policy_lead)
    for name, (method, _) in TABLE.items():
        if name in FORMS:
            continue
        assert call(client, name, "get" if method == "post" else "post") == 405, name


def test_a_form_of_another_site_is_refused(asked, policy_lead):
    client = client_of(policy_lead, enforce_csrf_checks=True)

    for name, (method, _) in TABLE.items():
        if method == "post":
            assert call(client, name) == 403, name
