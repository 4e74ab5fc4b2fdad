"""The bench sends through the real front door and counts what is stored, refusals included."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from moderation.management.commands import bench_intake
from moderation.models import Item, Job
from moderation.services import assessing

FACTS = [
    {
        "id": "nl-gr2026",
        "name": "Gemeenteraadsverkiezingen 2026",
        "country": "NL",
        "facts": [{"key": "voting_day", "value": "2026-03-18", "applies": "one day"}],
    }
]
WRONG_DAY = "Let op: de gemeenteraadsverkiezing is op donderdag 19 maart, niet eerder."
POSTS = [
    {"id": "d1", "election": "nl-gr2026", "lang": "nl", "text": WRONG_DAY,
     "posted_at": "2026-03-16T09:00:00+01:00", "label": "contradicts"},
    {"id": "d2", "election": "nl-gr2026", "lang": "nl", "text": "Lekker weer vandaag, zeg.",
     "posted_at": "2026-03-16T09:00:00+01:00", "label": "not_procedural"},
    {"id": "d3", "election": "nl-gr2026", "lang": "nl", "text": "Wat een regen.",
     "posted_at": (timezone.now() + timedelta(days=90)).isoformat(), "label": "consistent"},
    {"id": "d4", "lang": "nl", "text": "stem \x00 nu", "is_procedure_claim": True},
    {"id": "d5", "election": "Statenverkiezingen 2019", "lang": "nl", "text": WRONG_DAY,
     "posted": "2019-03-05", "is_procedure_claim": True},
]  # fmt: skip


@pytest.fixture
def files(tmp_path):
    facts, posts = tmp_path / "facts.json", tmp_path / "dev.jsonl"
    facts.write_text(json.dumps(FACTS))
    posts.write_text("\n".join(map(json.dumps, POSTS)))
    return facts, posts


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_each_row_is_sent_read_and_counted(live_server, files, tmp_path, monkeypatch, capsys):
    facts, posts = files
    # The worker of the running house, while the bench waits.
    monkeypatch.setattr(
        bench_intake.time, "sleep", lambda _: assessing.assess_owed(now=timezone.now)
    )

    call_command(
        "bench_intake", str(posts), facts=str(facts), url=live_server.url, json=tmp_path / "out"
    )

    told = json.loads((tmp_path / "out").read_text())["dev"]
    assert (told["rows"], told["accepted"], told["dated_now"]) == (5, 4, 1)
    assert "no text may hold" in told["refused"][0]
    assert (Item.objects.count(), Job.objects.count(), told["jobs"]) == (4, 1, 1)
    assert told["jobs_by_verdict"] == {"contradicts": 1}
    assert told["wrong"] == ["d3"]
    assert told["screening"]["confusion"]["contradicts"]["contradicts"] == 1
    assert told["screening"]["gate"]["all"] == {"rows": 1, "recall": 1.0, "passed_of_others": 0.0}
    assert told["read"]["done"] == 4
    assert told["read"]["acceptance_to_reading_ms"]["p95"] >= 0
    assert "wrong: d3" in capsys.readouterr().out


@pytest.mark.django_db
def test_without_a_worker_the_bench_says_so(files, monkeypatch):
    from tests.factories import make_item

    make_item("bench-dev-0")
    file = bench_intake.Sent("dev", POSTS, [], accepted=[0])
    monkeypatch.setattr(bench_intake, "WAIT", timedelta(0))

    with pytest.raises(CommandError, match="Does a worker run"):
        bench_intake.wait(file)


def test_percentiles_need_two():
    assert bench_intake.percentiles([timedelta(seconds=1)]) == {}
    assert bench_intake.percentiles([timedelta(seconds=1), timedelta(seconds=3)])["p50"] == 2000
