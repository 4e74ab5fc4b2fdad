"""What spreads and can be checked is put before people: a proposal with a redacted copy, no more."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factcheck.models import Claim, Exhibit
from factcheck.queries import triage_queue
from factcheck.services import claims, indexing
from moderation.models import Appearance, TractionSample
from moderation.services import assessing, proposing, recalling
from moderation.services.intake import ActorIn, TractionIn, record_traction
from tests.factories import NOW, make_election, make_item
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
FRAUD = "Er zijn 1.200 stembiljetten verdwenen uit het stembureau in Borne."


@pytest.fixture(autouse=True)
def election(db):
    return make_election()


def seen(external_id, text, *, views=5000, **fields):
    item = make_item(external_id, text=text, election="nl-gr2026", **fields)
    assessing.assess_owed(now=lambda: NOW)
    record_traction([(0, TractionIn(external_id, NOW - timedelta(minutes=1), views))], at=NOW)
    item.refresh_from_db()
    return item


def test_what_spreads_becomes_a_proposal_with_a_copy_without_the_poster(moderator):
    item = seen(
        "w-1", f"{FRAUD} Vraag maar aan @kiesgek_77!", actor=ActorIn("a-1", handle="@kiesgek_77")
    )

    assert proposing.propose_spreading(at=NOW) == 1
    assert proposing.propose_spreading(at=NOW) == 0

    claim = Claim.objects.get()
    assert (claim.state, claim.topic, claim.election) == ("proposed", "fraud", item.election)
    assert claim.checkworthiness >= proposing.PROPOSE_AT
    assert "kiesgek" not in claim.text
    assert "5000" in claim.proposal
    row = Appearance.objects.get()
    assert (row.state, row.item, row.threshold) == ("suggested", item, proposing.PROPOSE_AT)
    assert row.model_version.startswith("checkworthy-")
    assert "kiesgek" not in Exhibit.objects.get().text
    assert [(one.items, one.views) for one in triage_queue()] == [(1, 5000)]
    page = client_of(moderator).get(reverse("claims")).content.decode()
    assert claim.text in page
    assert "controlewaardig" in page


def test_nothing_happens_to_the_item(moderator):
    item = seen("w-1", FRAUD)
    before = set(item.signals.values_list("pk", flat=True))

    proposing.propose_spreading(at=NOW)

    item.refresh_from_db()
    assert set(item.signals.values_list("pk", flat=True)) == before
    assert item.decision_in_force is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (FRAUD, {"views": 20}),
        ("Wat een mooie dag om te gaan stemmen, wie gaat er mee?", {}),
        ("De huren zijn sinds 2019 met 12 procent gestegen.", {}),
        ("Let op: je kunt pas donderdag 19 maart stemmen!", {}),
        (FRAUD, {"language": "pl"}),
    ],
    ids=["hardly seen", "no fact", "not about the election", "facts decide it", "no language"],
)
def test_what_is_not_for_partners_is_left_alone(text, fields):
    seen("w-1", text, **fields)

    assert proposing.propose_spreading(at=NOW) == 0
    assert not Claim.objects.exists()


def test_a_claim_that_is_known_is_not_proposed_again(hanna_proposes):
    seen("w-1", FRAUD)
    recalling.recall_owed(now=lambda: NOW)

    assert proposing.propose_spreading(at=NOW) == 0
    assert Claim.objects.get() == hanna_proposes


@pytest.fixture
def hanna_proposes(election):
    from tests.factcheck import makers

    claim = makers.make_claim(FRAUD, election=election)
    indexing.index_claims(at=NOW)
    return claim


def test_near_copies_count_for_the_spread():
    seen("w-1", FRAUD)
    seen("w-2", f"{FRAUD.upper()} 😡", views=100)
    proposing.propose_spreading(at=NOW)

    indexing.index_claims(at=NOW)
    recalling.seek_new_claims(at=NOW)
    recalling.recall_owed(now=lambda: NOW)

    assert [(one.items, one.views) for one in triage_queue()] == [(2, 5100)]


def test_what_was_dismissed_does_not_come_back(moderator):
    seen("w-1", FRAUD)
    proposing.propose_spreading(at=NOW)
    claims.dismiss_claim(claim=Claim.objects.get(), reason="Een grap.", by=moderator, at=NOW)
    seen("w-2", FRAUD)

    assert proposing.propose_spreading(at=NOW) == 0
    assert Claim.objects.get().state == "dismissed"


def test_the_pile_has_an_end(monkeypatch):
    monkeypatch.setattr(proposing, "WAITING_AT_MOST", 1)
    seen("w-1", FRAUD)
    seen("w-2", "Vrijwilligers hebben gisteren 300 stembiljetten verbrand achter het gemeentehuis.")

    assert proposing.propose_spreading(at=NOW) == 1
    assert proposing.propose_spreading(at=NOW) == 0
    assert TractionSample.objects.count() == 2
