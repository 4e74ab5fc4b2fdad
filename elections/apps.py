"""What is true about voting: elections, places, official facts, incidents."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """The elections app."""

    name = "elections"
