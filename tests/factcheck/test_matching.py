"""Known claims are found again in new texts; opposites are never taken for the same."""

import pytest

from factcheck import matching
from factcheck.matching import Heard
from factcheck.models import Claim, ClaimVector
from factcheck.services import claims, indexing
from integrity.classifiers.claim_matching import pairs, ranking
from integrity.classifiers.claim_matching.sentences import sentences
from tests.factcheck import makers
from tests.factcheck.makers import NOW
from tests.factories import make_election

pytestmark = pytest.mark.django_db
BLANK = "Wie blanco stemt geeft zijn stem aan de grootste partij."
EXPIRED = "Een verlopen paspoort is niet geldig bij het stemmen in de gemeente."


def index(*texts, **fields):
    made = [makers.make_claim(text, **fields) for text in texts]
    indexing.index_claims(at=NOW)
    return made


def look(text, **fields):
    (found,) = matching.likenesses([Heard(text, **{"language": "nl", **fields})])
    return found


def test_no_claims_no_work():
    assert matching.likenesses([Heard("Stem op 18 maart!")]) == [[]]


def test_the_same_words_are_the_same_claim():
    (claim,) = index(BLANK)

    for text in (BLANK.upper(), f"{BLANK.rstrip('.')}!!! https://x.example/1", f"  {BLANK} "):
        (found,) = look(text)
        assert (found.claim, found.is_same, found.score) == (claim, True, 1.0)


def test_the_same_words_about_another_place_or_election_are_not_the_same_claim():
    election = make_election()
    (claim,) = index(BLANK, election=election)

    assert look(BLANK, election=election.pk)[0].is_same
    (elsewhere,) = look(BLANK, election=None)
    assert (elsewhere.claim, elsewhere.is_same) == (claim, False)
    assert not look(BLANK, election=election.pk, place=election.places.get(name="Borne").pk)[
        0
    ].is_same


def test_a_paraphrase_is_suggested_and_no_more():
    (claim,) = index(BLANK)

    (found,) = look("Als je blanco stemt gaat je stem naar de grootste partij, schandalig")

    assert (found.claim, found.is_same) == (claim, False)
    assert ranking.SUGGEST_AT <= found.score < 1
    assert found.threshold == ranking.SUGGEST_AT
    assert "minilm" in found.model


def test_a_dutch_text_finds_an_english_claim_and_the_other_way_round():
    (claim,) = index("Blank votes go to the largest party.", language="en")
    (dutch,) = index("In de stembus in Borne lagen al stembiljetten.")

    (found,) = look("Blanco stemmen gaan naar de grootste partij.")
    (other,) = look("There were already ballot papers in the ballot box in Borne.", language="en")

    assert (found.claim, other.claim) == (claim, dutch)


def test_something_else_finds_nothing():
    index(BLANK, EXPIRED)

    assert look("Mijn kat ligt op de bank en wil eten.") == []
    assert look("ok") == []
    assert look("") == []


def test_an_opposite_is_never_the_same_and_says_in_what_it_differs():
    index(EXPIRED)

    (found,) = look("Een verlopen paspoort is geldig bij het stemmen in de gemeente.")

    assert not found.is_same
    assert "negation" in found.differs


def test_no_minimal_pair_confirms_itself():
    """132 generated pairs with opposite truth: as a claim and as a post."""
    made = list(pairs.minimal_pairs())
    claims_by_text = {}
    for text in {p.one for p in made}:
        claims_by_text[text] = makers.make_claim(text)
    indexing.index_claims(at=NOW)

    texts = [Heard(pair.other, language=pair.language, by_meaning=False) for pair in made]
    wrong = [
        (pair, found.claim.text)
        for pair, each in zip(made, matching.likenesses(texts), strict=True)
        for found in each
        if found.is_same and found.claim.text != pair.other
    ]

    assert wrong == []
    assert len(made) > 100


def test_a_quotation_inside_a_longer_text_is_only_suggested():
    (claim,) = index(BLANK)
    debunk = (
        "Er gaat weer een hardnekkig verhaal rond op allerlei plekken, en het is echt onzin. "
        f"{BLANK} Dat is dus niet waar: een blanco stem telt alleen mee voor de opkomst en gaat "
        "naar niemand. Vraag het de Kiesraad maar, die legt het op de eigen website goed uit."
    )

    (found,) = look(debunk)

    assert (found.claim, found.is_same) == (claim, False)
    assert debunk[slice(*found.span)] == BLANK


def test_an_equal_statement_is_found_whatever_its_words():
    election = make_election()
    (claim,) = index("Stemmen kan pas op donderdag 19 maart 2026.", election=election)
    claim.refresh_from_db()
    assert claim.proposition_key == "voting_day"

    (found,) = look(
        "xx", election=election.pk, propositions=[claim.proposition], by_meaning=False
    ) or [None]
    assert found is None  # too few words to be a sentence
    (found,) = look(
        "Pas de negentiende mag je naar de stembus, hoor",
        election=election.pk,
        propositions=[claim.proposition],
        by_meaning=False,
    )
    assert (found.claim, found.how, found.score) == (claim, "proposition", 1.0)
    other = {**claim.proposition, "polarity": not claim.proposition["polarity"]}
    assert (
        look(
            "Pas de negentiende mag je naar de stembus, hoor",
            election=election.pk,
            propositions=[other],
            by_meaning=False,
        )
        == []
    )


def test_dismissed_claims_are_not_found(hanna, moderator):
    row = claims.propose_claim(claim=claims.ClaimIn(BLANK, "nl"), reason="x", member=hanna, at=NOW)
    indexing.index_claims(at=NOW)
    assert look(BLANK)
    claims.dismiss_claim(claim=row, reason="Een mening.", by=moderator, at=NOW)

    assert look(BLANK) == []


def test_claims_are_read_once():
    makers.make_claim(BLANK)

    assert indexing.index_claims(at=NOW) == 1
    assert indexing.index_claims(at=NOW) == 0
    ClaimVector.objects.update(encoder="earlier")
    assert indexing.index_claims(at=NOW) == 1
    assert ClaimVector.objects.count() == Claim.objects.count() == 1


def test_signs_of_a_query_language_are_words_like_any_other():
    index(BLANK)

    for text in ("a & b | c ! (d) :* <-> 'e'", "\\ ' \" ; DROP TABLE", "🗳️" * 300, "x" * 5000):
        assert isinstance(look(text), list)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stem nu.", []),
        ("  Je stem telt dubbel.  ", ["Je stem telt dubbel."]),
        ("Kort. " * 60, []),
        ("Dit is een zin van genoeg woorden. " * 20, ["Dit is een zin van genoeg woorden."] * 6),
    ],
)
def test_sentences_are_few_and_know_where_they_stand(text, expected):
    found = sentences(text)

    assert [s for s, _ in found] == expected
    assert all(text[a:b] == s for s, (a, b) in found)
