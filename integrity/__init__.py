"""The project package. Loading it loads the Celery app, or nudges would look for another broker."""

from integrity.celery import app as celery_app

__all__ = ["celery_app"]
