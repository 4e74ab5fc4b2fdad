"""Gives roles the rights that the apps below people declare: they cannot name a role themselves."""

from django.db import migrations

from integrity.people.choices import Role
from integrity.people.grants import grant


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_roles"),
        ("audit", "0001_initial"),
        ("outbox", "0001_initial"),
    ]
    operations = [
        grant("audit", {Role.AUDITOR: ["read_audit"], Role.POLICY_LEAD: ["read_audit"]}),
        grant(
            "outbox",
            {
                Role.AUDITOR: ["see_deliveries"],
                Role.POLICY_LEAD: ["see_deliveries", "manage_deliveries"],
            },
        ),
        grant("people", {Role.AUDITOR: ["view_apikey"]}),
    ]
