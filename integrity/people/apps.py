"""Who works here: users, roles, sign-in and the platform's API keys."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people app."""

    name = "integrity.people"
    label = "people"
