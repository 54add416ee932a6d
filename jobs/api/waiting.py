"""Seats for requests that wait: so few that a server of threads always has some left for those that do not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings


@contextmanager
def seat() -> Iterator[bool]:
    """Hold a seat for as long as the block lasts; yield False where all are taken."""
    seats = _seats()
    seated = seats.acquire(blocking=False)
    try:
        yield seated
    finally:
        if seated:
            seats.release()


def next_pause(waited: float) -> float:
    """Return the seconds until the next look: short at first, for jobs that are quick, then at ease."""
    return min(0.5, 0.03 + waited / 10)


@cache
def _seats() -> threading.Semaphore:
    return threading.BoundedSemaphore(max(1, settings.MCAI_WAITING_SEATS))
