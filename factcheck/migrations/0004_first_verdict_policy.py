"""What follows a verdict in every house at first, who may write the next version, and no edits."""

from datetime import UTC, datetime

from django.db import migrations

from factcheck import consequences
from integrity.audit.append_only import append_only
from integrity.people.choices import Role
from integrity.people.grants import grant


def write_first(apps, schema_editor):
    apps.get_model("factcheck", "VerdictPolicy").objects.get_or_create(
        version=1,
        defaults={
            "content": {str(verdict): row for verdict, row in consequences.FIRST.items()},
            "note": "What a house begins with",
            "made_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("factcheck", "0003_verdict_policy"), ("people", "0002_roles")]
    operations = [
        migrations.RunPython(write_first, migrations.RunPython.noop),
        *append_only("factcheck_verdictpolicy", once=["retired_at"]),
        grant(
            "factcheck",
            {
                Role.POLICY_LEAD: ["write_verdict_policy"],
                Role.ELECTION_LEAD: ["write_verdict_policy"],
            },
        ),
    ]
