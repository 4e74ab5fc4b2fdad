"""The commands screen and measure files without a database."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DATA = Path(__file__).parent.parent / "data"
PACK = str(DATA / "screening_facts.json")


def write(path: Path, *rows: object) -> str:
    """Write one row a line."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_screen_writes_one_outcome_a_line(tmp_path: Path) -> None:
    row = {
        "id": "p1", "election": "nl-gr2026", "text": "stemmen is donderdag 19 maart",
        "posted_at": "2026-03-16T10:00:00+01:00",
    }  # fmt: skip
    output = tmp_path / "out.jsonl"

    call_command("screen", write(tmp_path / "in.jsonl", row), facts=PACK, output=str(output))

    (line,) = output.read_text(encoding="utf-8").splitlines()
    outcome = json.loads(line)
    assert outcome["id"] == "p1"
    assert outcome["verdict"] == "contradicts"
    assert outcome["fact_key"] == "voting_day"
    assert outcome["claimed"] == "2026-03-19"
    assert outcome["official"] == "2026-03-18"
    assert {"score", "topic", "stance", "span", "reasons", "model_version"} <= set(outcome)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"election": "nl-ps2031", "text": "x"}, "line 1: election: 'nl-ps2031'"),
        ({"election": "nl-gr2026", "text": 5}, "line 1: text: expected a text"),
        ({"text": "x", "posted_at": "yesterday"}, "line 1: posted_at: expected a moment"),
        ([1], "line 1: expected an object"),
    ],
)
def test_a_wrong_row_is_named_by_line_and_field(row: object, problem: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=problem.replace("(", r"\(")):
        call_command("screen", write(tmp_path / "in.jsonl", row), facts=PACK)


def test_the_measure_reads_all_three_shapes_of_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = write(
        tmp_path / "posts.jsonl",
        {
            "id": "1", "election": "nl-gr2026", "lang": "nl", "label": "contradicts", "pair": "a",
            "text": "stemmen is donderdag 19 maart", "posted_at": "2026-03-16T10:00:00+01:00",
        },
        {
            "id": "2", "lang": "nl", "posted": "2019-03-05", "expected": "contradiction",
            "text": "Stem op 20 maart!",
            "official": {"election": "Provinciale Staten", "dates": ["2019-03-27"]},
        },
        {"id": "3", "lang": "en", "text": "Polls close at 9pm", "is_procedure_claim": True},
    )  # fmt: skip
    report = tmp_path / "figures.json"

    call_command("evaluate_screening", posts, facts=PACK, json=str(report))

    figures = json.loads(report.read_text(encoding="utf-8"))
    assert figures["rows"] == 3
    assert figures["accuracy"] == 1.0
    assert figures["pair_accuracy"] == 1.0
    assert figures["gate"]["all"]["recall"] == 1.0
    assert "confusion" in capsys.readouterr().out
