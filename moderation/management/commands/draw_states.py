"""Draws docs/states.md from the table of states, so that the picture cannot go stale."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from moderation.choices import JOB_TRANSITIONS, JobState

PAGE = settings.BASE_DIR / "docs" / "states.md"


def draw() -> str:
    """Return the page: the picture, then the same in words."""
    with translation.override("en"):
        lines = [
            "# The states of a job",
            "",
            "Drawn from `JOB_TRANSITIONS` in `moderation/choices.py` by `manage.py draw_states`.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {JobState.WAITING}: open",
        ]
        lines += [
            f"    {state} --> {following}: {how}"
            for state, moves in JOB_TRANSITIONS.items()
            for following, how in moves.items()
        ]
        lines += [f"    {state} --> [*]" for state, moves in JOB_TRANSITIONS.items() if not moves]
        lines += ["```", "", "| from | to | by |", "| --- | --- | --- |"]
        lines += [
            f"| {JobState(state).label} | {JobState(following).label} | {how} |"
            for state, moves in JOB_TRANSITIONS.items()
            for following, how in moves.items()
        ]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    """Writes the page; with `--check` only says whether it is current."""

    help = "Draw docs/states.md from the table of states."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to check only."""
        parser.add_argument("--check", action="store_true", help="Fail when the page is stale.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or check."""
        current = PAGE.read_text("utf-8") if PAGE.exists() else ""
        if options["check"]:
            if current != draw():
                raise SystemExit("docs/states.md is stale: run manage.py draw_states.")
            return
        PAGE.write_text(draw(), "utf-8")
        self.stdout.write(f"Wrote {PAGE.relative_to(settings.BASE_DIR)}.")
