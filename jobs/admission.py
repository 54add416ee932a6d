"""Who is let in: a job that would wait longer than its queue's bound is refused, and told when to come again.

The bound applies to the place that the job would get, by its tier and by what its owner already has waiting. So one
owner's flood is refused to that owner alone, and premium is refused last. The place is worked out by the INSERT that
accepts the job; what it is compared with, the cut, is measured once a second in each process, and again when half as
many were let in as fitted then: several processes may together let in a few more.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import NoReturn, cast

from django.conf import settings

from jobs import signals
from jobs.backlog import Backlog, measure
from jobs.errors import TransientError
from jobs.lanes import lane_of

_FRESH_SECONDS = 1.0
_STALE_SECONDS = 5.0
_SHARE = 20  # a measurement is good for so many times as long as it took: measuring costs a twentieth at most
_LONGEST_RETRY = 3600


class QueueFull(TransientError):
    """The job would wait longer than its queue allows.

    Parameters
    ----------
    queue : str
    reason : str
        ``wait`` where the queue is too long for anybody of that tier, ``owner`` where it is the owner's own jobs.
    wait, bound : float
        Seconds that all that waits in the queue will take, and seconds that a job may wait there.
    """

    code = "queue-full"

    def __init__(self, queue: str, reason: str, wait: float, bound: float) -> None:
        whose = "jobs of yours that already wait" if reason == "owner" else "jobs that already wait"
        super().__init__(
            f"The queue {queue} is too long: this job would wait more than {bound:g} s behind {whose}"
            f" (all that waits there: about {wait:.0f} s). Nothing was accepted; try again later."
        )
        self.queue, self.reason, self.wait, self.bound = queue, reason, wait, bound

    @property
    def retry_after(self) -> int:
        """Return the seconds until so much of the queue is done that the wait is within the bound."""
        return max(1, min(_LONGEST_RETRY, math.ceil(self.wait - self.bound)))


class _Gate:
    """What this process knows of one lane of a queue."""

    def __init__(self, queue: str, lane: str | None) -> None:
        self._queue, self._lane = queue, lane
        self._lock = threading.Lock()
        self._seen: Backlog | None = None
        self._until = 0.0
        self._left = 0.0

    def look(self) -> Backlog:
        """Return the backlog as it was a moment ago; who finds it too old measures, the others do not wait for that."""
        seen, late = self._seen, time.monotonic() - self._until
        if seen is not None and late < 0 and self._left > 0:
            self._left -= 1
            return seen
        wait = seen is None or late > _STALE_SECONDS or self._left <= 0
        if not self._lock.acquire(blocking=wait):
            return cast(Backlog, seen)
        try:
            return self._measured() if self._seen is seen else self._take(cast(Backlog, self._seen))
        finally:
            self._lock.release()

    def _take(self, seen: Backlog) -> Backlog:
        self._left -= 1
        return seen

    def _measured(self) -> Backlog:
        began = time.monotonic()
        seen = measure(self._queue, kind=self._lane, bound=bound_of(self._queue))
        ended = time.monotonic()
        self._seen, self._left = seen, _good_for(seen) - 1
        self._until = ended + max(_FRESH_SECONDS, _SHARE * (ended - began))
        return seen


def _good_for(seen: Backlog) -> float:
    """Return how many may be let in before the backlog has become another."""
    if seen.cut < math.inf:
        return math.inf  # nobody passes the cut, and those that stand before it move it little in a second
    if seen.fits is None:
        return max(1, seen.waiting)
    return max(1.0, (seen.fits + 1 - seen.waiting) / 2)


@cache
def _gate(queue: str, lane: str | None) -> _Gate:
    return _Gate(queue, lane)


_held: ContextVar[dict[tuple[str, str | None], Backlog] | None] = ContextVar("held", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Look at each lane once within this block, so that what it submits is not in its own way."""
    reset = _held.set({})
    try:
        yield
    finally:
        _held.reset(reset)


def look(queue: str, kind: str | None = None) -> Backlog | None:
    """Return what stands in the way of a job of that kind, of all kinds for None; None where it may wait for ever."""
    if not bound_of(queue):
        return None
    lane, held = (queue, None if kind is None else lane_of(kind)), _held.get()
    if held is None:
        return _gate(*lane).look()
    return held[lane] if lane in held else held.setdefault(lane, _gate(*lane).look())


def bound_of(queue: str) -> float:
    """Return how many seconds a job may wait in the queue; 0 where it may wait for ever."""
    return float(settings.MCAI_LONGEST_WAIT.get(queue, 0.0))


def refuse(queue: str, tier: int, seen: Backlog) -> NoReturn:
    """Raise `QueueFull` for a job of that tier, and let it be counted."""
    own = seen.now + settings.MCAI_TIER_PENALTIES[tier] <= seen.cut
    error = QueueFull(queue, "owner" if own else "wait", seen.wait or 0.0, bound_of(queue))
    signals.refused.send_robust(None, queue=queue, reason=error.reason)
    raise error


def forget() -> None:
    """Forget what was measured (for tests)."""
    _gate.cache_clear()
