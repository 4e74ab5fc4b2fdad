"""The routing rules as data: each version is known by the hash of its content."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from moderation.choices import RoutingState
from moderation.models.items import Item


class RoutingVersion(models.Model):
    """One version of the rules that put items in queues. Its content never changes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10, choices=RoutingState.choices, default=RoutingState.DRAFT
    )
    authored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    authored_at = models.DateTimeField()
    deployed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    deployed_at = models.DateTimeField(null=True)
    # How far the items that wait have been looked at again under this version, and when that ended.
    applied_after = models.BigIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [
            ("write_routing", "Can write versions of the routing rules"),
            ("deploy_routing", "Can switch versions of the routing rules on"),
            ("see_routing", "Can see the routing rules and what they did"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=[RoutingState.LIVE, RoutingState.SHADOW]),
                name="routing_one_live_one_shadow",
            ),
            models.CheckConstraint(
                condition=~Q(state=RoutingState.LIVE) | Q(deployed_at__isnull=False),
                name="routing_live_was_deployed",
            ),
            models.CheckConstraint(
                condition=Q(authored_by=None)
                | Q(deployed_by=None)
                | ~Q(authored_by=F("deployed_by")),
                name="routing_author_does_not_deploy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.state}"


class ShadowRouting(models.Model):
    """Where the shadow version would have put an item, beside where the live version did."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    version = models.ForeignKey(RoutingVersion, models.PROTECT, related_name="shadows")
    live_version = models.ForeignKey(RoutingVersion, models.PROTECT, null=True, related_name="+")
    live_queue = models.SlugField(max_length=40, blank=True)
    live_harm = models.FloatField(default=0)
    shadow_queue = models.SlugField(max_length=40, blank=True)
    shadow_harm = models.FloatField(default=0)
    # What both versions saw: with it, either answer can be made again.
    inputs = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="shadow_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.live_queue} / {self.shadow_queue}"
