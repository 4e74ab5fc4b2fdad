"""The casework: items, actors, reports, signals, jobs, decisions, statements."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The moderation app."""

    name = "moderation"
