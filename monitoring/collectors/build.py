"""What runs."""

import platform
from collections.abc import Iterator

import celery
import django
from django.conf import settings
from prometheus_client import Metric
from prometheus_client.core import InfoMetricFamily


def read() -> Iterator[Metric]:
    """Yield versions."""
    versions = {
        "version": str(settings.SPECTACULAR_SETTINGS["VERSION"]),
        "python": platform.python_version(),
        "django": django.__version__,
        "celery": celery.__version__,
    }
    yield InfoMetricFamily("mc_ai_build", "What runs.", versions)
