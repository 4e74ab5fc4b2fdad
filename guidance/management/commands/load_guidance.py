"""`manage.py load_guidance`: the first pages of guidance, in Dutch and English."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from guidance.services import delivering


class Command(BaseCommand):
    """Makes the pages that come with the house; what editors have made of them stays."""

    help = "Make the first pages of guidance for parties and candidates."

    def handle(self, **options: Any) -> None:
        """Make what is not there yet."""
        delivered = delivering.deliver_pages(at=timezone.now())
        self.stdout.write(f"{delivered.new} pages made, {delivered.known} were here already")
