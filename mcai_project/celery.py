"""The Celery app."""

import gc
import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")

app = Celery("mc_ai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def freeze(**_: Any) -> None:
    """Put all that was loaded beyond the collector, before children are forked.

    A cycle of the collector in a child would touch, and so copy, the pages it shares: measured, 37 MB each.
    """
    gc.collect()
    gc.freeze()
