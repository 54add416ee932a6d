"""The Celery app."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")

app = Celery("mc_ai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
