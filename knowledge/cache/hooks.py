"""What gunicorn calls: ``on_starting`` before the first worker, ``post_fork`` in each."""

import logging
import subprocess
import sys

from django.conf import settings
from django.db import connections

from knowledge.cache import client, refresh, stats
from knowledge.cache.table_tier import database_availability

logger = logging.getLogger(__name__)


def on_starting() -> None:
    """Warm the cache in a process of its own: no start waits for it, and no thread of ours is there to be forked."""
    if not settings.SHARED_CACHE_WARM_AT_START:
        return
    command = [sys.executable, "manage.py", "warm_cache"]
    try:
        subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        logger.exception("shared cache not warmed")


def post_fork() -> None:
    """Make connections of our own: those of the parent must not be shared."""
    client.reconnect()
    database_availability.forget()
    refresh.forget_threads()
    stats.forget()
    connections.close_all()
