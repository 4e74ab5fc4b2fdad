"""Makes a group of each role; policy leads keep keys, every other right comes from its own app."""

from django.db import migrations

from integrity.people.choices import Role
from integrity.people.grants import grant

KEYS = ["add_apikey", "change_apikey", "view_apikey"]


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        grant("people", {role: KEYS if role == Role.POLICY_LEAD else [] for role in Role})
    ]
