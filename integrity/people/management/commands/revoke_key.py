"""`manage.py revoke_key KEY`: stops an API key, named by its id, its beginning or itself."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from integrity.people import services
from integrity.people.keys import hash_key
from integrity.people.models import ApiKey


class Command(BaseCommand):
    """Revokes an API key."""

    help = "Stop an API key from working, at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what names the key."""
        parser.add_argument("key", help="its id, its first letters as listed, or the key itself")

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke exactly one key, or say why not."""
        keys = list(_named(options["key"].strip())[:2])
        if len(keys) != 1:
            raise CommandError("No key has this name." if not keys else "Several begin like this.")
        key = services.revoke_key(key=keys[0], by=None, at=timezone.now())
        self.stdout.write(f"Revoked: {key}")


def _named(name: str) -> Any:
    try:
        return ApiKey.objects.filter(public_id=uuid.UUID(name))
    except ValueError:
        by_key = ApiKey.objects.filter(hashed=hash_key(name))
        return by_key if by_key.exists() else ApiKey.objects.filter(prefix=name, revoked_at=None)
