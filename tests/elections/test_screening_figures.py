"""What the averages hide is measured by commands that anybody can run on posts of their own."""

import json
import random
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from elections import quality, weighing
from elections.benching import SHARE_ABOUT_VOTING, mix_of
from elections.packs import read_election_packs
from elections.screening import Text

DATA = Path(__file__).parents[1] / "data"
PACK = DATA / "screening_facts.json"
SHEETS = {sheet.election: sheet for sheet in read_election_packs(PACK)}
POST = "morgen kun je tot tien uur in de avond stemmen"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A few labelled posts of every class, as the commands read them."""
    rows = (DATA / "screening_posts_6.jsonl").read_text(encoding="utf-8").splitlines()[::6]
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_pairs_are_read_and_remarks_left_out() -> None:
    lines = ["# a remark", "nl | stemmen kan tot {} | 21.00 uur | 20.00 uur", "broken | line"]

    assert quality.read_pairs(lines) == [
        quality.Pair("nl", "stemmen kan tot 21.00 uur", "stemmen kan tot 20.00 uur")
    ]


def test_a_pair_flips_when_only_its_value_is_wrong() -> None:
    pair = quality.Pair(
        "nl", "het stembureau sluit om negen uur", "het stembureau sluit om acht uur"
    )

    assert quality.flips([pair], SHEETS)["flipped"] == 1.0


@pytest.mark.parametrize("name", sorted(quality.EVASIONS))
def test_each_way_of_hiding_changes_the_text(name: str) -> None:
    text = f"{POST} om 8 uur"

    assert quality.EVASIONS[name](text, random.Random(1)) != text


def test_the_report_has_every_figure(posts: Path) -> None:
    out = StringIO()
    call_command("report_screening", str(posts), facts=str(PACK), stdout=out)

    report = json.loads(out.getvalue())
    assert set(report) == {"minimal_pairs", "evasion", "hard_negatives", "calibration_error"}
    assert report["minimal_pairs"]["flipped"] >= 0.9
    assert set(report["calibration_error"]) == {"nl", "en"}


def test_a_missing_pack_is_said_plainly(posts: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("report_screening", str(posts), facts=str(tmp_path / "none.json"))


def test_the_weighing_is_fitted_anew_into_a_file_of_the_same_shape(
    posts: Path, tmp_path: Path
) -> None:
    pytest.importorskip("sklearn")
    into = tmp_path / "weighing.json"

    call_command("fit_screening", str(posts), facts=str(PACK), into=str(into), stdout=StringIO())

    fitted, shipped = json.loads(into.read_text()), weighing.weights()
    assert shipped is not None
    assert [len(row) for row in fitted["rows"]] == [len(row) for row in shipped["rows"]]


def test_the_bench_mixes_three_in_a_hundred_about_the_election() -> None:
    about = [Text(POST, election="nl-gr2026")]

    mix = mix_of(["koffie"], about, posts=1_000, seed=1)

    share = sum(text.text == POST for text in mix.mixed) / len(mix.mixed)
    assert share == pytest.approx(SHARE_ABOUT_VOTING)
    assert {text.election for text in mix.mixed} == {"nl-gr2026"}
