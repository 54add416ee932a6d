"""Django's entry to `knowledge`."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Datasets, examples and emotions."""

    name = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of job known."""
        from jobs.registry import register
        from knowledge import checks  # noqa: F401  # registers itself
        from knowledge.acting import examples_changed
        from knowledge.kinds.curation import CURATION
        from knowledge.kinds.embedding import EMBEDDING, embed_if_pending
        from knowledge.kinds.emotion import EMOTION, TRAINING
        from knowledge.kinds.exporting import EXPORT
        from knowledge.kinds.importing import IMPORT
        from knowledge.kinds.rotation import ROTATION

        for kind in (EMBEDDING, EMOTION, TRAINING, EXPORT, IMPORT, ROTATION, *CURATION):
            register(kind)
        examples_changed.connect(embed_if_pending)
