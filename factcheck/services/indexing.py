"""Reading claims once, what they state and their vector, so that items are compared with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from elections import screening
from elections.models import Election
from elections.queries import fact_sheets
from factcheck.models import Claim, ClaimVector
from integrity.classifiers.claim_matching import encoder, index

BATCH = 64


def index_claims(*, at: datetime, limit: int = 256) -> int:
    """Read the claims that nobody has read, or that another encoder read; returns how many."""
    waiting = Claim.objects.filter(Q(vector=None) | ~Q(vector__encoder=encoder.VERSION))
    pks = list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])
    for start in range(0, len(pks), BATCH):
        found = Claim.objects.filter(pk__in=pks[start : start + BATCH])
        _index(list(found.select_related("election__country", "place")), at=at)
    return len(pks)


def _index(claims: Sequence[Claim], *, at: datetime) -> None:
    vectors = encoder.load().encode([index.clean(claim.text) for claim in claims])
    said = _propositions(claims)
    with transaction.atomic():
        for claim, vector in zip(claims, vectors, strict=True):
            ClaimVector.objects.update_or_create(
                claim=claim,
                defaults={"encoder": encoder.VERSION, "vector": vector.tolist(), "made_at": at},
            )
            if claim.proposition is None and said.get(claim.pk):
                Claim.objects.filter(pk=claim.pk, proposition__isnull=True).update(
                    proposition=said[claim.pk], proposition_key=said[claim.pk]["key"]
                )


def _propositions(claims: Sequence[Claim]) -> dict[int, dict[str, Any]]:
    """Return the one statement about voting that each claim makes; none where it makes several."""
    sheets = fact_sheets(
        Election.objects.filter(pk__in={c.election_id for c in claims}).select_related("country")
    )
    texts = [
        screening.Text(
            text=claim.text,
            posted_at=claim.first_seen_at,
            lang=claim.language,
            place=claim.place.code if claim.place else None,
            election=claim.election.slug if claim.election else "unknown",
        )
        for claim in claims
    ]
    found = {}
    for claim, outcome in zip(claims, screening.screen(texts, sheets), strict=True):
        said = [canonical(checked.statement) for checked in outcome.propositions]
        said = [each for each in said if each]
        if len(said) == 1:
            found[claim.pk] = said[0]
    return found


def canonical(statement: Any) -> dict[str, Any]:
    """Return the language-free form of a statement that a fact can decide; empty for others."""
    return canonical_of(statement.frame())


def canonical_of(frame: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same from the form in which a statement is stored."""
    if not frame["key"]:
        return {}
    value = {k: v for k, v in frame["value"].items() if k != "rejected"}
    if "day" in value and "month" in value:
        # Within one election a day says it all: who names the weekday or year says no more.
        value = {k: v for k, v in value.items() if k not in ("weekday", "year")}
    return {
        "key": frame["key"],
        "value": value,
        "polarity": frame["polarity"] != (frame["modality"] == "rejected"),
    }
