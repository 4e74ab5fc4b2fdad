"""Who may do what on the desk."""

from django.db import migrations

from integrity.people.choices import Role
from integrity.people.grants import grant

DECIDE = ["see_item", "take_job", "decide_job"]


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_append_only"), ("people", "0002_roles")]
    operations = [
        grant(
            "moderation",
            {
                Role.MODERATOR: DECIDE,
                Role.SENIOR_MODERATOR: [*DECIDE, "confirm_decision"],
                Role.POLICY_LEAD: [*DECIDE, "confirm_decision"],
                Role.ELECTION_LEAD: ["see_item"],
                Role.INVESTIGATOR: ["see_item"],
                Role.AUDITOR: ["see_item"],
            },
        )
    ]
