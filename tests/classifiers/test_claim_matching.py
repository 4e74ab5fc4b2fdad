"""Alike is not equal: the guard stops every opposite, and the vectors bring two languages near."""

import numpy as np
import pytest

from integrity.classifiers.claim_matching import encoder, guard, pairs, ranking
from integrity.classifiers.claim_matching.gloss import gloss, is_dutch
from integrity.classifiers.claim_matching.index import Bm25, clean


@pytest.mark.parametrize("pair", list(pairs.minimal_pairs()), ids=lambda p: p.one[:40])
def test_no_minimal_pair_is_confirmed_by_itself(pair):
    assert guard.conflicts(pair.one, pair.other)
    assert not guard.may_confirm(pair.one, pair.other)
    assert not guard.may_confirm(pair.other, pair.one)


def test_repetitions_pass():
    assert [p for p in pairs.repetitions() if not guard.may_confirm(*p)] == []


@pytest.mark.parametrize(
    ("one", "other", "slot"),
    [
        ("Up to five years expired is accepted", "Expired is not accepted", "negation"),
        ("Stembureaus sluiten om 21.00 uur", "Polling stations close at 8 pm", "times"),
        ("Er verdwenen 15.000 stemmen", "Er verdwenen 1.500 stemmen", "numbers"),
        ("Je mag stemmen met een paspoort", "Je mag stemmen met een rijbewijs", "methods"),
        ("In Borne kleur je twee vakjes", "In gemeente Utrecht kleur je twee vakjes", "names"),
    ],
)
def test_the_guard_names_what_differs(one, other, slot):
    assert slot in guard.conflicts(one, other)


def test_the_same_slots_in_two_languages_do_not_conflict():
    assert "times" not in guard.conflicts(
        "De stembureaus sluiten om 21.00 uur", "The polling stations close at 9pm"
    )
    assert "months" not in guard.conflicts("Op 18 maart stemmen we", "We vote on 18 March")


@pytest.mark.parametrize("text", ["", "   ", "!!!", "\0", "ß" * 5000, "😀" * 300, "a" * 20_000])
def test_no_text_is_too_strange(text):
    vector = encoder.load().encode([text])[0]

    assert np.isfinite(vector).all()
    assert guard.conflicts(text, text) == []
    assert isinstance(clean(text), str)


def test_dutch_and_english_meet():
    vectors = encoder.load().encode(
        [
            "De stembureaus sluiten om negen uur.",
            "The polling stations close at nine o'clock.",
            "Een foto toont een haai in een zwembad.",
        ]
    )
    same, other = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])

    assert same > 0.6
    assert same - other > 0.3


def test_a_vector_does_not_depend_on_its_company():
    load = encoder.load()
    alone = load.encode(["Stemmen kan niet met een app."])[0]
    beside = load.encode(["Stemmen kan niet met een app.", "x " * 90])[0]

    assert float(alone @ beside) > 0.9999


def test_english_is_left_alone():
    text = "You can vote on Wednesday"

    assert not is_dutch(text)
    assert gloss(text) == text


def test_words_find_the_claim_that_shares_them():
    index = Bm25(["Stemmen kan met een app", "De rode potloden zijn leeg", "Blanco telt mee"])

    assert int(index.scores("die rode potloden waren leeg").argmax()) == 1


def test_meaning_and_words_are_weighed_together():
    ranked = ranking.rank([ranking.Candidate("a", 0.6, 0.0), ranking.Candidate("b", 0.5, 8.0)])

    assert [r.id for r in ranked] == ["b", "a"]
    assert 0 <= ranked[1].score <= ranked[0].score <= 1
    assert ranking.rank([]) == []
