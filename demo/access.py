"""What a platform was given when it signed up: its key, its secret, and the demo's people."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Access:
    """The file that `load_demo` writes, readable by its owner alone."""

    api_key: str
    webhook_secret: str
    app_token: str
    election: str
    password: str
    people: tuple[dict[str, Any], ...]

    def person(self, role: str) -> dict[str, Any]:
        """Return the first of the demo's people with a role."""
        return next(person for person in self.people if person["role"] == role)


def read(path: Path) -> Access:
    """Read the file."""
    given = json.loads(path.read_text())
    return Access(
        api_key=given["api_key"],
        webhook_secret=given["webhook_secret"],
        app_token=given["app_token"],
        election=given["election"],
        password=given["password"],
        people=tuple(given["people"]),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Ask where the house and the platform are, and for the file."""
    parser.add_argument("--house", required=True, help="the address of Waarborg")
    parser.add_argument("--platform", required=True, help="the address of the platform")
    parser.add_argument("--access", required=True, type=Path, help="the file that load_demo wrote")
