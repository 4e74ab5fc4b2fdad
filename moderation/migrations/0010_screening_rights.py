"""Who sees and steers the screening."""

from django.db import migrations

from integrity.people.choices import Role
from integrity.people.grants import grant


class Migration(migrations.Migration):
    dependencies = [("moderation", "0009_screening_desk"), ("people", "0002_roles")]
    operations = [
        grant(
            "moderation",
            {
                Role.SENIOR_MODERATOR: ["see_screening"],
                Role.POLICY_LEAD: [
                    "see_screening",
                    "write_screening",
                    "deploy_screening",
                    "export_labelled",
                ],
                Role.ELECTION_LEAD: [
                    "see_screening",
                    "set_threshold",
                    "switch_label",
                    "write_screening",
                    "deploy_screening",
                    "export_labelled",
                ],
                Role.AUDITOR: ["see_screening"],
            },
        )
    ]
