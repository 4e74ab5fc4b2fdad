"""Official accounts: who asked, with which proof, who said yes, until when."""

import uuid
from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Election
from guidance.choices import AccountKind, RequestState

DECIDED = [state for state in RequestState if state != RequestState.ASKED]


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    """Requests by state."""

    def waiting(self) -> "AccountRequestQuerySet":
        """Those that a person has still to check."""
        return self.filter(state=RequestState.ASKED)

    def official(self, *, at: datetime) -> "AccountRequestQuerySet":
        """Accounts that are official at this moment."""
        return self.filter(state=RequestState.APPROVED, ends_at__gt=at)


@pghistory.track()
class AccountRequest(models.Model):
    """A request that an account be official; once a person has checked it, the account itself."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    organisation = models.CharField(max_length=160)
    account = models.CharField(max_length=200)
    # The platform's own id of the account, filled in by the person who checks.
    account_id = models.CharField(max_length=128, blank=True)
    contact = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    language = models.CharField(max_length=5, default="nl")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.ASKED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=1000, blank=True)
    ends_at = models.DateTimeField(null=True)

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("check_account", "Can check requests for official accounts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.ASKED, decided_at=None)
                | Q(state__in=DECIDED, decided_at__isnull=False),
                name="account_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.APPROVED)
                | Q(ends_at__isnull=False, decided_by__isnull=False) & ~Q(account_id=""),
                name="account_official_until",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.DECLINED, RequestState.WITHDRAWN])
                | ~Q(reason=""),
                name="account_declined_with_reason",
            ),
            models.UniqueConstraint(
                fields=["account_id"],
                condition=Q(state=RequestState.APPROVED),
                name="account_official_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ({self.organisation})"


class Proof(models.Model):
    """A document that proves who asks. Kept sealed, read by few, each reading on record."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="proofs")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(stored="", erased_at__isnull=False) | ~Q(stored="") & Q(erased_at=None),
                name="proof_kept_or_erased",
            )
        ]

    def __str__(self) -> str:
        return self.name
