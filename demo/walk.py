"""Walks one item its whole way through the real processes, as the people involved would.

Somebody posts something false on Plein; Waarborg assesses it; a moderator signs in, takes the job
and decides; the decision is carried out, signed and delivered; Plein shows it; the poster reads
why; the label leads to the truth. Each step is printed with its time; the first that fails ends it.
"""

import argparse
import shlex
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from demo import access
from demo.browser import Browser, Page, PageError
from demo.feeder import App
from demo.house import House

REASONING = (
    "Je bericht noemt donderdag 19 maart als dag van de stemming. "
    "De gemeenteraadsverkiezingen zijn op woensdag 18 maart 2026."
)
QUEUE = "voting-procedure"
OFFICIAL = ("18 maart 2026", "2026-03-18")


class Walk:
    """One item's way, step by step."""

    def __init__(self, asked: argparse.Namespace) -> None:
        given = access.read(asked.access)
        self.asked = asked
        self.given = given
        self.house = House(asked.house, given.api_key)
        self.app = App(asked.platform, given.app_token)
        self.moderator = given.person("moderator")
        self.desk = Browser("nl")
        self.item = f"walk-{uuid.uuid4().hex[:8]}"
        self.text = (
            f"Wist je dat? De gemeenteraadsverkiezing is verplaatst: we stemmen pas op "
            f"donderdag 19 maart. Zegt het voort ({self.item[-4:]})"
        )
        self.began = time.monotonic()

    def go(self) -> None:
        """Take every step."""
        self.step("somebody posts something false on Plein", self.post)
        self.step("Waarborg has accepted it over the API", self.accepted, within=30)
        self.step("it is seen, and seen more", self.seen)
        self.step("a moderator signs in, with the second factor", self.sign_in)
        job = self.step("it is assessed and waits for a person", self.waiting, within=60)
        page = self.step("the moderator takes it and sees claim, fact and source", self.take, job)
        self.step("the moderator decides: a label", self.decide, page)
        post = self.step("carried out, signed, heard by Plein", self.heard, within=90)
        self.step("the API tells label and statement of reasons", self.told, within=10)
        self.step("Plein's page shows the label", self.shown, post)
        self.step("the label leads to what is official", self.led, post)
        self.step("the poster finds the letter and the reasons", self.explained, within=60)

    def step(
        self, what: str, do: Callable[..., Any], *arguments: Any, within: float | None = None
    ) -> Any:
        """Take a step; with `within`, try again until it comes true."""
        started = time.monotonic()
        while True:
            try:
                found = do(*arguments)
                break
            except (PageError, AssertionError, requests.RequestException):
                if within is None or time.monotonic() - started > within:
                    print(f"  ✗ {what}", flush=True)
                    raise
                time.sleep(0.5)
        now = time.monotonic()
        print(f"  ✓ {what}  ({now - started:.1f} s, at {now - self.began:.1f} s)", flush=True)
        return found

    def post(self) -> None:
        """Post as a user of the platform does."""
        posted_at = datetime(2026, 3, 16, 9, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
        account = {"id": "walker", "handle": "wandelaar_oost", "name": "Wandelaar Oost"}
        made = {
            "id": self.item,
            "account": {**account, "followers": 1200},
            "posted_at": posted_at.isoformat(),
            "text": self.text,
            "language": "nl",
        }
        self.app.call("POST", "posts", made)

    def accepted(self) -> None:
        """See that the house knows the item."""
        assert self.house.item(self.item)["external_id"] == self.item

    def seen(self) -> None:
        """Count views twice, so that the item has a speed."""
        for views in (4_000, 9_000):
            row = {"id": self.item, "views": views, "shares": views // 20}
            self.app.call("POST", "views", {"rows": [row]})
            time.sleep(2.5)

    def sign_in(self) -> None:
        """Sign in through the real forms."""
        page = self.desk.open(f"{self.asked.house}/desk/")
        form = page.form("/accounts/login/")
        page = self.desk.submit(
            page, form, login=self.moderator["email"], password=self.given.password
        )
        code = subprocess.run(  # noqa: S603 - the command that the supervisor gave
            [*shlex.split(self.asked.code_command), self.moderator["email"]],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        page = self.desk.submit(page, page.form("/accounts/2fa/authenticate/"), code=code)
        assert "/desk/" in page.url, f"after signing in: {page.url}"

    def waiting(self) -> str:
        """Find the job in its queue, page by page; return its address."""
        page = self.desk.open(f"{self.asked.house}/desk/queues/{QUEUE}/")
        for _ in range(20):
            for words, links in page.rows:
                if self.item in words:
                    return next(link for link in links if "/desk/jobs/" in link)
            onward = next((link for link in page.links if "after=" in link), None)
            if onward is None:
                break
            page = self.desk.open(onward)
        raise PageError(f"{self.item} does not wait in {QUEUE}.")

    def take(self, job: str) -> Page:
        """Take the job and read its page."""
        page = self.desk.open(job)
        page = self.desk.submit(page, page.form("/take/"))
        for needed in ("19 maart", self.item[-4:]):
            assert needed in page.text, f"the job's page does not say '{needed}': {page.text}"
        assert any(day in page.text for day in OFFICIAL), f"no official day: {page.text}"
        outside = [link for link in page.links if not link.startswith(self.asked.house)]
        assert outside, "the job's page names no source"
        return page

    def decide(self, page: Page) -> None:
        """Fill in the decision and send it."""
        form = page.form("/decide/")
        policy = next(p for p in form.options["policy"] if p.startswith("voting-dates"))
        page = self.desk.submit(page, form, policy=policy, action="label", reasoning=REASONING)
        assert page.status == 200

    def heard(self) -> dict[str, Any]:
        """Wait until the platform knows, by a webhook whose signature it has verified."""
        post = self.app.call("GET", f"posts/{self.item}")
        assert post["action"] == "label", f"Plein's action is {post['action']}"
        assert post["heard_by"] == "webhook", "Plein heard of it through the feed only"
        return post

    def told(self) -> None:
        """Ask the API how the item stands."""
        item = self.house.item(self.item)
        kinds = [label["kind"] for label in item["labels"]]
        assert kinds == ["decision"], f"the API's answer has these labels: {kinds}"
        action = item["actions"][0]
        assert (action["action"], action["in_force"]) == ("label", True)
        assert action["statement"]["facts"] == REASONING

    def shown(self, post: dict[str, Any]) -> None:
        """Look at the platform's page."""
        page = Browser("nl").open(f"{self.asked.platform}/posts/{self.item}")
        assert self.text in page.text
        assert post["label"]["text"]["nl"] in page.text
        assert post["label"]["link"] in page.links

    def led(self, post: dict[str, Any]) -> None:
        """Follow the label."""
        page = Browser("nl").open(post["label"]["link"])
        assert page.url.startswith(self.asked.house)
        assert "18 maart 2026" in page.text, f"{page.url} does not give the day"

    def explained(self) -> None:
        """Read the poster's inbox."""
        page = Browser("nl").open(f"{self.asked.platform}/accounts/walker")
        assert REASONING in page.text
        letters = self.app.call("GET", f"posts/{self.item}")["letters"]
        assert any(REASONING in letter["body"] for letter in letters)


def main() -> int:
    """Walk; 0 when every step held."""
    parser = argparse.ArgumentParser(prog="python -m demo.walk", description=__doc__)
    access.add_arguments(parser)
    parser.add_argument(
        "--code-command", required=True, help="prints a sign-in code for an address"
    )
    walk = Walk(parser.parse_args())
    try:
        walk.go()
    except (AssertionError, requests.RequestException, subprocess.CalledProcessError) as error:
        print(f"    {type(error).__name__}: {error}", flush=True)
        if isinstance(error, subprocess.CalledProcessError):
            print(f"    {error.stderr}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
