"""Who did what, in an order that cannot be changed afterwards."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit app."""

    name = "integrity.audit"
    label = "audit"
