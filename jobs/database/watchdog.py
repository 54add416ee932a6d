"""One thread of a web process that ends statements past their time, and knows whether the server answers at all.

A statement past its time may be slow, or the server may be stopped. The server is asked: it must answer a few bytes.
While it does not, every statement and connection fails at once, so that a request waits for one time-out and not for
many; when it does again, all goes on by itself.
"""

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

from django.db import connections

from jobs.database.probe import Address, answers
from jobs.database.watched import WatchedConnection, WatchedCursor

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
_PROBE_SECONDS = 1.0
_CONNECT_SECONDS = 3


class Watchdog:
    """Looks after the connections of this process; ``seconds`` is what a statement may take."""

    def __init__(self, seconds: float, address: Address | None) -> None:
        self.frozen = False
        self._seconds, self._address = seconds, address
        self._connections: WeakSet[WatchedConnection] = WeakSet()
        self._lock = threading.Lock()
        self._suspected = threading.Event()
        threading.Thread(target=self._watch, name="database-watchdog", daemon=True).start()

    def seconds(self) -> float:
        """Return what a statement of this thread may take; 0 for ever."""
        return float(getattr(_of_thread, "seconds", self._seconds))

    def adopt(self, connection: WatchedConnection) -> None:
        """Look after a connection."""
        with self._lock:
            self._connections.add(connection)

    def suspect(self) -> None:
        """Hear that a connection could not be made, and ask the server."""
        self._suspected.set()

    def _watch(self) -> None:
        while True:
            suspected = self._suspected.wait(TICK_SECONDS)
            self._suspected.clear()
            if self._cut(time.monotonic()) or suspected or self.frozen:
                self._ask()

    def _cut(self, now: float) -> int:
        """End what is past its time; return how much that was."""
        with self._lock:
            late = [each for each in self._connections if each.due is not None and each.due <= now]
        ended = sum(each.cut() for each in late)
        if ended:
            log.warning("database.too_slow", extra={"statements": ended})
        return ended

    def _ask(self) -> None:
        there = self._address is None or answers(self._address, _PROBE_SECONDS)
        if there is self.frozen:
            log.warning("database.answers_again" if there else "database.does_not_answer")
        self.frozen = not there
        if self.frozen:
            self._cut(float("inf"))


_of_thread = threading.local()


def install(seconds: float) -> None:
    """Give every connection that this process makes from now on a time-out of ``seconds`` a statement; 0: none."""
    if seconds <= 0:
        return
    given = connections.settings["default"]
    watchdog = Watchdog(seconds, Address.of(str(given["HOST"]), str(given["PORT"])))
    watched = type("Watched", (WatchedConnection,), {"keeper": watchdog})
    options = given["OPTIONS"]
    given["OPTIONS"] = options | {
        "connection_factory": watched,
        "cursor_factory": WatchedCursor,
        "connect_timeout": min(int(options.get("connect_timeout", _CONNECT_SECONDS)), math.ceil(seconds)),
    }
    connections.close_all()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let the statements of this thread take so long; 0: for ever."""
    before = getattr(_of_thread, "seconds", None)
    _of_thread.seconds = seconds
    try:
        yield
    finally:
        if before is None:
            del _of_thread.seconds
        else:
            _of_thread.seconds = before
