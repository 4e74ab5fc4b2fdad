"""What people decided leaves the house as labelled data: only where somebody consented, on record.

Nothing here trains anything, and nothing that trains reads this database: who may use a row for
what goes with the row.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from elections.models import Election
from integrity.audit import services as audit
from integrity.people.models import User
from integrity.people.services import actor_of
from integrity.refusals import require
from moderation import screening_rules as rules
from moderation.choices import Action
from moderation.models import DataConsent, Decision, Queue
from moderation.queries import labelled

EVALUATE, TRAIN = "evaluate", "train"
PURPOSES = (EVALUATE, TRAIN)


@transaction.atomic
def set_consent(
    *,
    election: Election,
    queue: Queue | None,
    may_evaluate: bool,
    may_train: bool,
    reason: str,
    by: User,
    at: datetime,
) -> DataConsent:
    """Say what the decisions of an election, or of one queue in it, may be used for."""
    require(rules.may_set_consent(by))
    require(rules.says_why(reason))
    Election.objects.select_for_update(no_key=True).get(pk=election.pk)
    DataConsent.objects.filter(election=election, queue=queue, superseded_at=None).update(
        superseded_at=at
    )
    consent = DataConsent.objects.create(
        election=election,
        queue=queue,
        may_evaluate=may_evaluate,
        may_train=may_train,
        reason=reason.strip()[:300],
        set_by=by,
        set_at=at,
    )
    audit.record(
        verb="data_consent.set",
        subject_type="election",
        subject_id=election.slug,
        by=actor_of(by),
        at=at,
        data={
            "queue": queue.slug if queue else None,
            "evaluate": may_evaluate,
            "train": may_train,
            "reason": consent.reason,
        },
    )
    return consent


@transaction.atomic
def export(*, purpose: str, by: User, at: datetime) -> list[str]:
    """Return the decided items that may be used for this, a JSON row each; it is on record."""
    require(rules.may_export(purpose, known=PURPOSES, by=by))
    lines = [json.dumps(row, ensure_ascii=False) for row in _rows(purpose)]
    audit.record(
        verb="labelled_data.exported",
        subject_type="labelled_data",
        subject_id=purpose,
        by=actor_of(by),
        at=at,
        data={"rows": len(lines)},
    )
    return lines


def _rows(purpose: str) -> Iterator[Mapping[str, Any]]:
    consents = labelled.consents_in_force()
    decisions = (
        labelled.final_decisions()
        .filter(item__election__in=labelled.consenting_elections(), item__deleted_at=None)
        .select_related("item__election", "item__place", "item_version", "policy", "signal", "job")
        .order_by("pk")
    )
    for decision in decisions.iterator(chunk_size=500):
        consent = labelled.consent_for(decision, consents)
        if consent is not None and (
            consent.may_train if purpose == TRAIN else consent.may_evaluate
        ):
            yield _row(decision, consent)


def _row(decision: Decision, consent: DataConsent) -> Mapping[str, Any]:
    """Return one decided item, without who posted, reported or decided it."""
    item, version, signal = decision.item, decision.item_version, decision.signal
    return {
        "id": str(item.public_id),
        "version": version.version,
        "texts": {str(field): text for field, text in version.texts().items()},
        "language": version.language or item.language,
        "posted_at": item.posted_at.isoformat(),
        "election": item.election.slug if item.election else None,
        "place": item.place.code if item.place else None,
        "label": "not_wrong" if decision.action == Action.NO_ACTION else "wrong",
        "action": decision.action,
        "policy": f"{decision.policy.slug}@{decision.policy.version}" if decision.policy else None,
        "decided_at": decision.decided_at.isoformat(),
        "found": {
            "verdict": signal.verdict,
            "score": signal.score,
            "topic": signal.topic,
            "claimed": signal.claimed,
            "official": signal.official,
            "model_version": signal.model_version,
        }
        if signal
        else None,
        "consent": {EVALUATE: consent.may_evaluate, TRAIN: consent.may_train},
    }
