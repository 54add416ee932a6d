"""Django's entry to `monitoring`."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Health, statistics and metrics."""

    name = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"
