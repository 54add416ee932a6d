"""Django's entry to `generation`."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Art, music and cymatics as job kinds."""

    name = "generation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of job known."""
        from generation.kinds import ALL
        from jobs.registry import register

        for kind in ALL:
            register(kind)
