"""Django's entry to `jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The durable job engine."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every process know when a key or a user changes."""
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_delete, post_save

        from jobs import checks, keycache
        from jobs.models import ApiKey

        assert checks
        for model in (ApiKey, get_user_model()):
            post_save.connect(keycache.changed, sender=model)
            post_delete.connect(keycache.changed, sender=model)
