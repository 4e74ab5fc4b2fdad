"""Audit events and their seals never change."""

from django.db import migrations

from integrity.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [*append_only("audit_auditevent"), *append_only("audit_seal")]
