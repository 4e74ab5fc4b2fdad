"""Classifiers are found by name, loaded once, and each has its card."""

from pathlib import Path

import pytest

import integrity.classifiers
from integrity.classifiers.fakes import FakeClassifier
from integrity.classifiers.loading import UnknownClassifier, get_classifier
from integrity.classifiers.registry import LOADERS
from integrity.classifiers.voting_procedure.language import guess_language


def test_a_classifier_is_loaded_once_and_answers_for_each_text() -> None:
    classifier = get_classifier("voting_procedure")

    found = classifier.find(["de stembureaus zijn open", "lekker weer vandaag"])

    assert classifier is get_classifier("voting_procedure")
    assert len(found) == 2
    assert found[0].label == "about_voting"
    assert found[0].model_version


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(UnknownClassifier, match="voting_procedure"):
        get_classifier("horoscope")


@pytest.mark.parametrize("name", sorted(LOADERS))
def test_every_classifier_has_a_card(name: str) -> None:
    folder = Path(integrity.classifiers.__file__).parent / name

    assert (folder / "card.md").read_text(encoding="utf-8").startswith("# ")


def test_the_fake_answers_what_it_was_told() -> None:
    fake = FakeClassifier({"donderdag": "about_voting"})

    first, second = fake.find(["stemmen is donderdag", "lekker weer"])

    assert (first.label, second.label) == ("about_voting", "other")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("morgen gaan we met z'n allen naar het stembureau", "nl"),
        ("the polls close at nine so get in line", "en"),
        ("am mittwoch ist die wahl und ich darf nicht", "de"),
        ("jutro głosujemy w lokalu", "pl"),
        ("yarın oy vereceğiz, kimlik lazım", "tr"),
        ("التصويت يوم الأربعاء", "ar"),
        ("12345", "other"),
    ],
)
def test_the_language_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language
