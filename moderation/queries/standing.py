"""What the platform may know of an item: where it stands, never who decided or what was noted."""

from typing import Any

from moderation.models import Assessment, Decision, Item


def find_item(external_id: str) -> Item | None:
    """Fetch an item by the platform's own id."""
    return (
        Item.objects.select_related("election", "decision_in_force")
        .filter(external_id=external_id)
        .first()
    )


def standing(item: Item) -> dict[str, Any]:
    """Return labels, actions with their statements, media and progress, in a few queries."""
    assessment = (
        Assessment.objects.filter(item_version__item=item, item_version__version=item.version)
        .values_list("state", flat=True)
        .first()
    )
    decisions = (
        Decision.objects.filter(item=item, carried_out_at__isnull=False)
        .select_related("policy", "statement", "overrides", "item_version", "ending")
        .order_by("-carried_out_at", "-pk")
    )
    actions = [_action(decision, item) for decision in decisions]
    now = next((action for action in actions if action["in_force"]), {})
    return {
        "external_id": item.external_id,
        "version": item.version,
        "election": item.election.slug if item.election else None,
        "deleted_at": item.deleted_at,
        "assessment": assessment,
        "under_review": item.jobs.open().exists(),
        "labels": list(item.labels.filter(ended_at=None)),
        "action": now.get("action"),
        "statement": now.get("statement"),
        "actions": actions,
        "media": list(item.media.order_by("n")),
    }


def _action(decision: Decision, item: Item) -> dict[str, Any]:
    policy, overrides = decision.policy, decision.overrides
    statement = getattr(decision, "statement", None)
    return {
        "decision": decision.public_id,
        "action": decision.action,
        "version": decision.item_version.version,
        "policy": f"{policy.slug}@{policy.version}" if policy else None,
        "overrides": overrides.public_id if overrides else None,
        "in_force": decision.pk == item.decision_in_force_id,
        "ends_at": decision.ends_at,
        "territories": decision.territories,
        "carried_out_at": decision.carried_out_at,
        "statement": statement.as_json() if statement else None,
    }
