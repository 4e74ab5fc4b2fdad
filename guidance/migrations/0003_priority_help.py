"""The queue in which items wait about which a party or candidate asks for help."""

from datetime import timedelta

from django.db import migrations


def open_queue(apps, schema_editor):
    """Make the queue, where the house has none by that name."""
    apps.get_model("moderation", "Queue").objects.get_or_create(
        slug="priority-help",
        defaults={
            "name": {"nl": "Hulp met voorrang", "en": "Help with priority"},
            "lead_time": timedelta(hours=2),
            "due_within": timedelta(hours=8),
            "position": 5,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("guidance", "0002_roles_and_review"), ("moderation", "0015_verdict_labels")]
    operations = [migrations.RunPython(open_queue, migrations.RunPython.noop)]
