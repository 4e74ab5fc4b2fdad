"""Plein shows what was decided, believes only what is signed, and survives what people type."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from standardwebhooks.webhooks import Webhook

from demo.access import Access
from demo.feeder import draw
from demo.platform.app import Platform
from demo.platform.store import Store

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ....").decode()
FALSE = "De gemeenteraadsverkiezingen zijn pas op donderdag 19 maart."
STATEMENT = {
    "ground": "V-1 (versie 1): Onjuiste informatie over stemmen",
    "explanation": "Plein laat geen onjuiste informatie over de stemdag staan.",
    "facts": "Het bericht noemt donderdag 19 maart; officieel is het woensdag 18 maart.",
    "automated_detection": "Yes",
    "territorial_scope": ["NL"],
    "redress": "Je kunt binnen zes maanden bezwaar maken.",
}


class SilentBridge:
    """Stands where the bridge would be: nothing is sent in these tests."""

    wake = threading.Event()


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "platform.sqlite3")


@pytest.fixture
def platform(store) -> Platform:
    access = Access("wb_key", SECRET, "app-token", "nl-gr2026", "", ())
    return Platform(store, access, SilentBridge(), house="http://127.0.0.1:8000")


@pytest.fixture
def post(store) -> str:
    store.add_post(
        {
            "id": "post-1",
            "account": {
                "id": "delen",
                "handle": "deel_dit_nu",
                "name": "Deel dit nu",
                "followers": 21050,
            },
            "posted_at": "2026-03-17T08:00:00+01:00",
            "text": FALSE,
            "language": "nl",
        }
    )
    return "post-1"


def call(platform, method: str, path: str, body: bytes = b"", **headers: str):
    """Call the WSGI application; returns (status, text, headers)."""
    got: dict = {}

    def start_response(status, fields):
        got.update(status=int(status[:3]), headers=dict(fields))

    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body),
        **{f"HTTP_{k.upper()}": v for k, v in headers.items()},
    }  # fmt: skip
    text = b"".join(platform(environ, start_response)).decode("utf-8", "replace")
    return got["status"], text, got["headers"]


def decision(
    action: str, *, minute: int = 0, item: str = "post-1", number: str = "1", **data
) -> dict:
    label = {"id": "l", "text": {"nl": "Lees wat hierover officieel is.", "en": "Read what is official."},
             "link": "http://127.0.0.1:8000/nl-gr2026/voting_day/"}  # fmt: skip
    return {
        "id": f"evt_{number}",
        "type": "decision.carried_out",
        "timestamp": "2026-11-25T10:00:00+00:00",
        "data": {
            "item": item, "actor": "delen", "action": action,
            "label": label if action == "label" else None,
            "statement": STATEMENT if action != "no_action" else None,
            "carried_out_at": f"2026-11-25T10:{minute:02}:00+00:00",
            **data,
        },
    }  # fmt: skip


def letter() -> dict:
    return {
        "id": "evt_letter",
        "type": "notification.owed",
        "timestamp": "2026-11-25T10:00:00+00:00",
        "data": {
            "notification": "n-1",
            "recipient": {"type": "actor", "id": "delen"},
            "subject": {"type": "item", "id": "post-1"},
            "language": "nl",
            "title": "Een beslissing over wat je plaatste",
            "body": "Je bericht heeft een label gekregen.",
        },
    }


def signed(
    event: dict, *, at: datetime | None = None, secret: str = SECRET
) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(event)
    at = at or datetime.now(UTC)
    return body.encode(), {
        "webhook_id": event["id"],
        "webhook_timestamp": str(int(at.timestamp())),
        "webhook_signature": Webhook(secret).sign(event["id"], at, body),
    }


def hear(platform, event: dict, **how) -> int:
    body, headers = signed(event, **how)
    return call(platform, "POST", "/webhooks/waarborg", body, **headers)[0]


def pointer(*, minute: int = 0, number: str = "p1", shown: bool = True) -> dict:
    """Waarborg's pointer to the Election Center, or that it is gone."""
    label = {
        "id": "p",
        "topic": "when",
        "text": {"nl": "Wanneer je stemt: hier staat wat officieel is."},
        "link": "http://127.0.0.1:8000/nl-gr2026/wanneer/",
    }
    at = f"2026-11-25T09:{minute:02}:00+00:00"
    row = {"item": "post-1", "version": 1, "at": at, "label": label if shown else None}
    return {
        "id": f"evt_{number}",
        "type": "labels.information",
        "timestamp": "2026-11-25T10:00:00+00:00",
        "data": {"labels": [row]},
    }


