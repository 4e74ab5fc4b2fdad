"""Measure check-worthiness on labelled development sets, and on our own sentences held out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from integrity.classifiers.checkworthy import bench, model


class Command(BaseCommand):
    """Prints precision, recall, F1 of the worthy and average precision, set by set."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder with the sets."""
        parser.add_argument(
            "--data", type=Path, default=settings.BASE_DIR.parent / "shared" / "data"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure our own first: it needs no data."""
        for m in [*bench.held_out(), *bench.measure(model.load(), options["data"])]:
            self.stdout.write(
                f"{m.name}: n {m.sentences}, worthy {m.worthy}; precision {m.precision:.3f}, "
                f"recall {m.recall:.3f}, F1 {m.f1:.3f} (all called worthy: {m.f1_of_all:.3f}), "
                f"average precision {m.average_precision:.3f}"
            )
