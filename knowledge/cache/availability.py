"""Remembers for a moment that a service is away, so that not every call waits to find out again."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Away(Exception):
    """A tier cannot be reached; whoever asked goes on to the next one."""


class Availability:
    """One process's view of one service: after a failure it counts as away for ``pause`` seconds."""

    def __init__(
        self,
        name: str,
        errors: tuple[type[Exception], ...],
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._errors = errors
        self._pause = pause
        self._clock = clock
        self._away_until = 0.0
        self._lock = threading.Lock()
        self.failures = 0

    @property
    def known_away(self) -> bool:
        """Whether a call failed a moment ago."""
        return self._clock() < self._away_until

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Run a call to the service.

        Raises
        ------
        Away
            At once where the service is known to be away, else where the call fails in one of ``errors``.
        """
        if self.known_away:
            raise Away(self.name)
        try:
            yield
        except self._errors as error:
            self.mark_away()
            raise Away(self.name) from error

    def mark_away(self) -> None:
        """Note a failure."""
        with self._lock:
            self.failures += 1
            self._away_until = self._clock() + self._pause

    def forget(self) -> None:
        """Try again at the next call, whatever happened before (after a fork, or by an operator's wish)."""
        self._away_until = 0.0
