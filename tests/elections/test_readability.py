"""Plain Dutch: every page that a voter reads stays within a bound, and so does every sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from elections.packs import read_election_packs
from elections.readability import score, syllables, text_of, words
from elections.services import load_pack

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"
EASY_ENOUGH = 70
LONGEST_SENTENCE = 30
PAGES = [
    "/nl-gr2026/",
    "/nl-gr2026/?place=GM0147",
    "/nl-gr2026/wanneer/",
    "/nl-gr2026/waar/",
    "/nl-gr2026/meenemen/",
    "/nl-gr2026/hoe/",
    "/nl-gr2026/volmacht/",
    "/nl-gr2026/wie/",
    "/nl-gr2026/uitslag/",
    "/nl-gr2026/facts/",
    "/nl-gr2026/real-or-fake/",
    "/nl-gr2026/report/",
    "/nl-gr2026/what-we-do/",
    "/nl-tk2025/",
]


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("gemeenteraadsverkiezingen", 8),
        ("identiteitsbewijs", 6),
        ("stembureau", 4),
        ("ideeën", 3),
        ("reünie", 3),
        ("video", 3),
        ("ijs", 1),
        ("Mooie", 2),
        ("nieuwe", 2),
        ("tv", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, sounds):
    assert syllables(word) == sounds


def test_the_score_is_the_formula_of_douma():
    # Six words, seven syllables, one sentence.
    found = score("Je stemt in je eigen buurt.")

    assert (found.sentences, found.words, found.syllables) == (1, 6, 7)
    assert found.flesch_douma == pytest.approx(206.84 - 0.93 * 6 - 77 * 7 / 6)


def test_hard_words_and_long_sentences_score_lower():
    easy = score("Je stemt op woensdag. Neem je pas mee naar het bureau.")
    hard = score(
        "Kiesgerechtigden dienen zich overeenkomstig de verordening te identificeren "
        "alvorens zij tot de stemming worden toegelaten."
    )

    assert easy.flesch_douma > 80 > 30 > hard.flesch_douma


def test_only_running_text_in_dutch_is_read():
    html = (
        "<html lang='nl'><body><p>Buiten de hoofdtekst.</p><main><nav><p>Naar boven en weer terug."
        "</p></nav><p>Je mag <b>zelf</b> kiezen waar je stemt.</p><p class='src'>Bron: de Kiesraad "
        "en de gemeente.</p><p lang='en'>This is not in Dutch at all.</p><ul><li>Neem je pas mee "
        "naar het bureau.</li></ul></main></body></html>"
    )

    assert [line for line in text_of(html).splitlines() if line] == [
        "Je mag zelf kiezen waar je stemt.",
        "Neem je pas mee naar het bureau.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_plain_dutch(address, monkeypatch):
    at = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)
    name = address.split("/")[1]
    pack = read_election_packs(PACKS / f"{name}.json")[0]
    load_pack(pack=pack, by=None, at=at - timedelta(days=1))

    found = score(text_of(Client().get(address).content.decode()))

    assert found.sentences > 10
    assert found.flesch_douma >= EASY_ENOUGH, found
    assert len(words(found.longest)) <= LONGEST_SENTENCE, found.longest
