"""New versions of the screening's weights: bring in, let run along, switch on, go back.

Whoever brings a version in does not switch it on, and what it changes can be seen before it does.
Nothing here trains anything: weights are made by the recipe (`make train`), outside the house.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from elections import weighing
from elections.fusing import Verdict
from integrity.audit import services as audit
from integrity.classifiers.voting_procedure import chosen, gist, learned, reading
from integrity.classifiers.voting_procedure.claims import model as claims
from integrity.classifiers.voting_procedure.encoder import model as encoder
from integrity.classifiers.voting_procedure.opinions import Opinion
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import Refusal, require
from moderation import screening_rules as rules
from moderation.models import ScreeningFile, ScreeningModel
from moderation.models.screening import ModelState
from moderation.services import weights

BYTES_AT_MOST = 40 * 1024 * 1024
# Compressed files may claim to be much larger than they are.
UNPACKED_AT_MOST = 200 * 1024 * 1024
TRIED_ON = ("Stemmen kan op woensdag 18 maart.", "You vote in person, at a polling station.", "")


@transaction.atomic
def bring_in(*, files: Mapping[str, bytes], note: str, by: User, at: datetime) -> ScreeningModel:
    """Keep a version of the weights, tried on a few texts; what cannot be used is refused."""
    require(rules.may_bring_in(by))
    require(rules.says_why(note))
    require(_unusable(files))
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    digest = hashlib.sha256("".join(f"{n}:{h}\n" for n, h in hashes.items()).encode()).hexdigest()
    if known := ScreeningModel.objects.filter(sha256=digest).first():
        sentence = _("These very weights are here already, as %(version)s.")
        require(Refusal(sentence % {"version": known.version}, code="known"))
    model = ScreeningModel.objects.create(
        version=f"weights-{digest[:12]}",
        sha256=digest,
        note=note.strip()[:300],
        authored_by=by,
        authored_at=at,
    )
    for name, data in files.items():
        ScreeningFile.objects.create(model=model, name=name, sha256=hashes[name], data=data)
    _record("screening_model.brought_in", model, by=by, at=at)
    return model


def _unusable(files: Mapping[str, bytes]) -> Refusal | None:
    """Say what is wrong with files of weights; whatever they hold, nothing of them is run."""
    if not files or set(files) - set(chosen.FILES):
        return Refusal(
            _("Send one or more of: %(names)s.") % {"names": ", ".join(chosen.FILES)}, code="files"
        )
    if set(files) & {chosen.ENCODER, chosen.VOCABULARY} and not set(files) >= chosen.TOGETHER:
        names = ", ".join(sorted(chosen.TOGETHER))
        return Refusal(_("These belong together: %(names)s.") % {"names": names}, code="files")
    for name, data in files.items():
        if len(data) > BYTES_AT_MOST or _unpacked(data) > UNPACKED_AT_MOST:
            return Refusal(_("%(name)s is too large.") % {"name": name}, code="size")
    try:
        _try_out(files)
    except Exception:  # whatever a hostile file makes numpy raise, it is refused
        return Refusal(
            _("These files are no weights that this version of the house can read."), code="files"
        )
    return None


def _unpacked(data: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        return 0


def _try_out(files: Mapping[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        weights.unpack(files, Path(folder))
        if chosen.ENCODER in files:
            encoder.read(Path(folder))
        with chosen.weights_in(Path(folder)):
            numbers = _numbers()
        if not np.isfinite(numbers).all():
            raise ValueError("the weights give no probabilities")


def _numbers() -> list[float]:
    """Return everything that the weights in use say of a few texts."""
    texts = list(TRIED_ON)
    heads, second = learned.load(), gist.load()
    claim_model, table = claims.load(), weighing.weights()
    numbers = [1.0]
    if heads is not None:
        numbers += [n for each in heads.predict(texts) for n in (each.gate, each.procedural)]
        if second is not None:
            numbers += second.chances(texts, heads.gate(texts)).tolist()
    if claim_model is not None:
        numbers.append(1.0 if claim_model.is_finite() else np.nan)
    if table is not None:
        blank = weighing.features([], Verdict.NOT_PROCEDURAL, None, Opinion(), [])
        numbers += weighing.chances(blank, table).values()
        numbers += [float(w) for row in table["rows"] for w in row]
    prepared = [
        reading.prepare(text, posted_at=None, zone=ZoneInfo("UTC"), language="nl") for text in texts
    ]
    for heard in reading.chances_of_all(prepared):
        numbers += [float(chance) for chance in (heard or {}).values()]
    return numbers


@transaction.atomic
def put_in_shadow(*, model: ScreeningModel, by: User, at: datetime) -> ScreeningModel:
    """Let a version read along: it changes nothing, and what it would have found is kept.

    Only one reads along at a time; the one before it goes back to rest.
    """
    model = _locked(model)
    require(rules.may_shadow_model(model, by=by))
    for other in ScreeningModel.objects.filter(state=ModelState.SHADOW):
        _become(other, ModelState.RETIRED, by=by, at=at)
    model.shadow_since = model.shadow_since or at
    return _become(model, ModelState.SHADOW, by=by, at=at)


@transaction.atomic
def deploy(*, model: ScreeningModel, by: User, at: datetime) -> ScreeningModel:
    """Switch a version on: from now on texts are read with it, on every machine."""
    model = _locked(model)
    require(rules.may_deploy_model(model, by=by))
    for other in ScreeningModel.objects.filter(state=ModelState.LIVE):
        _become(other, ModelState.RETIRED, by=by, at=at)
    model.deployed_by, model.deployed_at = by, at
    return _become(model, ModelState.LIVE, by=by, at=at)


@transaction.atomic
def retire(*, model: ScreeningModel, by: User, at: datetime) -> ScreeningModel:
    """Put a version aside; where it was live, texts are read with the shipped weights again."""
    model = _locked(model)
    require(rules.may_retire_model(model, by=by))
    return _become(model, ModelState.RETIRED, by=by, at=at)


def _locked(model: ScreeningModel) -> ScreeningModel:
    """Lock all versions in one order: two people who switch at once wait for each other."""
    rows = {
        row.pk: row for row in ScreeningModel.objects.select_for_update(no_key=True).order_by("pk")
    }
    return rows[model.pk]


def _become(model: ScreeningModel, state: ModelState, *, by: User, at: datetime) -> ScreeningModel:
    model.state = state
    model.retired_at = at if state == ModelState.RETIRED else None
    model.save(update_fields=["state", "retired_at", "shadow_since", "deployed_by", "deployed_at"])
    _record(f"screening_model.{state}", model, by=by, at=at)
    return model


def _record(verb: str, model: ScreeningModel, *, by: User, at: datetime) -> None:
    audit.record(
        verb=verb,
        subject_type="screening_model",
        subject_id=model.public_id,
        by=actor_of(by),
        at=at,
        data={"version": model.version, "sha256": model.sha256},
    )
