"""The encoder as shipped: whole files, values masked, long texts in stretches, hostile ones too."""

from datetime import datetime

import pytest

from integrity.classifiers.voting_procedure import gist
from integrity.classifiers.voting_procedure.encoder import model, rows
from integrity.classifiers.voting_procedure.encoder.candidates import chances_of
from integrity.classifiers.voting_procedure.encoder.words import Vocabulary, masked
from integrity.classifiers.voting_procedure.gate import may_concern_voting
from integrity.classifiers.voting_procedure.reading import prepare, read

POSTED = datetime.fromisoformat("2026-03-17T10:00:00+01:00")
LIMIT_MB = 40


def likeliest(text: str, language: str) -> str:
    encoder = model.load()
    assert encoder is not None
    parts = prepare(text, posted_at=POSTED, language=language)
    (found,) = encoder.chances([(masked(parts.tagged), language)])
    chances = chances_of(found, encoder.claims)
    best = max(chances, key=chances.__getitem__)
    return f"{best.key} {best.claim}"


@pytest.mark.parametrize(
    ("text", "language", "claim"),
    [
        ("je kunt gewoon vanaf je bank stemmen via de site van de gemeente", "nl", "online"),
        ("no need to bring a passport, they will just give you a ballot", "en", "not_needed"),
        ("de stemming in de klas was om te snijden", "nl", "none"),
        ("anyone know until what time the polling stations are open?", "en", "none"),
    ],
)
def test_a_plain_post_is_heard(text: str, language: str, claim: str) -> None:
    assert claim in likeliest(text, language)


def test_days_and_hours_are_masked_so_that_no_value_tells() -> None:
    one = prepare("stemmen kan tot negen uur op woensdag 18 maart", posted_at=POSTED)
    other = prepare("stemmen kan tot acht uur op donderdag 19 maart", posted_at=POSTED)

    assert masked(one.tagged) == masked(other.tagged)
    assert "[DATE]" in masked(one.tagged) and "[TIME]" in masked(one.tagged)


def test_a_sentence_in_a_long_text_is_still_heard() -> None:
    talk = "vandaag was het weer mooi en we hebben lekker in de tuin gezeten met koffie. " * 8
    text = talk + "je mag met acht volmachten tegelijk stemmen voor je buren. " + talk

    assert any(each["key"] == "proxy_max" for each in read(text).candidates)


@pytest.mark.parametrize("text", ["", "🗳️" * 50, "a" * 100_000, "投票 голос صوت", "\x00\ud800", "?"])
def test_no_text_is_too_strange(text: str) -> None:
    assert read(text).heard in {True, False}
    assert len(may_concern_voting([text])) == 1


@pytest.mark.parametrize("text", ["e\u0301" * 5_000, "morgen stemmen!", "🗳️ 18 🗳️"])
def test_too_few_words_are_left_to_the_rules(text: str) -> None:
    assert not read(text, posted_at=POSTED, language="nl").heard


def test_a_changed_file_is_refused(tmp_path) -> None:
    for name in (model.WEIGHTS, model.TABLE, model.CHECKSUM):
        (tmp_path / name).write_bytes((model.FOLDER / name).read_bytes())
    table = tmp_path / model.TABLE
    table.write_text(table.read_text(encoding="utf-8") + " ", encoding="utf-8")

    with pytest.raises(model.EncoderDamaged):
        model.read(tmp_path)


def test_without_the_files_the_rules_and_the_claim_model_read_on(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(model, "FOLDER", tmp_path)

    reading = read("je kunt stemmen via internet", posted_at=POSTED)

    assert not reading.heard
    assert any(each.claim == "online" for each in reading.propositions)


def test_words_are_cut_longest_piece_first() -> None:
    shared = {"[UNK]": 0, "[NUM]": 1, "vote": 2, "##r": 3, "s": 4}
    words = Vocabulary(shared, {"stem": 5, "pas": 6})

    assert words.pieces("voter", english=True) == (2, 3)
    assert words.pieces("42", english=True) == (1,)
    assert words.pieces("ж", english=False) == (0,)


def test_all_weights_together_stay_within_what_a_repository_carries() -> None:
    kinds = ("*.onnx", "*.npz", "vocabulary.json")
    classifiers = model.FOLDER.parents[2]
    size = sum(path.stat().st_size for kind in kinds for path in classifiers.rglob(kind))

    assert size <= LIMIT_MB * 1_000_000


def test_every_statement_that_is_trained_on_has_a_topic_and_is_told_apart() -> None:
    written, topics = rows.by_hand()

    encoder = model.load()
    assert encoder is not None
    assert {row.claim for row in written} <= set(topics)
    assert {row.claim for row in written} <= {f"{c.key} {c.claim}" for c in encoder.claims}


def test_the_second_gate_leaves_out_everyday_talk_and_keeps_other_languages() -> None:
    assert gist.load() is not None
    talk = "we hebben zaterdag heerlijk pannenkoeken gegeten bij oma en daarna een film gekeken"
    german = "Gewählt wird am Mittwoch bis neun Uhr abends im Wahllokal"

    assert [each.passed for each in may_concern_voting([talk, german])] == [False, True]
