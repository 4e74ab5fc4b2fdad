"""What follows a verdict, in versions, and which proposals are sent without a person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Election
from factcheck.choices import ClaimTopic, Harm


class VerdictPolicy(models.Model):
    """One version of what follows each verdict; every effect names the version it rests on."""

    version = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    note = models.CharField(max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "verdict policies"
        permissions = [("write_verdict_policy", "Can say what follows a partner's verdict")]
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"],
                condition=Q(retired_at=None),
                nulls_distinct=False,
                name="verdict_policy_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class AskRule(models.Model):
    """Which of the machine's proposals go to a partner without a person: what spreads far enough.

    A rule never changes: another is written, and the old one ends. It decides nothing but to ask.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Empty: any topic that the machine proposes, any election.
    topic = models.CharField(max_length=12, choices=ClaimTopic.choices, blank=True)
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="+")
    views_at_least = models.PositiveBigIntegerField()
    score_at_least = models.FloatField()
    harm = models.CharField(max_length=10, choices=Harm.choices)
    question = models.TextField(max_length=2000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(score_at_least__gte=0, score_at_least__lte=1),
                name="ask_rule_score_is_probability",
            ),
            models.CheckConstraint(condition=~Q(question=""), name="ask_rule_asks_something"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ask_rule_ended_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic or '*'} from {self.views_at_least} views on"
