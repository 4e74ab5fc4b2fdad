"""What people do on Plein reaches Waarborg once it can be reached, and what was missed is fetched."""

import pytest
import requests

from demo.platform.bridge import Bridge
from demo.platform.store import Store


class FakeHouse:
    """Waarborg as the bridge sees it: remembers what it was sent, can be down."""

    def __init__(self) -> None:
        self.items: list[dict] = []
        self.samples: list[dict] = []
        self.reports: list[dict] = []
        self.pictures: list[tuple] = []
        self.feed: list[dict] = []
        self.down = False
        self.refuse: set[str] = set()

    def _up(self) -> None:
        if self.down:
            raise requests.ConnectionError("nobody answers")

    def post_items(self, items):
        self._up()
        self.items += items
        refusal = "election: There is no such election."
        return [refusal if item["external_id"] in self.refuse else "" for item in items]

    def post_traction(self, samples):
        self._up()
        self.samples += samples
        return ["" for _ in samples]

    def post_reports(self, reports):
        self._up()
        self.reports += reports
        return ["" for _ in reports]

    def put_media(self, external_id, n, content, content_type):
        self._up()
        self.pictures.append((external_id, n, content, content_type))

    def actions(self, after):
        self._up()
        start = int(after or 0)
        page = self.feed[start : start + 2]
        return {"events": page, "next": str(start + len(page)), "more": start + 2 < len(self.feed)}


@pytest.fixture
def house() -> FakeHouse:
    return FakeHouse()


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "platform.sqlite3")


@pytest.fixture
def bridge(store, house) -> Bridge:
    return Bridge(store, house)


def add_post(store, key: str, **more) -> None:
    store.add_post(
        {
            "id": key,
            "account": {"id": "delen", "handle": "deel_dit_nu", "protection": "candidate"},
            "posted_at": "2026-03-17T08:00:00+01:00",
            "text": "Stemmen kan tot 19.00 uur.",
            "language": "nl",
            **more,
        }
    )


def test_a_post_is_sent_once(bridge, store, house):
    add_post(store, "post-1", place="GM0080")

    bridge.send()
    bridge.send()

    assert house.items == [
        {
            "external_id": "post-1",
            "actor": {"external_id": "delen", "handle": "deel_dit_nu", "protection": "candidate"},
            "posted_at": "2026-03-17T08:00:00+01:00",
            "version": 1,
            "kind": "text",
            "text": "Stemmen kan tot 19.00 uur.",
            "language": "nl",
            "place": "GM0080",
        }
    ]


def test_nothing_is_lost_while_waarborg_is_down(bridge, store, house):
    add_post(store, "post-1")
    house.down = True
    with pytest.raises(requests.ConnectionError):
        bridge.send()

    house.down = False
    bridge.send()

    assert [item["external_id"] for item in house.items] == ["post-1"]


def test_an_edit_goes_out_as_a_new_version_and_a_deletion_with_its_moment(bridge, store, house):
    add_post(store, "post-1")
    bridge.send()
    store.edit_post("post-1", "Stemmen kan tot 21.00 uur.")
    bridge.send()
    store.delete_post("post-1", "2026-03-17T09:00:00+01:00")
    bridge.send()

    assert [(i["version"], i.get("deleted_at")) for i in house.items] == [
        (1, None),
        (2, None),
        (2, "2026-03-17T09:00:00+01:00"),
    ]


def test_a_refused_post_is_remembered_with_the_reason_and_not_sent_for_ever(bridge, store, house):
    house.refuse = {"post-1"}
    add_post(store, "post-1")

    bridge.send()
    bridge.send()

    assert len(house.items) == 1
    assert (
        store.row("SELECT refused FROM post")["refused"] == "election: There is no such election."
    )


def test_views_and_reports_wait_for_their_post(bridge, store, house):
    add_post(store, "post-1")
    store.count_views([("post-1", 120, 4)])
    store.add_report(
        {
            "id": "r-1",
            "post": "post-1",
            "source": "user",
            "reason": "voting",
            "reported_at": "2026-03-17T08:30:00+01:00",
        }
    )

    bridge.send()
    bridge.send()

    assert [(s["external_id"], s["views"], s["shares"]) for s in house.samples] == [
        ("post-1", 120, 4)
    ]
    assert [(r["external_id"], r["item"]) for r in house.reports] == [("r-1", "post-1")]


def test_view_counts_never_go_down(bridge, store, house):
    add_post(store, "post-1")
    store.count_views([("post-1", 120, 4)])
    store.count_views([("post-1", 90, 3)])

    assert store.row("SELECT views, shares FROM post") == {"views": 120, "shares": 4}


def test_a_picture_follows_its_post(bridge, store, house):
    add_post(store, "post-1", image=b"\x89PNG...", image_type="image/png")

    bridge.send()
    bridge.send()

    assert house.pictures == [("post-1", 0, b"\x89PNG...", "image/png")]


def test_what_no_webhook_brought_is_fetched_to_the_end_of_the_feed(bridge, store, house):
    for n in range(5):
        add_post(store, f"post-{n}")
        house.feed.append(
            {
                "id": f"evt_{n}",
                "type": "decision.carried_out",
                "timestamp": "2026-11-25T10:00:00+00:00",
                "data": {
                    "item": f"post-{n}", "actor": "delen", "action": "ineligible", "label": None,
                    "statement": None, "carried_out_at": "2026-11-25T10:00:00+00:00",
                },
            }
        )  # fmt: skip
    store.take_event(house.feed[0], by="webhook")

    assert bridge.pull() == 4
    assert bridge.pull() == 0

    assert store.rows("SELECT DISTINCT action FROM post") == [{"action": "ineligible"}]
