"""Django's entry to `jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The durable job engine."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
