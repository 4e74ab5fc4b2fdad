"""`manage.py issue_key NAME --scope …`: makes an API key and prints it, once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from integrity.people import services
from integrity.people.choices import Scope


class Command(BaseCommand):
    """Issues an API key."""

    help = "Make an API key and print it. It is not kept: this is the only time you see it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a name, scopes and how long the key lasts."""
        parser.add_argument("name", help="who uses it, for example 'platform production'")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, dest="scopes"
        )
        parser.add_argument(
            "--days", type=int, help="valid for so many days; otherwise until revoked"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the key alone on standard output, the rest on standard error."""
        now = timezone.now()
        row, key = services.issue_key(
            name=options["name"],
            scopes=[Scope(scope) for scope in options["scopes"]],
            by=None,
            at=now,
            expires_at=now + timedelta(days=options["days"]) if options["days"] else None,
        )
        self.stderr.write(f"Key {row.public_id} for {row.name}: {', '.join(row.scopes)}")
        self.stdout.write(key)
