"""A second reader can take a verdict away and never makes one; without it the first stands."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from elections import screening, second_look
from elections.fusing import Verdict
from elections.packs import read_election_packs
from elections.screening import Text, screen
from integrity import env
from integrity.classifiers.voting_procedure import entailment

FACTS = Path(__file__).parents[1] / "data" / "screening_facts.json"
CLAIM = "Je kunt tot tien uur vanavond stemmen"


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model of three classes with random weights, small enough for a test."""
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    folder = tmp_path_factory.mktemp("inference")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "stemmen", "open", "tot", "tien", "uur"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, id2label={0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"},
    )  # fmt: skip
    torch.manual_seed(1)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def sheets() -> dict[str, screening.FactSheet]:
    return {sheet.election: sheet for sheet in read_election_packs(FACTS)}


def test_a_model_in_a_local_folder_is_loaded_and_asked(model_folder: Path) -> None:
    reader = entailment.load(str(model_folder))

    heard = reader.ask([("stemmen tot tien uur", "open tot tien"), ("stemmen " * 500, "open")])

    assert len(heard) == 2
    assert all(0 < each.says < 1 and 0 < each.denies < 1 for each in heard)


def test_a_model_without_a_class_for_no_is_refused(model_folder: Path, tmp_path: Path) -> None:
    for part in model_folder.iterdir():
        (tmp_path / part.name).write_bytes(part.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {"0": "joy", "1": "anger", "2": "fear"}
    (tmp_path / "config.json").write_text(json.dumps(config))

    with pytest.raises(entailment.NoSuchModel, match="joy, anger, fear"):
        entailment.load(str(tmp_path))


def test_a_folder_that_is_not_there_leaves_the_first_reading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name_a_model(monkeypatch, tmp_path / "nowhere")

    assert second_look.denials([("a", "b")]) == [0.0]
    assert "the first reading stands" in caplog.text


def name_a_model(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    named = replace(env.load(), entailment_model=str(folder))
    monkeypatch.setattr(second_look.env, "load", lambda: named)


@pytest.mark.parametrize(("denied", "verdict"), [(0.9, "unverifiable"), (0.5, "contradicts")])
def test_what_it_denies_goes_to_people_unless_it_is_plain(
    denied: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "FAST_LANE", 1.1)
    monkeypatch.setattr(second_look, "denials", lambda pairs: [denied] * len(pairs))

    [outcome] = screen([Text(CLAIM, election="nl-gr2026")], sheets())

    assert str(outcome.verdict) == verdict


def test_what_is_plain_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(screening, "FAST_LANE", 0.0)
    monkeypatch.setattr(second_look, "denials", lambda pairs: asked.extend(pairs) or [])

    [outcome] = screen([Text(CLAIM, election="nl-gr2026")], sheets())

    assert outcome.verdict is Verdict.CONTRADICTS
    assert asked == []
