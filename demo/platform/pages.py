"""The platform's pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from demo.platform.html import Safe, h, join
from demo.platform.words import EN, NL, moment, number, say

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
REPORT_REASONS = {
    "voting": "report_voting",
    "intimidation": "report_intimidation",
    "other": "report_other",
}
Post = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which language, on which page."""

    language: str
    path: str

    def say(self, key: str, **values: object) -> str:
        """Say it in the reader's language."""
        return say(self.language, key, **values)


def feed(reader: Reader, posts: Sequence[Post], *, left_out: int = 0, empty: str) -> Safe:
    """Draw a list of posts."""
    tail = reader.say("left_out", n=number(reader.language, left_out)) if left_out else None
    return _page(
        reader,
        reader.say("tagline"),
        h("h1", reader.say("tagline"), class_="only-spoken"),
        [post_card(reader, post) for post in posts] or h("p", reader.say(empty), class_="empty"),
        h("p", tail, class_="aside") if tail else None,
    )


def single(reader: Reader, post: Post, *, thanks: bool) -> Safe:
    """Draw one post with the form to report it."""
    title = f"{post['name']}: {post['text'][:60]}" if _readable(post) else post["name"]
    return _page(
        reader,
        title,
        h("h1", f"{post['name']}", class_="only-spoken"),
        h("p", reader.say("report_thanks"), class_="thanks", role="status") if thanks else None,
        post_card(reader, post),
        _report_form(reader, post) if _readable(post) else None,
    )


def account(
    reader: Reader, who: dict[str, Any], posts: Sequence[Post], letters: Sequence[dict[str, Any]]
) -> Safe:
    """Draw an account: its inbox with what was decided and why, and its posts."""
    state = {"suspend": "suspended", "terminate": "terminated"}.get(who["state"])
    followers = number(reader.language, who["followers"] or 0)
    by_id = {post["id"]: post for post in posts}
    return _page(
        reader,
        who["name"],
        h(
            "header",
            _avatar(who),
            h(
                "div",
                h("h1", who["name"]),
                h("p", f"@{who['handle']} · {followers} {reader.say('followers')}", class_="meta"),
            ),
            class_="profile",
        ),
        h("p", reader.say(state), class_="notice harm") if state else None,
        h("h2", reader.say("inbox", name=who["name"]), id="inbox"),
        h("p", reader.say("inbox_note"), class_="aside"),
        [_letter(reader, letter, by_id.get(letter["post"])) for letter in letters]
        or h("p", reader.say("inbox_empty"), class_="empty"),
        h("h2", reader.say("posts_of", name=who["name"])),
        [post_card(reader, post) for post in posts],
    )


def behind(reader: Reader, facts: Sequence[tuple[str, str]], desk: str) -> Safe:
    """Draw what went to and fro between the platform and Waarborg."""
    return _page(
        reader,
        reader.say("behind"),
        h("h1", reader.say("b_title")),
        h(
            "table",
            [
                h("tr", h("th", reader.say(key), scope="row"), h("td", value))
                for key, value in facts
            ],
            class_="facts",
        ),
        h("p", h("a", reader.say("b_desk"), href=desk)),
    )


def problem(reader: Reader, key: str) -> Safe:
    """Draw what went wrong, with a way on."""
    return _page(
        reader,
        reader.say(key),
        h("h1", reader.say(key)),
        h("p", h("a", reader.say("home"), href="/")),
    )


def post_card(reader: Reader, post: Post) -> Safe:
    """Draw one post as its viewers see it after what was decided."""
    removed = post["action"] == "remove" or post["state"] == "terminate"
    body: list[object]
    if post["deleted_at"]:
        body = [h("p", reader.say("deleted"), class_="gone")]
    elif removed:
        body = [
            h(
                "p",
                h("strong", reader.say("removed")),
                " ",
                reader.say("removed_why"),
                class_="gone",
            )
        ]
    else:
        body = _words_of(reader, post)
    kind = "removed" if removed else post["action"] or "plain"
    return h(
        "article",
        h(
            "header",
            _avatar(post),
            h(
                "div",
                h("a", post["name"], href=f"/accounts/{post['account']}", class_="name"),
                h(
                    "p",
                    f"@{post['handle']} · ",
                    h("a", _when(reader, post["posted_at"]), href=f"/posts/{post['id']}"),
                    f" · {reader.say('edited')}" if post["version"] > 1 else None,
                    class_="meta",
                ),
            ),
        ),
        body,
        _footer(reader, post),
        class_=f"post is-{kind}",
        id=f"post-{post['id']}",
        data_action=post["action"] or "",
    )


def _words_of(reader: Reader, post: Post) -> list[object]:
    # A decision's label stands alone; a pointer to the Election Center gives way to it.
    shown = post["label"] or post["pointer"]
    return [
        h("p", post["text"], class_="words", lang=post["language"] or None, dir="auto"),
        h(
            "img",
            src=f"/posts/{post['id']}/picture",
            alt=post["on_screen"] or reader.say("picture", name=post["name"]),
            loading="lazy",
        )
        if post["image_type"]
        else None,
        _label(reader, json.loads(shown)) if shown else None,
        h(
            "p",
            h("strong", reader.say("ineligible")),
            " ",
            reader.say("ineligible_why"),
            class_="notice",
        )
        if post["action"] == "ineligible"
        else None,
    ]


