"""The recipe of the learned heads: skeletons, generated posts, packing, and a tiny training run."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from integrity.classifiers.voting_procedure.learned import STANCES, TOPICS, read
from integrity.classifiers.voting_procedure.training import generate, perturb, skeletons

DEV_POSTS = Path(__file__).parents[3] / "shared" / "data" / "claims" / "dev_posts.jsonl"


@pytest.fixture(scope="module")
def posts() -> list[generate.Post]:
    return list(generate.write_posts(count=3000, seed=7))


def every_line() -> list[skeletons.Skeleton]:
    return [
        line
        for lang in skeletons.LANGUAGES
        for lines in skeletons.read_language(lang).lines.values()
        for line in lines
    ]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_each_main_language_has_plenty_of_skeletons_on_every_topic(lang):
    lines = [line for line in every_line() if line.lang == lang]
    stated = {line.topic for line in lines if line.procedural and line.kind != "frame"}

    assert len(lines) >= 1000
    assert stated == set(TOPICS) - {"none"}


def test_every_skeleton_can_be_filled():
    import random

    for line in every_line():
        slots = skeletons.read_language(line.lang).slots
        for form in (line.text, line.sub, line.question):
            frame = re.sub(r"\{[MSQ]\}", "iets", form)
            filled = skeletons.fill(frame, slots=slots, rng=random.Random(1))
            assert not re.search(r"[{}]", filled), line


def test_skeleton_labels_are_known_words():
    for line in every_line():
        assert line.topic in TOPICS, line
        assert line.stance in STANCES, line


def test_a_broken_skeleton_names_its_line(tmp_path, monkeypatch):
    (tmp_path / "xx.txt").write_text("=frame asserts maybe plain\n{M}\n", encoding="utf-8")
    monkeypatch.setattr(skeletons, "FOLDER", tmp_path)

    with pytest.raises(ValueError, match=r"xx\.txt, line 2: a frame says yes or no"):
        skeletons.read_language.__wrapped__("xx")


def test_the_same_seed_writes_the_same_posts():
    first = list(generate.write_posts(count=50, seed=3))
    assert first == list(generate.write_posts(count=50, seed=3))
    assert first != list(generate.write_posts(count=50, seed=4))


def test_folds_share_no_family():
    held = frozenset({0})
    rest = generate.ALL_FOLDS - held
    test = {(p.lang, p.family) for p in generate.write_posts(count=800, seed=1, folds=held)}
    learn = {(p.lang, p.family) for p in generate.write_posts(count=800, seed=1, folds=rest)}
    assert test and learn and not test & learn


def test_at_least_forty_percent_are_negatives_that_look_like_voting(posts):
    hard = [p for p in posts if not p.procedural and (p.gate or ":hard:" in p.skeleton)]
    in_frames = [p for p in posts if ":other:" in p.skeleton]
    assert len(hard) + len(in_frames) >= 0.4 * len(posts)


def test_one_proposition_appears_asserted_and_rejected(posts):
    both = {p.skeleton for p in posts if p.procedural and ":prop:" in p.skeleton} & {
        p.skeleton for p in posts if not p.procedural and ":prop:" in p.skeleton
    }
    assert len(both) >= 100


def test_no_skeleton_repeats_the_developer_posts():
    if not DEV_POSTS.exists():
        pytest.skip("the developer posts lie outside the repository and are not here")

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[at : at + 6]) for at in range(len(words) - 5)}

    dev = set()
    for line in DEV_POSTS.read_text(encoding="utf-8").splitlines():
        dev |= runs(json.loads(line)["text"])
    for line in every_line():
        for form in (line.text, line.sub, line.question):
            assert not runs(form) & dev, line


def test_a_transcript_has_no_capitals_or_punctuation():
    assert perturb.spoken("De stembus sluit om 21.00 uur, echt!") == (
        "de stembus sluit om 2100 uur echt"
    )


def test_disguises_touch_voting_words_only_or_all_words():
    import random

    seen = {perturb.disguise("ga stemmen vandaag", rng=random.Random(n)) for n in range(30)}
    assert len(seen) > 10
    assert "ga stemmen vandaag" not in seen or len(seen) > 1


@pytest.mark.slow
def test_a_tiny_run_packs_weights_that_the_serving_code_reads_alike(tmp_path):
    train = pytest.importorskip(
        "integrity.classifiers.voting_procedure.training.train",
        reason="training needs scikit-learn, from requirements-dev",
    )
    plan = replace(train.Plan(), posts=600, fold_posts=400, held_out_posts=150, folds=(0,))

    data, card = train.train(plan)
    digest = train.write(data, folder=tmp_path)
    model = read(tmp_path / "heads.npz", checksum=digest)

    assert card["posts"] == 600
    texts = ["de stembus sluit om negen uur", "wat een mooie goal"]
    voting, goal = model.predict(texts)
    assert voting.gate > goal.gate
    assert voting.procedural > goal.procedural
    again, _ = train.train(plan)
    assert again == data
