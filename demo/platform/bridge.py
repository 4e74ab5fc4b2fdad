"""Between the platform and Waarborg: sends what people did, and pulls what webhooks did not bring.

Everything owed is a row, so a crash or an outage of either side loses nothing; every call is
idempotent at the other end, so sending twice does no harm.
"""

import logging
import threading
from typing import Any

import requests

from demo.house import House
from demo.platform.store import Store, now

EVERY = 1.0
PULL_EVERY = 10.0
BATCH = 200
BACK_OFF = (1.0, 2.0, 5.0, 10.0, 20.0)

log = logging.getLogger("plein.bridge")


class Bridge:
    """Sends and pulls in a thread of its own."""

    def __init__(self, store: Store, house: House) -> None:
        self.store = store
        self.house = house
        self.wake = threading.Event()
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bridge", daemon=True)
        self._since_pull = PULL_EVERY

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the call in hand."""
        self.over.set()
        self.wake.set()
        self._thread.join(10)

    def _run(self) -> None:
        failures = 0
        while not self.over.is_set():
            try:
                self.send()
                self._since_pull += EVERY
                if self._since_pull >= PULL_EVERY:
                    self.pull()
                    self._since_pull = 0.0
                failures = 0
                self.wake.wait(EVERY)
            except (requests.RequestException, ValueError, KeyError) as error:
                wait = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
                failures += 1
                log.warning("Waarborg did not take it, again in %.0f s: %s", wait, _brief(error))
                # Waking is for fresh posts; a house in trouble is not hurried by them.
                self.over.wait(wait)
            self.wake.clear()

    def send(self) -> None:
        """Send the posts, pictures, view counts and reports that are owed."""
        self._send_posts()
        self._send_pictures()
        self._send_views()
        self._send_reports()

    def pull(self) -> int:
        """Read the feed to its end and apply what no webhook brought; return how many."""
        missed = 0
        while True:
            page = self.house.actions(self.store.note("cursor"))
            for event in page["events"]:
                missed += self.store.take_event(event, by="feed")
            self.store.set_note("pulled_at", now())
            # Asking for what follows confirms what came before.
            self.store.set_note("cursor", page["next"])
            if not page["more"]:
                return missed

    def _send_posts(self) -> None:
        owed = self.store.rows(
            "SELECT post.*, handle, protection, followers, registered_on FROM post "
            "JOIN account ON account.id = post.account "
            "WHERE sent_version < version OR (deleted_at IS NOT NULL AND sent_deletion = 0) "
            "ORDER BY arrived LIMIT ?",
            BATCH,
        )
        if not owed:
            return
        refusals = self.house.post_items([_as_item(post) for post in owed])
        for post, refused in zip(owed, refusals, strict=True):
            self.store.write(
                "UPDATE post SET sent_version = ?, sent_deletion = ?, refused = ? WHERE id = ?",
                post["version"],
                int(post["deleted_at"] is not None),
                refused,
                post["id"],
            )
            if refused:
                log.warning("Waarborg refused %s: %s", post["id"], refused)
        self.store.set_note("sent_at", now())

    def _send_pictures(self) -> None:
        for post in self.store.rows(
            "SELECT id, image, image_type FROM post "
            "WHERE image IS NOT NULL AND sent_image = 0 AND sent_version > 0 AND refused = ''"
        ):
            try:
                self.house.put_media(post["id"], 0, post["image"], post["image_type"])
            except requests.HTTPError as error:
                if error.response is None or error.response.status_code >= 500:
                    raise
                log.warning("Waarborg refused the picture of %s: %s", post["id"], error)
            self.store.write("UPDATE post SET sent_image = 1 WHERE id = ?", post["id"])

    def _send_views(self) -> None:
        owed = self.store.rows(
            "SELECT id, views, shares FROM post WHERE views > sent_views AND sent_version > 0 "
            "AND refused = '' ORDER BY views - sent_views DESC LIMIT ?",
            BATCH * 5,
        )
        if not owed:
            return
        at = now()
        self.house.post_traction(
            [
                {"external_id": p["id"], "at": at, "views": p["views"], "shares": p["shares"]}
                for p in owed
            ]
        )
        self.store.write_all(
            "UPDATE post SET sent_views = ? WHERE id = ?", [(p["views"], p["id"]) for p in owed]
        )

    def _send_reports(self) -> None:
        owed = self.store.rows(
            "SELECT report.* FROM report JOIN post ON post.id = report.post "
            "WHERE sent = 0 AND sent_version > 0 LIMIT ?",
            BATCH,
        )
        if not owed:
            return
        refusals = self.house.post_reports([_as_report(report) for report in owed])
        for report, refused in zip(owed, refusals, strict=True):
            self.store.write(
                "UPDATE report SET sent = 1, refused = ? WHERE id = ?", refused, report["id"]
            )


def _brief(error: Exception) -> str:
    answer = getattr(error, "response", None)
    return f"{type(error).__name__} {answer.text[:300] if answer is not None else ''}".strip()


def _as_item(post: dict[str, Any]) -> dict[str, Any]:
    actor = {"external_id": post["account"], "handle": post["handle"]}
    for name in ("protection", "followers", "registered_on"):
        if post[name]:
            actor[name] = post[name]
    item = {
        "external_id": post["id"],
        "actor": actor,
        "posted_at": post["posted_at"],
        "version": post["version"],
        "kind": post["kind"],
    }
    optional = ("text", "transcript", "on_screen", "language", "place", "election", "deleted_at")
    return item | {name: post[name] for name in optional if post[name]}


def _as_report(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "external_id": report["id"],
        "item": report["post"],
        **{
            name: report[name]
            for name in ("source", "reason", "text", "reporter", "language", "reported_at")
            if report[name]
        },
    }
