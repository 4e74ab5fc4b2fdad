"""Nudges and sweeps: each fetches what is owed and calls one service."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def assess_owed(**_: Any) -> int:
    """Assess items whose reading is owed, one batch after the other."""
    from moderation.services import assessing

    return assessing.assess_owed(now=timezone.now)


@shared_task
def follow_fact_changes(**_: Any) -> int:
    """Compare stored propositions again where an official statement changed."""
    from moderation.services import following

    return following.follow_fact_changes(now=timezone.now)


@shared_task
def carry_out_due(**_: Any) -> int:
    """Carry out decisions whose undo time has passed, and end those whose time has run out."""
    from moderation.services import carrying_out

    at = timezone.now()
    return carrying_out.carry_out_due(at=at) + carrying_out.end_due(at=at)


@shared_task
def release_lapsed_jobs(**_: Any) -> int:
    """Put back jobs whose lease ran out."""
    from moderation.services import reviewing

    return reviewing.release_lapsed(at=timezone.now())


@shared_task
def refresh_waiting_jobs(**_: Any) -> int:
    """Forecast again for the jobs that stand first, since views fade without a word."""
    from moderation.services import opening

    return opening.refresh_waiting(at=timezone.now())


@shared_task
def follow_verdicts(**_: Any) -> int:
    """Bring partners' verdicts to the items in which their claims stand."""
    from moderation.services import following_verdicts

    return following_verdicts.follow_verdicts(at=timezone.now())


@shared_task
def recall_claims(**_: Any) -> int:
    """Compare items with the claims that are known, and new claims with earlier items."""
    from moderation.services import recalling

    recalling.seek_new_claims(at=timezone.now())
    return recalling.recall_owed(now=timezone.now)


@shared_task
def propose_claims(**_: Any) -> int:
    """Put forward what spreads and can be checked."""
    from moderation.services import proposing

    return proposing.propose_spreading(at=timezone.now())


@shared_task
def apply_routing(**_: Any) -> int:
    """Look again at what waits, under routing rules that were just switched on."""
    from moderation.services import steering

    return steering.apply_live(at=timezone.now())


@shared_task
def forget_addresses(**_: Any) -> int:
    """Erase the addresses of people from outside that are no longer needed."""
    from moderation.services import public_reports

    return public_reports.forget_contacts(at=timezone.now())


@shared_task
def follow_thresholds(**_: Any) -> int:
    """Look again at what a new threshold concerns."""
    from moderation.services import thresholds

    return thresholds.follow_thresholds(now=timezone.now)


@shared_task
def follow_label_switches(**_: Any) -> int:
    """Show or hide the informational labels that a switch concerns."""
    from moderation.services import informing

    return informing.follow_switches(now=timezone.now)