def test_a_post_about_an_election_points_to_its_page_until_it_is_told_otherwise(platform, post):
    assert hear(platform, pointer(minute=5)) == 204
    assert "/nl-gr2026/wanneer/" in call(platform, "GET", f"/posts/{post}")[1]

    hear(platform, pointer(minute=1, number="older", shown=False))
    assert "/nl-gr2026/wanneer/" in call(platform, "GET", f"/posts/{post}")[1]

    hear(platform, pointer(minute=9, number="newer", shown=False))
    assert "/nl-gr2026/wanneer/" not in call(platform, "GET", f"/posts/{post}")[1]


def test_a_decisions_label_stands_alone(platform, post):
    hear(platform, pointer())
    hear(platform, decision("label"))

    page = call(platform, "GET", f"/posts/{post}")[1]

    assert "/nl-gr2026/voting_day/" in page
    assert "/nl-gr2026/wanneer/" not in page


def test_a_labelled_post_leads_to_the_election_center(platform, post):
    assert hear(platform, decision("label")) == 204

    page = call(platform, "GET", f"/posts/{post}")[1]

    assert FALSE in page
    assert 'href="http://127.0.0.1:8000/nl-gr2026/voting_day/"' in page
    assert "Naar het Verkiezingscentrum" in page


def test_a_removed_post_shows_no_words_and_leaves_the_recommendations(platform, post):
    hear(platform, decision("remove"))

    assert FALSE not in call(platform, "GET", f"/posts/{post}")[1]
    assert FALSE not in call(platform, "GET", "/latest")[1]
    assert 'id="post-post-1"' not in call(platform, "GET", "/")[1]
    assert "Dit bericht is verwijderd." in call(platform, "GET", "/latest")[1]


def test_an_ineligible_post_can_be_read_but_is_not_recommended(platform, post):
    hear(platform, decision("ineligible"))

    recommended = call(platform, "GET", "/")[1]
    assert FALSE not in recommended
    assert "Berichten die hier niet worden aanbevolen: 1" in recommended
    assert FALSE in call(platform, "GET", "/latest")[1]


def test_the_poster_finds_the_letter_and_the_statement_of_reasons(platform, post):
    hear(platform, decision("label"))
    hear(platform, letter())

    inbox = call(platform, "GET", "/accounts/delen")[1]

    assert "Een beslissing over wat je plaatste" in inbox
    assert STATEMENT["facts"] in inbox
    assert STATEMENT["redress"] in inbox


def test_a_decision_that_is_overridden_later_gives_way(platform, post):
    hear(platform, decision("remove", minute=0, number="1"))
    hear(platform, decision("no_action", minute=5, number="2"))

    assert FALSE in call(platform, "GET", "/")[1]


def test_an_earlier_decision_that_arrives_late_changes_nothing(platform, post):
    hear(platform, decision("no_action", minute=5, number="2"))
    hear(platform, decision("remove", minute=0, number="1"))

    assert FALSE in call(platform, "GET", "/")[1]


def test_the_same_event_is_applied_once(platform, store, post):
    assert hear(platform, decision("label")) == 204
    assert hear(platform, decision("label")) == 204

    assert len(store.rows("SELECT * FROM event")) == 1
    assert store.note("repeated") == "1"


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "whsec_" + base64.b64encode(b"another secret of 32 bytes .....").decode()},
        {"at": datetime.now(UTC) - timedelta(minutes=10)},
    ],
    ids=["signed by somebody else", "replayed after ten minutes"],
)
def test_what_is_not_signed_now_and_by_waarborg_is_refused(platform, store, post, how):
    assert hear(platform, decision("remove"), **how) == 401

    assert store.row("SELECT action FROM post")["action"] is None


def test_an_altered_event_is_refused(platform, store, post):
    body, headers = signed(decision("label"))

    status, _, _ = call(
        platform, "POST", "/webhooks/waarborg", body.replace(b'"label"', b'"remove"', 1), **headers
    )

    assert status == 401
    assert store.row("SELECT action FROM post")["action"] is None


