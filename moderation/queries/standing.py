"""What the platform may know of an item: where it stands, never who decided or what was noted."""

from typing import Any

from moderation.models import Assessment, Decision, InformationLabel, Item, Label


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
        "labels": _labels(item),
        "action": now.get("action"),
        "statement": now.get("statement"),
        "actions": actions,
        "media": list(item.media.order_by("n")),
    }


def _labels(item: Item) -> list[dict[str, Any]]:
    """Return what viewers see: the label of a decision, else the pointer to the Election Center."""
    of_decisions = [
        {
            **_label(label),
            "kind": "decision",
            "not_recommended": label.not_recommended,
            "share_prompt": label.share_prompt,
        }
        for label in item.labels.filter(ended_at=None)
    ]
    if of_decisions or item.deleted_at is not None:
        return of_decisions
    pointers = item.information_labels.filter(ended_at=None, shown=True)
    also = {"kind": "information", "not_recommended": False, "share_prompt": {}}
    return [{**_label(label), **also} for label in pointers]


def _label(label: Label | InformationLabel) -> dict[str, Any]:
    return {
        "public_id": label.public_id,
        "text": label.text,
        "link": label.link,
        "added_at": label.added_at,
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
