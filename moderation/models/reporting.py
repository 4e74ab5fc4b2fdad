"""How to reach somebody who reported from the public page; kept apart, so that it can be erased."""

from django.db import models
from django.db.models import Q

from moderation.models.items import Report


class ReporterContact(models.Model):
    """An e-mail address that a reporter left to hear what came of it; erased when that is done."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="contact")
    email = models.EmailField()
    language = models.CharField(max_length=5, default="nl")
    received_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(email=""), name="reporter_contact_has_address")
        ]

    def __str__(self) -> str:
        return f"contact of {self.report_id}"
