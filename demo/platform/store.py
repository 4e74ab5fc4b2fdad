"""What the platform keeps: its accounts, posts, what it owes Waarborg, and what came back."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
  id TEXT PRIMARY KEY, handle TEXT NOT NULL, name TEXT NOT NULL, protection TEXT NOT NULL,
  followers INTEGER, registered_on TEXT, state TEXT NOT NULL DEFAULT 'active', state_at TEXT
);
CREATE TABLE IF NOT EXISTS post (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account, posted_at TEXT NOT NULL,
  arrived INTEGER NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL, transcript TEXT NOT NULL,
  on_screen TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, place TEXT, election TEXT,
  deleted_at TEXT, image BLOB, image_type TEXT, views INTEGER NOT NULL DEFAULT 0,
  shares INTEGER NOT NULL DEFAULT 0,
  sent_version INTEGER NOT NULL DEFAULT 0, sent_deletion INTEGER NOT NULL DEFAULT 0,
  sent_image INTEGER NOT NULL DEFAULT 0, sent_views INTEGER NOT NULL DEFAULT 0,
  refused TEXT NOT NULL DEFAULT '',
  action TEXT, decided_at TEXT, label TEXT, statement TEXT, heard_by TEXT
);
CREATE INDEX IF NOT EXISTS post_by_arrival ON post (arrived DESC);
CREATE TABLE IF NOT EXISTS report (
  id TEXT PRIMARY KEY, post TEXT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL,
  text TEXT NOT NULL, reporter TEXT NOT NULL, language TEXT NOT NULL, reported_at TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0, refused TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS message (
  id TEXT PRIMARY KEY, recipient TEXT NOT NULL, post TEXT NOT NULL, language TEXT NOT NULL,
  title TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pointer (post TEXT PRIMARY KEY, label TEXT, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, by TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def now() -> str:
    """Return this moment as text that sorts."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Store:
    """One SQLite file; every call is its own transaction, so that threads do not meet."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        with self._db() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(SCHEMA)

    @contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=20)
        db.row_factory = sqlite3.Row
        try:
            with db:
                yield db
        finally:
            db.close()

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Read rows."""
        with self._db() as db:
            return [dict(row) for row in db.execute(sql, values)]

    def row(self, sql: str, *values: object) -> dict[str, Any] | None:
        """Read one row, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def write(self, sql: str, *values: object) -> int:
        """Write; return how many rows it touched."""
        with self._db() as db:
            return db.execute(sql, values).rowcount

    def write_all(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        """Write many rows in one transaction."""
        with self._db() as db:
            db.executemany(sql, values)

    # --- what people do -------------------------------------------------------------------

    def add_post(self, post: dict[str, Any]) -> bool:
        """Keep a new post and its account; a known id stays as it is."""
        account = post["account"]
        with self._db() as db:
            db.execute(
                "INSERT INTO account (id, handle, name, protection, followers, registered_on) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "handle = excluded.handle, name = excluded.name, followers = excluded.followers",
                (
                    account["id"],
                    account["handle"],
                    account.get("name", account["handle"]),
                    account.get("protection", ""),
                    account.get("followers"),
                    account.get("registered_on"),
                ),
            )
            arrived = db.execute("SELECT coalesce(max(arrived), 0) + 1 FROM post").fetchone()[0]
            return bool(
                db.execute(
                    "INSERT INTO post (id, account, posted_at, arrived, version, text, transcript, "
                    "on_screen, language, kind, place, election, image, image_type) "
                    "VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (
                        post["id"],
                        account["id"],
                        post["posted_at"],
                        arrived,
                        post["text"],
                        post.get("transcript", ""),
                        post.get("on_screen", ""),
                        post.get("language", ""),
                        post.get("kind", "text"),
                        post.get("place"),
                        post.get("election"),
                        post.get("image"),
                        post.get("image_type"),
                    ),
                ).rowcount
            )

    def edit_post(self, key: str, text: str) -> bool:
        """Give a post new words, as a new version."""
        return bool(
            self.write(
                "UPDATE post SET text = ?, version = version + 1 "
                "WHERE id = ? AND deleted_at IS NULL AND text <> ?",
                text,
                key,
                text,
            )
        )

    def delete_post(self, key: str, at: str) -> bool:
        """Take a post back, as its poster."""
        return bool(
            self.write(
                "UPDATE post SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL", at, key
            )
        )

    def count_views(self, counts: Sequence[tuple[str, int, int]]) -> None:
        """Keep the highest counts seen of each post."""
        self.write_all(
            "UPDATE post SET views = max(views, ?), shares = max(shares, ?) WHERE id = ?",
            [(views, shares, key) for key, views, shares in counts],
        )

    def add_report(self, report: dict[str, Any]) -> bool:
        """Keep what somebody reports about a post."""
        return bool(
            self.write(
                "INSERT INTO report (id, post, source, reason, text, reporter, language, "
                "reported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                report["id"],
                report["post"],
                report["source"],
                report["reason"],
                report.get("text", ""),
                report.get("reporter", ""),
                report.get("language", "nl"),
                report["reported_at"],
            )
        )

    # --- what Waarborg says ---------------------------------------------------------------

    def take_event(self, event: dict[str, Any], *, by: str) -> bool:
        """Apply an event once, however often and in whatever order it arrives."""
        with self._db() as db:
            fresh = db.execute(
                "INSERT INTO event VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (event["id"], by, now()),
            ).rowcount
            if not fresh:
                return False
            data = event["data"]
            if event["type"] == "decision.carried_out":
                _apply_decision(db, data, by=by)
            elif event["type"] == "labels.information":
                _apply_pointers(db, data["labels"])
            elif event["type"] == "notification.owed":
                db.execute(
                    "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (
                        data["notification"],
                        data["recipient"]["id"],
                        data["subject"]["id"],
                        data["language"],
                        data["title"],
                        data["body"],
                        event["timestamp"],
                    ),
                )
            return True

    # --- small notes ----------------------------------------------------------------------

    def note(self, key: str, default: str = "") -> str:
        """Read a note."""
        found = self.row("SELECT value FROM note WHERE key = ?", key)
        return found["value"] if found else default

    def set_note(self, key: str, value: str) -> None:
        """Keep a note."""
        self.write(
            "INSERT INTO note VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            value,
        )

    def count_note(self, key: str) -> None:
        """Count one more of something."""
        self.write(
            "INSERT INTO note VALUES (?, '1') "
            "ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
            key,
        )


def _apply_pointers(db: sqlite3.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the latest pointer of each post; none is kept too, so that an older one stays away."""
    db.executemany(
        "INSERT INTO pointer VALUES (?, ?, ?) ON CONFLICT (post) DO UPDATE SET "
        "label = excluded.label, at = excluded.at WHERE pointer.at < excluded.at",
        [
            (row["item"], json.dumps(row["label"]) if row["label"] else None, row["at"])
            for row in rows
        ],
    )


def _apply_decision(db: sqlite3.Connection, data: dict[str, Any], *, by: str) -> None:
    if data["action"] in ("suspend", "terminate"):
        db.execute(
            "UPDATE account SET state = ?, state_at = ? "
            "WHERE id = ? AND (state_at IS NULL OR state_at < ?)",
            (data["action"], data["carried_out_at"], data["actor"], data["carried_out_at"]),
        )
    # A later decision never gives way to an earlier one that arrives after it.
    db.execute(
        "UPDATE post SET action = ?, decided_at = ?, label = ?, statement = ?, heard_by = ? "
        "WHERE id = ? AND (decided_at IS NULL OR decided_at < ?)",
        (
            data["action"],
            data["carried_out_at"],
            json.dumps(data["label"]) if data.get("label") else None,
            json.dumps(data["statement"]) if data.get("statement") else None,
            by,
            data["item"],
            data["carried_out_at"],
        ),
    )
