"""Items that repeat a known claim: suggested to a person, and alone only where nothing differs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from factcheck.choices import ClaimTopic, Verdict
from factcheck.models import Exhibit
from factcheck.services import claims, indexing
from integrity.classifiers.claim_matching import pairs
from moderation.models import Appearance, Assessment, ClaimSought, Item, Signal
from moderation.models.appearances import AppearanceState
from moderation.services import appearing, assessing, recalling
from moderation.services.following_verdicts import follow_verdicts
from moderation.services.intake import ActorIn
from tests.factcheck import makers
from tests.factcheck.conftest import hanna, joost, lens  # noqa: F401
from tests.factories import NOW, make_election, make_item

pytestmark = pytest.mark.django_db
BLANK = "Wie blanco stemt geeft zijn stem aan de grootste partij."
PARAPHRASE = "Als je blanco stemt gaat je stem naar de grootste partij, schandalig"


@pytest.fixture
def election(db):
    return make_election()


def known(text=BLANK, **fields):
    claim = makers.make_claim(text, **fields)
    indexing.index_claims(at=NOW)
    return claim


def posted(external_id, text, **fields):
    item = make_item(external_id, text=text, election="nl-gr2026", **fields)
    assessing.assess_owed(now=lambda: NOW)
    return item


def recall():
    recalling.seek_new_claims(at=NOW)
    return recalling.recall_owed(now=lambda: NOW)


def places(claim):
    rows = Appearance.objects.filter(claim=claim).order_by("item__external_id")
    return [(row.item.external_id, row.state) for row in rows]


def checked(claim, lens, joost, hanna, **words):  # noqa: F811
    assignment = makers.make_assignment(claim, lens)
    given = {"claim_text": claim.text, **words}
    return makers.publish(assignment, joost, hanna, words=replace(makers.WORDS, **given), at=NOW)


def test_the_same_words_get_what_follows_the_verdict(election, lens, joost, hanna):  # noqa: F811
    claim = known(election=election)
    checked(claim, lens, joost, hanna, verdict=Verdict.MISSING_CONTEXT)
    follow_verdicts(at=NOW)
    item = posted("r-1", f"{BLANK.upper()} https://x.example/1")

    assert recall() == 1

    row = Appearance.objects.get()
    assert (row.state, row.how, row.score, row.decided_by) == ("confirmed", "same words", 1.0, None)
    assert row.model_version and row.threshold
    assert Exhibit.objects.get(claim=claim).source_id == str(item.public_id)
    item.refresh_from_db()
    assert item.decision_in_force.action == "label"
    assert item.deleted_at is None


def test_a_paraphrase_is_suggested_brings_a_signal_and_no_verdict(election, lens, joost, hanna):  # noqa: F811
    claim = known(election=election, topic=ClaimTopic.FRAUD)
    check = checked(claim, lens, joost, hanna, verdict=Verdict.FALSE)
    item = posted("r-1", PARAPHRASE)

    recall()

    row = Appearance.objects.get()
    assert (row.state, row.exhibit) == (AppearanceState.SUGGESTED, None)
    assert row.threshold <= row.score < 1
    signal = Signal.objects.get(item=item, source="claim_match", superseded_at=None)
    assert (signal.verdict, signal.because) == ("unverifiable", "Redactie De Lens: Onjuist")
    assert signal.reasons["fact_check"] == str(check.public_id)
    item.refresh_from_db()
    assert item.decision_in_force is None
    assert not Signal.objects.filter(source="fact_check").exists()


def test_a_person_confirms_and_the_verdict_follows(election, lens, joost, hanna, moderator):  # noqa: F811
    claim = known(election=election)
    checked(claim, lens, joost, hanna)
    item = posted("r-1", PARAPHRASE)
    recall()

    appearing.confirm(appearance=Appearance.objects.get(), by=moderator, at=NOW)

    sources = set(item.signals.filter(superseded_at=None).values_list("source", flat=True))
    assert "fact_check" in sources
    assert "claim_match" not in sources
    assert item.jobs.open().count() == 1


def test_a_person_rejects_and_it_is_not_suggested_again(election, lens, joost, hanna, moderator):  # noqa: F811
    claim = known(election=election)
    checked(claim, lens, joost, hanna)
    item = posted("r-1", PARAPHRASE)
    recall()

    appearing.reject(appearance=Appearance.objects.get(), by=moderator, at=NOW)
    Assessment.objects.update(recalled_at=None)
    recall()

    assert places(claim) == [("r-1", "rejected")]
    assert not item.signals.filter(source="claim_match", superseded_at=None).exists()


def test_what_a_person_rejected_the_machine_does_not_confirm(election, moderator):
    claim = known(election=election)
    posted("r-1", BLANK)
    recall()
    appearing.reject(appearance=Appearance.objects.get(), by=moderator, at=NOW)
    Assessment.objects.update(recalled_at=None)

    recall()

    assert places(claim) == [("r-1", "rejected")]


def test_a_verdict_that_comes_later_reaches_what_was_suggested(election, lens, joost, hanna):  # noqa: F811
    claim = known(election=election)
    item = posted("r-1", PARAPHRASE)
    recall()
    assert not item.signals.filter(source="claim_match").exists()

    checked(claim, lens, joost, hanna)
    follow_verdicts(at=NOW)

    assert item.signals.filter(source="claim_match", superseded_at=None).count() == 1


def test_a_new_claim_is_found_in_earlier_items(election):
    posted("r-1", BLANK.upper())
    posted("r-2", "Mijn kat ligt op de bank en wil nu eindelijk eten.")
    assert recall() == 2
    assert recall() == 0

    claim = known(election=election)

    assert recall() == 1
    assert places(claim) == [("r-1", "confirmed")]
    assert ClaimSought.objects.count() == 1


def test_an_equal_statement_in_other_words_is_found_in_earlier_items(election):
    posted("r-1", "Let op: je kunt pas donderdag 19 maart stemmen!")
    recall()

    claim = known("Stemmen kan pas op donderdag 19 maart 2026.", election=election)
    recall()

    row = Appearance.objects.get(claim=claim)
    assert (row.state, row.how, row.score) == ("suggested", "proposition", 1.0)


def test_a_debunk_of_the_statement_is_not_taken_for_it(election):
    claim = known("Stemmen kan pas op donderdag 19 maart 2026.", election=election)
    posted("r-1", "Nee, je kunt niet op donderdag 19 maart stemmen, dat is onzin. Stem woensdag.")

    recall()

    assert not Appearance.objects.filter(claim=claim, how="proposition").exists()
    assert not Appearance.objects.filter(state="confirmed").exists()


def test_a_proposal_that_nobody_weighed_takes_only_its_own_words(election, hanna):  # noqa: F811
    row = claims.propose_claim(
        claim=claims.ClaimIn(BLANK, "nl", election=election), reason="x", member=hanna, at=NOW
    )
    indexing.index_claims(at=NOW)
    posted("r-1", BLANK)
    posted("r-2", PARAPHRASE)

    recall()

    assert places(row) == [("r-1", "confirmed")]


def test_an_edit_is_compared_again(election):
    claim = known(election=election)
    poster = ActorIn("account-of-r-1")
    posted("r-1", "Mijn kat ligt op de bank en wil nu eindelijk eten.", actor=poster)
    recall()
    posted("r-1", BLANK, version=2, actor=poster)

    assert recall() == 1
    assert places(claim) == [("r-1", "confirmed")]


def test_a_deleted_item_is_left_alone(election):
    claim = known(election=election)
    posted("r-1", BLANK)
    Item.objects.update(deleted_at=NOW)

    recall()

    assert places(claim) == []


def test_one_text_that_cannot_be_compared_stops_no_other(election, monkeypatch):
    claim = known(election=election)
    posted("r-1", BLANK)
    posted("r-2", "Deze tekst is giftig voor wie haar leest vandaag.")
    honest = recalling.matching.likenesses

    def fussy(texts):
        if any("giftig" in each.text for each in texts):
            raise ValueError("giftig")
        return honest(texts)

    monkeypatch.setattr(recalling.matching, "likenesses", fussy)

    assert recall() == 2
    assert places(claim) == [("r-1", "confirmed")]
    assert recall() == 0


def test_the_database_lets_no_machine_confirm_a_paraphrase(election):
    known(election=election)
    posted("r-1", PARAPHRASE)
    recall()

    with pytest.raises(IntegrityError), transaction.atomic():
        Appearance.objects.update(state=AppearanceState.CONFIRMED)


def test_no_minimal_pair_passes_a_verdict_on_by_itself(election):
    """Every generated opposite as a post beside its checked twin: none is confirmed."""
    made = list(pairs.minimal_pairs())
    for text in {pair.one for pair in made}:
        makers.make_claim(text, election=election)
    indexing.index_claims(at=NOW)
    for n, text in enumerate(sorted({pair.other for pair in made} - {p.one for p in made})):
        make_item(f"pair-{n}", text=text, election="nl-gr2026")
    assessing.assess_owed(now=lambda: NOW)

    recall()

    assert Item.objects.count() > 30
    assert not Appearance.objects.filter(state=AppearanceState.CONFIRMED).exists()
    assert Appearance.objects.filter(state=AppearanceState.SUGGESTED).exists()


def test_items_far_back_are_left_alone(election):
    posted("r-1", BLANK, posted_at=NOW - timedelta(days=40))
    Assessment.objects.update(recalled_at=NOW)
    known(election=election)
    later = NOW + timedelta(days=30)

    recalling.seek_new_claims(at=later)

    assert recalling.recall_owed(now=lambda: later) == 0


def test_reading_comes_first(election):
    for n in range(3):
        posted(f"r-{n}", f"Mijn kat ligt nu al {n} uur op de bank te slapen.")
    make_item("r-owed", text=BLANK, election="nl-gr2026")

    assert recalling.recall_owed(now=lambda: NOW, batch=1) == 1
    assessing.assess_owed(now=lambda: NOW)
    assert recalling.recall_owed(now=lambda: NOW, batch=1) == 3
