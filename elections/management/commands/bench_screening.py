"""`manage.py bench_screening`: how fast the screening is beside MiniLM and a linear classic."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elections.benching import bench, mix_of
from elections.evaluating import row_from
from elections.jsonl import read_lines
from elections.packs import PackError, read_election_packs

DATA = Path("tests/data")
SEED = 7
MINILM_POSTS = 300


class Command(BaseCommand):
    """Prints posts a second of one core, the ratios, memory and cold start as JSON."""

    help = "Measure the speed of the screening beside two baselines, on the same posts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the posts, the facts and how many."""
        parser.add_argument("--posts", default=str(DATA / "screening_posts.jsonl"))
        parser.add_argument("--facts", default=str(DATA / "screening_facts.json"))
        parser.add_argument(
            "--talk", nargs="*", default=(), help="files of ordinary talk, one post a line"
        )
        parser.add_argument("--count", type=int, default=20_000)
        parser.add_argument("--minilm-posts", type=int, default=MINILM_POSTS)

    def handle(self, **options: Any) -> None:
        """Measure and print."""
        try:
            facts = {sheet.election: sheet for sheet in read_election_packs(options["facts"])}
        except PackError as error:
            raise CommandError(str(error)) from error
        about = [row_from(raw, facts).text for _, raw in read_lines(options["posts"])]
        talk = _lines(options["talk"]) or _own_talk()
        mix = mix_of(talk, about, posts=options["count"], seed=SEED)
        figures = bench(mix, facts, minilm_posts=options["minilm_posts"])
        self.stdout.write(json.dumps(figures, indent=2))


def _lines(paths: list[str]) -> list[str]:
    """Read ordinary talk from files."""
    found: list[str] = []
    for path in paths:
        try:
            text = Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise CommandError(f"{path}: cannot be read: {error.strerror}") from error
        found += [line.strip() for line in text.splitlines() if line.strip()]
    return found


def _own_talk() -> list[str]:
    """Take the project's own everyday posts where no file is named."""
    from integrity.classifiers.voting_procedure.training.generate import write_posts

    return [post.text for post in write_posts(count=4_000, seed=SEED) if not post.gate]
