"""Facts as sentences: from the value alone, in the reader's language."""

from pathlib import Path

import pytest
from django.utils import translation

from elections.facts import Fact
from elections.packs import read_election_packs
from elections.sentences import SENTENCES, in_readers_language, sentence, steps
from elections.topics import DEADLINES, QUESTIONS, TOPICS

PACKS = sorted(
    (Path(__file__).resolve().parents[2] / "elections" / "data" / "packs").glob("*.json")
)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("voting_day", "2026-03-18", "You vote on Wednesday 18 March 2026."),
        (
            "voting_day",
            ["2027-06-05", "2027-06-06"],
            "You vote on Saturday 5 June 2027 and Sunday 6 June 2027.",
        ),
        ("polls_close", "21:00", "The polling stations close at 21:00."),
        ("ballot_marking", {"boxes": 1, "colour": "red"}, "Colour one circle red."),
        (
            "ballot_marking",
            {"boxes": 2, "colour": "red", "also_number": True},
            "Colour the party red, and colour the number of your candidate red.",
        ),
        ("proxy_max", 0, "Nobody else can cast your vote."),
        ("proxy_max", 2, "One person may vote for 2 other people at most."),
        ("id_expired_max_years", 0, "No. An expired document is not accepted."),
        ("eligible_nationality", ["NL"], "Only people with Dutch nationality may vote."),
        (
            "voter_pass_replacement_deadline",
            "2026-03-17T12:00",
            "You can get a new voting pass in person until Tuesday 17 March 2026, 12:00.",
        ),
        ("health_requirement", None, "No. No vaccination, test or face mask is needed."),
    ],
)
def test_a_value_is_said_in_words(key, value, said):
    with translation.override("en"):
        assert sentence(Fact(key=key, value=value)).text == said


def test_no_app_or_website_is_named_only_where_voting_online_does_not_exist():
    with translation.override("en"):
        without = sentence(Fact(key="voting_methods", value=["in_person", "proxy"])).text
        online = sentence(Fact(key="voting_methods", value=["in_person", "online"])).text

    assert "app" in without
    assert "app" not in online


def test_a_deadline_that_does_not_exist_is_not_said():
    assert sentence(Fact(key="registration_deadline", value=None)) is None


def test_a_text_without_a_translation_says_so():
    with translation.override("en"):
        words = in_readers_language({"nl": "Alleen in het Nederlands."})

    assert (words.text, words.language, words.translated) == (
        "Alleen in het Nederlands.",
        "nl",
        False,
    )


def test_every_sentence_of_a_topic_has_its_question():
    keys = {key for topic in TOPICS for key in topic.keys}

    assert keys - set(QUESTIONS) == set()
    assert set(DEADLINES) <= set(SENTENCES)


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_shipped_statement_can_be_said(path, language):
    silent = {"takes_part", "registration_deadline", "non_eu_residence_years", "nomination_day"}
    with translation.override(language):
        for sheet in read_election_packs(path):
            unsaid = {f.key for f in sheet.facts if not sentence(f) and not steps(f)}
            assert unsaid - silent == set()
            texts = [f.applies for f in sheet.facts if f.applies]
            assert [t for t in texts if not in_readers_language(t).translated] == []
