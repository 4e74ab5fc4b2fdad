"""`manage.py demo_code EMAIL`: prints a sign-in code of a demo account; refused elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.people import demo
from integrity.refusals import Refused


class Command(BaseCommand):
    """Prints the code that a demo account's authenticator app would show."""

    help = "Print a valid sign-in code of a demo account. Works in the demo only."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code, or say why not."""
        try:
            self.stdout.write(demo.demo_code(email=options["email"]))
        except Refused as refused:
            raise CommandError(str(refused)) from refused
