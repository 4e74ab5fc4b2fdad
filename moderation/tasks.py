"""Nudges and sweeps: each fetches what is owed and calls one service."""

from celery import shared_task
from django.utils import timezone


@shared_task(queue="inference")
def assess_owed() -> int:
    """Assess items whose reading is owed, one batch after the other."""
    from moderation.services import assessing

    return assessing.assess_owed(at=timezone.now)


@shared_task(queue="default")
def carry_out_due() -> int:
    """Carry out decisions whose undo time has passed."""
    from moderation.services import deciding

    return deciding.carry_out_due(at=timezone.now())


@shared_task(queue="default")
def follow_fact_changes() -> int:
    """Compare stored propositions again where an official statement changed."""
    from moderation.services import assessing

    return assessing.follow_fact_changes(at=timezone.now())


@shared_task(queue="default")
def release_lapsed_jobs() -> int:
    """Put back jobs whose lease ran out."""
    from moderation.services import reviewing

    return reviewing.release_lapsed(at=timezone.now())
