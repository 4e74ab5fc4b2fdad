"""Measure claim matching on the development collections, beside BM25 in the same run."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrity.classifiers.claim_matching import bench, guard, pairs


class Command(BaseCommand):
    """Prints MAP@5 and success at ten by ranker, and what the guard lets through."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder with the collections."""
        parser.add_argument(
            "--data", type=Path, default=settings.BASE_DIR.parent / "shared" / "data"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure the guard first: it needs no data."""
        made = list(pairs.minimal_pairs())
        passed = [p for p in made if guard.may_confirm(p.one, p.other)]
        self.stdout.write(f"minimal pairs: {len(made)}, confirmed by themselves: {len(passed)}")
        found = list(bench.collections(options["data"]))
        if not found:
            raise CommandError(f"No collections under {options['data']}: give --data.")
        for collection in found:
            for m in bench.measure(collection, cache=settings.VAR / "bench-matching"):
                self.stdout.write(
                    f"{m.name}: {m.ranker:8} MAP@5 {m.map_at_5:.3f}  "
                    f"S@10 {m.success_at_10:.3f}  ({m.queries} queries)"
                )
