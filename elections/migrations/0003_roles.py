"""Election leads publish facts."""

from django.db import migrations

from integrity.people.choices import Role
from integrity.people.grants import grant


class Migration(migrations.Migration):
    dependencies = [("elections", "0002_initial"), ("people", "0002_roles")]
    operations = [grant("elections", {Role.ELECTION_LEAD: ["publish_fact"]})]
