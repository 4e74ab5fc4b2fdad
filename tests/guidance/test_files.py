"""Official files on the editors' screen: compared, shown, confirmed by a second person, taken over."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from elections.models import Candidate, PollingPlace
from guidance import tasks
from guidance.choices import FileKind
from guidance.models import OfficialFile
from guidance.services import taking_over
from guidance.services.taking_over import LEASE, FileIn
from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from tests.elections.test_import_eml import TWO_LISTS
from tests.elections.test_import_polling_places import row
from tests.factories import make_election
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db

STATIONS = json.dumps([row(), row(**{"Nummer stembureau": "13", "Latitude": "x"})]).encode()


@pytest.fixture
def election():
    return make_election()


def hand_in(client, content=STATIONS, *, kind="polling_places", name="stembureaus.json", **changes):
    return client.post(
        reverse("hand_in_file"),
        {
            "election": "nl-gr2026",
            "kind": kind,
            "file": SimpleUploadedFile(name, content),
            "source_name": "Gemeente Utrecht",
            **changes,
        },
    )


def shown(client, file, **how):
    return client.get(reverse("official_file", args=[file.public_id]), **how).content.decode()


def test_a_file_goes_its_whole_way_and_changes_nothing_before_it_is_confirmed(
    election, election_lead, second_lead
):
    first, second = client_of(election_lead), client_of(second_lead)
    assert hand_in(first).status_code == 302
    file = OfficialFile.objects.get()
    assert "hx-trigger" in shown(first, file)

    tasks.work_on_files()
    file.refresh_from_db()
    html = shown(second, file)
    assert file.state == "compared"
    assert "Buurthuis De Sluis" in html
    assert "row 2: latitude" in html
    assert not PollingPlace.objects.exists()

    second.post(reverse("confirm_file", args=[file.public_id]))
    tasks.work_on_files()
    file.refresh_from_db()
    assert (file.state, file.content) == ("taken_over", None)
    place = PollingPlace.objects.get(number=12)
    assert (place.source_name, place.source_row) == ("Gemeente Utrecht (stembureaus.json)", 1)
    verbs = AuditEvent.objects.filter(subject_type="official_file").values_list("verb", flat=True)
    assert set(verbs) == {f"official_file.{v}" for v in ("handed_in", "confirmed", "taken_over")}


def test_lists_of_candidates_go_in_the_same_way(election, election_lead, second_lead):
    hand_in(client_of(election_lead), TWO_LISTS, kind="eml", name="lijsten.eml.xml")
    tasks.work_on_files()
    file = OfficialFile.objects.get()
    assert not Candidate.objects.exists()

    taking_over.confirm_file(file=file, by=second_lead, at=timezone.now())
    tasks.work_on_files()

    assert Candidate.objects.filter(source_sha256=file.sha256).exists()


def test_the_same_file_twice_changes_nothing(election, election_lead, second_lead):
    for _ in range(2):
        hand_in(client_of(election_lead))
        tasks.work_on_files()
        file = OfficialFile.objects.latest("pk")
        taking_over.confirm_file(file=file, by=second_lead, at=timezone.now())
        tasks.work_on_files()

    file.refresh_from_db()
    assert file.report["counts"]["new"] == file.report["counts"]["changed"] == 0
    assert file.report["counts"]["same"] == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><EML>&a;</EML>", "eml"),
        (b"<EML", "eml"),
        (TWO_LISTS.replace(b"2026-03-18", b"2026-03-19"), "eml"),
        (b"\x00\x01\x02", "polling_places"),
        (b"PK\x03\x04 kapot", "polling_places"),
        (b"[]", "polling_places"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(election, election_lead, content, kind):
    client = client_of(election_lead)
    hand_in(client, content, kind=kind, name="bestand")

    tasks.work_on_files()

    file = OfficialFile.objects.get()
    assert (file.state, file.content) == ("refused", None)
    assert file.report["refused"][0]
    assert "Waarom het niet kan worden overgenomen" in shown(client, file)


def test_nobody_confirms_their_own_file(election, election_lead):
    client = client_of(election_lead)
    hand_in(client)
    tasks.work_on_files()
    file = OfficialFile.objects.get()

    assert client.post(reverse("confirm_file", args=[file.public_id])).status_code == 409
    assert "Je leverde dit zelf in" in shown(client, file)
    with pytest.raises(IntegrityError, match="official_file_taken_over_by_two"):
        OfficialFile.objects.update(confirmed_by=election_lead, confirmed_at=timezone.now())


def test_nothing_is_confirmed_before_it_is_compared(election, election_lead, second_lead):
    hand_in(client_of(election_lead))

    with pytest.raises(Refused):
        taking_over.confirm_file(file=OfficialFile.objects.get(), by=second_lead, at=timezone.now())


def test_what_changed_since_it_was_shown_is_shown_once_more(election, election_lead, second_lead):
    hand_in(client_of(election_lead))
    tasks.work_on_files()
    file = OfficialFile.objects.get()
    taking_over.confirm_file(file=file, by=second_lead, at=timezone.now())
    other = taking_over.hand_in(
        election=election,
        said=FileIn(FileKind.POLLING_PLACES, "b.json", json.dumps([row()]).encode(), "Utrecht"),
        by=election_lead,
        at=timezone.now() - timedelta(days=1),
    )
    tasks.work_on_files()
    taking_over.confirm_file(file=other, by=second_lead, at=timezone.now())
    tasks.work_on_files()
    # The first one was taken over before the other: now the same once more, out of turn.
    OfficialFile.objects.filter(pk=file.pk).update(
        state="taking_over", content=STATIONS, report={"counts": {}}
    )

    tasks.work_on_files()

    file.refresh_from_db()
    assert (file.state, file.confirmed_by) == ("compared", None)
    assert file.report["changed_meanwhile"]


def test_a_file_is_laid_aside(election, election_lead):
    client = client_of(election_lead)
    hand_in(client)
    tasks.work_on_files()
    file = OfficialFile.objects.get()

    client.post(reverse("lay_file_aside", args=[file.public_id]))

    file.refresh_from_db()
    assert (file.state, file.content) == ("aside", None)
    assert not PollingPlace.objects.exists()


def test_what_a_killed_worker_left_is_taken_up_again(election, election_lead):
    hand_in(client_of(election_lead))
    now = timezone.now()
    OfficialFile.objects.update(worked_at=now)

    assert taking_over.work_on_files(clock=lambda: now + LEASE / 2) == 0
    assert taking_over.work_on_files(clock=lambda: now + LEASE * 2) == 1


def test_while_work_goes_on_only_the_state_is_asked_for(election, election_lead):
    client = client_of(election_lead)
    hand_in(client)
    file = OfficialFile.objects.get()

    part = shown(client, file, headers={"HX-Request": "true"})

    assert part.strip().startswith('<div id="file-state"')
    assert "<html" not in part


@pytest.mark.parametrize(
    "changes", [{"election": "x"}, {"kind": "x"}, {"source_name": ""}, {"file": ""}]
)
def test_what_is_missing_is_said(election, election_lead, changes):
    assert hand_in(client_of(election_lead), **changes).status_code == 422
    assert not OfficialFile.objects.exists()
