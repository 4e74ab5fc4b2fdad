"""What is known about claims: partners, assignments, fact-checks."""

from django.apps import AppConfig


class FactcheckConfig(AppConfig):
    """The app of claims and the partners who check them."""

    name = "factcheck"
    verbose_name = "Fact-checks"
