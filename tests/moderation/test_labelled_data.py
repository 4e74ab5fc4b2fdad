"""What people decided, as labelled data: by consent alone, on record, and never trained by itself."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from moderation.choices import Action
from moderation.models import DataConsent, Item, Queue
from moderation.services import carrying_out, exporting, opening
from tests.factories import NOW, decide, make_election, make_item, make_signal
from tests.moderation.desk_client import client_of
from tests.signing_in import step_up

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHY = "Afgesproken met de verkiezingsleiding"


@pytest.fixture
def election():
    return make_election()


@pytest.fixture
def decided(election, moderator):
    """One post that people found wrong and one that they did not."""
    for name, action in (("wrong", Action.REMOVE), ("right", Action.NO_ACTION)):
        item = make_item(name, election=election.slug)
        make_signal(item)
        opening.open_or_update_job(item=item, at=NOW)
        decide(item.jobs.open().get(), by=moderator, action=action)
    carrying_out.carry_out_due(at=NOW + timedelta(seconds=31))
    return election


def consent(election, by, *, queue=None, evaluate=True, train=False, reason=WHY, at=LATER):
    return exporting.set_consent(
        election=election,
        queue=queue,
        may_evaluate=evaluate,
        may_train=train,
        reason=reason,
        by=by,
        at=at,
    )


def taken(by, purpose="evaluate"):
    return [json.loads(line) for line in exporting.export(purpose=purpose, by=by, at=LATER)]


def test_without_consent_nothing_leaves_the_house(decided, election_lead):
    assert taken(election_lead) == []
    assert taken(election_lead, "train") == []


def test_consent_to_measure_is_no_consent_to_train(decided, election_lead):
    consent(decided, election_lead)

    rows = taken(election_lead)
    assert {row["label"] for row in rows} == {"wrong", "not_wrong"}
    assert all(row["consent"] == {"evaluate": True, "train": False} for row in rows)
    assert taken(election_lead, "train") == []


def test_a_row_holds_words_label_and_finding_and_nobody(decided, election_lead, moderator):
    consent(decided, election_lead, train=True)

    (row,) = [row for row in taken(election_lead, "train") if row["label"] == "wrong"]
    item = Item.objects.get(external_id="wrong")
    assert row["texts"]["text"] == item.versions.get().text
    assert (row["found"]["verdict"], row["found"]["topic"]) == ("contradicts", "date")
    assert (row["election"], row["action"]) == ("nl-gr2026", "remove")
    told = json.dumps(row)
    for person in (item.actor.external_id, item.actor.handle, moderator.alias, "wrong-reporter"):
        assert person not in told
    assert item.external_id not in row["id"]


def test_a_queue_may_say_otherwise_than_its_election(decided, election_lead):
    consent(decided, election_lead, train=True)
    queue = Queue.objects.get(slug="voting-procedure")
    consent(decided, election_lead, queue=queue, evaluate=False)

    assert taken(election_lead) == []


def test_consent_is_taken_back(decided, election_lead):
    consent(decided, election_lead, train=True)
    consent(decided, election_lead, evaluate=False)

    assert taken(election_lead) == []
    assert DataConsent.objects.count() == 2


def test_what_its_poster_deleted_is_left_out(decided, election_lead):
    consent(decided, election_lead)
    Item.objects.filter(external_id="wrong").update(deleted_at=LATER)

    assert [row["label"] for row in taken(election_lead)] == ["not_wrong"]


def test_other_elections_are_left_out(decided, election_lead):
    consent(make_election("nl-ws2027", first_day="2027-03-17"), election_lead)

    assert taken(election_lead) == []


def test_who_took_what_is_on_record(decided, election_lead):
    consent(decided, election_lead)
    taken(election_lead)

    event = AuditEvent.objects.get(verb="labelled_data.exported")
    assert (event.actor_id, event.data) == (str(election_lead.public_id), {"rows": 2})
    assert AuditEvent.objects.filter(verb="data_consent.set").exists()


@pytest.mark.parametrize("person", ["moderator", "senior", "auditor"])
def test_others_neither_consent_nor_take(person, election, request):
    by = request.getfixturevalue(person)

    with pytest.raises(Refused):
        consent(election, by)
    with pytest.raises(Refused):
        taken(by)


def test_a_purpose_that_does_not_exist_and_a_consent_without_a_reason(election, election_lead):
    with pytest.raises(Refused):
        taken(election_lead, "sell")
    with pytest.raises(Refused):
        consent(election, election_lead, reason=" ")


def test_the_database_keeps_one_consent_in_force(election):
    given = {"election": election, "reason": "x", "set_at": NOW}
    DataConsent.objects.create(**given)

    with pytest.raises(IntegrityError, match="one_in_force"), transaction.atomic():
        DataConsent.objects.create(**given)


def test_a_lead_consents_and_takes_it_out_on_screen(decided, election_lead):
    client = client_of(election_lead)
    step_up(client)
    where = reverse("labelled_data")
    client.post(where, {"election": decided.slug, "may_evaluate": "on", "reason": WHY})

    assert WHY in client.get(where).content.decode()
    answer = client.post(reverse("export_labelled"), {"purpose": "evaluate"})

    assert "labelled-evaluate.jsonl" in answer["Content-Disposition"]
    assert len(answer.content.splitlines()) == 2
    assert client.post(reverse("export_labelled"), {"purpose": "x\r\ny"}).status_code == 409
    assert client.post(where, {"election": "nl-xx", "reason": ""}).status_code == 422
