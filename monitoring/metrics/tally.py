"""Counts that wait in memory: the files of this process, which others read, are written twice a second, not each time.

They are written, too, before this process reads the files, and when it ends. One that is killed takes half a second's
counts with it.
"""

import atexit
import os
import threading
import time
from bisect import bisect_left
from dataclasses import dataclass

from celery.signals import worker_process_shutdown
from prometheus_client import Counter, Histogram

WRITE_SECONDS = 0.5


@dataclass(slots=True)
class _Seen:
    """What a histogram saw: the sum, and how many fell into each bucket."""

    sum: float
    counts: list[int]


class Tally:
    """The counts of one process."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: what a forked child finds here is its parent's, and so is the thread that writes."""
        self._lock = threading.Lock()
        self._anything = threading.Event()
        self._told = False  # as the event, which takes longer to ask
        self._writer: threading.Thread | None = None
        self._counted: dict[Counter, float] = {}
        self._seen: dict[Histogram, _Seen] = {}

    def inc(self, counter: Counter, amount: float = 1) -> None:
        """Add to a counter."""
        with self._lock:
            self._counted[counter] = self._counted.get(counter, 0) + amount
        if not self._told:
            self._tell()

    def observe(self, histogram: Histogram, value: float) -> None:
        """Add a value to a histogram."""
        place = bisect_left(histogram._upper_bounds, value)
        with self._lock:
            seen = self._seen.get(histogram)
            if seen is None:
                seen = self._seen[histogram] = _Seen(0.0, [0] * len(histogram._upper_bounds))
            seen.sum += value
            seen.counts[place] += 1
        if not self._told:
            self._tell()

    def write(self) -> None:
        """Write what waits."""
        self._anything.clear()
        with self._lock:
            self._told = False
            counted, self._counted = self._counted, {}
            seen, self._seen = self._seen, {}
        for counter, amount in counted.items():
            counter.inc(amount)
        for histogram, values in seen.items():
            histogram._sum.inc(values.sum)  # the library itself adds one value at a time
            for bucket, count in zip(histogram._buckets, values.counts, strict=True):
                if count:
                    bucket.inc(count)

    def _tell(self) -> None:
        """Have the writer begin."""
        with self._lock:
            self._told = True
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_on, name="metrics", daemon=True)
                self._writer.start()
        self._anything.set()

    def _write_on(self) -> None:
        while self._anything.wait():
            time.sleep(WRITE_SECONDS)
            self.write()


TALLY = Tally()

os.register_at_fork(after_in_child=TALLY.forget)
atexit.register(TALLY.write)


@worker_process_shutdown.connect
def write_last(**_: object) -> None:
    """Write the last counts of a worker's child, which ends without ``atexit``."""
    TALLY.write()
