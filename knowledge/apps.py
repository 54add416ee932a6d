"""Django's entry to `knowledge`."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Datasets, examples and emotions."""

    name = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"
