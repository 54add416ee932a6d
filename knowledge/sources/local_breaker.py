"""The breakers' steps in this process alone, for while Redis is away; ``breaker_scripts`` has the same in Lua."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache


class LocalBreaker:
    """One breaker; times in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until: float | None = None
        self._trial = 0.0

    @staticmethod
    @lru_cache(maxsize=256)
    def named(name: str) -> "LocalBreaker":
        """Return this process's breaker of that name."""
        return LocalBreaker()

    def allow(self, trial_seconds: float) -> tuple[str, float]:
        """Return ``closed``, ``trial`` or ``open``, and the seconds to wait."""
        with self._lock:
            now = self._clock()
            if self._until is None:
                return "closed", 0.0
            busy = max(self._until, self._trial)
            if now < busy:
                return "open", busy - now
            self._trial = now + trial_seconds
            return "trial", 0.0

    def succeeded(self, way: str) -> None:
        """Close, unless it opened after the call was allowed."""
        with self._lock:
            if way == "trial" or self._until is None:
                self._close()

    def failed(self, way: str, most: int, open_seconds: float, retry_after: float) -> None:
        """Count, and open where that was one too many, a trial, or the source said for how long."""
        with self._lock:
            opens = retry_after
            if way == "trial":
                opens = max(opens, open_seconds)
            elif self._until is None:
                self._failures += 1
                opens = max(opens, open_seconds) if self._failures >= most else opens
            if opens > 0:
                self._until = max(self._until or 0.0, self._clock() + opens)
                self._trial = 0.0

    def released(self) -> None:
        """Let the next caller have the trial."""
        with self._lock:
            self._trial = 0.0

    def state(self) -> tuple[str, int, float]:
        """Return the state, the failures in a row, and the seconds for which it stays open."""
        with self._lock:
            left = 0.0 if self._until is None else max(0.0, self._until - self._clock())
            state = "closed" if self._until is None else "open" if left else "half-open"
            return state, self._failures, left

    def _close(self) -> None:
        self._failures = 0
        self._until = None
        self._trial = 0.0
