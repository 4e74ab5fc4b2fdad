"""Giving roles their permissions, from the migrations of the apps that declare them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from integrity.people.choices import Role


def grant(app_label: str, permissions: Mapping[Role, Sequence[str]]) -> migrations.RunPython:
    """Return the operation that gives each role these permissions (codenames) of an app.

    Django makes permission rows only after all migrations, so they are made here first.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        config = apps.get_app_config(app_label)
        config.models_module = True  # historical app stubs have none, and permissions ask for it
        create_permissions(config, apps=apps, verbosity=0)
        for role, codenames in permissions.items():
            group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=str(role))
            rows = apps.get_model("auth", "Permission").objects.filter(
                content_type__app_label=app_label, codename__in=codenames
            )
            missing = set(codenames) - {row.codename for row in rows}
            if missing:
                raise LookupError(f"{app_label} declares no permission {sorted(missing)}")
            group.permissions.add(*rows)

    return migrations.RunPython(forwards, migrations.RunPython.noop)
