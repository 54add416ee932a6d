"""Registers the kinds."""

from django.apps import AppConfig


class KindsConfig(AppConfig):
    """Job kinds that only tests want."""

    name = "tests.jobs.kinds"
    label = "test_kinds"

    def ready(self) -> None:
        """Register them."""
        from jobs.registry import register
        from tests.jobs.kinds.handlers import KINDS

        for kind in KINDS:
            register(kind)
