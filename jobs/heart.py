"""The heart of a working process: one thread that keeps the leases of the jobs in hand.

It has a database connection of its own, so that a handler inside a transaction, or deep in a computation, neither
delays a beat nor has its progress rolled back.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from jobs import lease as leases
from jobs.errors import CancelRequested, Interrupted, LeaseLost

log = logging.getLogger(__name__)

_PROGRESS_SECONDS = 0.25


@dataclass(eq=False)
class Pulse:
    """The beat of one job in hand. `progress` is what its handler calls."""

    lease: leases.Lease
    fraction: float = 0.0
    stage: str = "started"
    news: bool = False
    stop: Interrupted | None = None
    stop_at: float = 0.0
    interrupt: Callable[[], None] | None = None
    beaten_at: float = field(default_factory=time.monotonic)

    def progress(self, fraction: float, stage: str) -> None:
        """Note how far the work is; raise where it shall stop."""
        self.fraction = max(self.fraction, min(1.0, fraction))
        self.stage = stage
        self.news = True
        if self.stop is not None:
            raise self.stop

    def is_due(self, now: float) -> bool:
        """Say whether to beat now: a third of the lease has gone, or there is news to tell."""
        waited = now - self.beaten_at
        return waited >= settings.MCAI_LEASE_SECONDS / 3 or (self.news and waited >= _PROGRESS_SECONDS)

    def beat(self) -> None:
        """Tell the row, and learn from it whether to go on."""
        news, self.news = self.news, False
        # 100 is for completed jobs alone
        percent = min(99, int(self.fraction * 100))
        asked = leases.beat(self.lease, progress=percent, stage=self.stage, log=news)
        self.beaten_at = time.monotonic()
        if self.stop is None and asked is not False:
            self.stop = LeaseLost("the lease is lost") if asked is None else CancelRequested("cancelled by its owner")
            self.stop_at = self.beaten_at

    def insist(self, now: float) -> None:
        """Interrupt a handler that was to stop a while ago, and has not called `progress` since."""
        if self.stop is not None and self.interrupt and now - self.stop_at > settings.MCAI_CANCEL_GRACE_SECONDS:
            self.interrupt()
            self.interrupt = None


class Heart:
    """Beats for every pulse that is held, on a thread that starts with the first."""

    def __init__(self) -> None:
        self._pulses: set[Pulse] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def hold(self, lease: leases.Lease, interrupt: Callable[[], None] | None = None) -> Pulse:
        """Begin to beat for `lease`; `interrupt` stops a handler that does not stop by itself."""
        pulse = Pulse(lease, interrupt=interrupt)
        with self._lock:
            self._pulses.add(pulse)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
                self._thread.start()
        return pulse

    def drop(self, pulse: Pulse) -> None:
        """Beat for `pulse` no more."""
        with self._lock:
            self._pulses.discard(pulse)

    def held(self) -> list[leases.Lease]:
        """Return the leases in hand."""
        with self._lock:
            return [pulse.lease for pulse in self._pulses]

    def _run(self) -> None:
        while True:
            time.sleep(_PROGRESS_SECONDS / 2)
            with self._lock:
                pulses = list(self._pulses)
            if not pulses:
                connection.close()  # an idle process holds none that it does not need
            now = time.monotonic()
            for pulse in pulses:
                if pulse.is_due(now):
                    self._beat(pulse)
                pulse.insist(now)

    def _beat(self, pulse: Pulse) -> None:
        try:
            pulse.beat()
        except DatabaseFault as error:
            log.warning("lease.beat_failed", extra={"job_id": str(pulse.lease.job_id), "error": str(error)})
            pulse.beaten_at = time.monotonic() - settings.MCAI_LEASE_SECONDS / 3 + 1  # again in a second
            connection.close()


_heart = Heart()


def heart() -> Heart:
    """Return the heart of this process; a fork starts with a new one."""
    return _heart


def _after_fork() -> None:
    global _heart  # noqa: PLW0603 - threads do not survive a fork, so the child needs a heart of its own
    _heart = Heart()


os.register_at_fork(after_in_child=_after_fork)
