"""Audit events and their seals never change."""

from django.db import migrations

from integrity.audit.append_only import append_only
from integrity.people.choices import Role
from integrity.people.grants import grant


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("people", "0002_roles")]
    operations = [
        *append_only("audit_auditevent"),
        *append_only("audit_seal"),
        grant("audit", {Role.AUDITOR: ["read_audit"], Role.POLICY_LEAD: ["read_audit"]}),
    ]
