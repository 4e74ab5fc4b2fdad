"""New weights: brought in, read along in the shadow, compared, switched on, gone back from."""

import io
import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from elections import weighing
from integrity.audit.models import AuditEvent
from integrity.classifiers.voting_procedure import chosen, gist, learned
from integrity.classifiers.voting_procedure.claims import model as claims
from integrity.classifiers.voting_procedure.encoder import model as encoder
from integrity.refusals import Refused
from moderation.choices import Action
from moderation.models import Job, ScreeningModel, ShadowFinding, Signal
from moderation.models.screening import ModelState
from moderation.presenting import versions as presenting
from moderation.proportions import Share
from moderation.queries import versions as queries
from moderation.services import assessing, carrying_out, shadowing, versions, weights
from tests.factories import NOW, decide, make_election, make_item
from tests.moderation.desk_client import client_of
from tests.moderation.test_assess_items import HOLIDAY, RIGHT_DAY, WRONG_DAY, Clock
from tests.signing_in import step_up

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def shipped() -> dict[str, np.ndarray]:
    with np.load(learned.WEIGHTS) as stored:
        return {name: stored[name] for name in stored.files}


def packed(arrays) -> bytes:
    into = io.BytesIO()
    np.savez_compressed(into, **arrays)
    return into.getvalue()


def blind() -> bytes:
    """Weights with which nothing passes the gate."""
    meta = json.loads(bytes(shipped()["meta"]).decode()) | {"gate_bias": -1000.0}
    return packed(shipped() | {"meta": np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)})


def other() -> bytes:
    """Weights that differ from the shipped ones in no verdict, only in their bytes."""
    return packed(shipped())


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def election():
    return make_election()


def bring(by, data=None, *, note="Ziet meer schrijfwijzen", at=NOW) -> ScreeningModel:
    files = {chosen.HEADS: other() if data is None else data}
    return versions.bring_in(files=files, note=note, by=by, at=at)


def shadowed(by, data=None) -> ScreeningModel:
    return versions.put_in_shadow(model=bring(by, data), by=by, at=NOW)


def read(*rows, at=NOW):
    for name, text in rows:
        make_item(name, text=text, at=at)
    return assessing.assess_owed(now=Clock(at))


def versions_used():
    return set(Signal.objects.filter(superseded_at=None).values_list("model_version", flat=True))


# --- bringing in ---------------------------------------------------------------------------


def test_weights_are_kept_under_their_hash_and_read_nothing_yet(policy_lead, election):
    model = bring(policy_lead)
    read(("post-1", WRONG_DAY))

    assert model.version == f"weights-{model.sha256[:12]}"
    assert model.state == ModelState.READY
    assert not ShadowFinding.objects.exists()
    event = AuditEvent.objects.get(verb="screening_model.brought_in")
    assert event.data["sha256"] == model.sha256


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"heads.npz": b""},
        {"heads.npz": b"no weights"},
        {"../heads.npz": b""},
        {"heads.npz": packed({"meta": np.frombuffer(b'{"format": 999}', dtype=np.uint8)})},
        {"heads.npz": packed({"meta": np.array([object()], dtype=object)})},
        {"claims.npz": b"PK\x03\x04"},
        {"weighing.json": b"[]"},
        {"weighing.json": b'{"rows": [[1]], "bias": [0]}'},
        {"encoder.onnx": b"no graph"},
        {"encoder.onnx": b"no graph", "vocabulary.json": b"{}", "gist.npz": b"PK"},
    ],
)
def test_what_is_no_weights_is_refused(files, policy_lead):
    with pytest.raises(Refused):
        versions.bring_in(files=files, note="Nieuw", by=policy_lead, at=NOW)
    assert not ScreeningModel.objects.exists()


def test_weights_that_give_no_probabilities_are_refused(policy_lead):
    with pytest.raises(Refused):
        bring(policy_lead, packed(shipped() | {"head_bias": shipped()["head_bias"] * np.nan}))


def test_a_file_that_unpacks_to_more_than_it_may_is_refused(policy_lead):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("meta.npy", b"\0" * (versions.UNPACKED_AT_MOST + 1))

    with pytest.raises(Refused, match=r"te groot|too large"):
        bring(policy_lead, into.getvalue())


