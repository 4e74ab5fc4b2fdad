"""The app's name."""

from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    """What we owe the public."""

    name = "transparency"
