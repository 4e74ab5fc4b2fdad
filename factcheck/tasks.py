"""Sweeps over what partners owe and are owed; each calls one service."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def watch_deadlines() -> int:
    """Remind partners, note breaches, escalate."""
    from factcheck.services import assigning

    return assigning.watch_deadlines(at=timezone.now())


@shared_task
def ask_again(**_: Any) -> int:
    """Ask partners to look again at what they could not verify."""
    from factcheck.services import assigning

    return assigning.ask_again(at=timezone.now())


@shared_task
def index_claims(**_: Any) -> int:
    """Read new claims, so that items can be compared with them."""
    from factcheck.services import indexing

    return indexing.index_claims(at=timezone.now())


@shared_task
def send_digests(**_: Any) -> int:
    """Write to partners once a day what is due and what came of their checks."""
    from factcheck.services import digests

    return digests.send_digests(at=timezone.now())


@shared_task
def follow_ask_rules(**_: Any) -> int:
    """Send the proposals that a rule names to partners."""
    from factcheck.services import ask_rules

    return ask_rules.follow_rules(at=timezone.now())
