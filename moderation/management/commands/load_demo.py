"""`manage.py load_demo`: everything that the demo needs beyond what every house begins with."""

import base64
import json
import os
import secrets
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from elections import packs
from elections import services as elections
from factcheck import demo as factcheck
from integrity.outbox import endpoints
from integrity.outbox.models import WebhookEndpoint
from integrity.people import services as people
from integrity.people.choices import Role, Scope
from integrity.people.demo import open_demo_account
from integrity.people.keys import hash_key
from integrity.people.models import ApiKey
from moderation import demo as screening

PACKS = Path(settings.BASE_DIR) / "elections" / "data" / "packs"
ELECTION = "nl-gr2026"
PLATFORM = "Plein"
PASSWORD = "een-stem-voor-iedereen"  # noqa: S105 - printed at every start; made only in the demo
PEOPLE = (
    ("mila@waarborg.example", "Mila", Role.MODERATOR, "nl"),
    ("bram@waarborg.example", "Bram", Role.MODERATOR, "en"),
    ("sanne@waarborg.example", "Sanne", Role.SENIOR_MODERATOR, "nl"),
    ("noor@waarborg.example", "Noor", Role.POLICY_LEAD, "nl"),
    ("daan@waarborg.example", "Daan", Role.ELECTION_LEAD, "nl"),
    ("esra@waarborg.example", "Esra", Role.ELECTION_LEAD, "nl"),
    ("lotte@waarborg.example", "Lotte", Role.GUIDANCE_AUTHOR, "nl"),
    ("ines@waarborg.example", "Inês", Role.INVESTIGATOR, "nl"),
    ("ava@waarborg.example", "Ava", Role.AUDITOR, "en"),
    ("finn@waarborg.example", "Finn", Role.PARTNER, "nl"),
    ("eva@waarborg.example", "Eva", Role.PARTNER, "nl"),
    ("ilse@waarborg.example", "Ilse", Role.PARTNER, "nl"),
)


class Command(BaseCommand):
    """Loads people, elections, the platform's key and webhook; a second time changes nothing."""

    help = "Load the demo. Refused unless WAARBORG_DEMO=1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where the platform is, and where to write what it was given."""
        parser.add_argument("--access", type=Path, required=True, metavar="FILE")
        parser.add_argument("--platform", required=True, metavar="URL")

    def handle(self, *, access: Path, platform: str, **options: Any) -> None:
        """Load everything in one transaction."""
        if not settings.DEMO:
            raise CommandError("The demo is loaded only with WAARBORG_DEMO=1.")
        given = _read(access)
        now = timezone.now()
        with transaction.atomic():
            for pack in sorted(PACKS.glob("*.json")):
                self._load_pack(pack, at=now)
            for email, alias, role, language in PEOPLE:
                open_demo_account(
                    email=email, alias=alias, roles=[role], password=PASSWORD, language=language
                )
            factcheck.load(
                election=ELECTION,
                lens=("finn@waarborg.example", "eva@waarborg.example"),
                spiegel=("ilse@waarborg.example",),
                at=now,
            )
            screening.load(
                election=ELECTION,
                policy_lead="noor@waarborg.example",
                election_lead="daan@waarborg.example",
                at=now,
            )
            _issue_key(given["api_key"], at=now)
            _register(f"{platform}/webhooks/waarborg", secret=given["webhook_secret"], at=now)
        _write(access, given)
        self.stdout.write(f"loaded; what the platform was given is in {access}")

    def _load_pack(self, path: Path, *, at: datetime) -> None:
        for sheet in packs.read_election_packs(path):
            report = elections.load_pack(pack=sheet, by=None, at=at)
            if report.problems:
                raise CommandError("\n".join(report.problems))
            self.stdout.write(f"{report.election}: {len(report.published)} facts published")


def _read(access: Path) -> dict[str, str]:
    if access.exists():
        known: dict[str, str] = json.loads(access.read_text())
        return known
    return {
        "api_key": f"wb_{secrets.token_urlsafe(32)}",
        "webhook_secret": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "app_token": secrets.token_urlsafe(32),
    }


def _write(access: Path, given: dict[str, str]) -> None:
    access.parent.mkdir(parents=True, exist_ok=True)
    people_here = [{"email": e, "alias": a, "role": str(r)} for e, a, r, _ in PEOPLE]
    content = {**given, "election": ELECTION, "password": PASSWORD, "people": people_here}
    draft = access.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=1)
    draft.replace(access)


def _issue_key(key: str, *, at: datetime) -> None:
    if not ApiKey.objects.usable(at=at).filter(hashed=hash_key(key)).exists():
        people.issue_key(name=PLATFORM, scopes=list(Scope), by=None, at=at, key=key)


def _register(url: str, *, secret: str, at: datetime) -> None:
    known = WebhookEndpoint.objects.active().filter(name=PLATFORM)
    if known.filter(url=url).exists():
        return
    for endpoint in known:
        endpoints.disable_endpoint(
            endpoint=endpoint, reason="The demo's platform moved.", by=None, at=at
        )
    endpoints.register_endpoint(name=PLATFORM, url=url, by=None, at=at, secret=secret)
