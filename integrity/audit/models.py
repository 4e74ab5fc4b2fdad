"""The audit log: events as they happen, and the seals that chain them in order."""

import uuid

from django.db import models
from django.db.models.expressions import RawSQL


class AuditEvent(models.Model):
    """Somebody did something to something. Written unsealed, in the doer's own transaction."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=128)
    actor_type = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    personal_hash = models.CharField(max_length=64, blank=True)
    # The writing transaction: what tells the sealer that nothing earlier can still appear.
    transaction = models.BigIntegerField(
        db_default=RawSQL("(pg_current_xact_id()::text::bigint)", ()), editable=False
    )

    class Meta:
        permissions = [("read_audit", "Can read the audit log")]
        indexes = [
            models.Index(fields=["transaction", "id"], name="audit_in_order"),
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class Seal(models.Model):
    """The place of an event in the chain."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="seal")
    seq = models.BigIntegerField(unique=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}: {self.hash[:12]}"


class PersonalText(models.Model):
    """Personal words of an event. They may be erased; their hash stays in the chain."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="personal")
    text = models.TextField()

    def __str__(self) -> str:
        return f"personal text of event {self.event_id}"
