"""The wiring: settings, Celery, URLs, servers. Loading it loads the Celery app, as Celery asks of Django projects."""

from mcai_project.celery import app as celery_app

__all__ = ["celery_app"]
