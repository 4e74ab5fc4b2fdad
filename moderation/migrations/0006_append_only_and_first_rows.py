"""More of what never changes, who writes and deploys routing, and what a house begins with."""

from django.db import migrations

from integrity.audit.append_only import append_only
from integrity.people.choices import Role
from integrity.people.grants import grant
from moderation import reference


def write_first_rows(apps, schema_editor):
    reference.write_first_rows(lambda name: apps.get_model("moderation", name))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_desk_and_routing"), ("people", "0002_roles")]
    operations = [
        *append_only("moderation_handover"),
        *append_only("moderation_ending"),
        *append_only("moderation_strike", once=["lifted_at"]),
        grant(
            "moderation",
            {
                Role.POLICY_LEAD: ["write_routing"],
                Role.ELECTION_LEAD: ["write_routing", "deploy_routing"],
            },
        ),
        migrations.RunPython(write_first_rows, migrations.RunPython.noop),
    ]
