"""Django's entry to `monitoring`."""

from django.apps import AppConfig
from django.conf import settings


class MonitoringConfig(AppConfig):
    """Health, statistics and metrics."""

    name = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what `jobs` tells, enter this process among ours, and report to others where that is set."""
        from monitoring import presence, roster
        from monitoring.metrics import receivers

        assert receivers
        assert presence
        roster.enrol_by_command()
        if settings.SENTRY_DSN:
            from monitoring import faults

            faults.start()
        if settings.OTEL_ENDPOINT:
            from monitoring import spans

            spans.start()