def test_a_version_may_bring_every_part(policy_lead, election_lead, election):
    parts = {
        chosen.HEADS: learned.WEIGHTS,
        chosen.GIST: gist.WEIGHTS,
        chosen.CLAIMS: claims.WEIGHTS,
        chosen.ENCODER: encoder.FOLDER / encoder.WEIGHTS,
        chosen.VOCABULARY: encoder.FOLDER / encoder.TABLE,
        chosen.WEIGHING: weighing.WEIGHTS,
    }
    files = {name: path.read_bytes() for name, path in parts.items()}
    assert set(files) == set(chosen.FILES)
    model = versions.bring_in(files=files, note="Alles", by=policy_lead, at=NOW)
    versions.put_in_shadow(model=model, by=policy_lead, at=NOW)
    read(("wrong", WRONG_DAY), ("right", RIGHT_DAY))

    folder = weights.folder_of(model)
    with chosen.weights_in(folder):
        assert encoder.load() is not None and gist.load() is not None
        assert encoder.load() is not encoder._load(encoder.FOLDER)
    assert queries.compare(model).differ == 0


def test_the_same_weights_are_kept_once(policy_lead):
    data = other()
    bring(policy_lead, data)

    with pytest.raises(Refused):
        bring(policy_lead, data)


@pytest.mark.parametrize("person", ["moderator", "senior", "auditor"])
def test_who_does_not_write_the_screening_brings_nothing_in(person, request):
    with pytest.raises(Refused):
        bring(request.getfixturevalue(person))


# --- the shadow ----------------------------------------------------------------------------


def test_the_shadow_reads_along_and_changes_nothing(policy_lead, election):
    model = shadowed(policy_lead, blind())

    read(("wrong", WRONG_DAY), ("right", RIGHT_DAY), ("holiday", HOLIDAY))

    assert Job.objects.get().item.external_id == "wrong"
    found = {
        row.item_version.item.external_id: (row.live_verdict, row.shadow_verdict)
        for row in ShadowFinding.objects.select_related("item_version__item")
    }
    assert found == {
        "wrong": ("contradicts", "not_procedural"),
        "right": ("consistent", "not_procedural"),
    }
    model.refresh_from_db()
    assert model.both_silent == 1
    comparison = queries.compare(model)
    assert (comparison.texts, comparison.differ) == (3, 2)


def test_a_shadow_that_breaks_costs_the_live_version_nothing(policy_lead, election, monkeypatch):
    shadowed(policy_lead)

    def breaks(*_args, **_named):
        raise MemoryError

    monkeypatch.setattr(shadowing, "_keep", breaks)

    assert read(("wrong", WRONG_DAY)) == 1
    assert Job.objects.count() == 1


def test_weights_damaged_in_the_database_are_not_used(policy_lead, election):
    model = shadowed(policy_lead, blind())
    model.files.update(data=b"something else")

    assert weights.folder_of(model) is None
    assert read(("wrong", WRONG_DAY)) == 1
    assert Job.objects.count() == 1


def test_a_machine_without_a_copy_makes_one(policy_lead, settings, tmp_path):
    model = bring(policy_lead)
    first = weights.folder_of(model)
    shutil.rmtree(first)

    again = weights.folder_of(model)

    assert {path.name for path in Path(again).iterdir()} == {"heads.npz", "heads.sha256", "whole"}
    with chosen.weights_in(again):
        assert learned.load() is not learned.load_file(learned.WEIGHTS)
    assert learned.load() is learned.load_file(learned.WEIGHTS)


def test_only_one_reads_along(policy_lead, election_lead):
    first = shadowed(policy_lead)
    second = shadowed(policy_lead, blind())

    first.refresh_from_db()
    assert (first.state, second.state) == (ModelState.RETIRED, ModelState.SHADOW)
    with pytest.raises(IntegrityError, match="one_live_one_shadow"), transaction.atomic():
        ScreeningModel.objects.filter(pk=first.pk).update(state=ModelState.SHADOW)


def test_both_are_measured_on_what_people_decided_since(policy_lead, moderator, election):
    model = shadowed(policy_lead, blind())
    read(("wrong", WRONG_DAY))
    decide(Job.objects.get(), by=moderator, action=Action.REMOVE)
    carrying_out.carry_out_due(at=NOW + timedelta(seconds=31))

    live, this = presenting.sides(queries.compare(model), threshold=0.5)

    assert (live.precision, live.recall) == (Share(1, 1), Share(1, 1))
    assert (this.precision, this.recall) == (Share(0, 0), Share(0, 1))


