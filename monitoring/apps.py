"""Django's entry to `monitoring`."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Health, statistics and metrics."""

    name = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what `jobs` tells, and enter this process among ours."""
        from monitoring import presence, roster
        from monitoring.metrics import receivers

        assert receivers
        assert presence
        roster.enrol_by_command()
