"""The learned heads: what they read alike, what they refuse, and that hostile text is harmless."""

import io
import shutil

import numpy as np
import pytest

from integrity.classifiers.voting_procedure import gate, learned, ngrams

shipped = pytest.mark.skipif(not learned.WEIGHTS.exists(), reason="no weights in this checkout")


def folded(text: str) -> str:
    codes = ngrams.fold([text]).codes
    return "".join(chr(code) for code in codes if code).strip()


@pytest.mark.parametrize(
    "disguised",
    [
        "St3mmen op woensdag",
        "stеmmеn op wοensdag",
        "s\u200bt\u200bemmen op woensdag",
        "s.t.e.m.m.e.n op woensdag",
        "ｓｔｅｍｍｅｎ op woensdag",
        "STEMMEN op wóénsdag",
    ],
)
def test_a_disguised_word_is_read_like_the_plain_one(disguised):
    assert folded(disguised) == "stemmen op woensdag"


def test_hours_keep_their_digits_as_digits():
    assert folded("open tot 19u30") == "open tot 99u99"


def test_posts_do_not_leak_into_their_neighbours():
    alone = ngrams.fold(["de stembus sluit"])
    among = ngrams.fold(["wat een doelpunt", "de stembus sluit", ""])

    first = ngrams.char_buckets(alone, 16)[0]
    middle = ngrams.char_buckets(among, 16)[0][among.starts[1] : among.starts[2]]

    assert first.tolist() == middle.tolist()
    assert len(among.starts) == 3


def test_a_pair_of_words_stays_within_its_post():
    found = ngrams.words(ngrams.fold(["morgen", "stemmen"]))
    apart = [int(buckets[0]) for buckets in ngrams.word_buckets(found, 16)]
    alone = ngrams.words(ngrams.fold(["morgen"]))

    assert apart == [int(buckets[0]) for buckets in ngrams.word_buckets(alone, 16)]


def test_a_sentence_in_a_long_post_counts_as_much_as_alone():
    long = ngrams.fold(["koffie " * 60, "koffie " * 15])
    evidence = np.zeros(len(long.codes), dtype=np.float32)
    evidence[long.starts[0] + 200 : long.starts[0] + 210] = 1

    in_long, without = learned.strongest_window(evidence, long)

    assert in_long == pytest.approx(10 / np.sqrt(learned.WINDOW), rel=1e-4)
    assert without == 0


@shipped
def test_shipped_weights_match_their_checksum():
    assert learned.load() is not None


@shipped
def test_a_changed_weights_file_is_refused(tmp_path):
    copy = tmp_path / "heads.npz"
    shutil.copy(learned.WEIGHTS, copy)
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)

    with pytest.raises(learned.WeightsDamaged, match="SHA-256"):
        learned.read(copy, checksum=learned.CHECKSUM.read_text().split()[0])


def test_weights_of_another_format_are_refused():
    meta = np.frombuffer(b'{"format": 999}', dtype=np.uint8)
    with pytest.raises(learned.WeightsDamaged, match="format 999"):
        learned.Learned({"meta": meta}, version="old")


def test_without_weights_there_is_no_opinion(monkeypatch, tmp_path):
    monkeypatch.setattr(learned, "WEIGHTS", tmp_path / "none.npz")
    assert learned.load() is None


HOSTILE = [
    "",
    " ",
    "\0\0\0\0stemmen\0",
    "\u200b\u200d\ufeff",
    "😂" * 400,
    "a" * 1_000_000,
    "ﷺ" * 5_000,
    "\ud800 stem",
    "ابجد مرحبا 投票 голосование",
    "1" * 4_000,
    "s t e m " * 2_000,
]


@shipped
def test_hostile_text_gets_an_answer_of_its_own():
    model = learned.load()
    together = model.gate(HOSTILE)
    alone = np.array([model.gate([text])[0] for text in HOSTILE])

    assert np.isfinite(together).all()
    assert together == pytest.approx(alone, abs=1e-4)
    for opinion in model.predict(HOSTILE):
        assert 0 <= opinion.procedural <= 1
        assert sum(opinion.stance.values()) == pytest.approx(1, abs=1e-4)
        assert sum(opinion.topic.values()) == pytest.approx(1, abs=1e-4)


@shipped
def test_no_posts_give_no_answers():
    model = learned.load()
    assert model.gate([]).tolist() == []
    assert model.predict([]) == []


@shipped
@pytest.mark.parametrize(
    "text",
    [
        "Het stembureau in de sporthal sluit om 21.00 uur",
        "Polling stations close at 9pm, bring your passport",
        "je kunt dit jaar gewoon via een app stemmen, deel dit",
        "Er zijn honderden stembiljetten weggegooid in Almere",
    ],
)
def test_voting_talk_passes_the_gate(text):
    model = learned.load()
    assert model.gate([text])[0] >= model.gate_threshold


@shipped
def test_a_day_to_vote_is_read_whatever_the_second_gate_hears(monkeypatch):
    monkeypatch.setattr(gate, "SURE", 2.0)
    monkeypatch.setattr(gate, "ODDS_FROM", 100.0)
    texts = [
        "Deel onze filmpjes! Stem 18 maart lijst 4",
        "vote with us on March 18",
        "de stemming in huis was goed",
    ]

    assert [each.passed for each in gate.may_concern_voting(texts)] == [True, True, False]


@shipped
@pytest.mark.parametrize(
    "text",
    [
        "wat een goal van Sanne in de blessuretijd",
        "my cat knocked the plant off the window sill again",
        "recept voor appeltaart met kaneel en rozijnen",
    ],
)
def test_everyday_talk_stays_outside_the_gate(text):
    model = learned.load()
    assert model.gate([text])[0] < model.gate_threshold


@shipped
def test_a_statement_is_likelier_procedural_than_a_vote_in_a_show():
    model = learned.load()
    statement, show = model.predict(
        ["de stembureaus sluiten om 21.00 uur", "stem in de app op onze band, tot 21.00 uur"]
    )
    assert statement.procedural > show.procedural


@shipped
def test_the_subject_of_a_plain_statement_is_named():
    model = learned.load()
    texts = {
        "je mag maximaal twee volmachten meenemen": "proxy",
        "the polling stations close at 9pm": "hours",
        "neem een geldig rijbewijs of paspoort mee als legitimatie bij het stemmen": "id",
        "the ballots were thrown away, the election is rigged": "fraud",
    }
    named = [max(o.topic, key=o.topic.get) for o in model.predict(list(texts))]
    assert named == list(texts.values())


@shipped
def test_weights_stay_small():
    buffer = io.BytesIO(learned.WEIGHTS.read_bytes())
    assert buffer.getbuffer().nbytes < 6_000_000
