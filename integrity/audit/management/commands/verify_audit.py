"""`manage.py verify_audit`: walks the audit chain and names the first broken link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrity.audit import services


class Command(BaseCommand):
    """Verifies the audit log."""

    help = "Walk the sealed audit log and name the first broken link, if any."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many links hold; fail at the first that does not."""
        services.seal_events()
        held, broken = services.verify()
        if broken is not None:
            raise CommandError(f"The audit log is broken after {held} links at {broken}.")
        self.stdout.write(f"The audit log is whole: {held} links.")
