"""``manage.py reconcile``: the process that makes the job rows come true."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseFault
from django.db import connection

from jobs import artifacts, reconcile, webhooks

log = logging.getLogger("jobs.reconcile")

_HOUSEKEEPING_SECONDS = 60.0


class Command(BaseCommand):
    """Reconcile until told to stop."""

    requires_system_checks = ()  # they load every address and view; `migrate` makes them
    help = "Requeue what dead workers held, publish lost messages again, end what is overdue. Runs until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="make one pass, say what it did, and end")
        parser.add_argument(
            "--every", type=float, default=settings.MCAI_RECONCILE_SECONDS, help="seconds between passes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["once"]:
            self.stdout.write(f"{reconcile.reconcile()}\n{reconcile.housekeep(range(256))}")
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        # Receivers may be slow: they are called beside the passes, not between them.
        caller = threading.Thread(target=self._deliver, args=(stop,), name="webhooks", daemon=True)
        caller.start()
        self.stdout.write("reconciler: ready")
        self._run(stop, options["every"])
        caller.join(timeout=10)

    def _deliver(self, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            try:
                webhooks.deliver_due()
            except DatabaseFault:
                connection.close()

    def _run(self, stop: threading.Event, every: float) -> None:
        tidied = 0.0
        while not stop.wait(every):
            try:
                done = reconcile.reconcile()
                if time.monotonic() - tidied > _HOUSEKEEPING_SECONDS:
                    reconcile.housekeep([artifacts.shard_of_now()])
                    tidied = time.monotonic()
            except DatabaseFault as error:
                log.warning("reconcile.database_away", extra={"error": str(error)})
                connection.close()
                continue
            if done.did_something():
                log.info("reconcile.done", extra={"done": str(done)})
