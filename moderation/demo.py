"""The demo's screening: a threshold, what may be used, and weights that read along."""

import io
import json
from datetime import datetime

import numpy as np

from elections.models import Election
from integrity.classifiers.voting_procedure import chosen, learned
from integrity.people.models import User
from moderation.models import ScreeningModel, Threshold
from moderation.services import exporting, thresholds, versions

# A gate that lets less through: what would it miss?
STRICTER_BY = 2.0


def load(*, election: str, policy_lead: str, election_lead: str, at: datetime) -> None:
    """Steer the screening of an election once and no more."""
    if Threshold.objects.exists() or ScreeningModel.objects.exists():
        return
    found = Election.objects.get(slug=election)
    noor, daan = (User.objects.get(email=email) for email in (policy_lead, election_lead))
    thresholds.set_threshold(
        election=found,
        value=0.5,
        reason="Wat we met drie mensen op een avond aankunnen",
        by=daan,
        at=at,
    )
    exporting.set_consent(
        election=found,
        queue=None,
        may_evaluate=True,
        may_train=False,
        reason="Meten mag; voor trainen vragen we het eerst",
        by=daan,
        at=at,
    )
    model = versions.bring_in(
        files={chosen.HEADS: _stricter()},
        note="Dezelfde gewichten met een strengere poort: wat zou die missen?",
        by=noor,
        at=at,
    )
    versions.put_in_shadow(model=model, by=noor, at=at)


def _stricter() -> bytes:
    """Return the shipped heads with a gate that lets less through."""
    with np.load(learned.WEIGHTS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    meta = json.loads(bytes(arrays["meta"]).decode())
    meta["gate_bias"] -= STRICTER_BY
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    into = io.BytesIO()
    np.savez_compressed(into, **arrays)
    return into.getvalue()
