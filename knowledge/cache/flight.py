"""One computation however many ask: among the threads of a process, and among all processes."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

from knowledge.cache.errors import ComputationFailed, StillComputing
from knowledge.cache.keys import Key
from knowledge.cache.locks import take

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
_FIRST_WAIT, _LONGEST_WAIT = 0.005, 0.08


class Flights:
    """The computations that this process waits for, one future each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[Any]] = {}

    def run(self, name: str, work: Callable[[], T], patience: float = PATIENCE_SECONDS) -> tuple[T, bool]:
        """Return what ``work`` returns, and whether another thread ran it: of those who ask at once, one does.

        Raises
        ------
        StillComputing
            Where the other thread has not finished within ``patience`` seconds.
        """
        with self._lock:
            theirs: Future[T] | None = self._under_way.get(name)
            if theirs is None:
                mine = self._under_way[name] = Future()
        return (self._work(name, mine, work), False) if theirs is None else (_wait_for(theirs, patience), True)

    def _work(self, name: str, future: "Future[T]", work: Callable[[], T]) -> T:
        try:
            result = work()
        except BaseException as error:
            self._leave(name)
            future.set_exception(error)
            raise
        self._leave(name)
        future.set_result(result)
        return result

    def _leave(self, name: str) -> None:
        with self._lock:
            del self._under_way[name]


def alone_among_processes(
    key: Key, look: Callable[[], T | None], compute: Callable[[], T], patience: float = PATIENCE_SECONDS
) -> T:
    """Return what ``look`` finds or, as the one process that may, what ``compute`` makes.

    Raises
    ------
    ComputationFailed
        Where the process that was waited for failed.
    StillComputing
        Where it has not finished within ``patience`` seconds.
    """
    give_up_at = time.monotonic() + patience
    wait, holder = _FIRST_WAIT, ""
    while True:
        with take(key, holder) as turn:
            if turn.mine:
                found = look()
                return compute() if found is None else found
        if turn.failed is not None:
            raise ComputationFailed(turn.failed)
        if time.monotonic() > give_up_at:
            raise StillComputing(key.name)
        time.sleep(wait * random.uniform(0.5, 1.0))
        wait, holder = min(wait * 1.5, _LONGEST_WAIT), turn.holder
        if (found := look()) is not None:
            return found


def _wait_for(future: "Future[T]", patience: float) -> T:
    try:
        return future.result(patience)
    except FutureTimeout:
        raise StillComputing("another thread") from None
