"""Folding undoes tricks and never loses the way back to the original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrity.classifiers.voting_procedure.concepts import lexicon
from integrity.classifiers.voting_procedure.normalise import MAX_CHARACTERS, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("St3mmen", "stemmen"),
        ("s.t.e.m.b.u.r.e.a.u", "stembureau"),
        ("ｓｔｅｍｐａｓ", "stempas"),
        ("dοnderdag", "donderdag"),
        ("2️⃣1️⃣:0️⃣0️⃣", "21:00"),
        ("٢٠", "20"),
        ("vote\u202e by\u200b mail", "vote by mail"),
    ],
)
def test_tricks_are_undone(text: str, folded: str) -> None:
    assert fold(text, known=lexicon().restores).text == folded


def test_words_that_are_not_about_voting_keep_their_digits() -> None:
    assert fold("b1ke r4ce", known=lexicon().restores).text == "b1ke r4ce"


def test_plain_text_is_not_called_evasive() -> None:
    assert not fold("Morgen stemmen!", known=lexicon().restores).evasive
    assert fold("m0rgen st3mmen", known=lexicon().restores).evasive


@given(st.text(max_size=200))
def test_every_span_lies_in_the_original(text: str) -> None:
    folded = fold(text, known=lexicon().restores)

    for start in range(0, len(folded.text), 3):
        first, last = folded.span(start, min(start + 4, len(folded.text)))
        assert 0 <= first <= last <= len(text)


def test_a_very_long_text_is_read_up_to_a_bound_and_says_so() -> None:
    folded = fold("stemmen " * 200_000)

    assert folded.truncated
    assert len(folded.text) <= MAX_CHARACTERS
