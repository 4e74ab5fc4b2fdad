"""What a partner published stays as it was written: the database refuses anything else."""

from django.db import migrations

from integrity.audit.append_only import append_only
from integrity.people.choices import Role
from integrity.people.grants import grant


class Migration(migrations.Migration):
    dependencies = [("factcheck", "0001_initial"), ("people", "0002_roles")]
    operations = [
        *append_only("factcheck_factcheck"),
        *append_only("factcheck_evidence"),
        *append_only("factcheck_assignmentevent"),
        *append_only("factcheck_verdictpublished", once=["followed_at"]),
        *append_only("factcheck_verdictreceipt"),
        grant(
            "factcheck",
            {
                Role.PARTNER: ["answer_assignment"],
                Role.MODERATOR: ["assign_claim"],
                Role.SENIOR_MODERATOR: ["assign_claim"],
                Role.POLICY_LEAD: ["assign_claim", "manage_partner"],
                Role.ELECTION_LEAD: ["assign_claim", "manage_partner"],
            },
        ),
    ]
