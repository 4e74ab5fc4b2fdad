"""The made-up day is whole, and playing it twice is the same as once."""

import json

import pytest

from demo import feeder
from demo.feeder import DAY, Feeder, minute_of, moments, read_rows, views_at


@pytest.fixture(scope="module")
def posts() -> list[dict]:
    return read_rows("day.jsonl")


class FakeApp:
    """Remembers what is called."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []

    def call(self, method, path, body=None):
        self.calls.append((method, path, body))
        return {}

    def paths(self, method: str) -> list[str]:
        return [path for called, path, _ in self.calls if called == method]


def test_the_day_has_every_kind_of_post_in_two_languages(posts):
    assert {"false", "true", "debunk", "question", "joke", "talk", "fraud"} <= {
        p["what"] for p in posts
    }
    assert {"nl", "en"} <= {p["lang"] for p in posts}
    assert 200 <= len(posts) <= 400


def test_no_post_is_there_twice(posts):
    assert len({p["id"] for p in posts}) == len(posts)
    assert len({p["text"] for p in posts}) == len(posts)


def test_everybody_who_posts_has_an_account(posts):
    assert {p["account"] for p in posts} <= {a["id"] for a in read_rows("accounts.jsonl")}


def test_there_is_an_edit_a_deletion_a_report_and_a_picture(posts):
    for what in ("edit", "delete", "reports", "picture"):
        assert any(what in post for post in posts), what


def test_everything_that_happens_to_a_post_happens_after_it_is_made(posts):
    seen = set()
    for moment in moments(posts):
        if moment.what == "post":
            seen.add(moment.post["id"])
        assert moment.post["id"] in seen


def test_views_only_grow_and_stay_under_the_reach(posts):
    for post in posts:
        counts = [views_at(post, minute) for minute in range(0, int(DAY), 30)]
        assert counts == sorted(counts)
        assert counts[-1] <= post["reach"]
        assert views_at(post, minute_of(post)) == 0


def test_the_whole_day_reaches_the_platform(tmp_path, posts, monkeypatch):
    monkeypatch.setattr(feeder, "TICK", 0.0)
    app = FakeApp()
    Feeder(app, tmp_path / "position.json", speed=60 * DAY * 1000).play()

    made = [body["id"] for method, path, body in app.calls if path == "posts"]
    assert made == [p["id"] for p in sorted(posts, key=lambda p: (p["at"], posts.index(p)))]
    assert len(app.paths("PATCH")) == sum("edit" in p for p in posts)
    assert len(app.paths("DELETE")) == sum("delete" in p for p in posts)
    assert app.paths("POST").count("reports") == sum(len(p.get("reports", [])) for p in posts)


def test_a_new_start_goes_on_where_the_last_one_stopped(tmp_path, posts):
    position = tmp_path / "position.json"
    position.write_text(json.dumps({"minute": 1200.0, "done": 7}))

    player = Feeder(FakeApp(), position, speed=60)

    assert (player.minute, player.done) == (1200.0, 7)


def test_a_spoilt_position_begins_the_day_anew(tmp_path):
    position = tmp_path / "position.json"
    position.write_text("{")

    assert Feeder(FakeApp(), position, speed=60).done == 0


def test_the_picture_is_one():
    assert feeder.draw("STEMMEN? DONDERDAG 19 MAART").startswith(b"\x89PNG")
