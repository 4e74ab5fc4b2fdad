"""Counts of calls: worth nothing after a crash, so they are kept out of the write-ahead log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_partner_scope")]
    operations = [
        migrations.CreateModel(
            name="CallCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bucket", models.CharField(max_length=100, unique=True)),
                ("span", models.BigIntegerField(db_index=True)),
                ("calls", models.PositiveIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(
            "ALTER TABLE people_callcount SET UNLOGGED", "ALTER TABLE people_callcount SET LOGGED"
        ),
    ]
