"""Registers the kinds."""

from django.apps import AppConfig


class KindsConfig(AppConfig):
    """Job kinds that only tests want."""

    name = "tests.jobs.kinds"
    label = "test_kinds"

    def ready(self) -> None:
        """Register them."""
        import os
        import time

        from jobs.registry import register
        from tests.jobs.kinds.handlers import KINDS

        for kind in KINDS:
            register(kind)
        if shift := float(os.environ.get("MCAI_TEST_CLOCK_SHIFT", "0")):  # a machine whose clock is wrong
            real = time.time
            time.time = lambda: real() + shift
