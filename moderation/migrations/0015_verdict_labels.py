"""The labels and the policy for what fact-checkers examined, where a house lacks them."""

from django.db import migrations

from moderation import reference


def write_first_rows(apps, schema_editor):
    reference.write_first_rows(lambda name: apps.get_model("moderation", name))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0014_labels_after_verdicts")]
    operations = [migrations.RunPython(write_first_rows, migrations.RunPython.noop)]
