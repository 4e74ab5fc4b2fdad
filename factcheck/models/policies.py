"""The versions of what follows a verdict. A new wording is a new version; old ones stay."""

from django.conf import settings
from django.db import models
from django.db.models import Q


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