def _label(reader: Reader, label: dict[str, Any]) -> Safe:
    text = label["text"]
    words = text.get(reader.language) or text.get(NL) or next(iter(text.values()), "")
    return h(
        "aside",
        _icon("i"),
        h(
            "div",
            h("strong", reader.say("label")),
            h("p", words),
            h("a", reader.say("to_center"), href=_only_web(label["link"])),
        ),
        class_="label",
        aria_label=reader.say("label"),
    )


def _footer(reader: Reader, post: Post) -> Safe:
    views, shares = (number(reader.language, post[name]) for name in ("views", "shares"))
    decided = post["action"] not in (None, "no_action")
    return h(
        "footer",
        h("span", f"{views} {reader.say('views')}"),
        h("span", f"{shares} {reader.say('shares')}"),
        h("a", reader.say("see_inbox"), href=f"/accounts/{post['account']}#inbox")
        if decided
        else h("a", reader.say("report"), href=f"/posts/{post['id']}#report")
        if _readable(post)
        else None,
    )


def _letter(reader: Reader, letter: dict[str, Any], post: Post | None) -> Safe:
    statement = json.loads(post["statement"]) if post and post["statement"] else None
    return h(
        "article",
        h("h3", letter["title"]),
        h("p", _when(reader, letter["at"]), class_="meta"),
        h("div", letter["body"], class_="body", lang=letter["language"]),
        _statement(reader, statement) if statement else None,
        h("p", h("a", reader.say("about_post"), href=f"/posts/{letter['post']}")) if post else None,
        class_="letter",
        lang=letter["language"],
    )


def _statement(reader: Reader, statement: dict[str, Any]) -> Safe:
    found = reader.say("yes" if statement["automated_detection"] == "Yes" else "no")
    rows = (
        ("statement_ground", statement["ground"]),
        ("statement_explanation", statement["explanation"]),
        ("statement_facts", statement["facts"]),
        ("statement_detection", found),
        ("statement_scope", ", ".join(statement["territorial_scope"])),
        ("statement_redress", statement["redress"]),
    )
    return h(
        "details",
        h("summary", reader.say("statement")),
        h("dl", [(h("dt", reader.say(key)), h("dd", value)) for key, value in rows]),
    )


def _report_form(reader: Reader, post: Post) -> Safe:
    return h(
        "form",
        h("h2", reader.say("report_title"), id="report"),
        h(
            "fieldset",
            h("legend", reader.say("report_reason")),
            [
                h(
                    "label",
                    h("input", type="radio", name="reason", value=value, required=True),
                    " ",
                    reader.say(key),
                )
                for value, key in REPORT_REASONS.items()
            ],
        ),
        h("label", reader.say("report_text"), h("textarea", name="text", maxlength=2000, rows=3)),
        h("button", reader.say("report_send"), type="submit"),
        method="post",
        action=f"/posts/{post['id']}/report",
        class_="report",
    )


def _page(reader: Reader, title: str, *body: object) -> Safe:
    tabs = (("/", "for_you"), ("/latest", "latest"), ("/decided", "decided"), ("/behind", "behind"))
    other = NL if reader.language == EN else EN
    return join(
        [
            Safe("<!doctype html>"),
            h(
                "html",
                h(
                    "head",
                    h("meta", charset="utf-8"),
                    h("meta", name="viewport", content="width=device-width, initial-scale=1"),
                    h("meta", name="color-scheme", content="light dark"),
                    h("title", f"{title} · Plein"),
                    h("link", rel="icon", href="/static/plein.svg", type="image/svg+xml"),
                    h("link", rel="stylesheet", href="/static/plein.css"),
                ),
                h(
                    "body",
                    h("a", reader.say("skip"), href="#main", class_="skip"),
                    h(
                        "header",
                        h("a", _icon("logo"), "Plein", href="/", class_="brand"),
                        h(
                            "nav",
                            [
                                h(
                                    "a",
                                    reader.say(key),
                                    href=path,
                                    aria_current="page" if path == reader.path else None,
                                )
                                for path, key in tabs
                            ],
                            aria_label=reader.say("sections"),
                        ),
                        h(
                            "a",
                            reader.say("other_language"),
                            href=f"{reader.path}?lang={other}",
                            lang=other,
                            class_="language",
                        ),
                        class_="top",
                    ),
                    h("main", *body, id="main", tabindex="-1"),
                    h("footer", h("p", reader.say("made_up")), class_="bottom"),
                ),
                lang=reader.language,
            ),
        ]
    )


def _readable(post: Post) -> bool:
    return not post["deleted_at"] and post["action"] != "remove" and post["state"] != "terminate"


def _when(reader: Reader, at: str) -> Safe:
    local = datetime.fromisoformat(at).astimezone(AMSTERDAM)
    words = moment(reader.language, local.day, local.month, local.hour, local.minute)
    return h("time", words, datetime=local.isoformat(timespec="minutes"))


def _avatar(who: dict[str, Any]) -> Safe:
    letters = "".join(word[0] for word in who["name"].split()[:2]).upper() or "?"
    shade = sum(map(ord, who["handle"])) % 6
    return h("span", letters, class_=f"avatar shade-{shade}", aria_hidden="true")


def _only_web(link: str) -> str:
    return link if link.startswith(("https://", "http://")) else "#"


def _icon(name: str) -> Safe:
    drawings = {
        "logo": '<path d="M4 20V9l8-5 8 5v11M4 20h16M9 20v-6h6v6"/>',
        "i": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5v.01"/>',
    }
    return Safe(
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{drawings[name]}</svg>"
    )
