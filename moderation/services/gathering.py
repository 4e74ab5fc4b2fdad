"""Gathering what routing looks at, for many items in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from moderation import forecasting, routing
from moderation.forecasting import Point
from moderation.models import Item
from moderation.queries import casework, misuse, screening


def gather_inputs(items: Iterable[Item], *, at: datetime) -> dict[int, routing.Inputs]:
    """Collect what routing looks at for each item, and write the fresh forecast beside the item.

    Signals and reports that a carried-out decision has answered no longer count: the same finding
    never opens a second job.
    """
    items = list(items)
    found = read_inputs(items, at=at)
    moved = [item for item in items if item.views_to_come != found[item.pk].views_to_come]
    for item in moved:
        item.views_to_come = found[item.pk].views_to_come
    Item.objects.bulk_update(moved, ["views_to_come"])
    return found


def read_inputs(items: Sequence[Item], *, at: datetime) -> dict[int, routing.Inputs]:
    """Collect what routing looks at for each item; writes nothing."""
    pks = [item.pk for item in items]
    curves = casework.traction_curves(pks)
    signals = casework.unanswered_signals(pks)
    reports = casework.unanswered_reports(pks)
    strikes = casework.active_strikes([item.actor_id for item in items], at=at)
    reached = misuse.actors_at_limits({item.actor_id for item in items}, at=at)
    groundless = casework.without_ground(items)
    policies = casework.policies_by_topic()
    thresholds = screening.thresholds_in_force()
    found = {}
    for item in items:
        curve = [Point(*sample) for sample in curves.get(item.pk, [])]
        seen = [
            routing.SignalSeen(s.verdict, s.score, s.topic, s.source)
            for s in signals.get(item.pk, [])
        ]
        known = {s.topic: policies[s.topic] for s in seen if s.topic in policies}
        since = item.actor.registered_on
        found[item.pk] = routing.Inputs(
            signals=seen,
            reports=[routing.ReportSeen(r.source, r.received_at) for r in reports.get(item.pk, [])],
            views=max(item.views, curve[-1].views if curve else 0),
            views_to_come=forecasting.views_to_come(curve, at),
            views_per_minute=round(forecasting.views_per_minute(curve), 3),
            kind=item.kind,
            language=item.language,
            election=item.election.slug if item.election else "",
            place=item.place.code if item.place else "",
            protection=item.actor.protection,
            strikes=strikes.get(item.actor_id, 0),
            misuse=misuse.gravest(reached.get(item.actor_id, ())),
            followers=item.actor.followers,
            account_days=(at.date() - since).days if since else None,
            days_to_election=(item.election.first_day - at.date()).days if item.election else None,
            threshold=thresholds.get(item.election_id, thresholds.get(None, 0.0)),
            ground_gone=item.pk in groundless,
            severities={topic: grade for topic, (_slug, grade) in known.items()},
            policies={topic: slug for topic, (slug, _grade) in known.items()},
        )
    return found
