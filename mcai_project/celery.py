"""The Celery app."""

import gc
import os
from typing import Any

from celery import Celery, signals

from mcai_project import transport
from mcai_project.memory import give_large_blocks_back, give_small_blocks_back
from mcai_project.yielding import give_way

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")
# Django's system checks load every address and view, which a worker never needs: 13 MB in each. `migrate` makes them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

transport.register()

app = Celery("mc_ai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def freeze(**_: Any) -> None:
    """Put all that was loaded beyond the collector, before children are forked, and let them keep no large block.

    A cycle of the collector in a child would touch, and so copy, the pages it shares: measured, 37 MB each.
    """
    give_large_blocks_back()
    gc.collect()
    gc.freeze()


@signals.task_postrun.connect
def tidy(**_: Any) -> None:
    """Keep nothing of a job's memory."""
    give_small_blocks_back()


@signals.worker_init.connect
def yield_to_web(**_: Any) -> None:
    """Let a worker that was started with `nice` be nice to the web server's session as well."""
    give_way()
