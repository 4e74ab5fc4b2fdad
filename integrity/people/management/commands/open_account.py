"""`manage.py open_account EMAIL --role …`: opens a colleague's account, or changes its roles."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from integrity.people import services
from integrity.people.choices import Role


class Command(BaseCommand):
    """Opens an account."""

    help = "Open an account with roles. Nobody can sign up by themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is and what they do here."""
        parser.add_argument("email")
        parser.add_argument("--alias", help="the name that colleagues see")
        parser.add_argument(
            "--role", action="append", required=True, choices=Role.values, dest="roles"
        )
        parser.add_argument("--language", choices=["nl", "en"], default="nl")
        parser.add_argument(
            "--no-password", action="store_true", help="they come in by the organisation's sign-in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for a password unless told not to, then open the account."""
        try:
            validate_email(options["email"])
            password = None if options["no_password"] else getpass.getpass("Password: ")
            if password is not None:
                validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = services.open_account(
            email=options["email"],
            alias=options["alias"] or options["email"].partition("@")[0],
            roles=[Role(role) for role in options["roles"]],
            language=options["language"],
            password=password,
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(f"Open: {user.email} ({', '.join(sorted(options['roles']))})")
