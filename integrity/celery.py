"""The Celery application. Tasks are nudges: a duty is a row, and sweeps find what was missed."""

from celery import Celery

from integrity import env

env.use_settings()
app = Celery("waarborg")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