# --- switching on and going back -----------------------------------------------------------


def test_promoted_it_reads_and_rolled_back_the_shipped_weights_read_again(
    policy_lead, election_lead, election
):
    model = shadowed(policy_lead, blind())
    read(("before", WRONG_DAY))
    versions.deploy(model=model, by=election_lead, at=LATER)
    read(("during", WRONG_DAY), at=LATER)
    assert set(Job.objects.values_list("item__external_id", flat=True)) == {"before"}

    versions.retire(model=model, by=election_lead, at=LATER)
    read(("after", WRONG_DAY), at=LATER)

    assert set(Job.objects.values_list("item__external_id", flat=True)) == {"before", "after"}
    assert len(versions_used()) == 1


def test_what_was_found_names_the_weights_that_found_it(policy_lead, election_lead, election):
    read(("before", WRONG_DAY))
    model = shadowed(policy_lead)
    versions.deploy(model=model, by=election_lead, at=LATER)
    read(("after", WRONG_DAY), at=LATER)

    assert len(versions_used()) == 2


def test_who_brought_it_in_does_not_switch_it_on(policy_lead, election_lead):
    model = shadowed(policy_lead)

    with pytest.raises(Refused):
        versions.deploy(model=model, by=policy_lead, at=LATER)
    versions.deploy(model=model, by=election_lead, at=LATER)
    with pytest.raises(IntegrityError, match="author_does_not_deploy"), transaction.atomic():
        ScreeningModel.objects.filter(pk=model.pk).update(deployed_by=policy_lead)


def test_what_never_read_along_is_not_switched_on_but_what_was_live_comes_back(
    policy_lead, election_lead
):
    fresh = bring(policy_lead)
    with pytest.raises(Refused):
        versions.deploy(model=fresh, by=election_lead, at=LATER)

    first = versions.put_in_shadow(model=fresh, by=election_lead, at=NOW)
    versions.deploy(model=first, by=election_lead, at=NOW)
    second = shadowed(policy_lead, blind())
    versions.deploy(model=second, by=election_lead, at=LATER)
    first.refresh_from_db()
    assert first.state == ModelState.RETIRED

    versions.deploy(model=first, by=election_lead, at=LATER)

    second.refresh_from_db()
    assert second.state == ModelState.RETIRED
    assert ScreeningModel.objects.get(state=ModelState.LIVE) == first


# --- the pages -----------------------------------------------------------------------------


def test_a_policy_lead_brings_in_and_an_election_lead_promotes_on_screen(
    policy_lead, election_lead, election
):
    writer, lead = client_of(policy_lead), client_of(election_lead)
    step_up(writer)
    step_up(lead)
    upload = SimpleUploadedFile("heads.npz", blind(), "application/octet-stream")
    writer.post(reverse("new_screening_version"), {"weights": [upload], "note": "Ziet meer"})
    model = ScreeningModel.objects.get()
    writer.post(reverse("shadow_screening_version", args=[model.public_id]))
    read(("wrong", WRONG_DAY))

    page = lead.get(reverse("screening_version", args=[model.public_id]))
    assert page.context["comparison"].differ == 1
    assert "wrong" in page.content.decode()
    lead.post(reverse("deploy_screening_version", args=[model.public_id]))
    model.refresh_from_db()
    assert model.state == ModelState.LIVE
    assert "Ziet meer" in lead.get(reverse("screening_versions")).content.decode()
    lead.post(reverse("retire_screening_version", args=[model.public_id]))
    model.refresh_from_db()
    assert model.state == ModelState.RETIRED


def test_an_upload_without_a_note_or_a_file_is_sent_back(policy_lead):
    client = client_of(policy_lead)
    step_up(client)

    assert client.post(reverse("new_screening_version"), {"note": ""}).status_code == 422
    assert client.post(reverse("new_screening_version"), {"note": "Nieuw"}).status_code == 422
    wrong = SimpleUploadedFile("passwd", b"root", "application/octet-stream")
    sent = {"weights": [wrong], "note": "Nieuw"}
    assert client.post(reverse("new_screening_version"), sent).status_code == 409
