"""While the broker is away, a web process works off waiting jobs itself, beside its requests.

A small bounded pool of threads, that comes with the first failed message and goes when nothing waits or the broker
is back. Off with ``MCAI_FALLBACK_THREADS=0``.
"""

import logging
import os
import socket
import threading
import time
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from jobs import publisher, runner
from jobs.caps import caps_json
from jobs.database.watchdog import patience

log = logging.getLogger(__name__)

# Only while nobody seems to be served by workers: the best of all queues, as dispatch would have it.
_NEXT = """
SELECT id FROM jobs
WHERE status = 'queued' AND waiting_on = 0 AND available_at <= clock_timestamp()
  AND kind <> ALL(ARRAY(SELECT cap.kind FROM jsonb_each_text(%(caps)s::jsonb) AS cap (kind, most)
      WHERE (SELECT count(*) FROM jobs r WHERE r.kind = cap.kind AND r.status = 'processing') >= cap.most::int))
ORDER BY sort_at LIMIT 1
"""


class _Pool:
    """At most so many threads as the setting says."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    def wake(self) -> None:
        with self._lock:
            if len(self._threads) < settings.MCAI_FALLBACK_THREADS:
                thread = threading.Thread(target=self._work, name="fallback", daemon=True)
                self._threads.add(thread)
                thread.start()

    def _work(self) -> None:
        worker = f"web@{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        try:
            with patience(0):  # jobs have time limits of their own
                while publisher.is_resting() or not _broker_answers():
                    if not _work_one(worker):
                        time.sleep(0.5)
        except DatabaseFault as error:
            log.warning("fallback.database_away", extra={"error": str(error)})
        finally:
            connection.close()
            with self._lock:
                self._threads.discard(threading.current_thread())


_pool = _Pool()


def wake() -> None:
    """Let this process help, if its setting allows, because the broker is away."""
    _pool.wake()


def _work_one(worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"caps": caps_json()})
        row: tuple[UUID] | None = cursor.fetchone()
    return row is not None and runner.run(row[0], worker) is not None


def _broker_answers() -> bool:
    try:
        publisher.queue_lengths(settings.MCAI_QUEUES[:1])
    except ConnectionError:
        return False
    return True
