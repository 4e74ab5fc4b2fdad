"""What is decided stays as it was written: the database refuses anything else."""

from django.db import migrations

from integrity.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_initial")]
    operations = [
        *append_only("moderation_itemversion"),
        *append_only("moderation_decision", once=["carried_out_at"]),
        *append_only("moderation_undo"),
        *append_only("moderation_confirmation"),
        *append_only("moderation_statementofreasons"),
        *append_only("moderation_label", once=["ended_at"]),
        *append_only("moderation_jobmove"),
    ]
