"""An operator can ask how the house is doing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity import figures

pytestmark = pytest.mark.django_db


def read(at) -> dict[str, float]:
    lines = figures.as_text(at=at).decode().splitlines()
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[0] != "#"
    }


def test_an_empty_house_has_nothing_waiting():
    found = read(timezone.now())

    assert found["waarborg_assessments_owed"] == 0
    assert found["waarborg_assessments_oldest_seconds"] == 0
    assert found["waarborg_deliveries_owed"] == 0
    assert found["waarborg_decisions_held"] == 0


def test_an_item_that_nobody_has_read_yet_is_counted_with_its_age():
    from integrity.audit.services import SYSTEM
    from moderation.services.intake import ActorIn, ItemIn, accept_items

    at = timezone.now()
    item = ItemIn(
        external_id="post-1",
        actor=ActorIn("delen"),
        posted_at=at,
        text="We stemmen pas op donderdag 19 maart.",
    )
    accept_items([(0, item)], by=SYSTEM, at=at)

    found = read(at + timedelta(seconds=90))

    assert found["waarborg_assessments_owed"] == 1
    assert found["waarborg_assessments_oldest_seconds"] == pytest.approx(90)
    assert found["waarborg_audit_unsealed"] >= 1
