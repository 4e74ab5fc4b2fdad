"""Which sentences are worth checking, and that the shipped weights are what the recipe makes."""

import shutil

import numpy as np
import pytest

from integrity.classifiers.checkworthy import bench, model, train
from integrity.classifiers.loading import get_classifier

WORTHY = [
    ("Er zijn 1.200 stembiljetten verdwenen uit het stembureau in Borne.", "fraud"),
    ("Blanco stemmen gaan naar de grootste partij.", "procedure"),
    ("De burgemeester van Almere werkte eerst voor een wapenhandelaar.", "candidate"),
    ("Lokaal Belang won met 312 stemmen verschil, zegt de krant.", "result"),
    ("Thousands of votes were thrown away in the sports hall last night.", "fraud"),
    ("The mayor took bribes from a developer in 2021.", "candidate"),
]
NOT = [
    "Ik vind dat D66 het goed doet",
    "Wat een mooie dag om te gaan stemmen!",
    "Wie komt er vanavond naar het debat?",
    "I love this town and its people",
    "Thank you all for coming tonight",
    "We should be kinder to each other",
]


@pytest.fixture(scope="module")
def checkworthy():
    return get_classifier("checkworthy")


@pytest.mark.parametrize(("text", "topic"), WORTHY)
def test_what_is_said_as_a_fact_is_worth_checking(text, topic, checkworthy):
    (found,) = checkworthy.find([text])

    assert found.score >= model.WORTH_AT
    assert found.label == topic
    assert found.model_version.startswith("checkworthy-")


@pytest.mark.parametrize("text", NOT)
def test_opinions_questions_and_thanks_are_not(text, checkworthy):
    (found,) = checkworthy.find([text])

    assert (found.label, found.score < model.WORTH_AT) == (model.NONE, True)


def test_the_sentence_that_is_worth_most_speaks_for_a_text(checkworthy):
    text = (
        "Goedemorgen allemaal, wat een prachtige dag is het weer vandaag in onze mooie stad! "
        "Ik heb zin in koffie en in een wandeling langs het water met mijn moeder en de hond. "
        "Er zijn 4.500 stembiljetten verdwenen uit stembureau De Brug in Nijmegen. "
        "Fijne dag verder, en vergeet niet om straks ook nog even boodschappen te doen."
    )
    (found,) = checkworthy.find([text])

    assert text[slice(*found.span)].startswith("Er zijn 4.500")


@pytest.mark.parametrize("text", ["", " ", "?", "🗳️" * 400, "a" * 20_000, "1 " * 5000, "\x00\ud7ff"])
def test_any_text_gets_an_answer(text, checkworthy):
    (found,) = checkworthy.find([text])

    assert 0 <= found.score <= 1


def test_weights_that_were_changed_are_refused(tmp_path, monkeypatch):
    for path in (model.WEIGHTS, model.CHECKSUM):
        shutil.copy(path, tmp_path / path.name)
    (tmp_path / "weights.npz").write_bytes(model.WEIGHTS.read_bytes() + b" ")
    monkeypatch.setattr(model, "WEIGHTS", tmp_path / "weights.npz")
    monkeypatch.setattr(model, "CHECKSUM", tmp_path / "weights.sha256")
    model.load.cache_clear()

    with pytest.raises(ValueError, match="checksum"):
        model.load()

    model.load.cache_clear()


def test_the_training_sentences_are_the_same_each_time_and_complete():
    made = train.gather()

    assert made == train.gather()
    assert not [text for text, _topic in made if "{" in text or "}" in text]
    topics = {topic for _text, topic in made}
    for language in train.LANGUAGES:
        assert {example.topic for example in train.read_examples(language)} == topics
    held = {text for text, _topic in train.gather(only=0)}
    assert not held & {text for text, _topic in train.gather(without=0)}


def test_the_recipe_makes_a_model_like_the_one_that_is_shipped(checkworthy):
    again = model.Checkworthy(train.arrays(*train.train(train.gather())), version="again")

    texts = [text for text, _topic in WORTHY] + NOT
    one = np.array([checkworthy.weigh(text).score for text in texts])
    other = np.array([again.weigh(text).score for text in texts])
    assert np.abs(one - other).max() < 0.02


def test_the_measure_counts_what_it_should():
    found = bench._measured("four", [0.9, 0.8, 0.6, 0.1], [True, False, True, True])

    assert (found.precision, found.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert found.average_precision == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)
    assert found.f1_of_all == pytest.approx(2 * 0.75 / 1.75)


def test_the_development_sets_are_read_as_they_are(shared_data, checkworthy):
    found = {m.name: m for m in bench.measure(checkworthy, shared_data)}

    english = found["CheckThat! 2024 English, development"]
    assert (english.sentences, english.worthy) == (967, 207)
    assert english.f1 > 0.55