def test_what_people_type_is_shown_and_never_run(platform, store):
    store.add_post(
        {
            "id": "post-2",
            "account": {"id": "x", "handle": "<script>alert(1)</script>", "name": '"><img src=x>'},
            "posted_at": "2026-03-17T08:00:00+01:00",
            "text": "<script>alert('stem donderdag')</script>",
        }
    )

    page, headers = call(platform, "GET", "/latest")[1:]

    assert "<script" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;alert(&#x27;stem donderdag&#x27;)" in page
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_label_never_leads_to_a_script(platform, post):
    event = decision("label")
    event["data"]["label"]["link"] = "javascript:alert(1)"
    hear(platform, event)

    assert "javascript:" not in call(platform, "GET", f"/posts/{post}")[1]


def test_the_app_doors_are_closed_to_strangers(platform):
    assert call(platform, "POST", "/app/posts", b"{}")[0] == 401
    assert call(platform, "POST", "/app/posts", b"{}", authorization="Bearer wrong")[0] == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"id": "a"}', b"\xff\xfe"])
def test_a_malformed_post_is_explained_and_never_a_500(platform, body):
    status, text, _ = call(platform, "POST", "/app/posts", body, authorization="Bearer app-token")

    assert status == 400
    assert json.loads(text)["detail"]


def test_a_picture_is_shown_until_the_post_is_gone(platform, store, post):
    picture = base64.b64encode(draw("STEMMEN? DONDERDAG 19 MAART")).decode()
    made = {
        "id": "post-3", "account": {"id": "ruben", "handle": "ruben"}, "text": "Dit bord zag ik.",
        "posted_at": "2026-03-17T18:00:00+01:00", "picture": picture,
    }  # fmt: skip
    assert (
        call(
            platform,
            "POST",
            "/app/posts",
            json.dumps(made).encode(),
            authorization="Bearer app-token",
        )[0]
        == 201
    )

    status, _, headers = call(platform, "GET", "/posts/post-3/picture")
    assert (status, headers["Content-Type"]) == (200, "image/png")

    hear(platform, decision("remove", item="post-3"))
    assert call(platform, "GET", "/posts/post-3/picture")[0] == 404


def test_a_picture_that_is_none_is_refused(platform):
    made = {
        "id": "post-4", "account": {"id": "ruben", "handle": "ruben"}, "text": "Kijk.",
        "posted_at": "2026-03-17T18:00:00+01:00", "picture": base64.b64encode(b"<svg onload=x>").decode(),
    }  # fmt: skip

    assert (
        call(
            platform,
            "POST",
            "/app/posts",
            json.dumps(made).encode(),
            authorization="Bearer app-token",
        )[0]
        == 400
    )


def test_a_viewer_reports_and_is_thanked(platform, store, post):
    status, _, headers = call(
        platform, "POST", f"/posts/{post}/report", b"reason=voting&text=Het+is+woensdag"
    )

    assert status == 303
    assert "Dank je." in call(platform, "GET", headers["Location"])[1]
    assert store.row("SELECT source, reason, text FROM report") == {
        "source": "user", "reason": "voting", "text": "Het is woensdag",
    }  # fmt: skip


def test_a_report_from_another_site_is_refused(platform, post):
    status, _, _ = call(
        platform, "POST", f"/posts/{post}/report", b"reason=voting", sec_fetch_site="cross-site"
    )

    assert status == 403


def test_the_reader_chooses_the_language(platform, post):
    hear(platform, decision("label"))

    assert "Go to the Election Center" in call(platform, "GET", "/?lang=en")[1]
    assert "lang=en" in call(platform, "GET", "/?lang=en")[2]["Set-Cookie"]
    assert "Go to the Election Center" in call(platform, "GET", "/", cookie="lang=en")[1]
    assert "Naar het Verkiezingscentrum" in call(platform, "GET", "/")[1]


@pytest.mark.parametrize(
    "path", ["/nope", "/posts/none", "/accounts/none", "/static/none.css", "/static/..%2Fapp.py"]
)
def test_what_is_not_there_is_said_kindly(platform, path):
    status, page, _ = call(platform, "GET", path)

    assert status == 404
    assert "Deze pagina is er niet." in page
