"""Plays the people of Plein: a day of posts, views, edits, deletions and reports, faster than life.

It calls only the platform's own app doors; the platform passes everything on to Waarborg. Where it
is in the day is kept in a file, so that a new start goes on from there.
"""

import argparse
import base64
import contextlib
import io
import json
import logging
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests
from PIL import Image, ImageDraw, ImageFont

from demo import access

DATA = Path(__file__).parent / "data"
MIDNIGHT = datetime(2026, 3, 17, tzinfo=ZoneInfo("Europe/Amsterdam"))
DAY = 24 * 60.0
# The demo opens in the middle of the morning, so that there is something to see at once.
OPENS_AT = 9 * 60.0
TICK = 1.0
SHARES = 0.03

log = logging.getLogger("feeder")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens at a minute of the day."""

    minute: float
    what: str
    post: Row
    detail: Row


def read_rows(name: str) -> list[Row]:
    """Read a file of the made-up day."""
    return [json.loads(line) for line in (DATA / name).read_text().splitlines() if line]


def moments(posts: list[Row]) -> list[Moment]:
    """Return everything that happens in the day, in order."""
    found = []
    for post in posts:
        start = minute_of(post)
        found.append(Moment(start, "post", post, {}))
        for what in ("edit", "delete"):
            if what in post:
                found.append(Moment(start + post[what]["after"], what, post, post[what]))
        found += [Moment(start + r["after"], "report", post, r) for r in post.get("reports", [])]
    return sorted(found, key=lambda moment: moment.minute)


def minute_of(post: Row) -> float:
    """Return the minute of the day at which a post is made."""
    hours, minutes = post["at"].split(":")
    return int(hours) * 60.0 + int(minutes)


def views_at(post: Row, minute: float) -> int:
    """Return how often a post has been seen by a minute: much at first, ever less later."""
    age = minute - minute_of(post)
    if age <= 0:
        return 0
    return int(post["reach"] * (1 - 2 ** (-age / post["half_life"])))


def clock_time(minute: float) -> str:
    """Return a minute of the day as the platform writes moments."""
    return (MIDNIGHT + timedelta(minutes=minute)).isoformat()


def draw(words: str) -> bytes:
    """Draw a picture of a wall with a sign on it."""
    picture = Image.new("RGB", (960, 640), "#8a8f98")
    pen = ImageDraw.Draw(picture)
    for y in range(0, 640, 40):
        pen.line((0, y, 960, y), fill="#7d828b", width=3)
        for x in range(40 * (y // 40 % 2), 960, 80):
            pen.line((x, y, x, y + 40), fill="#7d828b", width=3)
    if words:
        pen.rectangle((140, 180, 820, 460), fill="#fffdf2", outline="#2b2b2b", width=8)
        font = ImageFont.load_default(size=54)
        lines = words.replace("? ", "?\n")
        pen.multiline_text(
            (480, 320), lines, fill="#1c1c1c", font=font, anchor="mm", align="center"
        )
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


class App:
    """The platform's app doors."""

    def __init__(self, platform: str, token: str) -> None:
        self.address = f"{platform}/app"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Row | None = None) -> Row:
        """Call a door and return its answer."""
        answer = self.session.request(method, f"{self.address}/{path}", json=body, timeout=20)
        answer.raise_for_status()
        return dict(answer.json())


class Feeder:
    """Plays the day from a minute on."""

    def __init__(self, app: App, position: Path, *, speed: float) -> None:
        self.app = app
        self.position = position
        self.speed = speed
        self.accounts = {account["id"]: account for account in read_rows("accounts.jsonl")}
        self.posts = read_rows("day.jsonl")
        self.coming = moments(self.posts)
        self.minute, self.done = self._where()
        self.over = threading.Event()

    def play(self) -> None:
        """Play until the day is over or somebody says stop."""
        log.info("the day goes on at %s, %g times faster than life", self._time(), self.speed)
        last = time.monotonic()
        while not self.over.is_set() and self.minute < DAY:
            now = time.monotonic()
            self.minute = min(DAY, self.minute + (now - last) * self.speed / 60)
            last = now
            with self._patient():
                self._step()
            self.over.wait(TICK)
        log.info("stopped at %s", self._time())

    def _step(self) -> None:
        while self.done < len(self.coming) and self.coming[self.done].minute <= self.minute:
            self.happen(self.coming[self.done])
            self.done += 1
        rows = [
            {"id": post["id"], "views": views, "shares": int(views * SHARES)}
            for post in self.posts
            if (views := views_at(post, self.minute))
        ]
        self.app.call("POST", "views", {"rows": rows})
        self.position.parent.mkdir(parents=True, exist_ok=True)
        self.position.write_text(json.dumps({"minute": self.minute, "done": self.done}))

    def happen(self, moment: Moment) -> None:
        """Let one thing happen on the platform; happening again changes nothing."""
        post = moment.post
        if moment.what == "post":
            self.app.call("POST", "posts", self._as_post(post))
        elif moment.what == "edit":
            self.app.call("PATCH", f"posts/{post['id']}", {"text": moment.detail["text"]})
        elif moment.what == "delete":
            self.app.call("DELETE", f"posts/{post['id']}")
        else:
            number = post["reports"].index(moment.detail) + 1
            self.app.call(
                "POST",
                "reports",
                {
                    "id": f"{post['id']}-report-{number}",
                    "post": post["id"],
                    "source": moment.detail["source"],
                    "reason": moment.detail["reason"],
                    "text": moment.detail["text"],
                    "reporter": f"reader-{post['id'][-3:]}-{number}",
                    "language": moment.detail["lang"],
                    "reported_at": datetime.now(MIDNIGHT.tzinfo).isoformat(),
                },
            )

    def _as_post(self, post: Row) -> Row:
        made = {
            "id": post["id"],
            "account": self.accounts[post["account"]],
            "posted_at": clock_time(minute_of(post)),
            "text": post["text"],
            "language": post["lang"],
        }
        if "place" in post:
            made["place"] = post["place"]
        if "picture" in post:
            made["kind"] = "image"
            made["on_screen"] = post["picture"]["on_screen"]
            made["picture"] = base64.b64encode(draw(post["picture"]["words"])).decode()
        return made

    @contextlib.contextmanager
    def _patient(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            log.warning("the platform cannot be reached, trying again: %s", error)
            self.over.wait(3)

    def _where(self) -> tuple[float, int]:
        try:
            kept = json.loads(self.position.read_text())
            return float(kept["minute"]), int(kept["done"])
        except (OSError, ValueError, KeyError):
            return OPENS_AT, 0

    def _time(self) -> str:
        return f"{int(self.minute // 60):02}:{int(self.minute % 60):02}"


def main() -> None:
    """Play the day."""
    parser = argparse.ArgumentParser(prog="python -m demo.feeder", description=__doc__)
    parser.add_argument("--platform", required=True, help="the address of the platform")
    parser.add_argument("--access", required=True, type=Path, help="the file load_demo wrote")
    parser.add_argument("--position", required=True, type=Path, help="where the day has come to")
    parser.add_argument("--speed", type=float, default=60.0, help="times faster than life")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app = App(asked.platform, access.read(asked.access).app_token)
    feeder = Feeder(app, asked.position, speed=asked.speed)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: feeder.over.set())
    feeder.play()


if __name__ == "__main__":
    main()
